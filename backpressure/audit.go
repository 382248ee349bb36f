package backpressure

import (
	"context"
	"fmt"
	"time"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// Audit waits d after a value and then emits the newest that has come. The next
// value after that begins to wait anew.
//
//	source      -ab--c---d-|
//	Audit(3ms)  ----b---c---(d|)
//
// Demand: unbounded from the source. A value that is emitted while nothing is
// requested is kept until the next request, or until the next is emitted.
// Completion waits for the value that waits for its time, and with it for
// demand.
//
// Errors: the source's, at once; that of a scheduler which is closed.
//
// Discards: a value that a newer one replaces, as filtered; what is held at an
// error or a cancel.
//
// Scheduler: [scheduler.On], else the context's. A timer runs while a value
// waits.
//
// Audit panics if d is negative.
func Audit[T any](d time.Duration, opts ...scheduler.TimeOption) observable.Operator[T, T] {
	if d < 0 {
		panic(fmt.Sprintf("backpressure: Audit of a negative duration (%v)", d))
	}
	c := keepTimed[T]("Audit", d, opts)
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		a := &auditor[T]{}
		a.beginTimed(ctx, down, a.fire, c)
		return a
	})
}

type auditor[T any] struct {
	timed[T]
	completing bool // the source has completed, and the pending value is the last; guarded by mu
}

func (a *auditor[T]) OnNext(v T) {
	a.mu.Lock()
	if a.sourced {
		a.late(v)
		return
	}
	if a.stop == nil {
		a.set(a.c.span)
	}
	a.replace(v)
}

// OnComplete waits for the pending value to be emitted.
func (a *auditor[T]) OnComplete() {
	a.mu.Lock()
	if a.sourced {
		a.mu.Unlock()
		return
	}
	a.sourced = true
	if a.held.pending.has {
		a.completing = true
		a.mu.Unlock()
		return
	}
	a.finish(nil)
}

func (a *auditor[T]) fire() {
	a.mu.Lock()
	a.stop = nil
	v, ok := a.pop()
	if !ok {
		a.mu.Unlock()
		return
	}
	last := a.completing
	a.offer(v)
	if last {
		a.completeNow()
	}
}

// AuditWhen listens, from a value on, to what f returns for it, and when that
// emits, emits the newest value that has come. The next value after that is
// passed to f anew. Where f's observable completes without a value, the newest
// value goes on waiting for the next one.
//
//	source        -ab--c-----|
//	f             ---x
//	AuditWhen(f)  ----b---c--|
//
// Demand: unbounded from the source and from what f returns. A value that is
// emitted while nothing is requested is kept until the next request, or until
// the next is emitted. Completion waits for a value that waits to be emitted.
//
// Errors: the source's, and those of what f returns, at once.
//
// Discards: a value that a newer one replaces, and one that waits in vain when
// the source completes, as filtered; what is held at an error or a cancel.
//
// Scheduler: none; a value is emitted where f's observable emits.
//
// AuditWhen panics if f is nil.
func AuditWhen[T, N any](f func(T) observable.Observable[N]) observable.Operator[T, T] {
	if f == nil {
		panic("backpressure: AuditWhen with a nil function")
	}
	c := keepTimed[T]("AuditWhen", 0, nil)
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		a := &cuedAuditor[T, N]{}
		a.beginCued(ctx, down, f, c)
		return a
	})
}

type cuedAuditor[T, N any] struct{ cued[T, N] }

func (a *cuedAuditor[T, N]) OnNext(v T) {
	a.mu.Lock()
	if a.sourced {
		a.late(v)
		return
	}
	idle := !a.cueing()
	a.replace(v)
	if idle {
		a.await(v)
	}
}

func (a *cuedAuditor[T, N]) OnComplete() {
	if !a.waits(true) {
		a.complete()
	}
}
