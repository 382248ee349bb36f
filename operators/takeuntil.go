package operators

import (
	"context"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/side"
	"github.com/sluicego/sluice/observable"
)

// TakeUntil emits the values of the source until o emits one. Then it cancels
// the source and completes.
//
//	source        -a-b-c-d-|
//	o             -----x--
//	TakeUntil(o)  -a-b-|
//
// It subscribes to o before the source, and not to the source if o emits at
// once. If o completes without a value, nothing ends before the source does.
//
// Demand: one for one; requests reach the source unchanged. Everything is
// requested from o.
//
// Errors: the source's and that of o, at once; the other one is cancelled.
//
// Discards: a value that the source emits after the end, as late. The value of
// o has been dealt with.
//
// Scheduler: none; it completes where o emits, after the value that is being
// delivered.
func TakeUntil[T, N any](o observable.Observable[N]) observable.Operator[T, T] {
	return func(src observable.Observable[T]) observable.Observable[T] {
		return side.Serve(func(ctx context.Context, down observable.Subscriber[T]) {
			t := &untilTaker[T]{newBeside(ctx, down)}
			ear := side.New(func(N) { t.end(nil) }, t.fails)
			t.hears(ear)
			ear.Listen(ctx, o)
			t.begin(ctx, src, t)
		})
	}
}

type untilTaker[T any] struct{ beside[T] }

func (t *untilTaker[T]) OnNext(v T) {
	if t.enter(v) {
		done := false
		defer t.leave(&done)
		t.down.OnNext(v)
		done = true
	}
}

// NextFunc is OnNext linked to the downstream's.
func (t *untilTaker[T]) NextFunc() func(T) bool {
	next := link.Next[T](t.down)
	return func(v T) bool {
		if !t.enter(v) {
			return true
		}
		done := false
		defer t.leave(&done)
		used := next(v)
		done = true
		return used
	}
}
