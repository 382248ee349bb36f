package backpressure

import (
	"context"
	"time"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// A timed is the relay of the operators that keep time. They decide when a
// value is emitted; the relay then delivers it or, with nothing requested, keeps
// the newest (L17). So each of them is what it is in any Rx, followed by
// OnBackpressureLatest.
//
// An embedding operator has a fire method, which the alarm runs.
type timed[T any] struct {
	relay[T]
	held hold[T] // the store
}

// A hold has two values at most: one that came in, and waits for its time,
// and one that was emitted, and waits for demand.
type hold[T any] struct {
	pending slot[T]
	slot[T]
}

func (h *hold[T]) clear(drop func(T)) {
	h.slot.clear(drop)
	h.pending.clear(drop)
}

// keepTimed is the config of a timed operator: a value that takes the place of
// one that waits for demand has not overflowed anything, it is newer.
func keepTimed[T any](op string, span time.Duration, on []scheduler.TimeOption) *config[T] {
	c := keep[T](op, 1, nil)
	c.spill, c.span, c.on = observable.DiscardFiltered, span, on
	return c
}

func (t *timed[T]) beginTimed(ctx context.Context, down observable.Subscriber[T], fire func(), c *config[T]) {
	t.begin(ctx, down, &t.held, c)
	t.sched, t.ring = scheduler.Pick(ctx, c.on...), fire
}

// OnSubscribe hands t down, which an inspection asks what it holds.
func (t *timed[T]) OnSubscribe(up observable.Subscription) { t.handDown(t, up) }

// replace makes v the pending value. Called with mu, which it releases.
func (t *timed[T]) replace(v T) {
	old, how := t.held.pending.put(v)
	t.mu.Unlock()
	if how == gaveUp {
		t.drop(old, observable.DiscardFiltered)
	}
}

// pop takes the pending value out, if there is one. Called with mu.
func (t *timed[T]) pop() (v T, ok bool) {
	if t.closed { // then the store is somebody else's
		return v, false
	}
	return t.held.pending.take()
}

// completeNow completes the stream behind the last value, which was emitted
// just now.
func (t *timed[T]) completeNow() {
	t.mu.Lock()
	if t.closed { // cancelled, or failed, while the last value was delivered
		t.mu.Unlock()
		return
	}
	t.finish(nil)
}

// Held adds the pending value to what the relay has.
func (t *timed[T]) Held(seal link.Seal) link.Holding {
	h := t.relay.Held(seal)
	h.Capacity = 2
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.closed {
		h.Queued += int64(t.held.pending.len())
	}
	return h
}
