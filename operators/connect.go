package operators

import (
	"context"

	"github.com/sluicego/sluice/internal/side"
	"github.com/sluicego/sluice/observable"
)

// Connect emits what the observable emits that f makes of a shared view of the
// source. So that may be used several times and is subscribed to once: first
// comes what f returns, which subscribes to the view, and then the source.
//
//	source      -a-b-c-|
//	Connect(f)  -a-[bB]-[cC]-|
//
// where f merges the source with its uppercase values, these without the first.
//
// Demand: that of what f returns. The source is asked for what all subscribers
// of the view have requested, at most 128 ahead, as by [Share]; while there is
// none, nothing is requested.
//
// Errors: those of what f returns; a [*observable.PanicError] if f panics. A
// subscriber of the view gets the source's, or [ErrDisconnected] if it is still
// there when what f returned has ended.
//
// Discards: values that wait when the source fails or what f returned has ended;
// what comes after that, as late; what the source emits beyond its demand, as
// overflow, for which the view fails.
//
// Scheduler: none; f runs on the goroutine that subscribes, once for each
// subscription.
//
// Connect panics if f is nil.
func Connect[T, R any](f func(shared observable.Observable[T]) observable.Observable[R]) observable.Operator[T, R] {
	if f == nil {
		panic("operators: Connect with a nil function")
	}
	return func(src observable.Observable[T]) observable.Observable[R] {
		return side.Serve(func(ctx context.Context, down observable.Subscriber[R]) {
			s := newSharer("Connect", src, sharing{once: true})
			r, _ := s.current()
			result := observable.Defer(func(context.Context) observable.Observable[R] { return f(s.observable(waits)) })
			Finally[R](r.quit)(result).Subscribe(ctx, down)
			r.connect(ctx, opens, nil)
			r.wake()
		})
	}
}
