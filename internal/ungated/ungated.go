// Package ungated makes test sources that meet an operator without a gate in
// between, so that the operator sees everything they do.
package ungated

import (
	"context"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// New is observable.New without the gate: the function gets the operator's own
// subscriber. It goes through Lift, as every operator does.
func New[T any](subscribe func(context.Context, observable.Subscriber[T])) observable.Observable[T] {
	lift := observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[struct{}] {
		link.Call(ctx, subscribe)
		subscribe(ctx, down)
		return ignore{}
	})
	return lift(observable.Empty[struct{}]())
}

// ignore is the subscriber of the empty source that New lifts.
type ignore struct{ link.Sourceless }

func (ignore) OnSubscribe(observable.Subscription) {}
func (ignore) OnNext(struct{})                     {}
func (ignore) OnError(error)                       {}
func (ignore) OnComplete()                         {}
