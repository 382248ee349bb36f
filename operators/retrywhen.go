package operators

import (
	"context"

	"github.com/sluicego/sluice/observable"
)

// RetryWhen emits the values of the source and, each time that it fails, emits
// the error to the observable that it has given to f: a value of what f returns
// subscribes to the source again, its completion completes the stream.
//
//	source        -a#
//	RetryWhen(f)  -a----a----a
//
// where f delays the errors by 3ms.
//
// Demand: one for one. What a subscription has left unmet is requested from the
// next one. Everything is requested of what f returns; a value that comes while
// the source emits changes nothing. An error that is not requested waits; a
// newer one replaces it.
//
// Errors: that of what f returns, at once. A panic in a callback passes through
// at once, unless there is the option [Panics]; one in f ends the stream.
//
// Discards: a value that the source emits after the end of what f returns, as
// late.
//
// Scheduler: none; f runs where the source first fails, and the source is
// subscribed to again where the value arrives. That takes no stack, however
// often it happens.
//
// With an observable for each error, [RetryAfter] is simpler. RetryWhen panics
// if f is nil.
func RetryWhen[T, N any](f func(errs observable.Observable[error]) observable.Observable[N], opts ...CatchOption) observable.Operator[T, T] {
	if f == nil {
		panic("operators: RetryWhen with a nil function")
	}
	panics := catchesPanics("RetryWhen", opts)
	return func(src observable.Observable[T]) observable.Observable[T] {
		return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
			r := &whenRetrier[T]{}
			r.resumer = newResumer(ctx, down, panics)
			r.bind(ctx, src, r)
			accompany(ctx, &r.accompanied, f, r.conclude)
			r.ask = func() { r.signal(r.cause) }
			return r
		})(src)
	}
}

type whenRetrier[T any] struct{ accompanied[T, error] }

func (r *whenRetrier[T]) OnError(err error) {
	if r.isOurs(err) {
		r.renew(err)
	} else {
		r.leave(err)
	}
}

func (r *whenRetrier[T]) OnComplete() { r.leave(nil) }
