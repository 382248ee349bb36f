package operators

import (
	"context"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/queue"
	"github.com/sluicego/sluice/internal/serial"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// Delay emits each value of the source d later. It completes with the last
// value, or when the source does if that is later.
//
//	source      -a--b|
//	Delay(2ms)  ---a--(b|)
//
// Demand: one for one. That bounds what is held: never more values than were
// requested. Unbounded demand for a source that does not pause means that
// everything it emits within d is held; put an OnBackpressure operator above
// to choose otherwise.
//
// Errors: the source's, at once; the values held are discarded. That of a
// scheduler which is closed, likewise.
//
// Discards: the values held when the stream fails or is cancelled; what comes after
// that, as late.
//
// Scheduler: [scheduler.On], else the ctx's. It has one timer per
// subscription, for the oldest value.
//
// Delay(0) moves the values to the scheduler without a delay. To have errors and
// the end d later as well, delay them as values: Materialize, Delay,
// Dematerialize. To delay each value by a time of its own, use [DelayWhen].
// Delay panics if d is negative.
func Delay[T any](d time.Duration, opts ...scheduler.TimeOption) observable.Operator[T, T] {
	if d < 0 {
		panic(fmt.Sprintf("operators: Delay of a negative duration (%v)", d))
	}
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		x := &delayer[T]{
			down: down, d: d, clock: scheduler.Pick(ctx, opts...), held: queue.NewRing[delayed[T]](math.MaxInt),
			discard: observable.DiscardFrom(ctx), dropped: observable.DroppedErrorFrom(ctx),
		}
		x.tick, x.step = x.fire, x.deliver
		return x
	})
}

type delayed[T any] struct {
	value T
	due   time.Time
}

// A delayer has two sides, the source's and the timer's. Both leave a note under
// mu and wake the drain, which decides under mu and delivers with it released.
type delayer[T any] struct {
	link.Inside
	down    observable.Subscriber[T]
	up      observable.Subscription
	d       time.Duration
	clock   scheduler.Scheduler
	tick    func() // fire, bound once
	step    func() // deliver, bound once
	discard func(any, observable.DiscardReason)
	dropped func(error)
	drain   serial.Drain
	stopped serial.Once // upstream was cancelled, or has ended

	mu        sync.Mutex              // guards all below
	held      *queue.Ring[delayed[T]] // popped by the drain only
	ripe      time.Time               // what is due by then may go
	timer     func() bool             // stops the timer; nil while there is none
	forget    func() bool             // unhooks the end of the scheduler
	completed bool                    // by the source
	cancelled bool                    // by the downstream
	failure   error                   // the source's, or from fail
	over      bool                    // nothing is delivered any more; set by the drain
}

func (x *delayer[T]) OnSubscribe(up observable.Subscription) {
	x.up = up
	x.down.OnSubscribe(failing(x, up, x.fail))
	x.mu.Lock()
	if !x.ends() {
		x.forget = onClose(x.clock, x.fail)
	}
	x.mu.Unlock()
}

func (x *delayer[T]) OnNext(v T) {
	x.mu.Lock()
	if x.ends() || x.completed {
		x.mu.Unlock()
		x.drop(v, observable.DiscardLate)
		return
	}
	// If something is held already, there is a timer, or the drain will set one.
	if x.held.Len() == 0 && x.timer == nil {
		x.timer = x.clock.After(x.d, x.tick)
	}
	x.held.Push(delayed[T]{v, x.clock.Now().Add(x.d)})
	x.mu.Unlock()
}

func (x *delayer[T]) OnError(err error) {
	x.stopped.First()
	x.fail(err)
}

func (x *delayer[T]) OnComplete() {
	x.stopped.First()
	x.mu.Lock()
	x.completed = true
	x.mu.Unlock()
	x.drain.Wake(x.step)
}

func (x *delayer[T]) Request(n int64) { x.up.Request(n) }

func (x *delayer[T]) Cancel() {
	x.mu.Lock()
	x.cancelled = true
	x.release()
	x.mu.Unlock()
	x.stop()
	x.drain.Wake(x.step)
}

func (x *delayer[T]) stop() {
	if x.stopped.First() {
		x.up.Cancel()
	}
}

// fail ends the stream with err, at once.
func (x *delayer[T]) fail(err error) {
	x.stop()
	x.mu.Lock()
	if x.ends() {
		x.mu.Unlock()
		x.dropped(err)
		return
	}
	x.failure = err
	x.release()
	x.mu.Unlock()
	x.drain.Wake(x.step)
}

// fire is the timer's task.
func (x *delayer[T]) fire() {
	x.mu.Lock()
	x.timer = nil
	x.ripe = x.clock.Now()
	x.mu.Unlock()
	x.drain.Wake(x.step)
}

// deliver is the step of the drain.
func (x *delayer[T]) deliver() {
	done := false
	defer fault.Catch(&done, x.panicked)
	for x.deliverOne() {
	}
	done = true
}

// deliverOne decides what comes next and delivers it; false if nothing does.
func (x *delayer[T]) deliverOne() bool {
	x.mu.Lock()
	head, holds := x.held.Peek()
	switch {
	case x.over:
		x.mu.Unlock()
		return false
	case x.cancelled:
		x.end()
		x.discardHeld(observable.DiscardCancel)
		if x.failure != nil {
			x.dropped(x.failure)
		}
		return false
	case x.failure != nil:
		x.end()
		x.discardHeld(observable.DiscardError)
		x.down.OnError(x.failure)
		return false
	case holds && !head.due.After(x.ripe):
		x.held.Pop()
		x.mu.Unlock()
		x.down.OnNext(head.value)
		return true
	case holds:
		if x.timer == nil {
			x.timer = x.clock.After(head.due.Sub(x.clock.Now()), x.tick)
		}
		x.mu.Unlock()
		return false
	case x.completed:
		x.end()
		x.down.OnComplete()
		return false
	}
	x.mu.Unlock()
	return false
}

func (x *delayer[T]) panicked(value any, stack []byte) {
	x.stop()
	x.mu.Lock()
	undelivered := x.failure
	if x.over {
		undelivered = nil
	}
	x.end()
	x.discardHeld(observable.DiscardError)
	if undelivered != nil {
		x.dropped(undelivered)
	}
	x.down.OnError(&observable.PanicError{Value: value, Stack: stack})
}

// ends reports whether the stream is to end without what is held. The caller
// holds mu.
func (x *delayer[T]) ends() bool { return x.over || x.cancelled || x.failure != nil }

// end makes the stream over and releases mu. From then on held belongs to the
// drain alone.
func (x *delayer[T]) end() {
	x.over = true
	x.release()
	x.mu.Unlock()
}

// release stops what would call back. The caller holds mu.
func (x *delayer[T]) release() {
	if x.timer != nil {
		x.timer()
		x.timer = nil
	}
	if x.forget != nil {
		x.forget()
		x.forget = nil
	}
}

func (x *delayer[T]) discardHeld(why observable.DiscardReason) {
	for {
		e, ok := x.held.Pop()
		if !ok {
			return
		}
		x.drop(e.value, why)
	}
}

func (x *delayer[T]) drop(v T, why observable.DiscardReason) {
	if x.discard != nil {
		x.discard(v, why)
	}
}

// Held tells an inspection what waits for its time, or for demand.
func (x *delayer[T]) Held(link.Seal) link.Holding {
	x.mu.Lock()
	defer x.mu.Unlock()
	return link.Holding{Queued: int64(x.held.Len()), Capacity: int64(x.held.Limit()), Waiting: x.timer != nil}
}
