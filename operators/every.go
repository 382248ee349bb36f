package operators

import (
	"github.com/sluicego/sluice/observable"
)

// Every emits whether p is true for all values of the source: false at the first
// one that p refuses, upon which the source is cancelled, or true when the
// source has completed.
//
//	source          -a-b-C-d-|
//	Every(isLower)  -----(x|)
//	where           x=false
//
// Demand: everything is requested from the source at once; the result waits
// until something is requested.
//
// Errors: the source's, at once, if it fails before.
//
// Discards: what comes after the end, as late. A value that p has seen has been
// dealt with.
//
// Scheduler: none; p runs where the source emits.
//
// Every panics if p is nil.
func Every[T any](p func(T) bool) observable.Operator[T, bool] {
	if p == nil {
		panic("operators: Every with a nil predicate")
	}
	return decide(func(v T) bool { return !p(v) }, false)
}

// Some emits whether p is true for any value of the source: true at the first
// one, upon which the source is cancelled, or false when the source has
// completed.
//
//	source         -a-b-C-d-|
//	Some(isUpper)  -----(x|)
//	where          x=true
//
// Demand: everything is requested from the source at once; the result waits
// until something is requested.
//
// Errors: the source's, at once, if it fails before.
//
// Discards: what comes after the end, as late. A value that p has seen has been
// dealt with.
//
// Scheduler: none; p runs where the source emits.
//
// Some panics if p is nil.
func Some[T any](p func(T) bool) observable.Operator[T, bool] {
	if p == nil {
		panic("operators: Some with a nil predicate")
	}
	return decide(p, true)
}

// Contains emits whether v is among the values of the source: true when it
// comes, upon which the source is cancelled, or false when the source has
// completed. With a predicate it is [Some].
//
//	source       -a-b-c-|
//	Contains(b)  ---(x|)
//	where        x=true
//
// Demand: everything is requested from the source at once; the result waits
// until something is requested.
//
// Errors: the source's, at once, if it fails before.
//
// Discards: what comes after the end, as late. A value that was compared has
// been dealt with.
//
// Scheduler: none.
func Contains[T comparable](v T) observable.Operator[T, bool] {
	return decide(func(w T) bool { return w == v }, true)
}

// IsEmpty emits whether the source has no values: false at the first one, upon
// which the source is cancelled, or true when the source has completed. It takes
// no arguments: pass it to a pipe as it is.
//
//	source   -a-b-|
//	IsEmpty  -(x|)
//	where    x=false
//
// Demand: everything is requested from the source at once; the result waits
// until something is requested.
//
// Errors: the source's, at once, if it fails before.
//
// Discards: what comes after the end, as late. The first value has been dealt
// with.
//
// Scheduler: none.
func IsEmpty[T any](src observable.Observable[T]) observable.Observable[bool] {
	return decide(func(T) bool { return true }, false)(src)
}

// decide emits found at the first value that decides, or else its opposite.
func decide[T any](decides func(T) bool, found bool) observable.Operator[T, bool] {
	return folding(func() fold[T, bool] {
		result := !found
		return fold[T, bool]{
			take: func(v T) bool {
				if !decides(v) {
					return false
				}
				result = found
				return true
			},
			outcome: func() observable.Observable[bool] { return observable.Of(result) },
		}
	})
}
