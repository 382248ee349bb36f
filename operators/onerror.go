package operators

import "github.com/sluicego/sluice/observable"

// OnErrorComplete emits the values of the source and completes, even if the
// source fails. It takes no arguments: pass it to a pipe as it is.
//
//	source           -a-b-#
//	OnErrorComplete  -a-b-|
//
// Demand: one for one.
//
// Errors: none but a panic in a callback, which passes through. Any other has
// been dealt with.
//
// Discards: nothing.
//
// Scheduler: none.
func OnErrorComplete[T any](src observable.Observable[T]) observable.Observable[T] {
	return Catch(func(error) observable.Observable[T] { return observable.Empty[T]() })(src)
}

// MapError emits the values of the source and, should it fail with an error
// err, fails with f(err).
//
//	source       -a-b-#
//	MapError(f)  -a-b-#
//
// Demand: one for one.
//
// Errors: f(err). A panic in a callback passes through, unless there is the
// option [Panics]; one in f ends the stream, as does a nil error of f.
//
// Discards: nothing.
//
// Scheduler: none; f runs where the source fails.
//
// MapError panics if f is nil.
func MapError[T any](f func(error) error, opts ...CatchOption) observable.Operator[T, T] {
	if f == nil {
		panic("operators: MapError with a nil function")
	}
	return caught("MapError", func(err error) observable.Observable[T] {
		mapped := f(err)
		if mapped == nil {
			panic("operators: MapError: the function returned a nil error; use OnErrorComplete to go without one")
		}
		return observable.Throw[T](mapped)
	}, opts)
}

// OnErrorResumeNext emits the values of the given observables, one after the
// other, whether the one before has completed or failed. It completes when the
// last one has ended.
//
//	a                        -a-b-#
//	b                        --x-y|
//	OnErrorResumeNext(a, b)  -a-b---x-y|
//
// Demand: each observable is subscribed to when the one before it has ended,
// and is asked for what is demanded and not met yet.
//
// Errors: none but a panic in a callback, which passes through. Any other has
// been dealt with.
//
// Discards: a value that arrives after a cancel, as late.
//
// Scheduler: none.
func OnErrorResumeNext[T any](os ...observable.Observable[T]) observable.Observable[T] {
	return ConcatMap(OnErrorComplete[T])(observable.FromSlice(os))
}

// OnErrorResumeNextWith emits the values of the source and, when it has
// completed or failed, goes on with those of the given observables, as
// [OnErrorResumeNext] does.
//
//	source                       -a-b-#
//	next                         --x-y|
//	OnErrorResumeNextWith(next)  -a-b---x-y|
//
// Demand: one for one. What the source has left unmet is requested from the
// next observable.
//
// Errors: none but a panic in a callback, which passes through. Any other has
// been dealt with.
//
// Discards: a value that arrives after a cancel, as late.
//
// Scheduler: none.
func OnErrorResumeNextWith[T any](os ...observable.Observable[T]) observable.Operator[T, T] {
	return func(src observable.Observable[T]) observable.Observable[T] {
		return OnErrorResumeNext(append([]observable.Observable[T]{src}, os...)...)
	}
}
