package operators

import (
	"context"
	"sync/atomic"

	"github.com/sluicego/sluice/internal/arbiter"
	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/serial"
	"github.com/sluicego/sluice/observable"
)

// A fold is what an operator makes of a whole stream in one subscription. Both
// functions are called where the source emits.
type fold[T, R any] struct {
	take    func(v T) (known bool)          // takes a value in, and reports whether the outcome is known already
	outcome func() observable.Observable[R] // what is emitted at the end, or once it is known
}

// folding makes the operators that emit what they have made of a stream when it
// has completed, or as soon as that is known. They ask the source for
// everything; their outcome waits for demand.
func folding[T, R any](start func() fold[T, R]) observable.Operator[T, R] {
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[R]) observable.Subscriber[T] {
		link.Call(ctx, start)
		f := &folder[T, R]{
			down: down, fold: start(),
			discard: observable.DiscardFrom(ctx), dropped: observable.DroppedErrorFrom(ctx),
		}
		f.emit = func() { f.outcome().Subscribe(ctx, ending[R]{down, &f.arbiter}) }
		return f
	})
}

// one is an outcome of a single value.
func one[R any](v R) func() observable.Observable[R] {
	return func() observable.Observable[R] { return observable.Of(v) }
}

// A folder consumes its source. Then the outcome takes the source's place, with
// the demand that has come meanwhile.
type folder[T, R any] struct {
	link.Inside
	fold[T, R]
	down      observable.Subscriber[R]
	up        observable.Subscription
	emit      func() // subscribes to the outcome
	ended     bool   // the outcome or an error was passed on; the source only
	arbiter   arbiter.Arbiter
	stopped   serial.Once // upstream was cancelled, or has ended
	cancelled atomic.Bool // by the downstream; any goroutine
	discard   func(any, observable.DiscardReason)
	dropped   func(error)
}

func (f *folder[T, R]) OnSubscribe(up observable.Subscription) {
	f.up = up
	f.down.OnSubscribe(f)
	if !f.stopped.Done() {
		up.Request(observable.Unbounded)
	}
}

func (f *folder[T, R]) OnNext(v T) {
	switch {
	case f.ended || f.cancelled.Load():
		if f.discard != nil {
			f.discard(v, observable.DiscardLate)
		}
	case f.take(v):
		f.stop()
		f.finish()
	}
}

// NextFunc is OnNext: nothing of it concerns the downstream.
func (f *folder[T, R]) NextFunc() func(T) bool {
	return func(v T) bool {
		f.OnNext(v)
		return true
	}
}

func (f *folder[T, R]) OnError(err error) {
	if f.ended {
		f.dropped(err)
		return
	}
	f.stopped.First()
	f.ended = true
	f.down.OnError(err)
}

func (f *folder[T, R]) OnComplete() {
	if !f.ended {
		f.stopped.First()
		f.finish()
	}
}

// finish emits the outcome. The source may be gone, so a panic is recovered
// here.
func (f *folder[T, R]) finish() {
	f.ended = true
	if f.cancelled.Load() {
		return
	}
	done := false
	defer fault.Catch(&done, f.panicked)
	f.emit()
	done = true
}

func (f *folder[T, R]) panicked(value any, stack []byte) {
	if up := f.arbiter.Detach(); up != nil {
		up.Cancel()
	}
	f.down.OnError(&observable.PanicError{Value: value, Stack: stack})
}

func (f *folder[T, R]) Request(n int64) { f.arbiter.Request(n) }

func (f *folder[T, R]) Cancel() {
	f.cancelled.Store(true)
	f.stop()
	f.arbiter.Cancel()
}

// stop cancels upstream, once.
func (f *folder[T, R]) stop() {
	if f.stopped.First() {
		f.up.Cancel()
	}
}

// An ending passes an outcome on to a downstream that has its subscription.
type ending[R any] struct {
	observable.Subscriber[R]
	arbiter *arbiter.Arbiter
}

// KeepsProtocol is the mark of a subscriber of the library (link.Inside).
func (ending[R]) KeepsProtocol(link.Seal) {}

func (e ending[R]) OnSubscribe(up observable.Subscription) { e.arbiter.Set(up) }
