package operators

import (
	"context"
	"sync/atomic"

	"github.com/sluicego/sluice/internal/demand"
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
// Discards: what is held when the subscription is cancelled, s is closed or what
// is below panics; what a source emits beyond its demand, as overflow; what comes
// after the end, as late.
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
	finished        // a terminal is passed on
)

// An observer is two halves around a boundary. The source puts values in.
// Whoever has the lane takes them out, and nobody else does, so that a value
// has one fate. Everybody else leaves a note (a state, a demand) and wakes the
// lane.
type observer[T any] struct {
	link.Failing
	link.Patient
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
	err    error // its end; the lane takes it once done is set

	// Touched by who has the lane.
	next   func(T) bool // links on the first value
	batch  []T          // taken from the boundary
	at     int          // index in batch of the next value
	passed int64        // values since the last refill
	over   bool         // nothing is delivered any more
	forget func() bool  // unhooks the end of the scheduler
}

// OnSubscribe has the lane from the start, so that no signal overtakes the
// downstream's OnSubscribe, which may leave its goroutine.
func (o *observer[T]) OnSubscribe(up observable.Subscription) {
	o.up = up
	defer o.begin()
	o.down.OnSubscribe(o)
}

func (o *observer[T]) begin() {
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
	switch {
	case o.state.CompareAndSwap(observing, ceased):
		o.stop()
		o.takeOver()
	case o.state.CompareAndSwap(failed, ceased): // before that was passed on
		if failure := o.failure.Load(); failure != nil {
			o.dropped(*failure)
		}
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

// Held tells an inspection what is between the two halves.
func (o *observer[T]) Held(link.Seal) link.Holding {
	return link.Holding{Capacity: o.prefetch, Between: link.SourceAndDown}
}
