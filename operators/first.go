package operators

import (
	"errors"
	"fmt"

	"github.com/sluicego/sluice/observable"
)

// ErrTooFew is the error of [ElementAt] for a stream that completes before the
// value with that index.
var ErrTooFew = errors.New("operators: the stream completed before the value asked for")

// First emits the first value of the source, cancels it and completes. It takes
// no arguments: pass it to a pipe as it is.
//
//	source  -a-b-c-|
//	First   -(a|)
//
// Demand: one value is requested from the source.
//
// Errors: [observable.ErrEmpty] if the source completes without a value; the
// source's, if it fails before its first value.
//
// Discards: a value that the source emits after the first, as late.
//
// Scheduler: none.
func First[T any](src observable.Observable[T]) observable.Observable[T] {
	return orFail[T](observable.ErrEmpty)(Take[T](1)(src))
}

// FirstOr emits the first value of the source, cancels it and completes. If the
// source completes without a value, it emits v in its place.
//
//	source      -----|
//	FirstOr(x)  -----(x|)
//
// Demand: one value is requested from the source; v waits until something is
// requested.
//
// Errors: the source's, if it fails before its first value.
//
// Discards: a value that the source emits after the first, as late.
//
// Scheduler: none; it emits v where the source completes, or on the goroutine
// that requests.
func FirstOr[T any](v T) observable.Operator[T, T] {
	return observable.Compose2(Take[T](1), orEmit(v))
}

// ElementAt emits the value of the source with the index i, counted from 0,
// then cancels the source and completes.
//
//	source        -a-b-c-|
//	ElementAt(1)  ---(b|)
//
// Demand: one value is requested from the source, and another for every value
// before the one with the index: i+1 in all.
//
// Errors: [ErrTooFew] if the source completes before; the source's, if it fails
// before.
//
// Discards: a value that the source emits afterwards, as late. A value before
// the one with the index has been dealt with.
//
// Scheduler: none.
//
// ElementAt panics if i is negative.
func ElementAt[T any](i int) observable.Operator[T, T] {
	return observable.Compose2(elementAt[T]("ElementAt", i), orFail[T](ErrTooFew))
}

// ElementAtOr emits the value of the source with the index i, counted from 0,
// then cancels the source and completes. If the source completes before, it
// emits v in its place.
//
//	source             -a-b-|
//	ElementAtOr(5, x)  -----(x|)
//
// Demand: one value is requested from the source, and another for every value
// before the one with the index: i+1 in all; v waits until something is
// requested.
//
// Errors: the source's, if it fails before.
//
// Discards: a value that the source emits afterwards, as late. A value before
// the one with the index has been dealt with.
//
// Scheduler: none; it emits v where the source completes, or on the goroutine
// that requests.
//
// ElementAtOr panics if i is negative.
func ElementAtOr[T any](i int, v T) observable.Operator[T, T] {
	return observable.Compose2(elementAt[T]("ElementAtOr", i), orEmit(v))
}

// elementAt emits the value with the index i, if there is one.
func elementAt[T any](op string, i int) observable.Operator[T, T] {
	if i < 0 {
		panic(fmt.Sprintf("operators: %s of a negative index (%d)", op, i))
	}
	return observable.Compose2(Skip[T](i), Take[T](1))
}
