package marbles

import (
	"fmt"
	"sync"
	"time"

	"github.com/sluicego/sluice/internal/marble"
	"github.com/sluicego/sluice/observable"
)

// Call calls f with each value of the diagram at its instant, on a goroutine of
// its own: it presses the button, so to speak. If f has not returned by the next
// instant, that call waits for its turn, unless an [Overflow] says otherwise:
// with [Drop] it is left out, with [Latest] if a newer one comes before its turn,
// and with [Fail] it fails the test. Calls have no end, so "|" and "#" are
// refused. Call is for [Live] tests only.
func Call[T any](m *Test, diagram string, f func(T), opts ...SourceOption) {
	m.t.Helper()
	calls := newFeed[T](m, "Call", diagram, marble.Hot, opts)
	for _, end := range []marble.Kind{marble.Complete, marble.Error} {
		calls.refuse(end, "calls have no end; remove it, and use At for what else has to be called")
	}
	calls.hand = func(v T, _ <-chan struct{}) { f(v) }
	calls.script()
}

// ExpectCalls begins an expectation about what an API passes to a callback: emit,
// from the moment when register is called with it until stop is. That has no end
// of its own, so a demand lane says when to stop, as in "^---!". A call cannot
// wait; one for which a demand lane with numbers has not asked is an
// *observable.OverflowError. Emit may be called from any goroutine, and stop may
// be nil.
//
// A call at a later instant than that of stop fails the test, within a minute.
// ExpectCalls is for [Live] tests only.
func ExpectCalls[T any](m *Test, register func(emit func(T)) (stop func()), opts ...Option) *Expectation[T] {
	m.t.Helper()
	m.needsLive("ExpectCalls")
	c := &callsCheck{now: m.now}
	e := Expect(m, observable.FromCallback(func(emit func(T)) func() {
		stop := register(func(v T) {
			c.called(v)
			emit(v)
		})
		return func() {
			if stop != nil {
				stop()
			}
			c.stop()
		}
	}), opts...)
	c.site, c.name = e.site, func() string { return e.name }
	m.lasts = append(m.lasts, c)
	return e
}

// A callsCheck finds calls that come after stop.
type callsCheck struct {
	site string
	name func() string
	now  func() time.Duration

	mu      sync.Mutex
	stopped bool          // guarded by mu, like the rest
	at      time.Duration // when
	late    string        // the first that came later
}

func (c *callsCheck) stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopped, c.at = true, c.now()
}

func (c *callsCheck) called(v any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.now(); c.stopped && now > c.at && c.late == "" { // at the same instant, it was under way
		c.late = fmt.Sprintf("the callback was called with %v at %v, although stop was called at %v", v, now, c.at)
	}
}

func (c *callsCheck) verify(m *Test) {
	m.t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.late != "" {
		m.t.Errorf("%s: %s: %s", c.site, c.name(), c.late)
	}
}
