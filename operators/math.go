package operators

import (
	"cmp"

	"github.com/sluicego/sluice/observable"
)

// A Number is what [Sum] and [Average] take.
type Number interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 |
		~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr |
		~float32 | ~float64
}

// Count emits how many values the source has, when it has completed. It takes
// no arguments: pass it to a pipe as it is. To count some of them, put a
// [Filter] before it.
//
//	source  -a-b-c-|
//	Count   -------(3|)
//
// Demand: everything is requested from the source at once; the result waits
// until something is requested.
//
// Errors: the source's, at once.
//
// Discards: what comes after the end, as late. A value that was counted has been
// dealt with.
//
// Scheduler: none.
func Count[T any](src observable.Observable[T]) observable.Observable[int] {
	return Reduce(0, func(n int, _ T) int { return n + 1 })(src)
}

// Sum emits the sum of the values of the source when it has completed, 0 if
// there are none. A sum that is too large for T wraps around, as + does. Sum
// takes no arguments: pass it to a pipe as it is.
//
//	source  -1-2-3-|
//	Sum     -------(6|)
//
// Demand: everything is requested from the source at once; the result waits
// until something is requested.
//
// Errors: the source's, at once.
//
// Discards: what comes after the end, as late. A value that was added has been
// dealt with.
//
// Scheduler: none.
func Sum[T Number](src observable.Observable[T]) observable.Observable[T] {
	return Reduce(0, func(sum, v T) T { return sum + v })(src)
}

// Average emits the mean of the values of the source when it has completed. It
// completes without a value if there are none. It takes no arguments: pass it to
// a pipe as it is.
//
//	source   -1-2-6-|
//	Average  -------(3|)
//
// Demand: everything is requested from the source at once; the result waits
// until something is requested.
//
// Errors: the source's, at once.
//
// Discards: what comes after the end, as late. A value that was averaged has
// been dealt with.
//
// Scheduler: none.
//
// The mean is kept as the values come, so that their sum cannot overflow
// (Knuth, The Art of Computer Programming, volume 2, 4.2.2, equation 15).
func Average[T Number](src observable.Observable[T]) observable.Observable[float64] {
	return folding(func() fold[T, float64] {
		n, mean := 0, 0.0
		return fold[T, float64]{
			take: func(v T) bool {
				n++
				mean += (float64(v) - mean) / float64(n)
				return false
			},
			outcome: func() observable.Observable[float64] { return some(mean, n > 0) },
		}
	})(src)
}

// some is an outcome of one value, or of none.
func some[R any](v R, ok bool) observable.Observable[R] {
	if !ok {
		return observable.Empty[R]()
	}
	return observable.Of(v)
}

// Min emits the smallest value of the source when it has completed, the last of
// them if there are several, as in RxJS. It completes without a value if there are none. It
// takes no arguments: pass it to a pipe as it is.
//
//	source  -2-1-3-|
//	Min     -------(1|)
//
// Demand: everything is requested from the source at once; the result waits
// until something is requested.
//
// Errors: the source's, at once.
//
// Discards: what comes after the end, as late. A value that was compared has
// been dealt with.
//
// Scheduler: none.
func Min[T cmp.Ordered](src observable.Observable[T]) observable.Observable[T] {
	return MinFunc(cmp.Compare[T])(src)
}

// Max emits the largest value of the source when it has completed, the last of
// them if there are several, as in RxJS. It completes without a value if there are none. It
// takes no arguments: pass it to a pipe as it is.
//
//	source  -2-3-1-|
//	Max     -------(3|)
//
// Demand: everything is requested from the source at once; the result waits
// until something is requested.
//
// Errors: the source's, at once.
//
// Discards: what comes after the end, as late. A value that was compared has
// been dealt with.
//
// Scheduler: none.
func Max[T cmp.Ordered](src observable.Observable[T]) observable.Observable[T] {
	return MaxFunc(cmp.Compare[T])(src)
}

// MinFunc is [Min] in the order of compare, which is negative if a comes first.
//
//	source              -2-1-3-|
//	MinFunc(backwards)  -------(3|)
//
// Demand: everything is requested from the source at once; the result waits
// until something is requested.
//
// Errors: the source's, at once.
//
// Discards: what comes after the end, as late. A value that was compared has
// been dealt with.
//
// Scheduler: none; compare runs where the source emits.
//
// MinFunc panics if compare is nil.
func MinFunc[T any](compare func(a, b T) int) observable.Operator[T, T] {
	if compare == nil {
		panic("operators: MinFunc with a nil function")
	}
	return best(func(v, least T) bool { return compare(least, v) >= 0 })
}

// MaxFunc is [Max] in the order of compare, which is negative if a comes first.
//
//	source              -2-1-3-|
//	MaxFunc(backwards)  -------(1|)
//
// Demand: everything is requested from the source at once; the result waits
// until something is requested.
//
// Errors: the source's, at once.
//
// Discards: what comes after the end, as late. A value that was compared has
// been dealt with.
//
// Scheduler: none; compare runs where the source emits.
//
// MaxFunc panics if compare is nil.
func MaxFunc[T any](compare func(a, b T) int) observable.Operator[T, T] {
	if compare == nil {
		panic("operators: MaxFunc with a nil function")
	}
	return best(func(v, most T) bool { return compare(most, v) <= 0 })
}

// best emits the value that none beats.
func best[T any](beats func(v, best T) bool) observable.Operator[T, T] {
	return folding(func() fold[T, T] {
		var found T
		ok := false
		return fold[T, T]{
			take: func(v T) bool {
				if !ok || beats(v, found) {
					found, ok = v, true
				}
				return false
			},
			outcome: func() observable.Observable[T] { return some(found, ok) },
		}
	})
}
