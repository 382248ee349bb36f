package operators

import "github.com/sluicego/sluice/observable"

// StartWith emits the given values and then those of the source, which it
// subscribes to when the values have been emitted.
//
//	source           ----a-b-|
//	StartWith(x, y)  (xy)a-b-|
//
// Demand: one for one; the given values count. What they leave unmet is
// requested from the source.
//
// Errors: the source's, unchanged.
//
// Discards: nothing.
//
// Scheduler: none; it emits on the goroutine that requests.
func StartWith[T any](values ...T) observable.Operator[T, T] {
	if len(values) == 0 {
		return func(src observable.Observable[T]) observable.Observable[T] { return src }
	}
	return func(src observable.Observable[T]) observable.Observable[T] {
		return Concat(observable.FromSlice(values), src)
	}
}
