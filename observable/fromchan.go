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
	return Observable[T]{subscribe: func(ctx context.Context, down Subscriber[T]) {
		r := &receiver[T, T]{ch: ch, open: asReceived[T], over: func() {}, hooks: hooksFrom(ctx)}
		r.serve(down)
	}}
}

func asReceived[T any](v T) (T, error) { return v, nil }

// A receiver runs a loop on a goroutine of its own, where it may wait. C is what
// the channel carries, T what is made of it.
type receiver[C, T any] struct {
	link.Failing
	loop  loop[T] // not embedded, or it would pass for a synchronous source
	ch    <-chan C
	open  func(C) (T, error) // its error ends the stream
	over  func()             // called when the subscription is over, perhaps twice
	isDue func(error) bool   // to a cancel, and so no news; for an open that can fail
	quit  chan struct{}      // closed when the loop is stopped from outside
	halt  sync.Once          // closes quit
	hooks *hooks
}

func (r *receiver[C, T]) serve(down Subscriber[T]) {
	r.quit = make(chan struct{})
	r.loop.down, r.loop.src = down, r
	down.OnSubscribe(r)
}

// Request starts the goroutine if there was no demand. It ends when there is
// none again.
func (r *receiver[C, T]) Request(n int64) {
	if n > 0 && r.loop.asked.Add(n) == 0 {
		go r.loop.emit(n)
	}
}

func (r *receiver[C, T]) Cancel() {
	r.loop.Cancel()
	r.stop()
}

// Fail ends the stream with err.
func (r *receiver[C, T]) Fail(err error) {
	r.loop.Fail(err)
	r.stop()
}

// stop wakes the goroutine if it waits.
func (r *receiver[C, T]) stop() {
	r.halt.Do(func() { close(r.quit) })
	r.over()
}

func (r *receiver[C, T]) burst(next func(T) bool, limit int64) (used int64, more bool) {
	for used < limit && !r.loop.stopped.Load() {
		c, ok := r.receive()
		if !ok {
			return used, false
		}
		v, err := r.open(c)
		switch {
		case r.loop.stopped.Load() || err != nil && !r.loop.end(err):
			r.late(v, err)
		case err == nil && next(v) && limit != Unbounded:
			used++
		}
	}
	return used, true
}

// late deals with what was received while the stream was being cancelled.
func (r *receiver[C, T]) late(v T, err error) {
	switch {
	case err == nil && r.hooks.discard != nil:
		r.hooks.discard(v, DiscardLate)
	case err != nil && !r.isDue(err):
		r.hooks.dropped(err)
	}
}

// receive waits for a value, the close of the channel, or a cancel. What is
// there already is taken without the cost of waiting for two channels.
func (r *receiver[C, T]) receive() (c C, ok bool) {
	select {
	case c, ok = <-r.ch:
	default:
		select {
		case c, ok = <-r.ch:
		case <-r.quit:
		}
	}
	return c, ok
}

func (r *receiver[C, T]) release() { r.over() }
