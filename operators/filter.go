package operators

import (
	"context"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// Filter emits the values of the source for which p is true.
//
//	source        -a-B-c-D-|
//	Filter(isUp)  ---B---D-|
//
// Demand: one for one; for every value it drops it requests another.
//
// Errors: the source's, unchanged.
//
// Discards: nothing; a value that p refuses has been dealt with.
//
// Scheduler: none; p runs where the source emits.
//
// Filter panics if p is nil.
func Filter[T any](p func(T) bool) observable.Operator[T, T] {
	if p == nil {
		panic("operators: Filter with a nil predicate")
	}
	return observable.Lift(func(_ context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		return &filterer[T]{forward: forward[T]{down: down}, p: p}
	})
}

type filterer[T any] struct {
	forward[T]
	up observable.Subscription
	p  func(T) bool
}

func (f *filterer[T]) OnSubscribe(up observable.Subscription) {
	f.up = up
	f.down.OnSubscribe(up)
}

func (f *filterer[T]) OnNext(v T) {
	if f.p(v) {
		f.down.OnNext(v)
	} else {
		f.up.Request(1)
	}
}

// NextFunc is OnNext linked to the downstream's; it answers false where OnNext
// requests another value.
func (f *filterer[T]) NextFunc() func(T) bool {
	p, next := f.p, link.Next[T](f.down)
	return func(v T) bool { return p(v) && next(v) }
}
