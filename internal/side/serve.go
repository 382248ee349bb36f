package side

import (
	"context"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// Serve makes an Observable that has no single source: subscribe serves its
// subscribers, and stands for no gate, since what it calls OnSubscribe with is
// the library's.
func Serve[T any](subscribe func(ctx context.Context, down observable.Subscriber[T])) observable.Observable[T] {
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[struct{}] {
		link.Call(ctx, subscribe)
		return trigger{begin: func() { subscribe(ctx, down) }}
	})(observable.Never[struct{}]())
}

// A trigger begins when the source that never emits has been subscribed to.
type trigger struct {
	link.Inside
	link.Sourceless
	begin func()
}

func (t trigger) OnSubscribe(observable.Subscription) { t.begin() }
func (trigger) OnNext(struct{})                       {}
func (trigger) OnError(error)                         {}
func (trigger) OnComplete()                           {}
