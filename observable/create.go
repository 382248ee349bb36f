package observable

import (
	"context"
	"sync/atomic"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
)

// Create emits what producer gives to [Emitter.Next], which waits until the
// value is requested: the producer is slowed down to the pace of the
// subscriber, nothing is lost and nothing piles up. When producer returns, the
// stream ends: with its error, or by completing.
//
//	Create(producer)  (abc|)
//
// For a producer that cannot wait there are [FromCallback] and the subjects.
//
// Demand: a call of Next waits for it.
//
// Errors: that of producer; a [*PanicError] if it panics. One that comes after a
// cancel goes to the hook of [WithDroppedError], unless it is the error or the
// cause of the ctx that producer got.
//
// Discards: a value given to Next that is not delivered, as cancelled; one
// given to it after producer has returned, as late.
//
// Scheduler: none; producer runs, and values are emitted, on a goroutine of its
// own, from the subscription until producer returns. The ctx that it gets is
// done when the subscription is cancelled; a producer that waits for anything
// but Next should heed it.
//
// Create panics if producer is nil.
func Create[T any](producer func(ctx context.Context, emit Emitter[T]) error) Observable[T] {
	if producer == nil {
		panic("observable: Create with a nil producer")
	}
	return Observable[T]{subscribe: func(ctx context.Context, down Subscriber[T]) {
		c := &creation[T]{
			down:  down,
			hooks: hooksFrom(ctx),
			turn:  turn{pass: make(chan struct{})},
			more:  make(chan struct{}, 1),
			quit:  make(chan struct{}),
		}
		ctx, c.cancel = context.WithCancel(ctx)
		c.isDue = dueTo(ctx)
		down.OnSubscribe(c)
		if c.stopped.Load() {
			return
		}
		go c.run(func() error { return producer(ctx, Emitter[T]{c}) })
	}}
}

// An Emitter is how a producer emits. Any number of goroutines may use it.
type Emitter[T any] struct{ c *creation[T] }

// Next waits until a value is requested and emits v, on the calling goroutine.
// It reports whether to go on: false means that the subscription is over and v
// was not delivered, or was the last.
//
// Do not call Next from a callback of the same stream's subscriber: it would
// wait for that callback to return.
func (e Emitter[T]) Next(v T) bool { return e.c.emit(v) }

// A creation is the subscription made by Create.
type creation[T any] struct {
	link.Failing
	link.Patient
	down   Subscriber[T]
	hooks  *hooks
	cancel context.CancelFunc // of the ctx that producer gets
	isDue  func(error) bool   // to the end of that ctx

	asked   demand.Counter        // any goroutine; what no turn has taken over yet
	more    chan struct{}         // capacity 1; asked has risen from zero
	quit    chan struct{}         // closed by stop
	stopped atomic.Bool           // any goroutine: no signal any more but that of Fail
	failure atomic.Pointer[error] // set by Fail; taken in turn

	turn     turn // for what follows, and for emitting
	next     func(T) bool
	credit   int64 // demand taken over from asked
	returned bool  // producer has
}

func (c *creation[T]) Request(n int64) {
	if n > 0 && c.asked.Add(n) == 0 {
		select {
		case c.more <- struct{}{}:
		default:
		}
	}
}

func (c *creation[T]) Cancel() { c.stop() }

// Fail ends the stream with err, after the value that is being delivered.
func (c *creation[T]) Fail(err error) {
	if !c.stop() {
		c.hooks.dropped(err)
		return
	}
	c.failure.Store(&err)
	c.deliverFailure()
}

// stop reports whether the caller is the one that ends the stream.
func (c *creation[T]) stop() bool {
	if c.stopped.Swap(true) {
		return false
	}
	close(c.quit)
	c.cancel()
	return true
}

// emit is Emitter.Next.
func (c *creation[T]) emit(v T) bool {
	c.turn.enter()
	done := false
	defer c.leave(&done)
	switch {
	case !c.await():
		c.discard(v)
	case c.deliver(v) && c.credit != Unbounded:
		c.credit--
	}
	done = true
	return !c.stopped.Load()
}

// leave ends a turn. Next may have been called on any goroutine, so this is
// where a panic of the downstream must be recovered.
func (c *creation[T]) leave(done *bool) {
	if !*done {
		value, stack := fault.Value(recover())
		c.end(&PanicError{Value: value, Stack: stack})
	}
	c.turn.leave()
	c.deliverFailure()
}

// await waits for demand. It is false if no value can be delivered any more.
func (c *creation[T]) await() bool {
	for !c.stopped.Load() {
		if c.credit > 0 {
			return true
		}
		if c.credit = c.asked.TrySpend(Unbounded); c.credit == 0 {
			select {
			case <-c.more:
			case <-c.quit:
			}
		}
	}
	return false
}

// deliver reports whether v used up one of the demand.
func (c *creation[T]) deliver(v T) bool {
	if c.next == nil {
		c.next = link.Next[T](c.down)
	}
	return c.next(v)
}

// run is the goroutine of the producer.
func (c *creation[T]) run(producer func() error) {
	var err error
	done := false
	defer func() {
		if !done {
			value, stack := fault.Value(recover())
			err = &PanicError{Value: value, Stack: stack}
		}
		c.turn.enter()
		c.returned = true
		c.end(err)
		c.turn.leave()
		c.deliverFailure()
	}()
	err = producer()
	done = true
}

// end is the end that the producer came to. It is called in turn.
func (c *creation[T]) end(err error) {
	if c.stop() {
		signalEnd(c.down, c.hooks, err)
	} else if err != nil && !c.isDue(err) {
		c.hooks.dropped(err)
	}
}

// deliverFailure emits the error given to Fail, in turn. If the turn is taken,
// the one who has it does it when it leaves.
func (c *creation[T]) deliverFailure() {
	for c.failure.Load() != nil && c.turn.try() {
		if err := c.failure.Swap(nil); err != nil {
			signalEnd(c.down, c.hooks, *err)
		}
		c.turn.leave()
	}
}

func (c *creation[T]) discard(v T) {
	if c.hooks.discard == nil {
		return
	}
	why := DiscardCancel
	if c.returned {
		why = DiscardLate
	}
	c.hooks.discard(v, why)
}
