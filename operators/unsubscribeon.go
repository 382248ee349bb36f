package operators

import (
	"context"
	"sync/atomic"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/serial"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// UnsubscribeOn emits the values of the source, which it cancels on s: for a
// source that may only be let go in a certain place, or takes its time over it.
//
//	source            -a-b-c-|
//	request           *---!
//	UnsubscribeOn(s)  -a-b-
//
// Demand: one for one; requests reach the source unchanged.
//
// Errors: the source's, unchanged. A panic of the source's at the cancel goes to
// the hook for dropped errors.
//
// Discards: what the source emits between the cancel and its task, as late. A
// source that does not pause may emit much until then.
//
// Scheduler: s, for one task if the subscription is cancelled; a source that
// completes or fails needs none. If s is closed the source is cancelled where
// Cancel is called; if that happens before the task has run, on a goroutine of
// its own.
//
// UnsubscribeOn panics if s is nil.
func UnsubscribeOn[T any](s scheduler.Scheduler) observable.Operator[T, T] {
	if s == nil {
		panic("operators: UnsubscribeOn a nil scheduler; use scheduler.Default")
	}
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		return &leaver[T]{down: down, on: s, discard: observable.DiscardFrom(ctx), dropped: observable.DroppedErrorFrom(ctx)}
	})
}

type leaver[T any] struct {
	link.Inside
	down      observable.Subscriber[T]
	up        observable.Subscription
	on        scheduler.Scheduler
	below     bool        // a value is being dealt with below; the source only
	cancelled atomic.Bool // by the downstream; any goroutine
	over      serial.Once // upstream was cancelled, or has ended; any goroutine
	discard   func(any, observable.DiscardReason)
	dropped   func(error)
}

// OnSubscribe hands down a subscription that cannot fail by itself: a bad request
// then becomes a Cancel, which goes by way of the scheduler.
func (l *leaver[T]) OnSubscribe(up observable.Subscription) {
	l.up = up
	l.down.OnSubscribe(l)
}

func (l *leaver[T]) OnNext(v T) {
	if l.cancelled.Load() {
		l.late(v)
		return
	}
	l.below = true
	l.down.OnNext(v)
	l.below = false
}

// NextFunc is OnNext linked to the downstream's.
func (l *leaver[T]) NextFunc() func(T) bool {
	next := link.Next[T](l.down)
	return func(v T) bool {
		if l.cancelled.Load() {
			l.late(v)
			return true
		}
		l.below = true
		used := next(v)
		l.below = false
		return used
	}
}

// OnError passes on what comes before the cancel, and a panic from below, which
// need not have come from where the cancel did.
func (l *leaver[T]) OnError(err error) {
	l.over.First()
	if l.cancelled.Load() && !l.below {
		l.dropped(err)
		return
	}
	l.down.OnError(err)
}

func (l *leaver[T]) OnComplete() {
	l.over.First()
	if !l.cancelled.Load() {
		l.down.OnComplete()
	}
}

func (l *leaver[T]) Request(n int64) {
	if !l.cancelled.Load() {
		l.up.Request(n)
	}
}

// Cancel arranges for the source to be cancelled, by a task of the scheduler,
// by its end, or at once if that has come.
func (l *leaver[T]) Cancel() {
	if l.cancelled.Swap(true) || l.over.Done() {
		return
	}
	if scheduler.Lifetime(l.on).Err() != nil {
		l.leave()
		return
	}
	forget := onClose(l.on, func(error) { l.leave() })
	l.on.Schedule(func() {
		forget()
		l.leave()
	})
}

// leave cancels the source, once. Nobody is left to hear of a panic.
func (l *leaver[T]) leave() {
	if l.over.First() {
		quietly(l.up.Cancel, l.dropped)
	}
}

func (l *leaver[T]) late(v T) {
	if l.discard != nil {
		l.discard(v, observable.DiscardLate)
	}
}
