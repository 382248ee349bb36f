package backpressure

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/site"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// BufferTimeout emits the values of the source in slices of n. A slice that is
// not full d after its first value is emitted as it is, and the last one when
// the source completes.
//
//	source                 -abc--d-e-------|
//	BufferTimeout(2, 4ms)  --x---y-----z---|
//	where                  x=[a b], y=[c d], z=[e]
//
// Demand: in slices. The source is asked for 4n values before anything is
// requested, and for as many as make it 4n again each time that fewer than 2n
// have still to be emitted. So no more than 4n are held while nothing is
// requested, and the source waits. A slice whose time is over then goes on
// growing, up to n values, and is emitted with the next request. Completion waits
// for the demand of what is held.
//
// Errors: the source's, after what is held; that of a scheduler which is closed,
// at once.
//
// Discards: what is held at a cancel, and at any error but the source's.
//
// Scheduler: [scheduler.On], else the context's. There is one timer for a
// subscription while values are held, not one for each slice: it is set anew
// only when it rings too early.
//
// Every slice is a new one and belongs to the subscriber. A source that cannot
// wait wants an [OnBackpressureBuffer] in front.
//
// BufferTimeout panics if n or d is not positive.
func BufferTimeout[T any](n int, d time.Duration, opts ...scheduler.TimeOption) observable.Operator[T, []T] {
	switch {
	case n <= 0:
		panic(fmt.Sprintf("backpressure: BufferTimeout of a count that is not positive (%d)", n))
	case d <= 0:
		panic(fmt.Sprintf("backpressure: BufferTimeout of a duration that is not positive (%v)", d))
	}
	window := demand.Mul(windowSlices, int64(n))
	c := newConfig[[]T]("BufferTimeout", int(min(window, math.MaxInt)))
	c.site = site.Caller()
	c.first, c.span, c.on = window, d, opts
	c.refill, c.weigh = window/2+1, func(slice []T) int64 { return int64(len(slice)) } // then less than half is outstanding
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[[]T]) observable.Subscriber[T] {
		b := &batcher[T]{}
		b.begin(ctx, down, &b.held, c)
		b.discard = eachOf[T](b.discard)
		b.sched, b.ring = scheduler.Pick(ctx, c.on...), b.fire
		b.held = batches[T]{fifo: *newFifo[[]T](windowSlices, Fail), size: n, now: b.sched.Now}
		return b
	})
}

// windowSlices is how many slices the source has been asked for at most.
const windowSlices = 4

// A batcher is a relay of slices. It fills them in OnNext, under the relay's
// mutex.
type batcher[T any] struct {
	relay[[]T]
	held batches[T] // the store
}

func (b *batcher[T]) OnSubscribe(up observable.Subscription) { b.handDown(b, up) }

func (b *batcher[T]) OnNext(v T) {
	b.mu.Lock()
	if b.sourced {
		b.late([]T{v})
		return
	}
	switch b.held.add(v) {
	case b.held.size:
		b.offer(b.held.cut())
		return
	case 1:
		b.held.due = b.sched.Now().Add(b.c.span)
		if b.stop == nil {
			b.set(b.c.span)
		}
	}
	b.peak = max(b.peak, b.held.len())
	b.mu.Unlock()
}

func (b *batcher[T]) OnError(err error) {
	b.mu.Lock()
	if b.sourced {
		b.mu.Unlock()
		b.dropped(err)
		return
	}
	b.last(err)
}

func (b *batcher[T]) OnComplete() {
	b.mu.Lock()
	if b.sourced {
		b.mu.Unlock()
		return
	}
	b.last(nil)
}

// last takes the end of the source, with which everything is due. Called with
// mu, which it releases.
func (b *batcher[T]) last(err error) {
	b.sourced, b.held.last = true, true
	b.off()
	b.finish(err)
}

// fire emits the slice that is begun, unless that is a newer one than the alarm
// was set for: then its time is later.
func (b *batcher[T]) fire() {
	b.mu.Lock()
	b.stop = nil
	if !b.closed { // else the store is somebody else's
		if wait := b.held.wait(); wait > 0 {
			b.set(wait)
		}
	}
	slice, what := b.wake()
	b.mu.Unlock()
	b.run(slice, what)
}

// Held tells an inspection what the slices have, and that the one which is begun
// may have to wait for its time.
func (b *batcher[T]) Held(seal link.Seal) link.Holding {
	h := b.relay.Held(seal)
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.closed && b.held.wait() > 0 {
		h.Ready = int64(b.held.len() - len(b.held.begun))
	}
	return h
}
