package operators

import (
	"context"
	"maps"

	"github.com/sluicego/sluice/observable"
)

// Iif emits the values of a if cond is true when the subscriber comes, else
// those of b.
//
//	a                -x-y-|
//	b                -z-|
//	Iif(cond, a, b)  -x-y-|
//
// Demand: that of the observable.
//
// Errors: those of the observable; a [*observable.PanicError] if cond panics.
//
// Discards: nothing.
//
// Scheduler: none; cond runs on the goroutine that subscribes.
//
// Iif panics if cond is nil.
func Iif[T any](cond func() bool, a, b observable.Observable[T]) observable.Observable[T] {
	if cond == nil {
		panic("operators: Iif with a nil condition")
	}
	return observable.Defer(func(context.Context) observable.Observable[T] {
		if cond() {
			return a
		}
		return b
	})
}

// Case emits the values of the observable that cases has for key() when the
// subscriber comes, or those of otherwise if it has none.
//
//	a                            -x-y-|
//	otherwise                    -z-|
//	Case(key, cases, otherwise)  -x-y-|
//
// Demand: that of the observable.
//
// Errors: those of the observable; a [*observable.PanicError] if key panics.
//
// Discards: nothing.
//
// Scheduler: none; key runs on the goroutine that subscribes. The map is copied
// beforehand.
//
// Case panics if key is nil.
func Case[K comparable, T any](key func() K, cases map[K]observable.Observable[T], otherwise observable.Observable[T]) observable.Observable[T] {
	if key == nil {
		panic("operators: Case with a nil function")
	}
	cases = maps.Clone(cases)
	return observable.Defer(func(context.Context) observable.Observable[T] {
		if o, ok := cases[key()]; ok {
			return o
		}
		return otherwise
	})
}
