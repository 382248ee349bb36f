package operators

import (
	"context"
	"time"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// Stamped is a value and the time at which it came.
type Stamped[T any] struct {
	At    time.Time
	Value T
}

// Timestamp emits each value of the source together with the time at which it
// came. It takes no arguments: pass it to a pipe as it is.
//
//	source     -a--b-|
//	Timestamp  -x--y-|
//	where      x={1ms a}, y={4ms b}
//
// The diagram shows the time since its beginning.
//
// Demand: one for one; requests reach the source unchanged.
//
// Errors: the source's, unchanged.
//
// Discards: nothing.
//
// Scheduler: the ctx's, which it asks for the time; it starts no timer.
func Timestamp[T any](src observable.Observable[T]) observable.Observable[Stamped[T]] {
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[Stamped[T]]) observable.Subscriber[T] {
		clock := scheduler.From(ctx)
		return &mapper[T, Stamped[T]]{forward[Stamped[T]]{down: down}, func(v T) Stamped[T] {
			return Stamped[T]{clock.Now(), v}
		}}
	})(src)
}

// Spaced is a value and the time that had passed since the one before it.
type Spaced[T any] struct {
	After time.Duration
	Value T
}

// TimeInterval emits each value of the source together with the time since the
// one before it; for the first, since the subscription. It takes no arguments:
// pass it to a pipe as it is.
//
//	source        -a--b-|
//	TimeInterval  -x--y-|
//	where         x={1ms a}, y={3ms b}
//
// Demand: one for one; requests reach the source unchanged.
//
// Errors: the source's, unchanged.
//
// Discards: nothing.
//
// Scheduler: the ctx's, which it asks for the time; it starts no timer.
func TimeInterval[T any](src observable.Observable[T]) observable.Observable[Spaced[T]] {
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[Spaced[T]]) observable.Subscriber[T] {
		clock := scheduler.From(ctx)
		last := clock.Now() // when the value before came; the source only
		return &mapper[T, Spaced[T]]{forward[Spaced[T]]{down: down}, func(v T) Spaced[T] {
			now := clock.Now()
			after := now.Sub(last)
			last = now
			return Spaced[T]{after, v}
		}}
	})(src)
}
