package operators

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/sluicego/sluice/internal/arbiter"
	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/observable"
)

// TimeoutWith emits the values of the source for as long as each comes within d
// of the one before it, and the first within d of the subscription. Otherwise
// it cancels the source and goes on with o, which may take its time. A value in
// the very instant of the deadline is in time, as with [Timeout].
//
//	source               -a-b------|
//	o                    -x---y|
//	TimeoutWith(3ms, o)  -a-b---x---y|
//
// The options are those of Timeout.
//
// Demand: one for one. What the source has left unmet is requested from o. The
// clock runs whether or not anything is requested; it stands still while a
// value is being dealt with below.
//
// Errors: those of the source and of o, unchanged; that of a scheduler which is
// closed while the source has a deadline.
//
// Discards: a value of the source that comes after the timeout, as late.
//
// Scheduler: [scheduler.On], else the ctx's, where o is then subscribed to. It
// has one timer per subscription.
//
// TimeoutWith panics if d or that of FirstWithin is not positive, or if both
// FirstWithin and FirstOnly are given.
func TimeoutWith[T any](d time.Duration, o observable.Observable[T], opts ...TimeoutOption) observable.Operator[T, T] {
	limits := newLimits("TimeoutWith", d, opts)
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		t := &replacer[T]{}
		t.prepare(ctx, down, limits)
		t.resume = func() { t.goOn(ctx, o) }
		return t
	})
}

// A replacer is a timeout whose source is the arbiter, so that another can come
// in the place of the first one.
type replacer[T any] struct {
	timeout[T]
	arbiter   arbiter.Arbiter
	begun     bool        // down.OnSubscribe was called
	cancelled atomic.Bool // by the downstream; any goroutine
}

func (r *replacer[T]) OnSubscribe(up observable.Subscription) {
	r.arbiter.Set(up)
	if !r.begun {
		r.begun = true
		r.handDown(r, &r.arbiter)
	}
}

func (r *replacer[T]) Cancel() {
	r.cancelled.Store(true)
	r.timeout.Cancel()
	r.mu.Lock()
	expired := r.expired
	r.mu.Unlock()
	if expired {
		r.arbiter.Cancel()
	}
}

// goOn puts o in the place of the source.
func (r *replacer[T]) goOn(ctx context.Context, o observable.Observable[T]) {
	if up := r.arbiter.Detach(); up != nil {
		up.Cancel()
	}
	if r.cancelled.Load() {
		return
	}
	r.arbiter.Produced(r.produced)
	done := false
	defer fault.Catch(&done, r.panicked)
	o.Subscribe(ctx, &heir[T]{through[T]{forward[T]{down: r.down}}, &r.arbiter})
	done = true
}

// panicked reports a panic of subscribing to o.
func (r *replacer[T]) panicked(value any, stack []byte) {
	r.arbiter.Cancel()
	r.down.OnError(&observable.PanicError{Value: value, Stack: stack})
}

// An heir takes over the demand that another source has left unmet.
type heir[T any] struct {
	through[T]
	arbiter *arbiter.Arbiter
}

func (h *heir[T]) OnSubscribe(up observable.Subscription) { h.arbiter.Set(up) }

func (h *heir[T]) OnError(err error) {
	h.arbiter.Clear()
	h.through.OnError(err)
}

func (h *heir[T]) OnComplete() {
	h.arbiter.Clear()
	h.through.OnComplete()
}
