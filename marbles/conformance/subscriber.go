package conformance

import (
	"context"
	"testing"
	"time"

	"github.com/sluicego/sluice/observable"
)

// A SubscriberConfig says what [Subscriber] needs to know of the subscriber
// under test.
type SubscriberConfig[T any] struct {
	// New returns a new subscriber, which tells p what reaches it. It is called
	// as it stands, without a gate in front of it.
	New func(p *Probe[T]) observable.Subscriber[T]
	// Attach is for what makes its subscriber by itself, as a terminal does: it
	// consumes src, telling p what reaches it, and returns when that is over or
	// ctx is done. It takes the place of New, and runs on a goroutine of its own.
	Attach func(ctx context.Context, src observable.Observable[T], p *Probe[T])
	// Element returns the ith value of the source, counted from 0.
	Element func(i int) T
	// TriggerRequest makes a subscriber of New request something; nil if it does
	// so by itself.
	TriggerRequest func(s observable.Subscriber[T])

	// Settle and Skip are those of [SourceConfig].
	Settle time.Duration
	Skip   map[string]string
}

// Subscriber checks that a subscriber keeps the rules: that it asks for values,
// is ready for every legal order of signals, and calls nothing when it must not.
// What is checked depends on what the subscriber tells its probe, and on
// [Probe.Control].
//
// Subscriber panics if Element is nil, or not one of New and Attach is.
func Subscriber[T any](t *testing.T, c SubscriberConfig[T]) {
	t.Helper()
	runAll(t, subscriberChecks, c.erased(), c.Settle, c.Skip)
}

func (c SubscriberConfig[T]) erased() *player {
	if c.Element == nil || (c.New == nil) == (c.Attach == nil) {
		panic("conformance: a SubscriberConfig takes Element, and one of New and Attach")
	}
	p := &player{element: func(i int) any { return c.Element(i) }}
	if c.Attach != nil {
		p.attach = func(ctx context.Context, s *stage) {
			src := observable.New(func(_ context.Context, down observable.Subscriber[T]) { s.take(unboxer[T]{down: down}) })
			c.Attach(ctx, src, &Probe[T]{s.seen})
		}
		return p
	}
	p.bare = func(s *stage) observable.Subscriber[any] { return unboxer[T]{down: c.New(&Probe[T]{s.seen})} }
	if c.TriggerRequest != nil {
		p.trigger = func(s *stage) { c.TriggerRequest(s.subscriber().(unboxer[T]).down) }
	}
	return p
}

// A player is a SubscriberConfig without its type.
type player struct {
	bare    func(s *stage) observable.Subscriber[any]
	attach  func(ctx context.Context, s *stage)
	trigger func(s *stage)
	element func(i int) any
}

// terminal skips the check for a subscriber of New.
func (p *player) terminal(e *env) {
	if p.attach == nil {
		e.skip("it takes a terminal (Attach)")
	}
}
