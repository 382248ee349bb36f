package operators

import (
	"context"

	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// orEmit emits the values of the source, or v if there are none.
func orEmit[T any](v T) observable.Operator[T, T] { return orElse(observable.Of(v)) }

// orFail emits the values of the source, or fails with err if there are none.
func orFail[T any](err error) observable.Operator[T, T] { return orElse(observable.Throw[T](err)) }

// orElse emits the values of the source, or those of another one if the source
// completes without any. It carries the demand over.
func orElse[T any](other observable.Observable[T]) observable.Operator[T, T] {
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		link.Call(ctx, "SwitchIfEmpty")
		e := &elser[T]{resumer: newResumer(ctx, down, false)}
		e.resume = func() { other.Subscribe(ctx, e) }
		return e
	})
}

type elser[T any] struct {
	resumer[T]
	resume  func() // subscribes to the other source
	settled bool   // it was called, or there was a value; the source only
}

func (e *elser[T]) OnNext(v T) {
	e.settled = true
	e.resumer.OnNext(v)
}

// NextFunc is OnNext linked to the downstream's.
func (e *elser[T]) NextFunc() func(T) bool {
	next := e.resumer.NextFunc()
	return func(v T) bool {
		e.settled = true
		return next(v)
	}
}

func (e *elser[T]) OnError(err error) { e.fail(err) }

func (e *elser[T]) OnComplete() {
	if e.settled {
		e.resumer.OnComplete()
		return
	}
	if e.cancelled.Load() {
		return
	}
	e.settled = true
	e.settle()
	done := false
	defer fault.Catch(&done, e.panicked)
	e.resume()
	done = true
}

// panicked reports a panic of subscribing to the other source.
func (e *elser[T]) panicked(value any, stack []byte) {
	e.quit()
	e.fail(&observable.PanicError{Value: value, Stack: stack})
}
