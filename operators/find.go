package operators

import (
	"context"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// Find emits the first value of the source for which p is true, then cancels
// the source and completes. If there is none it completes when the source does.
//
//	source         -a-B-C-|
//	Find(isUpper)  ---(B|)
//
// Demand: one value is requested from the source, and another for every value
// that p refuses.
//
// Errors: the source's, if it fails before.
//
// Discards: a value that the source emits after the one found, as late, unless
// p refuses it. A value that p refuses has been dealt with.
//
// Scheduler: none; p runs where the source emits.
//
// Find panics if p is nil.
func Find[T any](p func(T) bool) observable.Operator[T, T] {
	if p == nil {
		panic("operators: Find with a nil predicate")
	}
	return observable.Compose2(Filter(p), Take[T](1))
}

// FindIndex emits the index, counted from 0, of the first value of the source
// for which p is true, then cancels the source and completes. If there is none
// it emits -1 when the source completes.
//
//	source              -a-B-C-|
//	FindIndex(isUpper)  ---(1|)
//
// Demand: one value is requested from the source, and another for every value
// that p refuses; the -1 waits until something is requested.
//
// Errors: the source's, if it fails before.
//
// Discards: an index found after the first one, as late. A value has been dealt
// with.
//
// Scheduler: none; p runs where the source emits. It emits -1 where the source
// completes, or on the goroutine that requests.
//
// FindIndex panics if p is nil.
func FindIndex[T any](p func(T) bool) observable.Operator[T, int] {
	if p == nil {
		panic("operators: FindIndex with a nil predicate")
	}
	indices := observable.Lift(func(_ context.Context, down observable.Subscriber[int]) observable.Subscriber[T] {
		return &indexer[T]{forward: forward[int]{down: down}, p: p}
	})
	return observable.Compose3(indices, Take[int](1), orEmit(-1))
}

// An indexer emits the indices of the values for which p is true.
type indexer[T any] struct {
	forward[int]
	up observable.Subscription
	p  func(T) bool
	at int // the index of the next value; the source only
}

func (x *indexer[T]) OnSubscribe(up observable.Subscription) {
	x.up = up
	x.down.OnSubscribe(up)
}

func (x *indexer[T]) OnNext(v T) {
	at := x.at
	if x.at++; x.p(v) {
		x.down.OnNext(at)
	} else {
		x.up.Request(1)
	}
}

// NextFunc is OnNext linked to the downstream's; it answers false where OnNext
// requests another value.
func (x *indexer[T]) NextFunc() func(T) bool {
	next := link.Next[int](x.down)
	return func(v T) bool {
		at := x.at
		x.at++
		return x.p(v) && next(at)
	}
}
