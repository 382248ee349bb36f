package operators

import (
	"context"
	"sync"

	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/observable"
)

// An entry says what it means to a connection that a subscriber comes.
type entry int

const (
	waits  entry = iota // nothing: somebody else opens it
	opens               // that it is opened, if it is not
	counts              // the same, and that it is needed until that subscriber leaves
)

// A connection is what the shared forms have in common: one subscription to a
// source, the count of those who keep it alive, and its end. It is opened at
// most once, and over for good when the source has ended or nobody wants it.
type connection struct {
	mu      *sync.Mutex // of the shared observable; guards all below
	up      observable.Subscription
	stop    func() // cancels the source's ctx; nil until it is opened
	refs    int    // subscribers that count, greeted ones too
	claimed bool   // somebody has opened it, or is about to
	done    bool   // the source has ended
	over    bool   // nothing is taken from the source any more

	// From the ctx of who opened it, written before the source is subscribed to.
	discard func(any, observable.DiscardReason)
	dropped func(error)
}

// claim reports whether the caller is the one who has to open the connection.
// The caller holds mu.
func (c *connection) claim() bool {
	first := !c.claimed
	c.claimed = true
	return first
}

// open subscribes to the source, unless the connection is over already. One that
// is opened for the sake of those who count leaves it to the next of them if all
// have left. The source gets the values of ctx, but not its cancellation: that
// is unhooked, by unwatch, when the connection is over. A panic goes to fail.
func (c *connection) open(ctx context.Context, as entry, unwatch func() bool, subscribe func(context.Context), fail func(error)) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := func() {
		cancel()
		if unwatch != nil {
			unwatch()
		}
	}
	c.mu.Lock()
	needless := c.over
	switch {
	case needless:
	case as == counts && c.refs == 0:
		c.claimed, needless = false, true
	default:
		c.stop, c.discard, c.dropped = stop, observable.DiscardFrom(ctx), observable.DroppedErrorFrom(ctx)
	}
	c.mu.Unlock()
	if needless {
		stop()
		return
	}
	done := false
	defer fault.Catch(&done, func(value any, stack []byte) {
		fail(&observable.PanicError{Value: value, Stack: stack})
	})
	subscribe(ctx)
	done = true
}

// attach keeps the source's subscription. If there is one already, or the
// connection is over, it cancels up.
func (c *connection) attach(up observable.Subscription) bool {
	c.mu.Lock()
	refused := c.over || c.up != nil
	if !refused {
		c.up = up
	}
	c.mu.Unlock()
	if refused {
		up.Cancel()
	}
	return !refused
}

// opened reports whether the source is subscribed to, or about to be. The caller
// holds mu.
func (c *connection) opened() bool { return c.stop != nil }

// close makes the connection over. What it returns cancels the source, unless
// that has ended; the caller, who holds mu, calls it with mu released.
func (c *connection) close() (cancel func()) {
	c.over = true
	up, stop := c.up, c.stop
	if c.done {
		up = nil
	}
	return func() {
		if up != nil {
			up.Cancel()
		}
		if stop != nil {
			stop()
		}
	}
}
