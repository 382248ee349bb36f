package marbles

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sluicego/sluice/scheduler"
)

// Live plays a test in a testing/synctest bubble: real goroutines and real
// timers on a fake clock, with -race taking part. What [Virtual] cannot find,
// a missing happens-before edge or a goroutine left behind, fails here.
//
// Live waits for whatever makes time pass in the bubble, also for a goroutine
// that sleeps and for a timer of scheduler.Default: as long as an expectation
// is open, and for a hundred frames after its last marble.
//
// A bubble shuffles the timers of one instant on purpose. To give the same
// result as [Virtual] where the order is defined, every timer and every action
// of the script gets an instant of its own, some nanoseconds later, in the
// order of scheduling; the recorded times leave the nanoseconds out.
func Live(t *testing.T, body func(m *Test)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		t.Helper()
		newTest(t, newLiveClock()).run(body)
	})
}

// resolution is what Live keeps apart; below it, time orders what is tied.
const resolution = time.Microsecond

type liveClock struct {
	start time.Time

	mu    sync.Mutex
	seq   int                   // guarded by mu; orders the timers of an instant
	due   map[int]time.Duration // guarded by mu; the armed timers, by seq
	tasks int                   // guarded by mu; how many have come to their turn
}

func newLiveClock() *liveClock {
	return &liveClock{start: time.Now(), due: map[int]time.Duration{}}
}

// Now returns the time without the nanoseconds that order what is tied.
func (c *liveClock) Now() time.Time { return c.start.Add(c.elapsed()) }

func (c *liveClock) elapsed() time.Duration { return time.Since(c.start).Truncate(resolution) }

func (c *liveClock) Schedule(f func()) (stop func() bool) {
	return scheduler.Default.Schedule(c.task(f))
}

func (c *liveClock) After(d time.Duration, f func()) (stop func() bool) {
	c.mu.Lock()
	c.seq++
	seq := c.seq
	due := c.elapsed() + max(d, 0) + c.tick(seq)
	c.due[seq] = due
	c.mu.Unlock()
	stopTimer := scheduler.Default.After(due-time.Since(c.start), func() {
		c.forget(seq)
		if c.mayRun() {
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

// task makes f count.
func (c *liveClock) task(f func()) func() {
	if f == nil {
		return nil // for the scheduler to refuse
	}
	return func() {
		if c.mayRun() {
			f()
		}
	}
}

// mayRun counts a task whose turn has come. Past the cap it reports false: what
// reschedules itself without letting time pass comes to its end only because
// one of its tasks is dropped.
func (c *liveClock) mayRun() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tasks++
	return c.tasks <= maxActions
}

// runaway returns an error if tasks were dropped.
func (c *liveClock) runaway() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tasks <= maxActions {
		return nil
	}
	return fmt.Errorf("%d tasks have run after %v; %w", maxActions, c.elapsed(), errEndless)
}

// tick is the order of a timer within its instant; it wraps, since an instant
// has only so many nanoseconds.
func (c *liveClock) tick(seq int) time.Duration {
	return time.Duration(1 + seq%int(resolution-1))
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
	return slices.Min(slices.Collect(maps.Values(c.due))), true
}

// play is the body of the bubble's first goroutine. After each step it waits
// until all that follows from it has happened.
func (c *liveClock) play(m *Test, script []action) error {
	for i, a := range script {
		script[i].at = a.at + c.tick(i)
	}
	c.mu.Lock()
	c.seq = max(c.seq, len(script)) // in its instant, the script comes before the timers
	c.mu.Unlock()
	slices.SortStableFunc(script, func(a, b action) int { return cmp.Compare(a.at, b.at) })
	for _, a := range script {
		time.Sleep(a.at - time.Since(c.start))
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
		if !ok {
			due, ok = c.patiently(m)
		}
		if !ok {
			return nil
		}
		time.Sleep(due - time.Since(c.start))
		synctest.Wait()
	}
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
	c.tasks = 0 // a cancel may need a task, whatever became of the others
	c.mu.Unlock()
	synctest.Wait()
	time.Sleep(linger)
	synctest.Wait()
}

// linger is how long a goroutine may sleep before it notices a cancel.
const linger = time.Minute
