package operators

import (
	"context"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// IgnoreElements emits nothing, and ends as the source does. It takes no
// arguments: pass it to a pipe as it is.
//
//	source          -a-b-c-|
//	IgnoreElements  -------|
//
// Demand: everything is requested from the source at once; the subscriber need
// not request anything.
//
// Errors: the source's, unchanged.
//
// Discards: nothing; the values have been dealt with.
//
// Scheduler: none.
func IgnoreElements[T any](src observable.Observable[T]) observable.Observable[T] {
	return observable.Lift(func(_ context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		return &ignorer[T]{forward: forward[T]{down: down}}
	})(src)
}

type ignorer[T any] struct {
	forward[T]
	up observable.Subscription
}

func (i *ignorer[T]) OnSubscribe(up observable.Subscription) {
	i.up = up
	i.down.OnSubscribe(failing(i, up, i.fail))
	up.Request(observable.Unbounded)
}

func (i *ignorer[T]) OnNext(T) {}

// NextFunc is OnNext, which the source need not look for any more.
func (i *ignorer[T]) NextFunc() func(T) bool { return func(T) bool { return true } }

// Request does nothing: there is nothing to come.
func (i *ignorer[T]) Request(int64) {}

func (i *ignorer[T]) Cancel() { i.up.Cancel() }

func (i *ignorer[T]) fail(err error) { i.up.(link.Failer).Fail(err) }
