package operators

import "github.com/sluicego/sluice/observable"

// DefaultIfEmpty emits the values of the source, or v if it completes without
// any.
//
//	source             -----|
//	DefaultIfEmpty(x)  -----(x|)
//
// Demand: one for one; v waits until something is requested.
//
// Errors: the source's, unchanged.
//
// Discards: nothing.
//
// Scheduler: none; it emits v where the source completes, or on the goroutine
// that requests.
func DefaultIfEmpty[T any](v T) observable.Operator[T, T] { return orEmit(v) }

// SwitchIfEmpty emits the values of the source, or those of o if it completes
// without any.
//
//	source            -----|
//	o                 -x-y-|
//	SwitchIfEmpty(o)  ------x-y-|
//
// Demand: one for one. What is unmet is requested from o.
//
// Errors: the source's, unchanged, and those of o.
//
// Discards: nothing.
//
// Scheduler: none; o is subscribed to where the source completes.
func SwitchIfEmpty[T any](o observable.Observable[T]) observable.Operator[T, T] { return orElse(o) }

// ThrowIfEmpty emits the values of the source, and fails with err if it
// completes without any.
//
//	source             -----|
//	ThrowIfEmpty(err)  -----#
//
// Demand: one for one; requests reach the source unchanged.
//
// Errors: err; the source's, unchanged.
//
// Discards: nothing.
//
// Scheduler: none.
//
// ThrowIfEmpty panics if err is nil.
func ThrowIfEmpty[T any](err error) observable.Operator[T, T] {
	if err == nil {
		panic("operators: ThrowIfEmpty with a nil error")
	}
	return orFail[T](err)
}
