package scheduler

import (
	"math"
	"sync"
	"time"
)

// An engine runs an agenda in real time. It is what [PoolScheduler],
// [EventLoop], [Trampoline] and the workers of [Default] have in common; they
// differ in which goroutines run the tasks.
//
// All engines use at most one runtime timer, for the earliest task that is not
// due yet, however many there are.
type engine struct {
	// limit is how many goroutines the engine may start, each for as long as
	// there is something to do. 0 makes a loop, which runs on the goroutine
	// that calls run.
	limit int
	stays bool       // a loop that waits for more when it has nothing left
	epoch time.Time  // of the agenda's clock; made in the bubble, if in a bubble
	idle  *sync.Cond // of a loop: where it waits; nil otherwise

	// mu guards all that follows. It is never held while a task runs or while
	// anything waits.
	mu      sync.Mutex
	agenda  agenda
	resumed []*group    // not busy any more and with a backlog; older than all in the agenda
	running int         // goroutines in run
	timer   *time.Timer // calls fire; nil until the first task for later
	armed   time.Duration
	closed  bool
}

const never time.Duration = math.MaxInt64

func newEngine(limit int) *engine {
	return &engine{limit: limit, epoch: time.Now(), armed: never}
}

// newLoop returns an engine that runs on the goroutine that calls run.
func newLoop(stays bool) *engine {
	e := newEngine(0)
	e.stays = stays
	e.idle = sync.NewCond(&e.mu)
	return e
}

// after is Schedule and After of the schedulers.
func (e *engine) after(d time.Duration, f func()) (stop func() bool) {
	t := e.schedule(d, f, nil)
	if t.seq == 0 {
		return refused
	}
	return func() bool { return e.cancel(t) }
}

// schedule adds a task, which may belong to a group. The ticket is zero if the
// engine or the group is closed.
func (e *engine) schedule(d time.Duration, f func(), g *group) ticket {
	check(f)
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed || g != nil && g.stopped {
		return ticket{}
	}
	if d > 0 {
		due := saturate(time.Since(e.epoch), d)
		t := e.agenda.add(due, f, g)
		e.arrange()
		return t
	}
	e.tick()
	t := e.agenda.add(e.agenda.clock, f, g)
	e.arrange()
	return t
}

func (e *engine) cancel(t ticket) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	stopped := e.agenda.remove(t)
	e.wakeLoop() // which may have waited for this task alone
	return stopped
}

// drop stops a group for good.
func (e *engine) drop(g *group) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if g.stopped {
		return
	}
	g.stopped = true
	e.agenda.drop(g) // its backlog is stale now, which nextOf finds
	e.wakeLoop()
}

// close drops everything and refuses what comes later.
func (e *engine) close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = true
	e.agenda.clear()
	e.resumed = nil
	if e.timer != nil {
		e.timer.Stop()
	}
	e.wakeLoop()
}

// run runs tasks until there are none to run, on this goroutine, which is
// counted in running already. A defer for each goroutine, not for each task,
// keeps the rest going when a task panics or calls runtime.Goexit.
func (e *engine) run() {
	var g *group
	inTask := false
	defer func() {
		if inTask {
			e.mu.Lock()
			e.leave(g)
			e.running--
			e.arrange()
			e.mu.Unlock()
		}
	}()
	e.mu.Lock()
	for {
		var f func()
		f, g = e.take()
		e.arrange() // for what is left
		if f == nil {
			if e.rest() {
				continue
			}
			break
		}
		inTask = true
		e.mu.Unlock()
		f()
		e.mu.Lock()
		inTask = false
		e.leave(g)
	}
	e.running--
	e.mu.Unlock()
}

// enter counts the calling goroutine as the one that runs a loop, if it has none.
func (e *engine) enter() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.running > 0 {
		return false
	}
	e.running = 1
	return true
}

// take returns the next task that is due, and its group, which is busy from now on.
func (e *engine) take() (f func(), g *group) {
	for len(e.resumed) > 0 {
		g := e.resumed[0]
		e.resumed = e.resumed[1:]
		if next, ok := e.nextOf(g); ok {
			g.busy = true
			return e.agenda.claim(next), g
		}
	}
	e.tick()
	for {
		next, ok := e.agenda.pop(e.agenda.clock)
		if !ok {
			return nil, nil
		}
		g := e.agenda.slots.at(next.slot).owner
		if g != nil && g.busy {
			g.backlog.push(next)
			continue
		}
		if g != nil {
			g.busy = true
		}
		return e.agenda.claim(next), g
	}
}

// leave ends a group's task. Its backlog was due before everything that is
// still in the agenda, so it goes on first, and starves nobody.
func (e *engine) leave(g *group) {
	if g == nil {
		return
	}
	g.busy = false
	switch {
	case e.closed:
		g.backlog = line{}
	case !g.backlog.empty():
		e.resumed = append(e.resumed, g)
	}
}

// nextOf returns the oldest task of a backlog that was not stopped.
func (e *engine) nextOf(g *group) (next entry, ok bool) {
	for !g.backlog.empty() {
		if next = g.backlog.pop(); e.agenda.fresh(next) {
			return next, true
		}
		e.agenda.stale--
	}
	return entry{}, false
}

// rest is called with nothing due. It reports whether to look again, for a loop
// after waiting.
func (e *engine) rest() bool {
	if e.idle == nil || e.closed || !e.stays && e.agenda.live == 0 {
		return false
	}
	e.idle.Wait()
	return true
}
