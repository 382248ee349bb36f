package operators

import (
	"context"
	"sync/atomic"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/queue"
	"github.com/sluicego/sluice/internal/serial"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// fairShare is how many values ObserveOn passes on in one task. Then the other
// tasks of the scheduler have their turn.
const fairShare = 1024

// ObserveOn emits the values of the source on s: what is below it runs on a
// worker of s, one signal at a time, in the source's order.
//
//	source        -a-b-c-|
//	ObserveOn(s)  -a-b-c-|
//
// Demand: [Prefetch] values ahead, by default 128, and three quarters of that
// again each time that as many have been passed on. Those requests are made on
// s. Unbounded demand does not reach the source, unless the prefetch is
// [Unlimited].
//
// Errors: the source's, after the values that came before it. The error of a
// scheduler that is closed, at once. A source that emits more than was
// requested is cancelled, and an [*observable.OverflowError] follows the values
// it was entitled to.
//
// Discards: what is held when the subscription is cancelled or s is closed.
//
// Scheduler: s; a task passes on at most 1024 values and then queues again.
//
// ObserveOn panics if s is nil or the prefetch is not positive.
func ObserveOn[T any](s scheduler.Scheduler, opts ...ObserveOnOption) observable.Operator[T, T] {
	if s == nil {
		panic("operators: ObserveOn a nil scheduler; use scheduler.Default")
	}
	prefetch := int64(defaultPrefetch)
	for _, opt := range opts {
		if p, ok := opt.(Prefetch); ok {
			prefetch = bound("ObserveOn", "Prefetch", int(p))
		}
	}
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		o := &observer[T]{
			down:     down,
			prefetch: prefetch,
			refill:   demand.Refill(prefetch),
			on:       s,
			worker:   s.Worker(),
			discard:  observable.DiscardFrom(ctx),
			dropped:  observable.DroppedErrorFrom(ctx),
		}
		o.task = o.run
		return o
	})
}

// The states of an observer. It leaves the first one once.
const (
	observing int32 = iota
	ceased          // the downstream has cancelled
	failed          // Fail was called, or the downstream has panicked
	finished        // the source's terminal is passed on
)

// An observer is two halves around a boundary. The source puts values in.
// Whoever has the lane takes them out, and nobody else does, so that a value
// has one fate. Everybody else leaves a note (a state, a demand) and wakes the
// lane.
type observer[T any] struct {
	link.Inside
	down             observable.Subscriber[T]
	up               observable.Subscription
	prefetch, refill int64
	on               scheduler.Scheduler
	worker           scheduler.Worker
	task             func() // run, bound once
	discard          func(any, observable.DiscardReason)
	dropped          func(error)

	// Touched by any goroutine.
	state   atomic.Int32
	lane    lane
	in      queue.Boundary[T]
	asked   demand.Counter        // by the downstream, not yet delivered
	parked  atomic.Bool           // values wait for demand
	granted atomic.Int64          // requested upstream, in total
	stopped serial.Once           // upstream was cancelled, or has ended
	failure atomic.Pointer[error] // set before the state becomes failed, by Fail
	done    atomic.Bool           // the source has ended

	// Touched by the source.
	got    int64 // received in total
	closed bool  // it has ended, or emitted too much; what follows is late
	err    error // its end; the lane reads it once done is set

	// Touched by who has the lane.
	next   func(T) bool // links on the first value
	batch  []T          // taken from the boundary
	at     int          // index in batch of the next value
	passed int64        // values since the last refill
	over   bool         // nothing is delivered any more
	forget func() bool  // unhooks the end of the scheduler
}

// OnSubscribe has the lane from the start, so that no signal overtakes the
// downstream's OnSubscribe.
func (o *observer[T]) OnSubscribe(up observable.Subscription) {
	o.up = up
	o.down.OnSubscribe(o)
	o.forget = onClose(o.on, o.Fail)
	if !o.lane.leave() {
		o.lane.yield()
		o.dispatch()
	}
	if o.state.Load() == observing {
		o.grant(o.prefetch)
	}
}

func (o *observer[T]) OnNext(v T) {
	switch {
	case o.closed || o.state.Load() != observing:
		o.drop(v, observable.DiscardLate)
	case o.got == o.granted.Load():
		o.overflow(v)
	default:
		o.got++
		if o.in.Put(v) == 1 { // else the lane is awake on behalf of the one before
			o.wake()
		}
	}
}

// NextFunc is OnNext without a detour.
func (o *observer[T]) NextFunc() func(T) bool {
	return func(v T) bool {
		o.OnNext(v)
		return true
	}
}

func (o *observer[T]) OnError(err error) {
	if o.closed || o.state.Load() != observing {
		o.dropped(err)
		return
	}
	o.err = err
	o.OnComplete()
}

func (o *observer[T]) OnComplete() {
	if o.closed {
		return
	}
	o.closed = true
	o.stopped.First()
	o.done.Store(true)
	o.wake()
}

// overflow makes an OverflowError the end of a source that emits more than was
// requested.
func (o *observer[T]) overflow(v T) {
	o.drop(v, observable.DiscardOverflow)
	o.stop()
	o.OnError(&observable.OverflowError{Op: "ObserveOn", Capacity: o.prefetch, Demand: o.asked.Load()})
}

func (o *observer[T]) Request(n int64) {
	o.asked.Add(n)
	if o.parked.Load() {
		o.wake()
	}
}

func (o *observer[T]) Cancel() {
	if o.state.CompareAndSwap(observing, ceased) {
		o.stop()
		o.takeOver()
	}
}

// Fail ends the stream with err at once.
func (o *observer[T]) Fail(err error) {
	if !o.failure.CompareAndSwap(nil, &err) || !o.state.CompareAndSwap(observing, failed) {
		o.dropped(err)
		return
	}
	o.stop()
	o.takeOver()
}

func (o *observer[T]) stop() {
	if o.stopped.First() {
		o.up.Cancel()
	}
}

func (o *observer[T]) grant(n int64) {
	o.granted.Add(n)
	o.up.Request(n)
}

// wake gets a task under way for what has changed.
func (o *observer[T]) wake() {
	if o.lane.wake() {
		o.dispatch()
	}
}

// dispatch schedules the task that the lane waits for. Nothing waits for tasks
// once the stream is to end: the worker may have been stopped.
func (o *observer[T]) dispatch() {
	if o.state.Load() == observing {
		o.worker.Schedule(o.task)
	} else {
		o.takeOver()
	}
}

// takeOver ends the stream on this goroutine, unless somebody works there
// already and will see that it is to end.
func (o *observer[T]) takeOver() {
	if o.lane.claim() {
		o.work()
	}
}

func (o *observer[T]) run() {
	if o.lane.start() {
		o.work()
	}
}

// work is done by who has the lane.
func (o *observer[T]) work() {
	done := false
	defer fault.Catch(&done, o.panicked)
	for share := fairShare; ; {
		if share = o.pass(share); share == 0 {
			o.lane.yield()
			o.dispatch()
			break
		}
		if o.lane.leave() {
			break
		}
	}
	done = true
}

// pass delivers what may be delivered, of which there may be more if it
// returns 0, and ends the stream if that is due.
func (o *observer[T]) pass(share int) (left int) {
	for share > 0 {
		done := o.done.Load() // before the queue: no value comes after it
		if o.at == len(o.batch) {
			o.batch, o.at = o.in.Take(o.batch), 0
		}
		switch {
		case o.state.Load() != observing:
			o.end()
			return share
		case o.at == len(o.batch):
			if done {
				o.finish()
			}
			return share
		case o.park():
			return share
		}
		share -= o.deliver(share)
	}
	return 0
}

// park reports whether the values have to wait for demand.
func (o *observer[T]) park() bool {
	if o.asked.Load() > 0 {
		return false
	}
	o.parked.Store(true)
	if o.asked.Load() == 0 {
		return true // a Request from now on sees parked
	}
	o.parked.Store(false)
	return false
}

// deliver passes on up to share values of the batch, within the demand, and
// returns how many.
func (o *observer[T]) deliver(share int) (passed int) {
	if o.next == nil {
		o.next = link.Next[T](o.down)
	}
	var zero T
	limit, used := o.asked.Load(), int64(0)
	for passed < share && used < limit && o.at < len(o.batch) && o.state.Load() == observing {
		v := o.batch[o.at]
		o.batch[o.at] = zero
		o.at++
		passed++
		if o.next(v) {
			used++
		}
		if o.passed++; o.passed == o.refill {
			o.passed = 0
			o.grant(o.refill)
		}
	}
	o.asked.Spend(used)
	return passed
}

// finish passes on the source's terminal.
func (o *observer[T]) finish() {
	if !o.state.CompareAndSwap(observing, finished) {
		o.end()
		return
	}
	o.release()
	if o.err != nil {
		o.down.OnError(o.err)
	} else {
		o.down.OnComplete()
	}
}

// end ends a stream that the downstream has cancelled or failed, and discards
// what came too late for any end.
func (o *observer[T]) end() {
	if o.over {
		o.discardHeld(observable.DiscardLate)
		return
	}
	o.release()
	if o.done.Load() && o.err != nil {
		o.dropped(o.err)
	}
	if o.state.Load() == ceased {
		o.discardHeld(observable.DiscardCancel)
		return
	}
	o.discardHeld(observable.DiscardError)
	o.down.OnError(*o.failure.Load())
}

// panicked is called by the one who works, for a panic of the downstream's. It
// is passed on even after a cancel, which need not have come from the end of
// the chain.
func (o *observer[T]) panicked(value any, stack []byte) {
	o.state.CompareAndSwap(observing, failed)
	o.stop()
	o.release()
	o.discardHeld(observable.DiscardError)
	if failure := o.failure.Load(); failure != nil {
		o.dropped(*failure)
	}
	o.down.OnError(&observable.PanicError{Value: value, Stack: stack})
	for !o.lane.leave() {
		o.end()
	}
}

func (o *observer[T]) release() {
	o.over = true
	o.parked.Store(false)
	o.forget()
	o.worker.Stop()
}

func (o *observer[T]) discardHeld(why observable.DiscardReason) {
	for more := true; more; more = len(o.batch) > 0 {
		for _, v := range o.batch[o.at:] {
			o.drop(v, why)
		}
		o.batch, o.at = o.in.Take(nil), 0
	}
}

func (o *observer[T]) drop(v T, why observable.DiscardReason) {
	if o.discard != nil {
		o.discard(v, why)
	}
}
