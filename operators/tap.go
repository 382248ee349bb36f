package operators

import (
	"context"

	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/serial"
	"github.com/sluicego/sluice/observable"
)

// Tap emits the values of the source unchanged, and calls f with each of them
// before.
//
//	source    -a-b-c-|
//	Tap(log)  -a-b-c-|
//
// Demand: one for one; requests reach the source unchanged.
//
// Errors: the source's, unchanged.
//
// Discards: nothing.
//
// Scheduler: none; f runs where the source emits.
//
// Tap panics if f is nil.
func Tap[T any](f func(T)) observable.Operator[T, T] {
	if f == nil {
		panic("operators: Tap with a nil function")
	}
	return observable.Lift(func(_ context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		return &tapper[T]{forward[T]{down: down}, f}
	})
}

type tapper[T any] struct {
	forward[T]
	f func(T)
}

func (t *tapper[T]) OnNext(v T) {
	t.f(v)
	t.down.OnNext(v)
}

// NextFunc is OnNext linked to the downstream's.
func (t *tapper[T]) NextFunc() func(T) bool {
	f, next := t.f, link.Next[T](t.down)
	return func(v T) bool {
		f(v)
		return next(v)
	}
}

// TapError calls f with the error of the source before it passes it on. To put
// another error or other values in its place, use [Catch].
//
//	source         -a-b-#
//	TapError(log)  -a-b-#
//
// Demand: one for one; requests reach the source unchanged.
//
// Errors: the source's, unchanged. If f panics the stream ends with that panic
// and the source's error goes to the hook for dropped errors.
//
// Discards: nothing.
//
// Scheduler: none; f runs where the source fails.
//
// TapError panics if f is nil.
func TapError[T any](f func(error)) observable.Operator[T, T] {
	if f == nil {
		panic("operators: TapError with a nil function")
	}
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		return &errorTapper[T]{through[T]{forward[T]{down: down}}, f, observable.DroppedErrorFrom(ctx)}
	})
}

type errorTapper[T any] struct {
	through[T]
	f       func(error)
	dropped func(error)
}

func (t *errorTapper[T]) OnError(err error) {
	done := false
	defer fault.Catch(&done, func(value any, stack []byte) {
		t.dropped(err)
		t.down.OnError(&observable.PanicError{Value: value, Stack: stack})
	})
	t.f(err)
	done = true
	t.down.OnError(err)
}

// TapComplete calls f when the source has completed, before it completes too.
//
//	source            -a-b-|
//	TapComplete(log)  -a-b-|
//
// Demand: one for one; requests reach the source unchanged.
//
// Errors: the source's, unchanged.
//
// Discards: nothing.
//
// Scheduler: none; f runs where the source completes.
//
// TapComplete panics if f is nil.
func TapComplete[T any](f func()) observable.Operator[T, T] {
	if f == nil {
		panic("operators: TapComplete with a nil function")
	}
	return observable.Lift(func(_ context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		return &completeTapper[T]{through[T]{forward[T]{down: down}}, f}
	})
}

type completeTapper[T any] struct {
	through[T]
	f func()
}

func (t *completeTapper[T]) OnComplete() {
	done := false
	defer fault.Catch(&done, func(value any, stack []byte) {
		t.down.OnError(&observable.PanicError{Value: value, Stack: stack})
	})
	t.f()
	done = true
	t.down.OnComplete()
}

// TapSubscribe calls f for each subscription, before the source is subscribed
// to.
//
//	source             -a-b-|
//	TapSubscribe(log)  -a-b-|
//
// Demand: one for one; requests reach the source unchanged.
//
// Errors: the source's, unchanged. If f panics the source is not subscribed to.
//
// Discards: nothing.
//
// Scheduler: none; f runs on the goroutine that subscribes.
//
// TapSubscribe panics if f is nil.
func TapSubscribe[T any](f func()) observable.Operator[T, T] {
	if f == nil {
		panic("operators: TapSubscribe with a nil function")
	}
	return func(src observable.Observable[T]) observable.Observable[T] {
		return observable.Defer(func(context.Context) observable.Observable[T] {
			f()
			return src
		})
	}
}

// Finally calls f once the subscription is over: after the source has
// completed or failed and the subscriber has been told, or after it was
// cancelled, whichever comes first. f is called once per subscription.
//
//	source          -a-b-|
//	Finally(close)  -a-b-|
//
// Demand: one for one; requests reach the source unchanged.
//
// Errors: the source's, unchanged. A panic in f comes too late for the
// subscriber; it goes to the hook for dropped errors.
//
// Discards: nothing.
//
// Scheduler: none; f runs where the source ends, or where Cancel is called.
//
// Finally panics if f is nil.
func Finally[T any](f func()) observable.Operator[T, T] {
	if f == nil {
		panic("operators: Finally with a nil function")
	}
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		return &finalizer[T]{through: through[T]{forward[T]{down: down}}, f: f, dropped: observable.DroppedErrorFrom(ctx)}
	})
}

type finalizer[T any] struct {
	through[T]
	up      observable.Subscription
	f       func()
	stopped serial.Once // the source was cancelled, or has ended; any goroutine
	over    serial.Once // f has been called; any goroutine
	dropped func(error)
}

func (t *finalizer[T]) OnSubscribe(up observable.Subscription) {
	t.up = up
	t.down.OnSubscribe(failing(t, up, t.fail))
}

func (t *finalizer[T]) OnError(err error) {
	t.stopped.First()
	defer t.finish()
	t.down.OnError(err)
}

func (t *finalizer[T]) OnComplete() {
	t.stopped.First()
	defer t.finish()
	t.down.OnComplete()
}

func (t *finalizer[T]) Request(n int64) { t.up.Request(n) }

func (t *finalizer[T]) Cancel() {
	if t.stopped.First() {
		t.up.Cancel()
		t.finish()
	}
}

func (t *finalizer[T]) fail(err error) { t.up.(link.Failer).Fail(err) }

func (t *finalizer[T]) finish() {
	if !t.over.First() {
		return
	}
	quietly(t.f, t.dropped)
}

// quietly calls f, whose panic nobody is left to hear of.
func quietly(f func(), dropped func(error)) {
	done := false
	defer fault.Catch(&done, func(value any, stack []byte) {
		dropped(&observable.PanicError{Value: value, Stack: stack})
	})
	f()
	done = true
}

// through is embedded by operators that leave the values alone, too. Linked, it
// is not there at all.
type through[T any] struct{ forward[T] }

func (r *through[T]) OnNext(v T)             { r.down.OnNext(v) }
func (r *through[T]) NextFunc() func(T) bool { return link.Next[T](r.down) }
