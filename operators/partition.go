package operators

import "github.com/sluicego/sluice/observable"

// Partition emits the values of the source for which p is true by way of yes,
// and the others by way of no. The two are filters of the same source, each of
// which subscribes to it.
//
//	source            -a-B-c-D-|
//	Partition(isLow)  -a---c---|
//	no                ---B---D-|
//
// Demand: one for one on either side; for every value it drops it requests
// another.
//
// Errors: the source's, unchanged, on both sides.
//
// Discards: nothing; a value that belongs to the other side has been dealt
// with.
//
// Scheduler: none; p runs where the source emits, once for each side. Put
// [Share] before it if the source is not to run twice.
//
// Partition panics if p is nil.
func Partition[T any](src observable.Observable[T], p func(T) bool) (yes, no observable.Observable[T]) {
	if p == nil {
		panic("operators: Partition with a nil predicate")
	}
	return Filter(p)(src), Filter(func(v T) bool { return !p(v) })(src)
}
