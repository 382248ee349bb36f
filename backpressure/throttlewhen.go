package backpressure

import (
	"context"

	"github.com/sluicego/sluice/internal/option"
	"github.com/sluicego/sluice/observable"
)

// A ThrottleWhenOption is an option of [ThrottleWhen]: [Leading] or [Trailing].
type ThrottleWhenOption = option.ThrottleWhen

// ThrottleWhen emits a value and drops the ones that follow until what f returns
// for it emits, or completes. With [Trailing], the last value of such a window
// is emitted when f's observable emits, and is passed to f for the next one; with
// Trailing alone, the first is not emitted at once.
//
//	source           -abc-de---|
//	f                ---x
//	ThrottleWhen(f)  -a---d----|
//
// Demand: unbounded from the source and from what f returns. A value that is
// emitted while nothing is requested is kept until the next request, or until
// the next is emitted. Completion waits for a trailing value to be emitted, and
// with it for demand.
//
// Errors: the source's, and those of what f returns, at once.
//
// Discards: what is dropped from a window, and a value that is kept when the
// next one is emitted, as filtered; what is held at an error or a cancel.
//
// Scheduler: none; a trailing value is emitted where f's observable emits.
//
// ThrottleWhen panics if f is nil or an option is not one of its own.
func ThrottleWhen[T, N any](f func(T) observable.Observable[N], opts ...ThrottleWhenOption) observable.Operator[T, T] {
	if f == nil {
		panic("backpressure: ThrottleWhen with a nil function")
	}
	var edges Edge
	for _, opt := range opts {
		edge, ok := opt.(Edge)
		if !ok {
			panic(nilOption("ThrottleWhen"))
		}
		edges |= edge.known("ThrottleWhen")
	}
	if edges == 0 {
		edges = Leading
	}
	c := keepTimed[T]("ThrottleWhen", 0, nil)
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		t := &cuedThrottler[T, N]{leading: edges&Leading != 0, trailing: edges&Trailing != 0}
		t.renews = true // a trailing value opens the next window
		t.beginCued(ctx, down, f, c)
		return t
	})
}

// A cuedThrottler has a window open while it has a cue.
type cuedThrottler[T, N any] struct {
	cued[T, N]
	leading, trailing bool
}

func (t *cuedThrottler[T, N]) OnNext(v T) {
	t.mu.Lock()
	opens := !t.cueing()
	switch {
	case t.sourced:
		t.late(v)
		return
	case opens && t.leading:
		old, ok := t.pop() // of a window that has lapsed
		t.mu.Unlock()
		if ok {
			t.drop(old, observable.DiscardFiltered)
		}
		t.emit(v)
	case t.trailing:
		t.replace(v)
	default:
		t.mu.Unlock()
		t.drop(v, observable.DiscardFiltered)
	}
	if opens {
		t.await(v)
	}
}

// OnComplete waits for a trailing value to be emitted.
func (t *cuedThrottler[T, N]) OnComplete() {
	if !t.waits(t.trailing) {
		t.complete()
	}
}
