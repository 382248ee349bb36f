package operators

import (
	"context"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// DistinctUntilChanged emits the values of the source that differ from the one
// emitted before. It takes no arguments: pass it to a pipe as it is.
//
//	source                -a-a-b-b-a-|
//	DistinctUntilChanged  -a---b---a-|
//
// Demand: one for one; for every value it drops it requests another.
//
// Errors: the source's, unchanged.
//
// Discards: nothing; a repeated value has been dealt with.
//
// Scheduler: none.
//
// Values are compared with ==, by which a NaN differs from itself. If T is an
// interface type and two values of one type cannot be compared, == panics, and
// the stream ends with a PanicError.
func DistinctUntilChanged[T comparable](src observable.Observable[T]) observable.Observable[T] {
	return DistinctUntilChangedFunc(equal[T])(src)
}

func equal[T comparable](a, b T) bool { return a == b }

// DistinctUntilChangedFunc emits the values of the source for which eq, called
// with the value emitted before and the new one, is false. The first value is
// always emitted.
//
//	source                               -a-A-b-B-a-|
//	DistinctUntilChangedFunc(equalFold)  -a---b---a-|
//
// Demand: one for one; for every value it drops it requests another.
//
// Errors: the source's, unchanged.
//
// Discards: nothing; a repeated value has been dealt with.
//
// Scheduler: none; eq runs where the source emits.
//
// DistinctUntilChangedFunc panics if eq is nil.
func DistinctUntilChangedFunc[T any](eq func(before, v T) bool) observable.Operator[T, T] {
	if eq == nil {
		panic("operators: DistinctUntilChangedFunc with a nil function")
	}
	return observable.Lift(func(_ context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		return &distinct[T]{forward: forward[T]{down: down}, eq: eq}
	})
}

type distinct[T any] struct {
	forward[T]
	up   observable.Subscription
	eq   func(before, v T) bool
	last T    // the value emitted last, if has is set; the source only
	has  bool // the source only
}

func (d *distinct[T]) OnSubscribe(up observable.Subscription) {
	d.up = up
	d.down.OnSubscribe(up)
}

func (d *distinct[T]) OnNext(v T) {
	if d.changes(v) {
		d.down.OnNext(v)
	} else {
		d.up.Request(1)
	}
}

// NextFunc is OnNext linked to the downstream's; it answers false where OnNext
// requests another value.
func (d *distinct[T]) NextFunc() func(T) bool {
	next := link.Next[T](d.down)
	return func(v T) bool { return d.changes(v) && next(v) }
}

// changes reports whether v is to be emitted, and remembers it if so.
func (d *distinct[T]) changes(v T) bool {
	if d.has && d.eq(d.last, v) {
		return false
	}
	d.last, d.has = v, true
	return true
}
