package operators

import (
	"context"
	"errors"

	"github.com/sluicego/sluice/observable"
)

// ErrTooMany is the error of [Single] for a stream of more than one value.
var ErrTooMany = errors.New("operators: the stream has more than one value")

// Last emits the last value of the source when it has completed. It takes no
// arguments: pass it to a pipe as it is.
//
//	source  -a-b-c-|
//	Last    -------(c|)
//
// Demand: everything is requested from the source at once; the value waits
// until something is requested.
//
// Errors: [observable.ErrEmpty] if the source completes without a value; the
// source's, at once.
//
// Discards: the value held when the stream fails or is cancelled; what comes
// after that, as late. A value that another one has followed has been dealt
// with.
//
// Scheduler: none; it emits where the source completes, or on the goroutine
// that requests.
func Last[T any](src observable.Observable[T]) observable.Observable[T] {
	return orFail[T](observable.ErrEmpty)(TakeLast[T](1)(src))
}

// LastOr emits the last value of the source when it has completed, or v if it
// has none.
//
//	source     -----|
//	LastOr(x)  -----(x|)
//
// Demand: everything is requested from the source at once; the value waits
// until something is requested.
//
// Errors: the source's, at once.
//
// Discards: the value held when the stream fails or is cancelled; what comes
// after that, as late. A value that another one has followed has been dealt
// with.
//
// Scheduler: none; it emits where the source completes, or on the goroutine
// that requests.
func LastOr[T any](v T) observable.Operator[T, T] {
	return observable.Compose2(TakeLast[T](1), orEmit(v))
}

// Single emits the only value of the source when it has completed. At a second
// value it cancels the source and fails. It takes no arguments: pass it to a
// pipe as it is.
//
//	source  -a-----|
//	Single  -------(a|)
//
// Demand: everything is requested from the source at once; the value waits
// until something is requested.
//
// Errors: [ErrTooMany] at the second value; [observable.ErrEmpty] if the source
// completes without one; the source's, at once.
//
// Discards: the value held when the stream fails or is cancelled; what comes
// after that, as late. The second value has been dealt with.
//
// Scheduler: none; it emits where the source completes, or on the goroutine
// that requests.
func Single[T any](src observable.Observable[T]) observable.Observable[T] {
	only := observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		return &singler[T]{keeper: newKeeper(ctx, down, 1)}
	})
	return orFail[T](observable.ErrEmpty)(only(src))
}

type singler[T any] struct {
	*keeper[T]
	has bool // there was a value; the source only
}

func (s *singler[T]) OnNext(v T) {
	if !s.has {
		s.has = true
		s.keeper.OnNext(v)
	} else if s.stopped.Done() {
		s.drop(v, observable.DiscardLate)
	} else {
		s.Fail(ErrTooMany)
	}
}
