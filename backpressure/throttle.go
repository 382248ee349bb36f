package backpressure

import (
	"context"
	"fmt"
	"time"

	"github.com/sluicego/sluice/internal/option"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// A ThrottleOption is an option of [Throttle]: [Leading], [Trailing] or
// [scheduler.On].
type ThrottleOption = option.Throttle

// An Edge says which value of a window [Throttle] and [ThrottleWhen] emit.
type Edge int

// The edges. Given both, Throttle emits both.
const (
	Leading  Edge = 1 << iota // the one that opens the window, at once
	Trailing                  // the last one, when the window closes
)

// OptionThrottle makes it an option of [Throttle].
func (Edge) OptionThrottle(option.Seal) {}

// OptionThrottleWhen makes it an option of [ThrottleWhen].
func (Edge) OptionThrottleWhen(option.Seal) {}

// known returns e, unless it is none of the edges that op knows.
func (e Edge) known(op string) Edge {
	if e&^(Leading|Trailing) != 0 {
		panic(fmt.Sprintf("backpressure: %s with the unknown Edge(%d); there are Leading and Trailing", op, e))
	}
	return e
}

// Throttle emits no more than one value in d. A value opens a window of that
// length and is emitted at once; the others in the window are dropped. With
// [Trailing], the last value in the window is emitted when it closes, and opens
// the next one; with Trailing alone, the first is not emitted at once.
//
//	source              -abc-de---|
//	Throttle(3ms)       -a---d----|
//	…Trailing           ----c--e--|
//	…Leading, Trailing  -a--c--e--|
//
// Demand: unbounded from the source. A value that is emitted while nothing is
// requested is kept until the next request, or until the next is emitted.
// Completion waits for a trailing value to be emitted, and with it for demand.
//
// Errors: the source's, at once; that of a scheduler which is closed.
//
// Discards: what is dropped from a window, and a value that is kept when the
// next one is emitted, as filtered; what is held at an error or a cancel.
//
// Scheduler: [scheduler.On], else the context's. A timer runs while a window is
// open.
//
// Throttle panics if d is negative or an option is not one of its own.
func Throttle[T any](d time.Duration, opts ...ThrottleOption) observable.Operator[T, T] {
	if d < 0 {
		panic(fmt.Sprintf("backpressure: Throttle of a negative duration (%v)", d))
	}
	var edges Edge
	var on []scheduler.TimeOption
	for _, opt := range opts {
		switch opt := opt.(type) {
		case Edge:
			edges |= opt.known("Throttle")
		case scheduler.OnOption:
			on = append(on, opt)
		case nil:
			panic(nilOption("Throttle"))
		}
	}
	if edges == 0 {
		edges = Leading
	}
	c := keepTimed[T]("Throttle", d, on)
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		t := &throttler[T]{leading: edges&Leading != 0, trailing: edges&Trailing != 0}
		t.beginTimed(ctx, down, t.fire, c)
		return t
	})
}

// A throttler has a window open while its alarm is set.
type throttler[T any] struct {
	timed[T]
	leading, trailing bool
	completing        bool // the source has completed, and the pending value is the last; guarded by mu
}

func (t *throttler[T]) OnNext(v T) {
	t.mu.Lock()
	opens := t.stop == nil
	if opens && !t.sourced {
		t.set(t.c.span)
	}
	switch {
	case t.sourced:
		t.late(v)
	case opens && t.leading:
		t.offer(v)
	case t.trailing:
		t.replace(v)
	default:
		t.mu.Unlock()
		t.drop(v, observable.DiscardFiltered)
	}
}

// OnComplete waits for a trailing value to be emitted.
func (t *throttler[T]) OnComplete() {
	t.mu.Lock()
	if t.sourced {
		t.mu.Unlock()
		return
	}
	t.sourced = true
	if t.held.pending.has {
		t.completing = true
		t.mu.Unlock()
		return
	}
	t.off()
	t.finish(nil)
}

// fire closes the window. A trailing value opens the next one.
func (t *throttler[T]) fire() {
	t.mu.Lock()
	t.stop = nil
	v, ok := t.pop()
	if !ok {
		t.mu.Unlock()
		return
	}
	last := t.completing
	if !last {
		t.set(t.c.span)
	}
	t.offer(v)
	if last {
		t.completeNow()
	}
}
