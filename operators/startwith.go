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

// EndWith emits the values of the source and, when it has completed, the given
// ones.
//
//	source         -a-b---|
//	EndWith(x, y)  -a-b---(xy|)
//
// Demand: one for one; the given values count. What the source has left unmet
// goes to them.
//
// Errors: the source's, unchanged; then the given values are not emitted.
//
// Discards: a value that the source emits beyond its demand, as overflow, for
// which the stream fails.
//
// Scheduler: none; the given values are emitted by the goroutine that completes
// the source, or by the one that requests them.
func EndWith[T any](values ...T) observable.Operator[T, T] {
	if len(values) == 0 {
		return func(src observable.Observable[T]) observable.Observable[T] { return src }
	}
	return func(src observable.Observable[T]) observable.Observable[T] {
		return Concat(src, observable.FromSlice(values))
	}
}
