package backpressure

import (
	"context"

	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/observable"
)

// OnBackpressureReduce folds the values that come while nothing is requested
// into one, with f; the next request gets it.
//
//	source                     -1-2-3---4-|
//	OnBackpressureReduce(add)  -1----5--4-|
//	request                    1-----2
//
// Demand: unbounded from the source. Completion waits until the value that is
// kept has been requested.
//
// Errors: the source's, at once; the value that is kept is discarded.
//
// Discards: the value that is kept at an error or a cancel; a value that went
// into another has been dealt with.
//
// Scheduler: none; f runs where the source emits. A value that was kept is
// delivered on the goroutine that requests it.
//
// OnBackpressureReduce panics if f is nil.
func OnBackpressureReduce[T any](f func(acc, v T) T) observable.Operator[T, T] {
	if f == nil {
		panic("backpressure: OnBackpressureReduce with a nil function")
	}
	c := keep[T]("OnBackpressureReduce", 1, nil)
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		r := &reducer[T]{f: f}
		r.begin(ctx, down, &r.acc, c)
		return r
	})
}

type reducer[T any] struct {
	relay[T]
	f   func(acc, v T) T
	acc slot[T] // the store
}

// OnNext takes the accumulator out of the store while f runs, because f must
// not run under the mutex. Nobody else can miss it: a request that finds the
// store empty leaves its demand, which offer then sees.
func (r *reducer[T]) OnNext(v T) {
	r.mu.Lock()
	if r.sourced {
		r.late(v)
		return
	}
	if acc, held := r.acc.take(); held {
		r.mu.Unlock()
		if v, held = r.fold(acc, v); !held {
			return
		}
		r.mu.Lock()
	}
	r.offer(v)
}

// fold reports false if f panicked; the stream has ended then.
func (r *reducer[T]) fold(acc, v T) (sum T, ok bool) {
	defer fault.Catch(&ok, func(value any, stack []byte) {
		r.drop(acc, observable.DiscardError)
		r.Fail(&observable.PanicError{Value: value, Stack: stack})
	})
	sum = r.f(acc, v)
	ok = true
	return sum, ok
}
