package operators

import (
	"context"

	"github.com/sluicego/sluice/observable"
)

// SkipWhile emits the values of the source from the first one that p refuses,
// which it emits, too. From then on p is not called any more.
//
//	source              -a-b-C-d-|
//	SkipWhile(isLower)  -----C-d-|
//
// Demand: one for one; for every value it skips it requests another.
//
// Errors: the source's, unchanged.
//
// Discards: nothing; a value that is skipped has been dealt with.
//
// Scheduler: none; p runs where the source emits.
//
// SkipWhile panics if p is nil.
func SkipWhile[T any](p func(T) bool) observable.Operator[T, T] {
	if p == nil {
		panic("operators: SkipWhile with a nil predicate")
	}
	return observable.Lift(func(_ context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		begun := false // the source only
		emits := func(v T) bool {
			begun = begun || !p(v)
			return begun
		}
		return &filterer[T]{forward: forward[T]{down: down}, p: emits}
	})
}
