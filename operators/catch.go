package operators

import (
	"context"

	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// Catch emits the values of the source and, should it fail, goes on with those
// of the observable that f returns for the error.
//
//	source    -a-b-#
//	fallback       -x-y-|
//	Catch(f)  -a-b--x-y-|
//
// Demand: one for one. What the source has left unmet is requested from the
// fallback.
//
// Errors: the fallback's; to replace an error there is [MapError]. A panic in a
// callback passes through, unless there is the option [Panics]; one in f ends
// the stream.
//
// Discards: nothing.
//
// Scheduler: none; f runs, and its result is subscribed to, where the source
// fails.
//
// Catch panics if f is nil.
func Catch[T any](f func(error) observable.Observable[T], opts ...CatchOption) observable.Operator[T, T] {
	if f == nil {
		panic("operators: Catch with a nil function")
	}
	return caught("Catch", f, opts)
}

// CatchValue emits the values of the source and, should it fail, v, and
// completes.
//
//	source         -a-b-#
//	CatchValue(x)  -a-b-(x|)
//
// Demand: one for one; v counts, and waits for it.
//
// Errors: none but a panic in a callback, which passes through, unless there is
// the option [Panics].
//
// Discards: nothing.
//
// Scheduler: none; it emits v where the source fails, or on the goroutine that
// requests.
func CatchValue[T any](v T, opts ...CatchOption) observable.Operator[T, T] {
	return caught("CatchValue", func(error) observable.Observable[T] { return observable.Of(v) }, opts)
}

// caught is Catch under the name of op.
func caught[T any](op string, f func(error) observable.Observable[T], opts []CatchOption) observable.Operator[T, T] {
	panics := catchesPanics(op, opts)
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		link.Call(ctx, op)
		c := &catcher[T]{resumer: newResumer(ctx, down, panics)}
		c.resume = func(err error) { f(err).Subscribe(ctx, c) }
		return c
	})
}

type catcher[T any] struct {
	resumer[T]
	resume  func(error) // subscribes to the fallback
	resumed bool        // it was called; the source only
}

func (c *catcher[T]) OnError(err error) {
	if c.ended || c.resumed || !c.isOurs(err) {
		c.fail(err)
		return
	}
	if c.cancelled.Load() {
		c.dropped(err)
		return
	}
	c.resumed = true
	c.settle()
	done := false
	defer fault.Catch(&done, c.panicked)
	c.resume(err)
	done = true
}

// panicked reports a panic of f, or of subscribing to the fallback.
func (c *catcher[T]) panicked(value any, stack []byte) {
	c.quit()
	c.fail(&observable.PanicError{Value: value, Stack: stack})
}
