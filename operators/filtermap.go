package operators

import (
	"context"
	"fmt"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// FilterMap emits the results of f for the values of the source, where f
// reports that there is one.
//
//	source           -1-x-3-|
//	FilterMap(Atoi)  -1---3-|
//
// Demand: one for one; for every value it drops it requests another.
//
// Errors: the source's, unchanged.
//
// Discards: nothing; a value for which there is no result has been dealt with.
//
// Scheduler: none; f runs where the source emits.
//
// FilterMap panics if f is nil.
func FilterMap[T, R any](f func(T) (R, bool)) observable.Operator[T, R] {
	if f == nil {
		panic("operators: FilterMap with a nil function")
	}
	return observable.Lift(func(_ context.Context, down observable.Subscriber[R]) observable.Subscriber[T] {
		return &filterMapper[T, R]{forward: forward[R]{down: down}, f: f}
	})
}

type filterMapper[T, R any] struct {
	forward[R]
	up observable.Subscription
	f  func(T) (R, bool)
}

func (m *filterMapper[T, R]) OnSubscribe(up observable.Subscription) {
	m.up = up
	m.down.OnSubscribe(up)
}

func (m *filterMapper[T, R]) OnNext(v T) {
	if r, ok := m.f(v); ok {
		m.down.OnNext(r)
	} else {
		m.up.Request(1)
	}
}

// NextFunc is OnNext linked to the downstream's; it answers false where OnNext
// requests another value.
func (m *filterMapper[T, R]) NextFunc() func(T) bool {
	f, next := m.f, link.Next[R](m.down)
	return func(v T) bool {
		r, ok := f(v)
		return ok && next(r)
	}
}

// OfType emits the values of the source that are an R.
//
//	source               -1-b-3-|
//	OfType[any, string]  ---b---|
//
// Demand: one for one; for every value it drops it requests another.
//
// Errors: the source's, unchanged.
//
// Discards: nothing; a value of another type has been dealt with.
//
// Scheduler: none.
func OfType[T, R any]() observable.Operator[T, R] {
	return FilterMap(func(v T) (R, bool) {
		r, ok := any(v).(R)
		return r, ok
	})
}

// A CastError is the error of [Cast] for a value of another type.
type CastError struct {
	Value any    // the value
	Want  string // the type that was asked for
}

// Error says what was wanted and what came.
func (e *CastError) Error() string {
	return fmt.Sprintf("operators: Cast of a %T to %s; use OfType to skip other types", e.Value, e.Want)
}

// Cast emits the values of the source as R, until one is of another type.
//
//	source             -a-b-3-|
//	Cast[any, string]  -a-b-#
//
// Demand: one for one; requests reach the source unchanged.
//
// Errors: a [*CastError] at the first value that is no R; the source is
// cancelled. The source's, unchanged.
//
// Discards: a value that the source emits after that, as late. The value that
// is no R has been dealt with.
//
// Scheduler: none.
func Cast[T, R any]() observable.Operator[T, R] {
	return MapErr(func(v T) (R, error) {
		r, ok := any(v).(R)
		if !ok {
			return r, &CastError{Value: v, Want: fmt.Sprintf("%T", (*R)(nil))[1:]}
		}
		return r, nil
	})
}

// MapTo emits v for every value of the source.
//
//	source    -a-b-c-|
//	MapTo(x)  -x-x-x-|
//
// Demand: one for one; requests reach the source unchanged.
//
// Errors: the source's, unchanged.
//
// Discards: nothing; a value of the source has been dealt with.
//
// Scheduler: none.
func MapTo[T, R any](v R) observable.Operator[T, R] { return Map(func(T) R { return v }) }

// An Indexed is a value with its place in the stream, counted from 0.
type Indexed[T any] struct {
	Index int
	Value T
}

// Enumerate emits every value of the source with its index. It takes no
// arguments: pass it to a pipe as it is.
//
//	source     -a-b-c-|
//	Enumerate  -x-y-z-|
//	where      x={0 a}, y={1 b}, z={2 c}
//
// Demand: one for one; requests reach the source unchanged.
//
// Errors: the source's, unchanged.
//
// Discards: nothing.
//
// Scheduler: none.
func Enumerate[T any](src observable.Observable[T]) observable.Observable[Indexed[T]] {
	return observable.Lift(func(_ context.Context, down observable.Subscriber[Indexed[T]]) observable.Subscriber[T] {
		return &enumerator[T]{forward: forward[Indexed[T]]{down: down}}
	})(src)
}

type enumerator[T any] struct {
	forward[Indexed[T]]
	at int // the index of the next value; the source only
}

func (e *enumerator[T]) index(v T) Indexed[T] {
	at := e.at
	e.at++
	return Indexed[T]{at, v}
}

func (e *enumerator[T]) OnNext(v T) { e.down.OnNext(e.index(v)) }

// NextFunc is OnNext linked to the downstream's.
func (e *enumerator[T]) NextFunc() func(T) bool {
	next := link.Next[Indexed[T]](e.down)
	return func(v T) bool { return next(e.index(v)) }
}
