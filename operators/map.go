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

// MapErr emits f(v) for every value v of the source, until f fails.
//
//	source          -1-2-x-4-|
//	MapErr(double)  -2-4-#
//
// Demand: one for one; requests reach the source unchanged.
//
// Errors: the first error of f, as it is; the source is cancelled. The
// source's, unchanged.
//
// Discards: a value that the source emits after f has failed, as late. The
// value that f failed on has been dealt with.
//
// Scheduler: none; f runs where the source emits.
//
// MapErr panics if f is nil.
func MapErr[T, R any](f func(T) (R, error)) observable.Operator[T, R] {
	if f == nil {
		panic("operators: MapErr with a nil function")
	}
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[R]) observable.Subscriber[T] {
		return &errMapper[T, R]{newCut(ctx, down), f}
	})
}

type errMapper[T, R any] struct {
	cut[R]
	f func(T) (R, error)
}

func (m *errMapper[T, R]) OnNext(v T) {
	if r, ok := m.apply(v); ok {
		m.down.OnNext(r)
	}
}

// NextFunc is OnNext linked to the downstream's.
func (m *errMapper[T, R]) NextFunc() func(T) bool {
	next := link.Next[R](m.down)
	return func(v T) bool {
		r, ok := m.apply(v)
		return !ok || next(r)
	}
}

// apply reports whether there is a result to pass on; if not, the stream has
// ended.
func (m *errMapper[T, R]) apply(v T) (r R, ok bool) {
	if m.ended {
		m.late(v)
		return r, false
	}
	r, err := m.f(v)
	if err != nil {
		m.end(err)
		return r, false
	}
	return r, true
}
