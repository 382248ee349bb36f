package operators

import (
	"context"
	"sync/atomic"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/side"
	"github.com/sluicego/sluice/observable"
)

// SkipUntil emits the values that the source emits after o has emitted one.
//
//	source        -a-b-c-d-|
//	o             ----x--
//	SkipUntil(o)  -----c-d-|
//
// It subscribes to o before the source, and cancels it at its first value. If o
// completes without a value, everything is skipped.
//
// Demand: one for one; for every value it skips it requests another. Everything
// is requested from o.
//
// Errors: the source's and that of o, at once; the other one is cancelled.
//
// Discards: a value that the source emits after the end, as late; one that is
// skipped has been dealt with, as has that of o.
//
// Scheduler: none.
func SkipUntil[T, N any](o observable.Observable[N]) observable.Operator[T, T] {
	return func(src observable.Observable[T]) observable.Observable[T] {
		return side.Serve(func(ctx context.Context, down observable.Subscriber[T]) {
			s := &untilSkipper[T]{beside: newBeside(ctx, down)}
			ear := side.New(func(N) { s.open() }, s.fails)
			s.hears(ear)
			ear.Listen(ctx, o)
			s.begin(ctx, src, s)
		})
	}
}

type untilSkipper[T any] struct {
	beside[T]
	opened atomic.Bool // any goroutine
}

func (s *untilSkipper[T]) open() {
	s.opened.Store(true)
	s.ear.Cancel()
}

func (s *untilSkipper[T]) OnNext(v T) {
	if !s.opened.Load() {
		s.up.Request(1)
	} else if s.enter(v) {
		done := false
		defer s.leave(&done)
		s.down.OnNext(v)
		done = true
	}
}

// NextFunc is OnNext linked to the downstream's; it answers false where OnNext
// requests another value.
func (s *untilSkipper[T]) NextFunc() func(T) bool {
	next := link.Next[T](s.down)
	return func(v T) bool {
		if !s.opened.Load() {
			return false
		}
		if !s.enter(v) {
			return true
		}
		done := false
		defer s.leave(&done)
		used := next(v)
		done = true
		return used
	}
}
