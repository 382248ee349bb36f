package operators

import (
	"context"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// Map emits f(v) for every value v of the source.
//
//	source        -a-b-c-|
//	Map(toUpper)  -A-B-C-|
//
// Demand: one for one; requests reach the source unchanged.
//
// Errors: the source's, unchanged.
//
// Discards: nothing.
//
// Scheduler: none; f runs where the source emits.
//
// Map panics if f is nil.
func Map[T, R any](f func(T) R) observable.Operator[T, R] {
	if f == nil {
		panic("operators: Map with a nil function")
	}
	return observable.Lift(func(_ context.Context, down observable.Subscriber[R]) observable.Subscriber[T] {
		return &mapper[T, R]{forward[R]{down: down}, f}
	})
}

type mapper[T, R any] struct {
	forward[R]
	f func(T) R
}

func (m *mapper[T, R]) OnNext(v T) { m.down.OnNext(m.f(v)) }

// NextFunc is OnNext linked to the downstream's.
func (m *mapper[T, R]) NextFunc() func(T) bool {
	f, next := m.f, link.Next[R](m.down)
	return func(v T) bool { return next(f(v)) }
}
