package operators

import (
	"context"

	"github.com/sluicego/sluice/observable"
)

// While emits the values of the source for as long as cond is true when it is
// to be subscribed to, for the first time or again.
//
//	source       -a-|
//	While(cond)  -a--a-|
//
// where cond is true twice.
//
// Demand: one for one. What a subscription has left unmet is requested from the
// next one.
//
// Errors: the source's, unchanged. A panic in cond ends the stream.
//
// Discards: nothing.
//
// Scheduler: none; cond runs on the goroutine that subscribes, then where the
// source completes, which is where it is subscribed to again. That takes no
// stack, however often it happens.
//
// While panics if cond is nil.
func While[T any](cond func() bool) observable.Operator[T, T] {
	if cond == nil {
		panic("operators: While with a nil function")
	}
	again := DoWhile[T](cond)
	return func(src observable.Observable[T]) observable.Observable[T] {
		return observable.Defer(func(context.Context) observable.Observable[T] {
			if !cond() {
				return observable.Empty[T]()
			}
			return again(src)
		})
	}
}

// DoWhile emits the values of the source once, and then again for as long as
// cond is true when it has completed.
//
//	source         -a-|
//	DoWhile(cond)  -a--a-|
//
// where cond is true once.
//
// Demand: one for one. What a subscription has left unmet is requested from the
// next one.
//
// Errors: the source's, unchanged. A panic in cond ends the stream.
//
// Discards: nothing.
//
// Scheduler: none; cond runs where the source completes, which is where it is
// subscribed to again. That takes no stack, however often it happens.
//
// DoWhile panics if cond is nil.
func DoWhile[T any](cond func() bool) observable.Operator[T, T] {
	if cond == nil {
		panic("operators: DoWhile with a nil function")
	}
	return repeat(func(_ context.Context, r *repeater[T]) { r.more = cond })
}
