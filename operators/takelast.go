package operators

import (
	"context"
	"fmt"
	"sync"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/queue"
	"github.com/sluicego/sluice/internal/serial"
	"github.com/sluicego/sluice/observable"
)

// TakeLast emits the last n values of the source when it has completed.
//
//	source       -a-b-c-|
//	TakeLast(2)  -------(bc|)
//
// Demand: everything is requested from the source at once. The last values
// are emitted as requested; it completes with the last of them. TakeLast(0)
// completes at once and does not subscribe to the source.
//
// Errors: the source's, at once; the values held are discarded.
//
// Discards: the values held when the stream fails or is cancelled; what comes
// after that, as late. A value that n newer ones have followed has been dealt
// with.
//
// Scheduler: none; it emits where the source completes, or on the goroutine
// that requests.
//
// TakeLast panics if n is negative.
func TakeLast[T any](n int) observable.Operator[T, T] {
	if n < 0 {
		panic(fmt.Sprintf("operators: TakeLast of a negative count (%d)", n))
	}
	if n == 0 {
		return func(observable.Observable[T]) observable.Observable[T] { return observable.Empty[T]() }
	}
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		return newKeeper(ctx, down, n)
	})
}

// A keeper holds the newest values of its source and emits them at its end. The
// source and the downstream leave a note under mu and wake the drain, which
// decides under mu and delivers with it released.
type keeper[T any] struct {
	link.Inside
	link.Failing
	link.Patient
	down    observable.Subscriber[T]
	up      observable.Subscription
	next    func(T) bool // links on the first value; the drain only
	step    func()       // deliver, bound once
	discard func(any, observable.DiscardReason)
	dropped func(error)
	drain   serial.Drain
	asked   demand.Counter // any goroutine
	stopped serial.Once    // upstream was cancelled, or has ended

	mu        sync.Mutex    // guards all below
	held      queue.Ring[T] // popped by the drain only, but for what makes room
	completed bool          // by the source
	cancelled bool          // by the downstream
	failure   error         // the source's, or from Fail
	over      bool          // nothing is delivered any more; set by the drain
}

func newKeeper[T any](ctx context.Context, down observable.Subscriber[T], n int) *keeper[T] {
	k := &keeper[T]{
		down: down, held: *queue.NewRing[T](n),
		discard: observable.DiscardFrom(ctx), dropped: observable.DroppedErrorFrom(ctx),
	}
	k.step = k.deliver
	return k
}

func (k *keeper[T]) OnSubscribe(up observable.Subscription) {
	k.up = up
	k.down.OnSubscribe(k)
	if !k.stopped.Done() {
		up.Request(observable.Unbounded)
	}
}

func (k *keeper[T]) OnNext(v T) {
	k.mu.Lock()
	if k.ends() || k.completed {
		k.mu.Unlock()
		k.drop(v, observable.DiscardLate)
		return
	}
	if k.held.Full() {
		k.held.Pop()
	}
	k.held.Push(v)
	k.mu.Unlock()
}

func (k *keeper[T]) OnError(err error) {
	k.stopped.First()
	k.Fail(err)
}

func (k *keeper[T]) OnComplete() {
	k.stopped.First()
	k.mu.Lock()
	k.completed = true
	k.mu.Unlock()
	k.drain.Wake(k.step)
}

// Request adds to the demand for what is held at the end.
func (k *keeper[T]) Request(n int64) {
	k.asked.Add(n)
	k.drain.Wake(k.step)
}

func (k *keeper[T]) Cancel() {
	k.mu.Lock()
	k.cancelled = true
	k.mu.Unlock()
	k.stop()
	k.drain.Wake(k.step)
}

func (k *keeper[T]) stop() {
	if k.stopped.First() {
		k.up.Cancel()
	}
}

// Fail ends the stream with err, at once.
func (k *keeper[T]) Fail(err error) {
	k.stop()
	k.mu.Lock()
	if k.ends() {
		k.mu.Unlock()
		k.dropped(err)
		return
	}
	k.failure = err
	k.mu.Unlock()
	k.drain.Wake(k.step)
}

// deliver is the step of the drain.
func (k *keeper[T]) deliver() {
	done := false
	defer fault.Catch(&done, k.panicked)
	for k.deliverOne() {
	}
	done = true
}

// deliverOne decides what comes next and delivers it; false if nothing does.
func (k *keeper[T]) deliverOne() bool {
	k.mu.Lock()
	switch {
	case k.over:
		k.mu.Unlock()
	case k.cancelled:
		k.end(observable.DiscardCancel)
		if k.failure != nil {
			k.dropped(k.failure)
		}
	case k.failure != nil:
		k.end(observable.DiscardError)
		k.down.OnError(k.failure)
	case k.completed && k.held.Len() == 0:
		k.over = true
		k.mu.Unlock()
		k.down.OnComplete()
	case k.completed && k.asked.Load() > 0:
		v, _ := k.held.Pop()
		k.mu.Unlock()
		k.pass(v)
		return true
	default:
		k.mu.Unlock()
	}
	return false
}

// pass delivers v and pays for it.
func (k *keeper[T]) pass(v T) {
	if k.next == nil {
		k.next = link.Next[T](k.down)
	}
	if k.next(v) {
		k.asked.Spend(1)
	}
}

func (k *keeper[T]) panicked(value any, stack []byte) {
	k.stop()
	k.mu.Lock()
	undelivered := k.failure
	if k.over {
		undelivered = nil
	}
	k.end(observable.DiscardError)
	if undelivered != nil {
		k.dropped(undelivered)
	}
	k.down.OnError(&observable.PanicError{Value: value, Stack: stack})
}

// ends reports whether the stream is to end without what is held. The caller
// holds mu.
func (k *keeper[T]) ends() bool { return k.over || k.cancelled || k.failure != nil }

// end makes the stream over, releases mu, and discards what is held, which
// from then on belongs to the drain alone.
func (k *keeper[T]) end(why observable.DiscardReason) {
	k.over = true
	k.mu.Unlock()
	for {
		v, ok := k.held.Pop()
		if !ok {
			return
		}
		k.drop(v, why)
	}
}

func (k *keeper[T]) drop(v T, why observable.DiscardReason) {
	if k.discard != nil {
		k.discard(v, why)
	}
}

// Held tells an inspection what is kept; it is to go down once the source has
// completed.
func (k *keeper[T]) Held(link.Seal) link.Holding {
	k.mu.Lock()
	defer k.mu.Unlock()
	h := link.Holding{Queued: int64(k.held.Len()), Capacity: int64(k.held.Limit())}
	if k.completed {
		h.Ready = h.Queued
	}
	return h
}
