package operators

import (
	"context"
	"fmt"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/queue"
	"github.com/sluicego/sluice/observable"
)

// SkipLast emits the values of the source but for the last n: each one when
// the source has emitted n more.
//
//	source       -a-b-c-d-|
//	SkipLast(2)  -----a-b-|
//
// Demand: one for one, and n more for the values that it holds.
//
// Errors: the source's, unchanged.
//
// Discards: nothing; the values held when the stream ends or is cancelled are
// the last ones, which have been dealt with.
//
// Scheduler: none.
//
// SkipLast panics if n is negative.
func SkipLast[T any](n int) observable.Operator[T, T] {
	if n < 0 {
		panic(fmt.Sprintf("operators: SkipLast of a negative count (%d)", n))
	}
	if n == 0 {
		return func(src observable.Observable[T]) observable.Observable[T] { return src }
	}
	return observable.Lift(func(_ context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		return &lastSkipper[T]{forward: forward[T]{down: down}, held: *queue.NewRing[T](n)}
	})
}

type lastSkipper[T any] struct {
	forward[T]
	up   observable.Subscription
	held queue.Ring[T] // the newest n values; the source only
}

func (s *lastSkipper[T]) OnSubscribe(up observable.Subscription) {
	s.up = up
	s.down.OnSubscribe(up)
}

func (s *lastSkipper[T]) OnNext(v T) {
	if oldest, ok := s.exchange(v); ok {
		s.down.OnNext(oldest)
	} else {
		s.up.Request(1)
	}
}

// NextFunc is OnNext linked to the downstream's; it answers false where OnNext
// requests another value.
func (s *lastSkipper[T]) NextFunc() func(T) bool {
	next := link.Next[T](s.down)
	return func(v T) bool {
		oldest, ok := s.exchange(v)
		return ok && next(oldest)
	}
}

// exchange holds v, and returns the value that has to make room for it.
func (s *lastSkipper[T]) exchange(v T) (oldest T, ok bool) {
	if s.held.Full() {
		oldest, ok = s.held.Pop()
	}
	s.held.Push(v)
	return oldest, ok
}
