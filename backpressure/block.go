package backpressure

import (
	"context"
	"fmt"
	"sync"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// OnBackpressureBlock queues the values that come while nothing is requested,
// up to capacity of them; then the goroutine that produces waits, inside
// OnNext, until there is room. Nothing is lost.
//
//	source                  ab--|
//	OnBackpressureBlock(2)  ---a--(b|)
//	request                 ---1--1
//
// Use it behind a source that has a goroutine of its own and no other means to
// slow down. The values have to be requested on another goroutine than the one
// that produces: if both are the same, the one that should make room waits for
// room, for ever. A source that obeys demand needs no Block. Of those that emit
// on the goroutine that subscribes, Block knows the sources of this module, such
// as FromSlice, also behind Map, Filter and the other operators that leave
// demand alone: they are not made to wait, but asked for no more than there is
// room for. Behind anything else that emits there, such as Take, Concat or a
// filled Replay, put a SubscribeOn in front of Block, or leave Block out.
//
// Demand: unbounded from the source; from one that Block knows to emit inside
// Request, the capacity, then three quarters of it each time that many values
// have been delivered. Completion waits until the queue is empty, and then needs
// no demand.
//
// Errors: the source's, after the queued values.
//
// Discards: what is queued, and the value whose producer waits, at a cancel. A
// cancel, also by the end of the ctx, sets the producer free.
//
// Scheduler: none. Values that were queued are delivered on the goroutine that
// requests them.
//
// OnBackpressureBlock panics if capacity is not positive.
func OnBackpressureBlock[T any](capacity int) observable.Operator[T, T] {
	if capacity <= 0 {
		panic(fmt.Sprintf("backpressure: OnBackpressureBlock of a capacity that is not positive (%d)", capacity))
	}
	waiting := newConfig[T]("OnBackpressureBlock", capacity)
	asking := newConfig[T]("OnBackpressureBlock", capacity)
	asking.first, asking.refill = int64(capacity), demand.Refill(int64(capacity))
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		b := &blocker[T]{asking: asking}
		b.queue = waitingRoom[T]{fifo: *newFifo[T](capacity, Fail), freed: sync.NewCond(&b.mu)}
		b.begin(ctx, down, &b.queue, waiting)
		return b
	})
}

type blocker[T any] struct {
	relay[T]
	queue  waitingRoom[T] // the store
	asking *config[T]     // for a source that need not be made to wait
}

func (b *blocker[T]) OnSubscribe(up observable.Subscription) {
	if link.IsSynchronous(up) {
		b.c = b.asking
	}
	b.relay.OnSubscribe(up)
}

// OnNext waits while the queue is full. Waiting lets go of the mutex.
func (b *blocker[T]) OnNext(v T) {
	b.mu.Lock()
	waited := false
	for !b.sourced && b.queue.Full() {
		waited = true
		b.queue.freed.Wait()
	}
	if waited && b.sourced { // cancelled, or failed, meanwhile
		b.mu.Unlock()
		b.drop(v, b.why())
		return
	}
	b.receive(v)
}

// A waitingRoom is a fifo that tells when it has room. There is one to be told
// at most, since a source emits one value at a time.
type waitingRoom[T any] struct {
	fifo[T]
	freed *sync.Cond // its L is the relay's mutex
}

func (w *waitingRoom[T]) take() (T, bool) {
	w.freed.Signal()
	return w.fifo.take()
}

func (w *waitingRoom[T]) clear(drop func(T)) {
	w.fifo.clear(drop)
	w.freed.Signal()
}
