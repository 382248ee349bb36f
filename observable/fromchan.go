package observable

import (
	"context"
	"sync"

	"github.com/sluicego/sluice/internal/link"
)

// FromChan emits what it receives from ch, and completes when ch is closed.
//
//	FromChan(ch)  (abc|)
//
// Demand: receives only while something is requested; so a full channel makes
// its senders wait, and that ch is closed shows when one value more is
// requested than it has.
//
// Errors: none.
//
// Discards: a value that was received while the stream was being cancelled, as
// late.
//
// Scheduler: none; it receives and emits on a goroutine of its own, one for
// each subscription, which lives while something is requested.
//
// Subscriptions share ch: each value goes to one of them. FromChan panics if ch
// is nil.
func FromChan[T any](ch <-chan T) Observable[T] {
	if ch == nil {
		panic("observable: FromChan of a nil channel; use Never")
	}
	return Observable[T]{func(ctx context.Context, down Subscriber[T]) {
		r := &receiver[T]{ch: ch, quit: make(chan struct{}), discard: DiscardFrom(ctx)}
		r.loop.down, r.loop.src = down, r
		down.OnSubscribe(r)
	}}
}

// A receiver runs a loop on a goroutine of its own, where it may wait.
type receiver[T any] struct {
	link.Failing
	loop    loop[T] // not embedded, or it would pass for a synchronous source
	ch      <-chan T
	quit    chan struct{} // closed when the loop is stopped from outside
	halt    sync.Once     // closes quit
	discard func(any, DiscardReason)
}

// Request starts the goroutine if there was no demand. It ends when there is
// none again.
func (r *receiver[T]) Request(n int64) {
	if n > 0 && r.loop.asked.Add(n) == 0 {
		go r.loop.emit(n)
	}
}

func (r *receiver[T]) Cancel() {
	r.loop.Cancel()
	r.halt.Do(func() { close(r.quit) })
}

// Fail ends the stream with err.
func (r *receiver[T]) Fail(err error) {
	r.loop.Fail(err)
	r.halt.Do(func() { close(r.quit) })
}

func (r *receiver[T]) burst(next func(T) bool, limit int64) (used int64, more bool, err error) {
	for used < limit && !r.loop.stopped.Load() {
		v, ok := r.receive()
		switch {
		case r.loop.stopped.Load():
			if ok && r.discard != nil {
				r.discard(v, DiscardLate)
			}
		case !ok:
			return used, false, nil
		case next(v) && limit != Unbounded:
			used++
		}
	}
	return used, true, nil
}

// receive waits for a value, the close of the channel, or a cancel. What is
// there already is taken without the cost of waiting for two channels.
func (r *receiver[T]) receive() (v T, ok bool) {
	select {
	case v, ok = <-r.ch:
	default:
		select {
		case v, ok = <-r.ch:
		case <-r.quit:
		}
	}
	return v, ok
}

func (*receiver[T]) release() {}
