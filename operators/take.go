package operators

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/serial"
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
		t := &taker[T]{down: down, left: n, discard: observable.DiscardFrom(ctx)}
		t.unasked.Add(int64(n))
		return t
	})
}

type taker[T any] struct {
	link.Inside
	down      observable.Subscriber[T]
	up        observable.Subscription
	left      int            // values still to emit; the source only
	ended     bool           // a terminal was passed on; the source only
	unasked   demand.Counter // values not yet requested; any goroutine
	stopped   serial.Once    // upstream was cancelled
	cancelled atomic.Bool    // by the downstream; any goroutine
	discard   func(any, observable.DiscardReason)
}

func (t *taker[T]) OnSubscribe(up observable.Subscription) {
	t.up = up
	t.down.OnSubscribe(t)
}

func (t *taker[T]) OnNext(v T) {
	if t.countDown(v) {
		t.down.OnNext(v)
		t.endIfLast()
	}
}

// NextFunc is OnNext linked to the downstream's. A value that the downstream
// did not count is replaced, if that is still within n.
func (t *taker[T]) NextFunc() func(T) bool {
	next := link.Next[T](t.down)
	return func(v T) bool {
		if !t.countDown(v) {
			return true
		}
		used := next(v)
		t.endIfLast()
		return used || t.unasked.TrySpend(1) == 0
	}
}

func (t *taker[T]) OnError(err error) {
	if !t.ended {
		t.ended = true
		t.down.OnError(err)
	}
}

func (t *taker[T]) OnComplete() {
	if !t.ended {
		t.ended = true
		t.down.OnComplete()
	}
}

func (t *taker[T]) Request(n int64) {
	if n = t.unasked.TrySpend(n); n > 0 {
		t.up.Request(n)
	}
}

func (t *taker[T]) Cancel() {
	t.cancelled.Store(true)
	t.stop()
}

// countDown reports whether v is one of the n. Upstream is cancelled before
// the last one is passed on, so that a re-entrant source stops.
func (t *taker[T]) countDown(v T) bool {
	if t.left == 0 {
		if t.discard != nil {
			t.discard(v, observable.DiscardLate)
		}
		return false
	}
	if t.left--; t.left == 0 {
		t.stop()
	}
	return true
}

func (t *taker[T]) endIfLast() {
	if t.left == 0 && !t.cancelled.Load() {
		t.OnComplete()
	}
}

func (t *taker[T]) stop() {
	if t.stopped.First() {
		t.up.Cancel()
	}
}
