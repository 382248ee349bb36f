package operators

import (
	"context"
	"fmt"
	"sync"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/serial"
	"github.com/sluicego/sluice/observable"
)

// Buffer emits the values of the source in slices of n, and what is left over
// when it completes.
//
//	source     -a-b-c-d-e-|
//	Buffer(2)  ---x---y---(z|)
//	where      x=[a b], y=[c d], z=[e]
//
// With [Step], a slice begins at every so many values: fewer than n, and the
// slices overlap; more, and values between them are left out.
//
// Demand: in slices. A request of r is r·n values of the source. With a step
// of k, the first slice takes n values and each after it k. Completion waits
// for what is left over, and that for its demand.
//
// Errors: the source's, at once.
//
// Discards: the values that were not emitted yet when the stream fails or is
// cancelled. A value that is left out has been dealt with.
//
// Scheduler: none.
//
// Every slice is a new one and belongs to the subscriber.
//
// Buffer panics if n or the step is not positive, if an option is nil, or for a
// [Prefetch], of which it has no use.
func Buffer[T any](n int, opts ...CountOption) observable.Operator[T, []T] {
	if n < 1 {
		panic(fmt.Sprintf("operators: Buffer of a non-positive count (%d)", n))
	}
	step := n
	for _, opt := range opts {
		switch opt := opt.(type) {
		case Step:
			if opt < 1 {
				panic(fmt.Sprintf("operators: Buffer with a non-positive Step (%d)", opt))
			}
			step = int(opt)
		case Prefetch:
			panic("operators: Buffer with a Prefetch; it asks for the values of the slices that are requested, and for no others")
		case nil:
			panic("operators: Buffer with a nil option")
		}
	}
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[[]T]) observable.Subscriber[T] {
		b := &bufferer[T]{
			down: down, n: n, step: step,
			discard: observable.DiscardFrom(ctx), dropped: observable.DroppedErrorFrom(ctx),
		}
		b.rest = b.deliverRest
		return b
	})
}

// bufferRoom is how much room a slice is given before it has values to fill it;
// a longer one grows.
const bufferRoom = 1024

// A bufferer emits where the source does, and only what is left over from its
// drain. A slice that is begun is the source's, then the drain's; a cancel
// that has to report what is in it would race with them, so with a discard hook
// it is guarded by mu as well.
type bufferer[T any] struct {
	link.Inside
	down    observable.Subscriber[[]T]
	up      observable.Subscription
	n, step int
	rest    func() // deliverRest, bound once
	discard func(any, observable.DiscardReason)
	dropped func(error)

	begun   serial.Once    // something was requested; any goroutine
	stopped serial.Once    // upstream was cancelled, or has ended
	asked   demand.Counter // slices requested and not emitted; any goroutine
	drain   serial.Drain   // for what is left over
	over    bool           // a terminal was delivered; the drain only

	held  []T // the values of the slices that are begun, once
	given int // so many of them were emitted in a slice before
	gap   int // so many values are left out before the next slice begins

	mu        sync.Mutex // guards all below
	completed bool       // by the source; held is the drain's
	cancelled bool       // by the downstream
	failure   error      // from fail
}

func (b *bufferer[T]) OnSubscribe(up observable.Subscription) {
	b.up = up
	b.down.OnSubscribe(failing(b, up, b.fail))
}

func (b *bufferer[T]) OnNext(v T) {
	if full := b.take(v); full != nil {
		b.down.OnNext(full)
	}
}

// NextFunc is OnNext linked to the downstream's. A slice that the downstream
// did not count is replaced.
func (b *bufferer[T]) NextFunc() func(T) bool {
	next := link.Next[[]T](b.down)
	return func(v T) bool {
		if full := b.take(v); full != nil && !next(full) {
			b.Request(1)
		}
		return true
	}
}

// take takes v in and returns the slice that is full with it, if one is.
func (b *bufferer[T]) take(v T) (full []T) {
	if b.discard == nil {
		return b.add(v)
	}
	b.mu.Lock()
	late := b.cancelled
	if !late {
		full = b.add(v)
	}
	b.mu.Unlock()
	if late {
		b.discard(v, observable.DiscardLate)
	}
	return full
}

func (b *bufferer[T]) add(v T) (full []T) {
	if b.gap > 0 {
		b.gap--
		return nil
	}
	if b.held == nil {
		b.held = make([]T, 0, min(b.n, bufferRoom))
	}
	if b.held = append(b.held, v); len(b.held) < b.n {
		return nil
	}
	b.asked.TrySpend(1)
	return b.cut()
}

// cut ends the slice that was begun first.
func (b *bufferer[T]) cut() (slice []T) {
	slice = b.held
	if b.step >= len(slice) {
		b.held, b.given, b.gap = nil, 0, b.step-len(slice)
		return slice
	}
	b.held = append(make([]T, 0, cap(slice)), slice[b.step:]...)
	b.given = len(b.held)
	return slice
}

func (b *bufferer[T]) OnError(err error) {
	b.stopped.First()
	b.mu.Lock()
	lost := b.giveUp()
	b.mu.Unlock()
	b.drop(lost, observable.DiscardError)
	b.down.OnError(err)
}

func (b *bufferer[T]) OnComplete() {
	b.stopped.First()
	b.mu.Lock()
	b.completed = true
	b.mu.Unlock()
	b.drain.Wake(b.rest)
}

func (b *bufferer[T]) Request(n int64) {
	b.asked.Add(n)
	b.mu.Lock()
	completed := b.completed
	b.mu.Unlock()
	step := int64(b.step)
	switch {
	case completed:
		b.drain.Wake(b.rest)
	case b.begun.First():
		b.up.Request(demand.Add(int64(b.n), demand.Mul(n-1, step)))
	default:
		b.up.Request(demand.Mul(n, step))
	}
}

func (b *bufferer[T]) Cancel() {
	b.mu.Lock()
	b.cancelled = true
	completed := b.completed
	var lost []T
	if !completed && b.discard != nil {
		lost = b.giveUp()
	}
	b.mu.Unlock()
	if b.stopped.First() {
		b.up.Cancel()
	}
	if completed {
		b.drain.Wake(b.rest)
	}
	b.drop(lost, observable.DiscardCancel)
}

// fail ends the stream with err: the source does, serialized with its values,
// or the drain, if the source has completed.
func (b *bufferer[T]) fail(err error) {
	b.mu.Lock()
	b.failure = err
	completed := b.completed
	b.mu.Unlock()
	if completed {
		b.drain.Wake(b.rest)
	} else {
		b.up.(link.Failer).Fail(err)
	}
}

// deliverRest is the step of the drain.
func (b *bufferer[T]) deliverRest() {
	done := false
	defer fault.Catch(&done, b.panicked)
	for b.deliverOne() {
	}
	done = true
}

// deliverOne delivers a slice that is left over, or the end; false if there is
// nothing to deliver.
func (b *bufferer[T]) deliverOne() bool {
	cancelled, failure := b.failed()
	switch {
	case b.over || cancelled:
		b.over = true
		b.drop(b.giveUp(), observable.DiscardCancel)
		if failure != nil {
			b.dropped(failure)
		}
	case failure != nil:
		b.over = true
		b.drop(b.giveUp(), observable.DiscardError)
		b.down.OnError(failure)
	case len(b.held) == 0:
		b.over = true
		b.down.OnComplete()
	case b.asked.TrySpend(1) == 1:
		b.down.OnNext(b.cut())
		return true
	}
	return false
}

// failed reports whether there was a cancel, and takes the failure, for which
// the caller sees to it that somebody hears of it.
func (b *bufferer[T]) failed() (cancelled bool, failure error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	failure, b.failure = b.failure, nil
	return b.cancelled, failure
}

func (b *bufferer[T]) panicked(value any, stack []byte) {
	b.over = true
	b.drop(b.giveUp(), observable.DiscardError)
	if _, undelivered := b.failed(); undelivered != nil {
		b.dropped(undelivered)
	}
	b.down.OnError(&observable.PanicError{Value: value, Stack: stack})
}

// giveUp returns the values that were not emitted, and holds none any more.
func (b *bufferer[T]) giveUp() (lost []T) {
	lost, b.held = b.held[b.given:], nil
	b.given = 0
	return lost
}

func (b *bufferer[T]) drop(lost []T, why observable.DiscardReason) {
	if b.discard == nil {
		return
	}
	for _, v := range lost {
		b.discard(v, why)
	}
}
