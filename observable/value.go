package observable

import (
	"context"

	"github.com/sluicego/sluice/internal/link"
)

// FirstValue waits for the first value, cancels the stream and returns the
// value. The error is [ErrEmpty] if the stream completes without one, and
// [context.Cause] of the ctx if that ends first.
//
//	-a-b-|  FirstValue = a, nil
//
// Demand: one value.
//
// Errors: returned; a [*PanicError] is not, FirstValue panics with it.
//
// Discards: a value that arrives after the first, or after the ctx has ended,
// as late.
//
// Scheduler: none; FirstValue starts no goroutine.
func (o Observable[T]) FirstValue(ctx context.Context) (T, error) {
	w := &wanter[T]{first: true}
	w.t.ask = 1
	return w.value(ctx, o)
}

// LastValue waits for the end and returns the last value. The error is
// [ErrEmpty] if the stream completes without one, and [context.Cause] of the
// ctx if that ends first. With any error the value is the last one so far.
//
//	-a-b-|  LastValue = b, nil
//
// Demand: unbounded.
//
// Errors: returned; a [*PanicError] is not, LastValue panics with it.
//
// Discards: a value that arrives after the ctx has ended, as late.
//
// Scheduler: none; LastValue starts no goroutine.
func (o Observable[T]) LastValue(ctx context.Context) (T, error) {
	w := &wanter[T]{}
	w.t.ask = Unbounded
	return w.value(ctx, o)
}

// A wanter keeps one value: the newest.
type wanter[T any] struct {
	link.Inside
	blocker
	first bool // the first one is enough
	got   bool // between enter and leave; after done the caller's
	last  T    // the same
}

func (w *wanter[T]) OnNext(v T) {
	if !w.t.enter() {
		w.t.late(v)
		return
	}
	w.last, w.got = v, true
	if w.first {
		w.t.end(nil)
	}
	w.t.leave()
}

func (w *wanter[T]) value(ctx context.Context, o Observable[T]) (T, error) {
	err := block(ctx, o, w, &w.t)
	if err == nil && !w.got {
		err = ErrEmpty
	}
	return w.last, err
}
