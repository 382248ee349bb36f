package operators

import (
	"context"

	"github.com/sluicego/sluice/observable"
)

// Reduce folds all values of the source into an accumulator, which begins as
// seed, and emits it when the source has completed.
//
//	source          -1-2-3-|
//	Reduce(0, add)  -------(6|)
//
// Demand: everything is requested from the source at once; the result waits
// until something is requested.
//
// Errors: the source's, at once.
//
// Discards: what comes after the end, as late. A value that was folded in has
// been dealt with.
//
// Scheduler: none; f runs where the source emits.
//
// The seed is copied by assignment, so a map or a pointer would be shared by
// all subscriptions, against L10 of the protocol: let f return a new one.
//
// Reduce panics if f is nil.
func Reduce[T, A any](seed A, f func(acc A, v T) A) observable.Operator[T, A] {
	if f == nil {
		panic("operators: Reduce with a nil function")
	}
	return folding(func() fold[T, A] {
		acc := seed
		return fold[T, A]{
			take:    func(v T) bool { acc = f(acc, v); return false },
			outcome: func() observable.Observable[A] { return observable.Of(acc) },
		}
	})
}

// ReduceErr is [Reduce] with a function that may fail.
//
//	source               -1-2-x-3-|
//	ReduceErr(0, parse)  -----#
//
// Demand: everything is requested from the source at once; the result waits
// until something is requested.
//
// Errors: the first error of f, as it is; the source is cancelled. The source's,
// at once.
//
// Discards: what comes after the end, as late. A value that was folded in, or
// that f failed on, has been dealt with.
//
// Scheduler: none; f runs where the source emits.
//
// ReduceErr panics if f is nil.
func ReduceErr[T, A any](seed A, f func(acc A, v T) (A, error)) observable.Operator[T, A] {
	if f == nil {
		panic("operators: ReduceErr with a nil function")
	}
	return folding(func() fold[T, A] {
		acc, err := seed, error(nil)
		return fold[T, A]{
			take: func(v T) bool { acc, err = f(acc, v); return err != nil },
			outcome: func() observable.Observable[A] {
				if err != nil {
					return observable.Throw[A](err)
				}
				return observable.Of(acc)
			},
		}
	})
}

// ScanErr is [Scan] with a function that may fail.
//
//	source             -1-2-x-3-|
//	ScanErr(0, parse)  -1-3-#
//
// Demand: one for one; requests reach the source unchanged.
//
// Errors: the first error of f, as it is; the source is cancelled. The source's,
// unchanged.
//
// Discards: a value that the source emits after f has failed, as late. The
// value that f failed on has been dealt with.
//
// Scheduler: none; f runs where the source emits.
//
// ScanErr panics if f is nil.
func ScanErr[T, A any](seed A, f func(acc A, v T) (A, error)) observable.Operator[T, A] {
	if f == nil {
		panic("operators: ScanErr with a nil function")
	}
	return func(src observable.Observable[T]) observable.Observable[A] {
		return observable.Defer(func(context.Context) observable.Observable[A] {
			acc := seed
			return MapErr(func(v T) (next A, err error) {
				acc, err = f(acc, v)
				return acc, err
			})(src)
		})
	}
}

// ToSlice emits all values of the source as one slice when the source has
// completed. It takes no arguments: pass it to a pipe as it is.
//
//	source   -a-b-c-|
//	ToSlice  -------(x|)
//	where    x=[a b c]
//
// Demand: everything is requested from the source at once; the slice waits
// until something is requested.
//
// Errors: the source's, at once.
//
// Discards: what comes after the end, as late. A value that was collected has
// been dealt with.
//
// Scheduler: none.
//
// The slice grows with the source, without a bound. It belongs to the
// subscriber, and is empty, not nil, if there are no values.
func ToSlice[T any](src observable.Observable[T]) observable.Observable[[]T] {
	return folding(func() fold[T, []T] {
		all := []T{}
		return fold[T, []T]{
			take:    func(v T) bool { all = append(all, v); return false },
			outcome: func() observable.Observable[[]T] { return observable.Of(all) },
		}
	})(src)
}

// ToMap emits one map of all values of the source when the source has
// completed: entry says under which key a value is found and what is found
// there. Of several values with one key the last one is kept.
//
//	source         -a-b-a-|
//	ToMap(double)  -------(x|)
//	where          x=map[a:aa b:bb]
//
// Demand: everything is requested from the source at once; the map waits until
// something is requested.
//
// Errors: the source's, at once.
//
// Discards: what comes after the end, as late. A value of which an entry was
// made has been dealt with.
//
// Scheduler: none; entry runs where the source emits.
//
// The map grows with the source, without a bound. It belongs to the subscriber.
//
// ToMap panics if entry is nil.
func ToMap[T any, K comparable, V any](entry func(T) (K, V)) observable.Operator[T, map[K]V] {
	if entry == nil {
		panic("operators: ToMap with a nil function")
	}
	return folding(func() fold[T, map[K]V] {
		m := make(map[K]V)
		return fold[T, map[K]V]{
			take: func(v T) bool {
				key, value := entry(v)
				m[key] = value
				return false
			},
			outcome: one(m),
		}
	})
}
