package operators

import (
	"context"
	"fmt"
	"math"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// Forever is the count for a [Retry] that never gives up, and for a [Repeat]
// that never completes.
const Forever = math.MaxInt

// Retry emits the values of the source and, should it fail, subscribes to it
// again, up to n times.
//
//	source    -a-#
//	Retry(1)  -a--a-#
//
// Demand: one for one. What a subscription has left unmet is requested from
// the next one.
//
// Errors: the last one, when the source has failed n+1 times; with [RetryIf],
// the first one that is refused; with [ResetOnValue], the one after n failures
// in a row. A panic in a callback passes through at once, unless there is the
// option [Panics]; one in a function of an option ends the stream. With
// [Backoff], that of a scheduler which is closed.
//
// Discards: nothing.
//
// Scheduler: none; it subscribes again at once, where the source fails. That
// takes no stack, however often it happens. A source that fails at once, under
// Retry([Forever]), keeps its goroutine busy until it is cancelled. With
// [Backoff] it subscribes on [scheduler.On], else on the ctx's, for which there
// is one timer while it waits.
//
// Retry panics if n is negative.
func Retry[T any](n int, opts ...RetryOption) observable.Operator[T, T] {
	if n < 0 {
		panic(fmt.Sprintf("operators: Retry of a negative count (%d)", n))
	}
	how := newRetryPolicy("Retry", opts)
	return retry(n, how, func(ctx context.Context, r *retrier[T]) {
		if how.backoff != nil {
			r.ask = askOnce(ctx, &r.renewer, func() observable.Observable[int] {
				return observable.Timer(how.backoff.delay(r.tries), how.time...)
			})
		}
	})
}

// RetryAfter emits the values of the source and, should it fail, subscribes to
// f(err, attempt): at the first value of that it subscribes to the source again.
// attempt counts from 1. If what f returns completes without a value, the stream
// completes.
//
//	source         -a-#
//	delay          --x
//	RetryAfter(f)  -a----a-#
//
// where f returns delay at the first attempt, then an [observable.Throw].
//
// Demand: one for one. What a subscription has left unmet is requested from the
// next one. Everything is requested of what f returns, until its first value.
//
// Errors: that of what f returns. A panic in a callback passes through at once,
// unless there is the option [Panics]; one in f ends the stream. With
// [ResetOnValue], attempt counts the failures in a row.
//
// Discards: nothing.
//
// Scheduler: none; f runs where the source fails, and the source is subscribed
// to where the value arrives. That takes no stack, however often it happens.
//
// RetryAfter panics if f is nil.
func RetryAfter[T, N any](f func(err error, attempt int) observable.Observable[N], opts ...RetryAfterOption) observable.Operator[T, T] {
	if f == nil {
		panic("operators: RetryAfter with a nil function")
	}
	how := newRetryPolicy("RetryAfter", opts)
	return retry(Forever, how, func(ctx context.Context, r *retrier[T]) {
		r.ask = askOnce(ctx, &r.renewer, func() observable.Observable[N] { return f(r.cause, r.tries) })
	})
}

// retry makes an operator of retriers, which prepare completes.
func retry[T any](n int, how retryPolicy, prepare func(context.Context, *retrier[T])) observable.Operator[T, T] {
	return func(src observable.Observable[T]) observable.Observable[T] {
		return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
			link.Call(ctx, prepare)
			r := &retrier[T]{most: n, how: how}
			r.resumer = newResumer(ctx, down, how.panics)
			r.bind(ctx, src, r)
			prepare(ctx, r)
			return r
		})(src)
	}
}

type retrier[T any] struct {
	renewer[T]
	how   retryPolicy
	most  int // tries besides the first
	tries int // so far; as cause
}

func (r *retrier[T]) OnError(err error) {
	if !r.goesOn(err) {
		r.leave(err)
		return
	}
	r.tries++
	r.renew(err)
}

func (r *retrier[T]) OnComplete() { r.leave(nil) }

// goesOn reports whether there is to be another try after err.
func (r *retrier[T]) goesOn(err error) bool {
	if !r.isOurs(err) {
		return false
	}
	if r.how.resets && r.emitted {
		r.tries = 0
	}
	return r.tries < r.most && (r.how.wants == nil || r.wants(func() bool { return r.how.wants(err) }))
}
