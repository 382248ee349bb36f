package operators

import (
	"context"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// Scan folds the values of the source into an accumulator, which begins as
// seed, and emits it after each of them. The seed itself is not emitted.
//
//	source        -1-2-3-|
//	Scan(0, add)  -1-3-6-|
//
// Demand: one for one; requests reach the source unchanged.
//
// Errors: the source's, unchanged.
//
// Discards: nothing.
//
// Scheduler: none; f runs where the source emits.
//
// The seed is copied by assignment, so a map or a pointer would be shared by
// all subscriptions, against L10 of the protocol: let f return a new one.
//
// Scan panics if f is nil.
func Scan[T, A any](seed A, f func(acc A, v T) A) observable.Operator[T, A] {
	if f == nil {
		panic("operators: Scan with a nil function")
	}
	return observable.Lift(func(_ context.Context, down observable.Subscriber[A]) observable.Subscriber[T] {
		return &scanner[T, A]{forward[A]{down: down}, seed, f}
	})
}

type scanner[T, A any] struct {
	forward[A]
	acc A // the source only
	f   func(A, T) A
}

func (s *scanner[T, A]) OnNext(v T) {
	s.acc = s.f(s.acc, v)
	s.down.OnNext(s.acc)
}

// NextFunc is OnNext linked to the downstream's.
func (s *scanner[T, A]) NextFunc() func(T) bool {
	f, next := s.f, link.Next[A](s.down)
	return func(v T) bool {
		s.acc = f(s.acc, v)
		return next(s.acc)
	}
}
