package operators

import (
	"context"

	"github.com/sluicego/sluice/observable"
)

// RepeatWhen emits the values of the source and, each time that it completes,
// emits to the observable that it has given to f: a value of what f returns
// subscribes to the source again. It completes when both the source and what f
// returns have.
//
//	source         -a-|
//	RepeatWhen(f)  -a----a----a
//
// where f delays the completions by 2ms.
//
// Demand: one for one. What a subscription has left unmet is requested from the
// next one. Everything is requested of what f returns; a value that comes while
// the source emits changes nothing. A completion that is not requested waits; a
// newer one replaces it.
//
// Errors: the source's, unchanged; that of what f returns, at once. A panic in f
// ends the stream.
//
// Discards: a value that the source emits after what f returns has failed, as
// late.
//
// Scheduler: none; f runs where the source first completes, and the source is
// subscribed to again where the value arrives. That takes no stack, however
// often it happens.
//
// With an observable for each completion, [RepeatAfter] is simpler. RepeatWhen
// panics if f is nil.
func RepeatWhen[T, N any](f func(completions observable.Observable[struct{}]) observable.Observable[N]) observable.Operator[T, T] {
	if f == nil {
		panic("operators: RepeatWhen with a nil function")
	}
	return func(src observable.Observable[T]) observable.Observable[T] {
		return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
			r := &whenRepeater[T]{}
			r.resumer = newResumer(ctx, down, false)
			r.bind(ctx, src, r)
			accompany(ctx, &r.accompanied, f, r.notifierEnded)
			r.ask = r.consult
			return r
		})(src)
	}
}

type whenRepeater[T any] struct {
	accompanied[T, struct{}]
	spent bool // guarded by mu: the notifier has completed
}

func (r *whenRepeater[T]) OnError(err error) {
	r.leave(err)
}

func (r *whenRepeater[T]) OnComplete() { r.renew(nil) }

// consult tells the notifier that the source has completed, unless the notifier
// has, too.
func (r *whenRepeater[T]) consult() {
	r.mu.Lock()
	spent := r.spent
	r.mu.Unlock()
	if spent {
		r.conclude(nil)
	} else {
		r.signal(struct{}{})
	}
}

// notifierEnded takes the end of the notifier. It completes the stream if that
// waits for it.
func (r *whenRepeater[T]) notifierEnded(err error) {
	r.mu.Lock()
	r.spent = true
	waited := r.at == renewalAsked
	r.mu.Unlock()
	if err != nil || waited {
		r.conclude(err)
	}
}
