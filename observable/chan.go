package observable

import (
	"context"
	"fmt"
	"math"
	"sync"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
)

// Chan returns a channel with the values and one with the error, if there is
// any: the stream's, or [context.Cause] of the ctx if that ends first. Then
// both are closed.
//
// At most capacity values are requested and not yet received; 0 counts as 1,
// since a value has to be there before it can be handed over. Whoever stops
// receiving before the end must end the ctx.
//
//	values, errs := src.Chan(ctx, 16)
//	for v := range values {
//		use(v)
//	}
//	return <-errs
//
// Demand: the free room, in batches.
//
// Errors: sent, a [*PanicError] too.
//
// Discards: the values that wait when the ctx ends, as cancelled; one that
// arrives later, as late.
//
// Scheduler: none; it subscribes on a goroutine of its own, which ends with
// the stream or the ctx.
//
// Chan panics if capacity is negative, or greater than [math.MaxInt32]: the room
// is made at once.
func (o Observable[T]) Chan(ctx context.Context, capacity int) (<-chan T, <-chan error) {
	if capacity < 0 {
		panic(fmt.Sprintf("observable: Chan with a negative capacity (%d)", capacity))
	}
	if capacity > math.MaxInt32 {
		panic(fmt.Sprintf("observable: Chan with a capacity of %d; the channel is made at once, and %d is the most", capacity, math.MaxInt32))
	}
	errs := make(chan error, 1)
	c := &sender[T, T]{
		room:   int64(max(capacity, 1)),
		values: make(chan T, max(capacity-1, 0)), // the sending goroutine holds one
		pack:   func(v T) T { return v },
		fail:   func(err error) { errs <- err },
		quit:   func() { errs <- context.Cause(ctx) },
		signal: make(chan struct{}, 1),
		hooks:  hooksFrom(ctx),
	}
	go func() {
		defer close(errs)
		c.run(ctx, o)
	}()
	return c.values, errs
}

// A sender moves values from the source's goroutines to a channel, which carries
// what pack makes of them.
type sender[T, C any] struct {
	link.Inside
	room            int64
	requested, sent int64 // the sending goroutine only, after OnSubscribe
	values          chan C
	pack            func(T) C
	fail            func(error)   // the stream failed; the sending goroutine, before it closes values
	quit            func()        // the ctx ended; the same
	signal          chan struct{} // capacity 1; wakes the sending goroutine, which then looks
	hooks           *hooks

	// The rest is guarded by mu, which is never held while anything waits.
	mu    sync.Mutex
	up    Subscription
	in    []T // as many as room at most
	ended bool
	err   error
	left  bool // the sending goroutine takes nothing any more
}

func (c *sender[T, C]) OnSubscribe(up Subscription) {
	c.mu.Lock()
	c.up = up
	left := c.left
	c.mu.Unlock()
	if left {
		up.Cancel()
		return
	}
	up.Request(c.room)
}

func (c *sender[T, C]) OnNext(v T) {
	c.mu.Lock()
	late := c.left
	if !late {
		c.in = append(c.in, v)
	}
	c.mu.Unlock()
	if late {
		c.discard(v, DiscardLate)
		return
	}
	c.wake()
}

func (c *sender[T, C]) OnError(err error) { c.end(err) }
func (c *sender[T, C]) OnComplete()       { c.end(nil) }

// end reports whether err is the end.
func (c *sender[T, C]) end(err error) bool {
	c.mu.Lock()
	late := c.left || c.ended
	if !late {
		c.ended, c.err = true, err
	}
	c.mu.Unlock()
	if late && err != nil {
		c.hooks.dropped(err)
	}
	c.wake()
	return !late
}

// abort ends a stream that failed while it was being subscribed to.
func (c *sender[T, C]) abort(err error) {
	if c.end(err) && c.up != nil {
		attempt(c.up.Cancel, c.hooks.dropped)
	}
}

func (c *sender[T, C]) wake() {
	select {
	case c.signal <- struct{}{}:
	default:
	}
}

// run is the sending goroutine.
func (c *sender[T, C]) run(ctx context.Context, o Observable[T]) {
	defer close(c.values)
	c.requested = c.room
	if ctx.Err() == nil {
		defer onDone(ctx, c.cancel)()
		attempt(func() { o.start(ctx, c) }, c.abort)
	}
	switch err, ended := c.send(ctx); {
	case !ended:
		c.quit()
	case err != nil:
		c.fail(err)
	}
}

// send returns the end that the stream came to, or ended = false if the ctx
// ended first.
func (c *sender[T, C]) send(ctx context.Context) (err error, ended bool) {
	var batch []T
	for ctx.Err() == nil {
		if batch, ended = c.take(batch); ended {
			return c.err, true
		}
		for i, v := range batch {
			select {
			case c.values <- c.pack(v):
				c.sent++
				c.refill()
			case <-ctx.Done():
				c.leave(batch[i:])
				return nil, false
			}
		}
		if len(batch) == 0 {
			select {
			case <-c.signal:
			case <-ctx.Done():
			}
		}
	}
	c.leave(nil)
	return nil, false
}

// take exchanges the spent batch for a new one; ended means that nothing is
// left and nothing will come.
func (c *sender[T, C]) take(spent []T) (batch []T, ended bool) {
	clear(spent)
	c.mu.Lock()
	defer c.mu.Unlock()
	batch, c.in = c.in, spent[:0]
	return batch, len(batch) == 0 && c.ended
}

// refill requests what the consumer has made room for, once that is worth a
// request, or nothing else is under way.
func (c *sender[T, C]) refill() {
	received := c.sent - int64(len(c.values))
	free := c.room - (c.requested - received)
	if free < demand.Refill(c.room) && c.sent < c.requested {
		return
	}
	c.mu.Lock()
	up, ended := c.up, c.ended
	c.mu.Unlock()
	if !ended {
		c.requested += free
		c.ask(up, free)
	}
}

// ask requests n more. The subscription may be an outside operator's, and
// nobody else recovers on this goroutine.
func (c *sender[T, C]) ask(up Subscription, n int64) {
	done := false
	defer fault.Catch(&done, c.panicked)
	up.Request(n)
	done = true
}

func (c *sender[T, C]) panicked(value any, stack []byte) {
	c.abort(&PanicError{Value: value, Stack: stack})
}

// leave gives up the values that wait.
func (c *sender[T, C]) leave(batch []T) {
	c.cancel()
	c.mu.Lock()
	rest, unsent := c.in, c.err
	c.in, c.err = nil, nil
	c.mu.Unlock()
	for _, v := range batch {
		c.discard(v, DiscardCancel)
	}
	for _, v := range rest {
		c.discard(v, DiscardCancel)
	}
	if unsent != nil {
		c.hooks.dropped(unsent) // it waited behind them
	}
}

// cancel cancels the source, now or as soon as there is one.
func (c *sender[T, C]) cancel() {
	c.mu.Lock()
	up, first := c.up, !c.left
	c.left = true
	ended := c.ended
	c.mu.Unlock()
	if up != nil && first && !ended {
		attempt(up.Cancel, c.hooks.dropped)
	}
}

func (c *sender[T, C]) discard(v T, why DiscardReason) {
	if c.hooks.discard != nil {
		c.hooks.discard(v, why)
	}
}
