package operators

import (
	"cmp"
	"slices"

	"github.com/sluicego/sluice/observable"
)

// Sort emits the values of the source in ascending order when the source has
// completed. It takes no arguments: pass it to a pipe as it is.
//
//	source  -c-a-b-|
//	Sort    -------(abc|)
//
// Demand: everything is requested from the source at once; the values are then
// emitted as requested.
//
// Errors: the source's, at once.
//
// Discards: what comes after the end, as late. A value that was taken in has
// been dealt with.
//
// Scheduler: none; it emits where the source completes, or on the goroutine that
// requests.
//
// What is held grows with the source, without a bound.
func Sort[T cmp.Ordered](src observable.Observable[T]) observable.Observable[T] {
	return SortFunc(cmp.Compare[T])(src)
}

// SortFunc is [Sort] in the order of compare, which is as for
// slices.SortStableFunc: equal values keep their order.
//
//	source               -c-a-b-|
//	SortFunc(backwards)  -------(cba|)
//
// Demand: everything is requested from the source at once; the values are then
// emitted as requested.
//
// Errors: the source's, at once.
//
// Discards: what comes after the end, as late. A value that was taken in has
// been dealt with.
//
// Scheduler: none; it sorts where the source completes, and emits there, or on
// the goroutine that requests.
//
// What is held grows with the source, without a bound.
//
// SortFunc panics if compare is nil.
func SortFunc[T any](compare func(a, b T) int) observable.Operator[T, T] {
	if compare == nil {
		panic("operators: SortFunc with a nil function")
	}
	return rearrange(func(all []T) { slices.SortStableFunc(all, compare) })
}

// Reverse emits the values of the source, the last one first, when the source
// has completed. It takes no arguments: pass it to a pipe as it is.
//
//	source   -a-b-c-|
//	Reverse  -------(cba|)
//
// Demand: everything is requested from the source at once; the values are then
// emitted as requested.
//
// Errors: the source's, at once.
//
// Discards: what comes after the end, as late. A value that was taken in has
// been dealt with.
//
// Scheduler: none; it emits where the source completes, or on the goroutine that
// requests.
//
// What is held grows with the source, without a bound.
func Reverse[T any](src observable.Observable[T]) observable.Observable[T] {
	return rearrange(slices.Reverse[[]T])(src)
}

// rearrange emits all values when the source has completed, in another order.
func rearrange[T any](order func(all []T)) observable.Operator[T, T] {
	return folding(func() fold[T, T] {
		var all []T
		return fold[T, T]{
			take: func(v T) bool { all = append(all, v); return false },
			outcome: func() observable.Observable[T] {
				order(all)
				return observable.FromSlice(all)
			},
		}
	})
}
