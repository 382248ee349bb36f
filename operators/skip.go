package operators

import (
	"context"
	"fmt"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// Skip emits the values of the source after the first n.
//
//	source   -a-b-c-d-|
//	Skip(2)  -----c-d-|
//
// Demand: one for one; for every value it skips it requests another.
//
// Errors: the source's, unchanged.
//
// Discards: nothing; a value that is skipped has been dealt with.
//
// Scheduler: none.
//
// Skip panics if n is negative.
func Skip[T any](n int) observable.Operator[T, T] {
	if n < 0 {
		panic(fmt.Sprintf("operators: Skip of a negative count (%d)", n))
	}
	if n == 0 {
		return func(src observable.Observable[T]) observable.Observable[T] { return src }
	}
	return observable.Lift(func(_ context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		return &skipper[T]{forward: forward[T]{down: down}, left: n}
	})
}

type skipper[T any] struct {
	forward[T]
	up   observable.Subscription
	left int // values still to skip; the source only
}

func (s *skipper[T]) OnSubscribe(up observable.Subscription) {
	s.up = up
	s.down.OnSubscribe(up)
}

func (s *skipper[T]) OnNext(v T) {
	if s.left == 0 {
		s.down.OnNext(v)
		return
	}
	s.left--
	s.up.Request(1)
}

// NextFunc is OnNext linked to the downstream's; it answers false where OnNext
// requests another value.
func (s *skipper[T]) NextFunc() func(T) bool {
	next := link.Next[T](s.down)
	return func(v T) bool {
		if s.left == 0 {
			return next(v)
		}
		s.left--
		return false
	}
}
