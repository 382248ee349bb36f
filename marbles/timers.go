package marbles

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sluicego/sluice/internal/runaway"
	"github.com/sluicego/sluice/scheduler"
)

// A timekeeper is the scheduler in the ctx of the expectations: the clock, and
// a list of what is armed through it. When everything the expectations have
// subscribed to is over, their timers must be gone (L12). The timers that the
// body arms itself, by Test.Context or Test.Scheduler, are its own affair.
type timekeeper struct {
	clock

	mu     sync.Mutex
	seq    int            // guarded by mu; names a timer
	timers map[int]*timer // guarded by mu; those that may be armed still
	left   []*timer       // guarded by mu; those that were when all was over
}

// A timer is one that was armed by an expectation.
type timer struct {
	due  time.Duration // since the start of the test
	f    func()
	stop func() bool
}

func (k *timekeeper) After(d time.Duration, f func()) (stop func() bool) {
	return k.keep(d, f, k.clock.After(d, f))
}

func (k *timekeeper) Worker() scheduler.Worker { return keptWorker{k.clock.Worker(), k} }

// A keptWorker is a lane whose timers the timekeeper lists.
type keptWorker struct {
	scheduler.Worker
	keeper *timekeeper
}

func (w keptWorker) After(d time.Duration, f func()) (stop func() bool) {
	return w.keeper.keep(d, f, w.Worker.After(d, f))
}

// keep lists a timer. It is not told when the timer fires, and does without:
// one whose time has passed is forgotten, and the stop function knows the rest.
func (k *timekeeper) keep(d time.Duration, f func(), stop func() bool) func() bool {
	if d <= 0 {
		return stop
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.elapsed()
	if k.seq++; k.seq%64 == 0 {
		maps.DeleteFunc(k.timers, func(_ int, t *timer) bool { return t.due < now })
	}
	seq := k.seq
	k.timers[seq] = &timer{due: now + d, f: f, stop: stop}
	return func() bool {
		k.mu.Lock()
		delete(k.timers, seq)
		k.mu.Unlock()
		return stop()
	}
}

// stopAll stops the timers that are due after now, and books those that were
// armed.
func (k *timekeeper) stopAll() {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.elapsed()
	for _, t := range k.timers {
		if t.due > now && t.stop() {
			k.left = append(k.left, t)
		}
	}
	clear(k.timers)
}

// leak says which timers were left running, or "".
func (k *timekeeper) leak() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.left) == 0 {
		return ""
	}
	slices.SortFunc(k.left, func(a, b *timer) int { return cmp.Compare(a.due, b.due) })
	var b strings.Builder
	fmt.Fprintf(&b, "L12: when all subscriptions were over, an operator had not stopped its timers, %d in number:", len(k.left))
	for i, t := range k.left {
		if i == maxListed {
			fmt.Fprintf(&b, "\n    and %d more", len(k.left)-i)
			break
		}
		fmt.Fprintf(&b, "\n    due at %v: %s", t.due, runaway.Name(t.f))
	}
	return b.String()
}

// maxTime is how much time may pass in a test; a clock holds 292 years.
const maxTime = 100 * 365 * 24 * time.Hour

// overtime returns an error if an instant is too late for a test.
func (m *Test) overtime(at time.Duration) error {
	if at <= maxTime {
		return nil
	}
	m.timers.mu.Lock()
	defer m.timers.mu.Unlock()
	var armed []string
	for _, t := range m.timers.timers {
		armed = append(armed, runaway.Name(t.f))
	}
	slices.Sort(armed)
	armed = slices.Compact(armed)
	return fmt.Errorf("the test does not come to an end: something is due after %v; armed are:\n\t%s\n%w",
		at, strings.Join(armed[:min(len(armed), maxListed)], "\n\t"), errEndless)
}

// maxListed is how many timers a failure text lists.
const maxListed = 5

// stopTimers looks for timers that are left once everything is over. The clocks
// call it when they are about to let time pass and the script is at its end.
func (m *Test) stopTimers() {
	if m.over() {
		m.timers.stopAll()
	}
}

// over reports whether all expectations and sources are.
func (m *Test) over() bool {
	return !slices.ContainsFunc(m.streams, func(s stream) bool { return !s.closed() }) &&
		!slices.ContainsFunc(m.sources, func(s sourceProbe) bool { return s.open() > 0 })
}
