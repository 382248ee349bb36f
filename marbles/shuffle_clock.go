package marbles

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/sluicego/sluice/scheduler"
)

// A shuffleClock is a virtual clock that asks which of the things that are due
// comes first. Where it is told the first of them, it does what a virtualClock
// does.
type shuffleClock struct {
	played bool // to the end; touched by the goroutine of the test

	mu    sync.Mutex
	time  time.Duration // guarded by mu, like the rest; since the start
	queue []*entry      // by due, then by seq
	seq   int
	quota quota
	pick  func(ready []*entry) int // nil is the first; called with mu held
}

// An entry is something that happens when it is due: an event of a source, or a
// task of an operator.
type entry struct {
	due   time.Duration
	seq   int           // unique; the order in which Virtual runs what is due at one instant
	armed time.Duration // when it was scheduled
	cause
	f func()
}

// A cause says where an event comes from.
type cause struct {
	lane any           // events of one lane keep their order
	name func() string // `src2 "b"`
}

// epoch is when the time of a [scheduler.Virtual] begins.
var epoch = scheduler.NewVirtual().Now()

func newShuffleClock() *shuffleClock { return &shuffleClock{quota: quota{most: maxActions}} }

// Now returns the virtual time.
func (c *shuffleClock) Now() time.Time { return epoch.Add(c.elapsed()) }

func (c *shuffleClock) elapsed() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.time
}

// Schedule is After without a delay.
func (c *shuffleClock) Schedule(f func()) (stop func() bool) { return c.After(0, f) }

// After runs f once d has passed. Plain tasks are in no order with each other.
func (c *shuffleClock) After(d time.Duration, f func()) (stop func() bool) {
	return c.after(d, cause{}, f)
}

// Worker returns a new lane.
func (c *shuffleClock) Worker() scheduler.Worker { return &shuffleWorker{clock: c} }

func (c *shuffleClock) after(d time.Duration, why cause, f func()) (stop func() bool) {
	if f == nil {
		panic("marbles: the function to schedule is nil")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seq++
	c.quota.see(f)
	e := &entry{due: c.time + max(d, 0), seq: c.seq, armed: c.time, cause: why, f: f}
	if e.lane == nil {
		e.lane = e
	}
	c.add(e)
	return func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.remove(e)
	}
}

// place returns where e is in the queue, or has to be put. mu is held.
func (c *shuffleClock) place(e *entry) (at int, found bool) {
	return slices.BinarySearchFunc(c.queue, e, func(a, b *entry) int {
		return cmp.Or(cmp.Compare(a.due, b.due), cmp.Compare(a.seq, b.seq))
	})
}

// add puts e into the queue. mu is held.
func (c *shuffleClock) add(e *entry) {
	at, _ := c.place(e)
	c.queue = slices.Insert(c.queue, at, e)
}

// remove takes e out of the queue, if it is there still. mu is held.
func (c *shuffleClock) remove(e *entry) bool {
	at, found := c.place(e)
	if found {
		c.queue = slices.Delete(c.queue, at, at+1)
	}
	return found
}

// play runs the steps of an instant, then whatever else is due at it.
func (c *shuffleClock) play(m *Test, script []action) error {
	var steps []action
	for i, a := range script {
		if a.lane == nil {
			steps = append(steps, a)
			continue
		}
		c.mu.Lock()
		c.add(&entry{due: a.at, seq: i - len(script), cause: a.cause, f: a.do}) // before whatever was scheduled
		c.mu.Unlock()
	}
	end := time.Duration(0) // of the script
	if len(script) > 0 {
		end = script[len(script)-1].at
	}
	for {
		at, ok := c.next()
		if len(steps) > 0 && (!ok || steps[0].at < at) {
			at, ok = steps[0].at, true
		}
		if !ok {
			c.played = true
			return nil
		}
		if err := m.overtime(at); err != nil {
			return err
		}
		c.advance(at)
		for len(steps) > 0 && steps[0].at == at {
			steps[0].do()
			steps = steps[1:]
		}
		if err := c.drain(); err != nil {
			return err
		}
		if at >= end {
			m.stopTimers()
		}
	}
}

// next returns when something is due.
func (c *shuffleClock) next() (at time.Duration, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.queue) == 0 {
		return 0, false
	}
	return c.queue[0].due, true
}

func (c *shuffleClock) advance(to time.Duration) {
	c.mu.Lock()
	c.time = to
	c.mu.Unlock()
}

// drain runs what is due now, and what follows from it without delay.
func (c *shuffleClock) drain() error {
	for {
		e, err := c.take()
		if e == nil {
			return err
		}
		e.f()
	}
}

// take chooses one of the heads of the lanes. The error is that of a runaway.
func (c *shuffleClock) take() (*entry, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	ready := c.ready()
	if len(ready) == 0 {
		return nil, nil //nolint:nilnil // nothing to do is no error
	}
	e := ready[0]
	if len(ready) > 1 && c.pick != nil {
		e = ready[c.pick(ready)]
	}
	c.remove(e)
	if !c.quota.mayRun(e.f) {
		return nil, c.quota.runaway(c.time)
	}
	return e, nil
}

// ready returns the first entry of each lane that is due. mu is held.
func (c *shuffleClock) ready() (heads []*entry) {
	seen := map[any]bool{}
	for _, e := range c.queue {
		if e.due > c.time {
			break
		}
		if !seen[e.lane] {
			seen[e.lane] = true
			heads = append(heads, e)
		}
	}
	return heads
}

// settle runs what a cancel has scheduled, as that of a virtualClock does.
func (c *shuffleClock) settle() {
	if !c.played {
		return
	}
	c.mu.Lock()
	c.pick = nil // the result is known
	c.quota.tasks = 0
	c.mu.Unlock()
	_ = c.drain() // a runaway after the end; it has been cut short
}

// A shuffleWorker is a lane.
type shuffleWorker struct {
	clock   *shuffleClock
	stopped bool // guarded by the clock's mu
}

func (w *shuffleWorker) Schedule(f func()) (stop func() bool) { return w.After(0, f) }

func (w *shuffleWorker) After(d time.Duration, f func()) (stop func() bool) {
	w.clock.mu.Lock()
	stopped := w.stopped
	w.clock.mu.Unlock()
	if stopped && f != nil {
		return func() bool { return false }
	}
	return w.clock.after(d, cause{lane: w}, f)
}

func (w *shuffleWorker) Stop() {
	w.clock.mu.Lock()
	defer w.clock.mu.Unlock()
	w.stopped = true
	w.clock.queue = slices.DeleteFunc(w.clock.queue, func(e *entry) bool { return e.lane == w })
}
