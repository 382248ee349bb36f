package operators

import "github.com/sluicego/sluice/observable"

// MergeWith emits the values of the source and of the given observables, as
// they come. It is [Merge] in a pipe.
//
//	source        -a---b-|
//	o             --x-y----|
//	MergeWith(o)  -ax-yb---|
//
// Demand: as of [Merge].
//
// Errors: the first one, at once; the others are cancelled.
//
// Discards: what is queued when the stream fails or is cancelled; what comes
// after that, as late.
//
// Scheduler: none; values are passed on by the goroutines that bring them or
// request them, one at a time.
func MergeWith[T any](os ...observable.Observable[T]) observable.Operator[T, T] {
	return func(src observable.Observable[T]) observable.Observable[T] { return Merge(before(src, os)...) }
}

// ConcatWith emits the values of the source, and then those of the given
// observables, one after the other. It is [Concat] in a pipe.
//
//	source         -a-b|
//	o              --x-y|
//	ConcatWith(o)  -a-b--x-y|
//
// Demand: one for one. What the source leaves unmet is requested from the next
// observable.
//
// Errors: the first one; the rest are not subscribed to.
//
// Discards: a value that arrives after a cancel, as late.
//
// Scheduler: none.
func ConcatWith[T any](os ...observable.Observable[T]) observable.Operator[T, T] {
	return func(src observable.Observable[T]) observable.Observable[T] { return Concat(before(src, os)...) }
}

// before returns src followed by os, in a slice of its own.
func before[T any](src observable.Observable[T], os []observable.Observable[T]) []observable.Observable[T] {
	return append([]observable.Observable[T]{src}, os...)
}
