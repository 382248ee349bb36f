package backpressure

import (
	"context"
	"fmt"
	"time"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// Debounce emits a value once d has passed without a newer one. A d of 0 emits
// the last of the values that come in one instant.
//
//	source         -a--bc---d--|
//	Debounce(2ms)  ---a---c---d|
//
// Demand: unbounded from the source. A value that comes due while nothing is
// requested is kept until the next request, or until another one comes due.
// Completion emits the value that is waiting for its time and then, if that has
// to wait for demand, waits with it.
//
// Errors: the source's, at once; that of a scheduler which is closed.
//
// Discards: a value that a newer one follows too soon, and one that is kept when
// the next comes due, as filtered; what is held at an error or a cancel.
//
// Scheduler: [scheduler.On], else the context's. There is one timer for a
// subscription while a value waits, not one for each value: it is set anew only
// when it rings too early.
//
// Debounce panics if d is negative.
func Debounce[T any](d time.Duration, opts ...scheduler.TimeOption) observable.Operator[T, T] {
	if d < 0 {
		panic(fmt.Sprintf("backpressure: Debounce of a negative duration (%v)", d))
	}
	c := keepTimed[T]("Debounce", d, opts)
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		b := &debouncer[T]{}
		b.beginTimed(ctx, down, b.fire, c)
		return b
	})
}

type debouncer[T any] struct {
	timed[T]
	due time.Time // when the pending value may be emitted; guarded by mu
}

func (b *debouncer[T]) OnNext(v T) {
	now := b.sched.Now()
	b.mu.Lock()
	if b.sourced {
		b.late(v)
		return
	}
	b.due = now.Add(b.c.span)
	if b.stop == nil {
		b.set(b.c.span)
	}
	b.replace(v)
}

// OnComplete emits the pending value at once.
func (b *debouncer[T]) OnComplete() {
	b.mu.Lock()
	if b.sourced {
		b.mu.Unlock()
		return
	}
	b.sourced = true // before the value, which may be answered with a cancel
	b.off()
	v, ok := b.pop()
	if !ok {
		b.finish(nil)
		return
	}
	b.offer(v)
	b.completeNow()
}

// fire emits the pending value, unless a newer one has taken its place since
// the alarm was set: then its time is later.
func (b *debouncer[T]) fire() {
	now := b.sched.Now()
	b.mu.Lock()
	b.stop = nil
	if wait := b.due.Sub(now); wait > 0 && !b.closed {
		b.set(wait)
		b.mu.Unlock()
	} else if v, ok := b.pop(); ok {
		b.offer(v)
	} else {
		b.mu.Unlock()
	}
}
