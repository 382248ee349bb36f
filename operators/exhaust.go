package operators

import (
	"context"

	"github.com/sluicego/sluice/observable"
)

// ExhaustMap subscribes to f(v) for a value v of the source and emits what this
// inner observable emits; values that come before it has ended are discarded.
// ExhaustMap completes when the source and the last inner observable have.
//
//	source         -a--b---b-----|
//	a              x-x-x|
//	b              y-y|
//	ExhaustMap(f)  -x-x-x--y-y---|
//
// Demand: unbounded from the source. Each inner observable is asked for what
// is demanded and not met yet; as long as it waits for demand, it runs.
//
// Errors: the first one, of the source or of an inner observable, at once; the
// other is cancelled.
//
// Discards: a value of the source that comes while an inner observable runs,
// as overflow; f is not called for it. A value that arrives after the stream
// has failed or was cancelled, as late. What an inner observable emits beyond
// its demand, as overflow, for which the stream fails.
//
// Scheduler: none; f runs where the source emits.
//
// ExhaustMap panics if f is nil.
func ExhaustMap[T, R any](f func(T) observable.Observable[R]) observable.Operator[T, R] {
	if f == nil {
		panic("operators: ExhaustMap with a nil function")
	}
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[R]) observable.Subscriber[T] {
		return newOpenRelay(ctx, "ExhaustMap", clashSkips, down, f)
	})
}
