package operators

import (
	"context"
	"fmt"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// Repeat emits the values of the source n times: whenever the source completes,
// it subscribes to it again.
//
//	source     -a-|
//	Repeat(2)  -a--a-|
//
// Demand: one for one. What a subscription has left unmet is requested from the
// next one. Repeat(0) completes at once and does not subscribe to the source.
//
// Errors: the source's, unchanged.
//
// Discards: nothing.
//
// Scheduler: none; it subscribes again at once, where the source completes.
// That takes no stack, however often it happens. A source that is empty, under
// Repeat([Forever]), keeps its goroutine busy until it is cancelled.
//
// Repeat panics if n is negative.
func Repeat[T any](n int) observable.Operator[T, T] {
	if n < 0 {
		panic(fmt.Sprintf("operators: Repeat of a negative count (%d)", n))
	}
	if n == 0 {
		return func(observable.Observable[T]) observable.Observable[T] { return observable.Empty[T]() }
	}
	return repeat(func(_ context.Context, r *repeater[T]) {
		if n != Forever {
			r.more = func() bool { return r.times < n }
		}
	})
}

// RepeatAfter emits the values of the source and, when it completes, subscribes
// to f(times): at the first value of that it subscribes to the source again.
// times is how often the source has completed. If what f returns completes
// without a value, the stream completes.
//
//	source          -a-|
//	pause           --x
//	RepeatAfter(f)  -a----a-|
//
// where f returns pause the first time, then an [observable.Empty].
//
// Demand: one for one. What a subscription has left unmet is requested from the
// next one. Everything is requested of what f returns, until its first value.
//
// Errors: the source's, and that of what f returns, unchanged. A panic in f
// ends the stream.
//
// Discards: nothing.
//
// Scheduler: none; f runs where the source completes, and the source is
// subscribed to where the value arrives. That takes no stack, however often it
// happens.
//
// RepeatAfter panics if f is nil.
func RepeatAfter[T, N any](f func(times int) observable.Observable[N]) observable.Operator[T, T] {
	if f == nil {
		panic("operators: RepeatAfter with a nil function")
	}
	return repeat(func(ctx context.Context, r *repeater[T]) {
		r.ask = askOnce(ctx, &r.renewer, func() observable.Observable[N] { return f(r.times) })
	})
}

// repeat makes an operator of repeaters, which prepare completes.
func repeat[T any](prepare func(context.Context, *repeater[T])) observable.Operator[T, T] {
	return func(src observable.Observable[T]) observable.Observable[T] {
		return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
			link.Call(ctx, prepare)
			r := &repeater[T]{}
			r.resumer = newResumer(ctx, down, false)
			r.bind(ctx, src, r)
			prepare(ctx, r)
			return r
		})(src)
	}
}

type repeater[T any] struct {
	renewer[T]
	more  func() bool // whether to go on; nil: always
	times int         // completions so far; written before idle, as cause
}

func (r *repeater[T]) OnError(err error) { r.leave(err) }

func (r *repeater[T]) OnComplete() {
	r.times++
	if r.more != nil && !r.wants(r.more) {
		r.leave(nil)
		return
	}
	r.renew(nil)
}
