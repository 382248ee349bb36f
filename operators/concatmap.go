package operators

import (
	"context"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// ConcatMap subscribes to f(v) for every value v of the source, one after the
// other, and emits what these inner observables emit. It completes when the
// source and the last of them have.
//
//	source        -a--b-----|
//	a             x-x-x|
//	b             y-y|
//	ConcatMap(f)  -x-x-xy-y-|
//
// Demand: the source is asked for one value, and for the next one when an
// inner observable has completed; each of these is asked for what is demanded
// and not met yet.
//
// Errors: the first one, of the source or of an inner observable, at once; the
// other is cancelled.
//
// Discards: a value that arrives after the stream has failed or was cancelled,
// as late; one that a source emits beyond its demand, as overflow, for which the
// stream fails.
//
// Scheduler: none; f runs where the source emits.
//
// ConcatMap panics if f is nil.
func ConcatMap[T, R any](f func(T) observable.Observable[R]) observable.Operator[T, R] {
	if f == nil {
		panic("operators: ConcatMap with a nil function")
	}
	return concatMap("ConcatMap", f)
}

// concatMap is ConcatMap for the operator called name.
func concatMap[T, R any](name string, f func(T) observable.Observable[R]) observable.Operator[T, R] {
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[R]) observable.Subscriber[T] {
		link.Call(ctx, name)
		c := &concatMapper[T, R]{relay: newRelay(ctx, name, down, f)}
		c.more = true
		return c
	})
}

// Concat emits the values of the given observables, one after the other. It
// completes when the last one has.
//
//	a             -a-b|
//	b             --x-y|
//	Concat(a, b)  -a-b--x-y|
//
// Demand: each observable is subscribed to when the one before it has
// completed, and is asked for what is demanded and not met yet.
//
// Errors: the first one; the rest are not subscribed to.
//
// Discards: a value that arrives after a cancel, as late.
//
// Scheduler: none.
func Concat[T any](os ...observable.Observable[T]) observable.Observable[T] {
	return ConcatMap(same[T])(observable.FromSlice(os))
}

type concatMapper[T, R any] struct {
	link.Inside
	relay[T, R]
}

func (c *concatMapper[T, R]) OnSubscribe(up observable.Subscription) {
	if c.up != nil {
		up.Cancel()
		return
	}
	c.up = up
	c.down.OnSubscribe(c)
	up.Request(1)
}

func (c *concatMapper[T, R]) OnNext(v T)        { c.play(v) }
func (c *concatMapper[T, R]) OnError(err error) { c.sourceFailed(err) }
func (c *concatMapper[T, R]) OnComplete()       { c.sourceCompleted() }
