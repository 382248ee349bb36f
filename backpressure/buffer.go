package backpressure

import (
	"context"
	"fmt"
	"math"

	"github.com/sluicego/sluice/internal/site"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// OnBackpressureBuffer queues the values that come while nothing is requested,
// or while another goroutine is delivering one, up to capacity of them; beyond
// that an [Overflow] policy decides, by default [Fail].
//
//	source                   abc---|
//	OnBackpressureBuffer(2)  ---a-(b#)
//	request                  ---1-1
//
// Demand: unbounded from the source. The capacity is exact. A value that finds
// demand and nobody at work passes without being queued. Completion waits until
// the queue is empty, and then needs no demand.
//
// Errors: the source's, after the queued values; at once with [FailFast]. With
// Fail, a value that finds the queue full cancels the source at once; what is
// queued is still delivered, then comes an [*observable.OverflowError]. With a
// TTL, that of a scheduler which is closed, at once.
//
// Discards: what the policy gives up, as overflow, after a call of the function
// given with [OnOverflow]; what outlives its [TTL], as expired; what is queued
// at a cancel, at a failure that is not the source's (a panic of a callback, a
// bad request) or, with FailFast, at any error.
//
// Scheduler: none without a TTL; with one, [scheduler.On], else the context's.
// One timer waits for the head of the queue, however long that is. Values that
// were queued are delivered on the goroutine that requests them.
//
// OnBackpressureBuffer panics if capacity is not positive, unless it is 0 and
// the policy is [Unlimited]; and if two policies are given.
func OnBackpressureBuffer[T any](capacity int, opts ...BufferOption) observable.Operator[T, T] {
	c := newConfig[T]("OnBackpressureBuffer", capacity)
	c.site = site.Caller()
	c.apply(opts)
	switch {
	case c.policy == Unlimited && capacity != 0:
		panic(fmt.Sprintf("backpressure: OnBackpressureBuffer of %d and Unlimited; leave the option out, or pass 0 as the capacity", capacity))
	case c.policy == Unlimited:
		c.capacity = math.MaxInt
	case capacity <= 0:
		panic(fmt.Sprintf("backpressure: OnBackpressureBuffer of a capacity that is not positive (%d); use OnBackpressureDrop to keep nothing, or pass 0 and Unlimited for a queue without a bound", capacity))
	}
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		if c.span > 0 {
			return newExpirer(ctx, down, c)
		}
		return newRelay(ctx, down, newFifo[T](c.capacity, c.policy), c)
	})
}

// An expirer is a relay whose queued values have a time to live. Its alarm is
// set for the head of the queue; if that has been delivered when it rings, it
// is set again for the head there is then.
type expirer[T any] struct {
	relay[T]
	queue *perishable[T] // the store
}

func newExpirer[T any](ctx context.Context, down observable.Subscriber[T], c *config[T]) *expirer[T] {
	sched := scheduler.Pick(ctx, c.on...)
	e := &expirer[T]{queue: newPerishable[T](c.capacity, c.policy, c.span, sched.Now)}
	e.begin(ctx, down, e.queue, c)
	e.sched, e.ring = sched, e.expire
	return e
}

func (e *expirer[T]) OnNext(v T) {
	e.mu.Lock()
	e.purge() // what has outlived its time makes room, also if the alarm is late
	e.receive(v)
	e.mu.Lock()
	e.watchHead()
	e.mu.Unlock()
}

// expire is what the alarm runs. To discard what is too old may empty the queue
// and so release a terminal that waits behind it.
func (e *expirer[T]) expire() {
	e.mu.Lock()
	e.stop = nil
	e.purge()
	e.watchHead()
	v, what := e.wake()
	e.mu.Unlock()
	e.run(v, what)
}

// purge discards what is too old. Called with mu, which it lets go of meanwhile.
func (e *expirer[T]) purge() {
	for !e.closed && e.queue.stale() {
		v, _ := e.queue.take()
		e.mu.Unlock()
		e.drop(v, observable.DiscardExpired)
		e.mu.Lock()
	}
}

// watchHead sets the alarm unless it is set already. Called with mu.
func (e *expirer[T]) watchHead() {
	if e.closed || e.stop != nil {
		return
	}
	if wait, ok := e.queue.wait(); ok {
		e.set(wait)
	}
}
