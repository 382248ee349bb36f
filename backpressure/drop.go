package backpressure

import (
	"context"

	"github.com/sluicego/sluice/internal/site"
	"github.com/sluicego/sluice/observable"
)

// OnBackpressureDrop drops the values that come while nothing is requested.
//
//	source              -a-b-c-d-|
//	OnBackpressureDrop  -a---c---|
//	request             1---1
//
// Demand: unbounded from the source.
//
// Errors: the source's, at once.
//
// Discards: what comes without demand, as overflow, after a call of the
// function given with [OnOverflow].
//
// Scheduler: none.
func OnBackpressureDrop[T any](opts ...DropOption) observable.Operator[T, T] {
	c := keep[T]("OnBackpressureDrop", 0, opts)
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		return newRelay(ctx, down, newFifo[T](0, DropNewest), c)
	})
}

// OnBackpressureLatest keeps the newest of the values that come while nothing
// is requested; the next request gets it.
//
//	source                -a-b-c---d-|
//	OnBackpressureLatest  -a----c--d-|
//	request               1-----2
//
// Demand: unbounded from the source. Completion waits until the value that is
// kept has been requested.
//
// Errors: the source's, at once; the value that is kept is discarded.
//
// Discards: a value whose place a newer one takes, as overflow, after a call
// of the function given with [OnOverflow]; the one that is kept at an error or
// a cancel.
//
// Scheduler: none. A value that was kept is delivered on the goroutine that
// requests it.
func OnBackpressureLatest[T any](opts ...DropOption) observable.Operator[T, T] {
	c := keep[T]("OnBackpressureLatest", 1, opts)
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		return newRelay(ctx, down, new(slot[T]), c)
	})
}

// OnBackpressureError ends the stream when a value comes while nothing is
// requested. It is an operator itself: pass it without parentheses.
//
//	source               -a-b-c-|
//	OnBackpressureError  -a-#
//	request              1
//
// Demand: unbounded from the source.
//
// Errors: the source's, at once; an [*observable.OverflowError] at a value
// without demand, for which the source is cancelled.
//
// Discards: that value, as overflow.
//
// Scheduler: none.
func OnBackpressureError[T any](src observable.Observable[T]) observable.Observable[T] {
	c := keep[T]("OnBackpressureError", 0, nil)
	c.site = site.Caller()
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		return newRelay(ctx, down, newFifo[T](0, Fail), c)
	})(src)
}

// keep is the config of an operator that holds one value or none, and in which
// errors do not wait for it.
func keep[T any](op string, capacity int, opts []DropOption) *config[T] {
	c := newConfig[T](op, capacity)
	c.failFast = true
	for _, opt := range opts {
		if opt == nil {
			panic(nilOption(op))
		}
		c.lost = overflowFunc[T](op, opt)
	}
	return c
}
