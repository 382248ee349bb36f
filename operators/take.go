package operators

import (
	"context"
	"fmt"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// Take emits the first n values of the source, then cancels it and completes.
//
//	source   -a-b-c-d-|
//	Take(2)  -a-(b|)
//
// Demand: at most n in total is requested from the source. Take(0) completes
// at once and does not subscribe to it.
//
// Errors: the source's, if it fails before its nth value.
//
// Discards: a value that the source emits after the nth, as late.
//
// Scheduler: none.
//
// Take panics if n is negative.
func Take[T any](n int) observable.Operator[T, T] {
	if n < 0 {
		panic(fmt.Sprintf("operators: Take of a negative count (%d)", n))
	}
	if n == 0 {
		return func(observable.Observable[T]) observable.Observable[T] { return observable.Empty[T]() }
	}
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		t := &taker[T]{cut: newCut(ctx, down), left: n}
		t.unasked.Add(int64(n))
		return t
	})
}

type taker[T any] struct {
	cut[T]
	left    int            // values still to emit; the source only
	unasked demand.Counter // values not yet requested; any goroutine
}

func (t *taker[T]) OnSubscribe(up observable.Subscription) { t.handDown(t, up) }

func (t *taker[T]) OnNext(v T) {
	if t.left > 1 {
		t.left--
		t.down.OnNext(v)
	} else {
		t.last(v)
	}
}

// NextFunc is OnNext linked to the downstream's. A value that the downstream
// did not count is replaced, if that is still within n.
func (t *taker[T]) NextFunc() func(T) bool {
	next := link.Next[T](t.down)
	return func(v T) bool {
		if t.left > 1 {
			t.left--
			return next(v) || t.unasked.TrySpend(1) == 0
		}
		t.last(v)
		return true
	}
}

func (t *taker[T]) Request(n int64) {
	if n = t.unasked.TrySpend(n); n > 0 {
		t.up.Request(n)
	}
}

// last passes on the nth value.
func (t *taker[T]) last(v T) {
	if t.left == 0 {
		t.late(v)
		return
	}
	t.left = 0
	t.cut.last(v)
}
