package operators

import (
	"context"
	"sync/atomic"

	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/serial"
	"github.com/sluicego/sluice/observable"
)

// cut is embedded by operators that may end the stream before their source
// does. It makes one cancel of the downstream's and theirs, and one terminal
// of the source's and theirs.
type cut[R any] struct {
	link.Inside
	down      observable.Subscriber[R]
	up        observable.Subscription
	ended     bool                  // a terminal was passed on; the source only
	stopped   serial.Once           // upstream was cancelled, or has ended
	cancelled atomic.Bool           // by the downstream; any goroutine
	failure   atomic.Pointer[error] // set by fail; any goroutine
	discard   func(any, observable.DiscardReason)
	dropped   func(error)
}

func newCut[R any](ctx context.Context, down observable.Subscriber[R]) cut[R] {
	return cut[R]{down: down, discard: observable.DiscardFrom(ctx), dropped: observable.DroppedErrorFrom(ctx)}
}

func (c *cut[R]) OnSubscribe(up observable.Subscription) { c.handDown(c, up) }

// handDown gives own, which is c or what embeds it, to the downstream.
func (c *cut[R]) handDown(own, up observable.Subscription) {
	c.up = up
	c.down.OnSubscribe(failing(own, up, c.fail))
}

func (c *cut[R]) OnError(err error) {
	if c.ended {
		c.dropped(err)
		return
	}
	c.stopped.First()
	c.down.OnError(err)
	c.ended = true // not before: a panic in there comes back as another OnError
}

func (c *cut[R]) OnComplete() {
	if !c.ended {
		c.stopped.First()
		c.down.OnComplete()
		c.ended = true
	}
}

func (c *cut[R]) Request(n int64) { c.up.Request(n) }

func (c *cut[R]) Cancel() {
	c.cancelled.Store(true)
	c.stop()
}

// stop cancels upstream, once.
func (c *cut[R]) stop() {
	if c.stopped.First() {
		c.up.Cancel()
	}
}

// end ends the stream in the place of the source; a nil err completes it.
func (c *cut[R]) end(err error) {
	c.stop()
	if c.ended || c.cancelled.Load() {
		if err != nil {
			c.dropped(err)
		}
		return
	}
	c.ended = true
	done := false
	defer fault.Catch(&done, c.panicked)
	if failure := c.failure.Load(); failure != nil {
		err = *failure
	}
	if err != nil {
		c.down.OnError(err)
	} else {
		c.down.OnComplete()
	}
	done = true
}

// last passes on v and completes. Upstream is cancelled before, so that a
// re-entrant source stops, and so a panic of the downstream's is recovered
// here.
func (c *cut[R]) last(v R) {
	c.stop()
	done := false
	defer fault.Catch(&done, c.panicked)
	c.down.OnNext(v)
	done = true
	c.end(nil)
}

// panicked reports a panic of the downstream's after upstream was cancelled,
// when nobody up there passes on errors any more.
func (c *cut[R]) panicked(value any, stack []byte) {
	c.ended = true
	c.down.OnError(&observable.PanicError{Value: value, Stack: stack})
}

// late accounts for a value that came after the end.
func (c *cut[R]) late(v any) {
	if c.discard != nil {
		c.discard(v, observable.DiscardLate)
	}
}

// fail ends the stream with err: the source does, serialized with its values,
// or we do, if we have cancelled it and are about to end.
func (c *cut[R]) fail(err error) {
	c.failure.CompareAndSwap(nil, &err)
	if !c.stopped.Done() {
		c.up.(link.Failer).Fail(err)
	}
}

// failing gives own, the subscription of an operator that leaves demand to its
// source up, the ability to fail on demand, if up has it. Having it promises
// that nothing comes unasked, which such an operator can only promise for its
// source; a gate in front of it is then thin.
func failing(own, up observable.Subscription, fail func(error)) observable.Subscription {
	if _, ok := up.(link.Failer); !ok {
		return own
	}
	return failer{Subscription: own, fail: fail}
}

type failer struct {
	link.Failing
	observable.Subscription
	fail func(error)
}

func (f failer) Fail(err error) { f.fail(err) }

// Inside shows an inspection the operator (link.HolderOf).
func (f failer) Inside(link.Seal) any { return f.Subscription }
