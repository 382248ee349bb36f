package observable

import (
	"context"
	"errors"
)

// FromFunc calls f, emits the value it returns and completes; or fails with
// its error.
//
//	FromFunc(f)  (a|)
//
// Demand: f is called once for each subscription, with the first request. The
// ctx that it gets is done when the subscription is cancelled.
//
// Errors: that of f; a [*PanicError] if f panics. One that comes after a cancel
// goes to the hook of [WithDroppedError], unless it is the error or the cause of
// the ctx that f got.
//
// Discards: the value, if the stream was cancelled while f ran, as late.
//
// Scheduler: none; f runs on the goroutine that requests.
//
// FromFunc panics if f is nil.
func FromFunc[T any](f func(context.Context) (T, error)) Observable[T] {
	if f == nil {
		panic("observable: FromFunc with a nil function")
	}
	return Observable[T]{subscribe: func(ctx context.Context, down Subscriber[T]) {
		c := &call[T]{hooks: hooksFrom(ctx)}
		ctx, c.cancel = context.WithCancel(ctx)
		c.isDue = dueTo(ctx)
		c.f = func() (T, error) { return f(ctx) }
		c.down, c.src = down, c
		down.OnSubscribe(c)
	}}
}

type call[T any] struct {
	loop[T]
	hooks  *hooks
	f      func() (T, error)
	cancel context.CancelFunc // of the ctx that f gets
	isDue  func(error) bool   // to the end of that ctx
}

// dueTo returns a function that tells whether an error is due to the end of
// ctx, and so no news to anybody.
func dueTo(ctx context.Context) func(error) bool {
	return func(err error) bool {
		return ctx.Err() != nil && (errors.Is(err, ctx.Err()) || errors.Is(err, context.Cause(ctx)))
	}
}

func (c *call[T]) Cancel() {
	c.loop.Cancel()
	c.cancel()
}

// Fail ends the stream with err, once f has returned.
func (c *call[T]) Fail(err error) {
	c.cancel()
	c.loop.Fail(err)
}

func (c *call[T]) burst(next func(T) bool, _ int64) (used int64, more bool) {
	v, err := c.f()
	switch {
	case c.stopped.Load() || err != nil && !c.end(err):
		c.late(v, err)
	case err == nil:
		next(v)
	}
	return 0, false
}

func (c *call[T]) release() { c.cancel() }

func (c *call[T]) late(v T, err error) {
	switch {
	case err == nil && c.hooks.discard != nil:
		c.hooks.discard(v, DiscardLate)
	case err != nil && !c.isDue(err):
		c.hooks.dropped(err)
	}
}
