package observable

import (
	"context"

	"github.com/sluicego/sluice/internal/link"
)

// ForEach calls f with every value and waits for the end. An error of f
// cancels the stream and is returned. If the ctx ends first, the stream is
// cancelled and the error is [context.Cause] of the ctx. When ForEach returns,
// f is not running and will not be called again.
//
//	(abc|)  ForEach(f) = nil, after f(a), f(b), f(c)
//
// Demand: unbounded; f takes its time on the goroutine that emits.
//
// Errors: returned; a [*PanicError] is not, ForEach panics with it.
//
// Discards: a value that arrives after the ctx has ended, or after an error of
// f, as late.
//
// Scheduler: none; ForEach starts no goroutine.
//
// ForEach panics if f is nil.
func (o Observable[T]) ForEach(ctx context.Context, f func(T) error) error {
	if f == nil {
		panic("observable: ForEach with a nil function")
	}
	e := &eacher[T]{f: f}
	e.t.ask = Unbounded
	return block(ctx, o, e, &e.t)
}

type eacher[T any] struct {
	link.Inside
	blocker
	f func(T) error
}

func (e *eacher[T]) OnNext(v T) {
	if !e.t.enter() {
		e.t.late(v)
		return
	}
	if e.t.shared { // not a defer for each value where nobody waits for it
		defer e.t.leave()
	}
	if err := e.f(v); err != nil {
		e.t.end(err)
	}
}

// NextFunc is OnNext; where nobody waits it is without the wrapper that a call
// through the Subscriber interface takes (W1).
func (e *eacher[T]) NextFunc() func(T) bool {
	if e.t.shared {
		return func(v T) bool { e.OnNext(v); return true }
	}
	f := e.f
	return func(v T) bool {
		if e.t.state.Load()&settled != 0 {
			e.t.late(v)
		} else if err := f(v); err != nil {
			e.t.end(err)
		}
		return true
	}
}
