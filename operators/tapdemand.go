package operators

import (
	"context"

	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/serial"
	"github.com/sluicego/sluice/observable"
)

// TapRequest emits the values of the source unchanged, and calls f with each
// number of values that is requested, before it requests them of the source.
// It may be [observable.Unbounded].
//
//	source           -a-b-c-|
//	request          2---1-
//	TapRequest(log)  -a-b-c-|
//
// Demand: one for one; requests reach the source unchanged.
//
// Errors: the source's, unchanged; a [*observable.PanicError] if f panics, and
// the source is cancelled.
//
// Discards: nothing.
//
// Scheduler: none; f runs where Request is called. That may be anywhere, so f
// may run on several goroutines at once.
//
// TapRequest panics if f is nil.
func TapRequest[T any](f func(n int64)) observable.Operator[T, T] {
	if f == nil {
		panic("operators: TapRequest with a nil function")
	}
	tap := observable.Lift(func(_ context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		return &requestTapper[T]{through: through[T]{forward[T]{down: down}}, f: f}
	})
	return func(src observable.Observable[T]) observable.Observable[T] {
		// The gate of New ends the stream in order, whatever the source is.
		return tap(observable.New(src.Subscribe))
	}
}

type requestTapper[T any] struct {
	through[T]
	up observable.Subscription
	f  func(int64)
}

func (t *requestTapper[T]) OnSubscribe(up observable.Subscription) {
	t.up = up
	t.down.OnSubscribe(failing(t, up, t.fail))
}

// NextFunc is OnNext linked to the downstream's. A value that the downstream
// did not count stands for a request of another.
func (t *requestTapper[T]) NextFunc() func(T) bool {
	f, next := t.f, link.Next[T](t.down)
	return func(v T) bool {
		if next(v) {
			return true
		}
		f(1)
		return false
	}
}

func (t *requestTapper[T]) Request(n int64) {
	if t.tell(n) {
		t.up.Request(n)
	}
}

// tell calls f, and ends the stream if that panics.
func (t *requestTapper[T]) tell(n int64) (done bool) {
	defer fault.Catch(&done, func(value any, stack []byte) {
		t.fail(&observable.PanicError{Value: value, Stack: stack})
	})
	t.f(n)
	return true
}

func (t *requestTapper[T]) Cancel() { t.up.Cancel() }

func (t *requestTapper[T]) fail(err error) { t.up.(link.Failer).Fail(err) }

// TapCancel emits the values of the source unchanged, and calls f when the
// subscription is cancelled, before the source is. Once the source has
// completed or failed there is nothing to cancel; for something that is to
// happen in any case, use [Finally].
//
//	source          -a-b-c-|
//	request         *---!
//	TapCancel(log)  -a-b-
//
// Demand: one for one; requests reach the source unchanged.
//
// Errors: the source's, unchanged. A panic in f comes too late for the
// subscriber; it goes to the hook for dropped errors.
//
// Discards: nothing.
//
// Scheduler: none; f runs where Cancel is called.
//
// TapCancel panics if f is nil.
func TapCancel[T any](f func()) observable.Operator[T, T] {
	if f == nil {
		panic("operators: TapCancel with a nil function")
	}
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		return &cancelTapper[T]{through: through[T]{forward[T]{down: down}}, f: f, dropped: observable.DroppedErrorFrom(ctx)}
	})
}

type cancelTapper[T any] struct {
	through[T]
	up      observable.Subscription
	f       func()
	over    serial.Once // the source has ended, or f has been called; any goroutine
	dropped func(error)
}

func (t *cancelTapper[T]) OnSubscribe(up observable.Subscription) {
	t.up = up
	t.down.OnSubscribe(failing(t, up, t.fail))
}

func (t *cancelTapper[T]) OnError(err error) {
	t.over.First()
	t.down.OnError(err)
}

func (t *cancelTapper[T]) OnComplete() {
	t.over.First()
	t.down.OnComplete()
}

func (t *cancelTapper[T]) Request(n int64) { t.up.Request(n) }

func (t *cancelTapper[T]) Cancel() {
	if t.over.First() {
		defer t.up.Cancel()
		quietly(t.f, t.dropped)
	}
}

func (t *cancelTapper[T]) fail(err error) { t.up.(link.Failer).Fail(err) }
