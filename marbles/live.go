package marbles

import (
	"fmt"
	"maps"
	"math"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sluicego/sluice/internal/marble"
	"github.com/sluicego/sluice/scheduler"
)

// Live plays a test in a testing/synctest bubble: real goroutines and real
// timers on a fake clock, with -race taking part. What [Virtual] cannot find,
// a missing happens-before edge or a goroutine left behind, fails here.
//
// Live waits for whatever makes time pass in the bubble, also for a goroutine
// that sleeps and for a timer of scheduler.Default: as long as an expectation
// is open, and for a hundred frames after its last marble. A goroutine that is
// left when the test and its cleanups are over fails it, by name.
//
// No time passes in a bubble while a goroutine waits for a mutex. A test in which
// one is held while time should pass would stand still for ever; after some real
// seconds it panics, and names who waits.
//
// A bubble shuffles the timers of one instant on purpose. To give the same
// result as [Virtual] where the order is defined, the script and then every
// timer gets an instant of its own, some nanoseconds later, in the order of
// scheduling; the recorded times leave the nanoseconds out. A test with more
// than seven hundred timers at one instant may fail.
//
// Code that is not the library's sleeps and has timers which Live does not see.
// The nanoseconds grow with each frame, so whatever such code times from an
// event of the test, for whole frames, is over before the events of that
// frame: "-a-b" debounced by two frames is "---a-b". This holds for a hundred
// frames, and where a Cold source emits one value at an instant; what else comes
// due at one instant does so in any order.
func Live(t *testing.T, body func(m *Test)) {
	t.Helper()
	watch := watchStalls(t.Name())
	defer watch.end()
	synctest.Test(t, func(t *testing.T) {
		t.Helper()
		watch.begin()
		m := newTest(t, newLiveClock())
		t.Cleanup(m.leftBehind) // the first to be registered is the last to run
		m.run(body)
	})
}

// resolution is what Live keeps apart; below it, time orders what is tied: the
// script first, then the timers. Both move on by a nanosecond for each instant,
// or frame, for the sake of timers that Live does not see.
const (
	resolution = time.Microsecond
	firstTimer = 199 * time.Nanosecond
	lastTimer  = resolution - 1
	lastStep   = firstTimer - 1
	lastFrame  = 99 * time.Nanosecond
)

type liveClock struct {
	start time.Time
	frame time.Duration // of the test; set by its body

	mu      sync.Mutex
	seq     int                             // guarded by mu, like the rest; names a timer
	due     map[int]time.Duration           // the armed timers, by seq
	latest  map[time.Duration]time.Duration // by instant, when its latest timer is due
	quota   quota                           // of tasks
	crowded error                           // an instant had more timers than fit
}

func newLiveClock() *liveClock {
	return &liveClock{
		start:  time.Now(),
		frame:  marble.DefaultFrame,
		quota:  quota{most: maxActions},
		due:    map[int]time.Duration{},
		latest: map[time.Duration]time.Duration{},
	}
}

// Now returns the time without the nanoseconds that order what is tied.
func (c *liveClock) Now() time.Time { return c.start.Add(c.elapsed()) }

func (c *liveClock) elapsed() time.Duration { return time.Since(c.start).Truncate(resolution) }

func (c *liveClock) Schedule(f func()) (stop func() bool) {
	return scheduler.Default.Schedule(c.task(f))
}

func (c *liveClock) After(d time.Duration, f func()) (stop func() bool) { return c.after(d, f, f) }

// after runs f, on behalf of task, once d has passed.
func (c *liveClock) after(d time.Duration, f, task func()) (stop func() bool) {
	c.mu.Lock()
	c.seq++
	seq := c.seq
	c.quota.see(task)
	due := c.place(d)
	c.due[seq] = due
	c.mu.Unlock()
	stopTimer := scheduler.Default.After(due-time.Since(c.start), func() {
		c.forget(seq)
		if c.mayRun(task) {
			f()
		}
	})
	return func() bool {
		c.forget(seq)
		return stopTimer()
	}
}

// Worker returns a lane of the default scheduler whose timers are this clock's.
func (c *liveClock) Worker() scheduler.Worker {
	return &liveWorker{clock: c, lane: scheduler.Default.Worker(), timers: map[*func() bool]struct{}{}}
}

// place returns when the next timer of the instant that is d from now is due:
// after those that were armed before it. mu is held.
func (c *liveClock) place(d time.Duration) time.Duration {
	now := time.Since(c.start)
	instant := (now.Truncate(resolution) + max(d, 0) + resolution - 1).Truncate(resolution)
	first := instant + firstTimer + min(instant/c.frame, lastFrame)
	due := max(first, c.latest[instant]+1, now+1)
	if last := instant + lastTimer; due > last {
		due = last // out of order, which is why the test fails
		c.crowded = fmt.Errorf("more than %d timers were due at %v, too many for Live to keep their order; run the test with marbles.Virtual only", last-first+1, instant)
	}
	c.latest[instant] = due
	if len(c.latest) > 2*len(c.due)+minStale {
		maps.DeleteFunc(c.latest, func(_, latest time.Duration) bool { return latest < now })
	}
	return due
}

// minStale is how many instants that are past may be remembered.
const minStale = 64

// task makes f count.
func (c *liveClock) task(f func()) func() {
	if f == nil {
		return nil // for the scheduler to refuse
	}
	c.mu.Lock()
	c.quota.see(f)
	c.mu.Unlock()
	return func() {
		if c.mayRun(f) {
			f()
		}
	}
}

// mayRun counts a task whose turn has come.
func (c *liveClock) mayRun(f func()) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.quota.mayRun(f)
}

// runaway returns an error if tasks were dropped.
func (c *liveClock) runaway() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.quota.runaway(c.elapsed())
}

func (c *liveClock) forget(seq int) {
	c.mu.Lock()
	delete(c.due, seq)
	c.mu.Unlock()
}

// next returns the instant of the earliest timer.
func (c *liveClock) next() (time.Duration, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.due) == 0 {
		return 0, false
	}
	earliest := time.Duration(math.MaxInt64)
	for _, due := range c.due {
		earliest = min(earliest, due)
	}
	return earliest, true
}

// play is the body of the bubble's first goroutine. After each step it waits
// until all that follows from it has happened.
func (c *liveClock) play(m *Test, script []action) error {
	instants := time.Duration(0) // of the script, so far
	for i, a := range script {
		if err := m.overtime(a.at); err != nil {
			return err
		}
		if i == 0 || a.at != script[i-1].at {
			instants++
		}
		// A little later in each instant: what a step makes sleep for some
		// frames is then sure to wake before the step of that frame.
		time.Sleep(a.at + min(instants, lastStep) - time.Since(c.start))
		a.do()
		synctest.Wait()
		if err := c.runaway(); err != nil {
			return err
		}
	}
	for {
		if err := c.runaway(); err != nil {
			return err
		}
		due, ok := c.next()
		if !ok || due.Truncate(resolution) > c.elapsed() {
			m.stopTimers()
			due, ok = c.next()
		}
		if !ok {
			due, ok = c.patiently(m)
		}
		if !ok {
			return c.disorder()
		}
		if err := m.overtime(due); err != nil {
			return err
		}
		time.Sleep(due - time.Since(c.start))
		synctest.Wait()
	}
}

// disorder returns an error if timers were out of order.
func (c *liveClock) disorder() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.crowded
}

// patiently returns an instant to wait for when this clock has no timer: what
// an open expectation waits for may sleep, or have a timer of another clock.
func (c *liveClock) patiently(m *Test) (next time.Duration, ok bool) {
	until, open := m.awaited()
	now := c.elapsed()
	if !open || now >= until {
		return 0, false
	}
	// Frame by frame, so that the test ends soon after the expectation; in
	// larger steps if that were too many.
	return now + max(m.frame, (until-now)/maxSteps), true
}

// maxSteps bounds the steps in which an expectation is waited for.
const maxSteps = 1000

// settle gives the goroutines of cancelled sources time to notice, since time
// stands still in a bubble once its test has returned: one that sleeps would be
// taken for one that is left behind.
func (c *liveClock) settle() {
	c.mu.Lock()
	c.quota.tasks = 0 // a cancel may need a task, whatever became of the others
	c.mu.Unlock()
	synctest.Wait()
	time.Sleep(linger)
	synctest.Wait()
}

// linger is how long a goroutine may sleep before it notices a cancel.
const linger = time.Minute
