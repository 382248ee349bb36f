package backpressure

import (
	"context"
	"fmt"

	"github.com/sluicego/sluice/internal/site"
	"github.com/sluicego/sluice/observable"
)

// LimitRate turns whatever is requested into requests of limited size: high at
// first, then low each time that low values have been delivered. With low 0 it
// requests high again each time that all of them have been delivered. A usual
// low is three quarters of high: LimitRate(8, 6) requests 8, 6, 6, ….
//
//	source           abcd|
//	LimitRate(4, 3)  --a--(bcd|)
//	request          --1--*
//
// Demand: high from the source, before anything is requested, so that values
// are at hand; then low, or high, at a time. Unbounded demand never reaches the
// source. No more than high values are queued.
//
// Errors: the source's, after the queued values.
//
// Discards: what is queued at a cancel.
//
// Scheduler: none. Values that were queued are delivered on the goroutine that
// requests them.
//
// LimitRate panics if high is not positive, or low is negative or not below
// high.
func LimitRate[T any](high, low int) observable.Operator[T, T] {
	switch {
	case high <= 0:
		panic(fmt.Sprintf("backpressure: LimitRate of a high mark that is not positive (%d)", high))
	case low < 0 || low >= high:
		panic(fmt.Sprintf("backpressure: LimitRate of a low mark that is not below the high one (%d, %d); use %d, or 0 to request %d each time", high, low, high-high/4, high))
	}
	c := newConfig[T]("LimitRate", high)
	c.site = site.Caller()
	c.first, c.refill = int64(high), int64(low)
	if low == 0 {
		c.refill = c.first
	}
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		return newRelay(ctx, down, newFifo[T](high, Fail), c)
	})
}
