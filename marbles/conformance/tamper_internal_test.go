package conformance

import (
	"context"
	"sync"

	"github.com/sluicego/sluice/observable"
)

// A tamper says what is wrong with a stream that is otherwise in order: it
// stands between the stream and its subscriber, and what is set in it replaces
// what would pass. It stands outside of all gates, so that nobody puts right
// what it does.
type tamper struct {
	subscribe   func(c *contact, ctx context.Context, st stream)
	onSubscribe func(c *contact)
	onNext      func(c *contact, v any)
	onError     func(c *contact, err error)
	onComplete  func(c *contact)
	request     func(c *contact, n int64)
	cancel      func(c *contact)
}

// with returns st, tampered with.
func (t tamper) with(st stream) stream {
	seen := &scene{}
	return func(ctx context.Context, down observable.Subscriber[any]) {
		c := &contact{tamper: t, ctx: ctx, down: down, scene: seen, nth: seen.next()}
		if t.subscribe != nil {
			t.subscribe(c, ctx, st)
		} else if down == nil {
			st(ctx, nil)
		} else {
			st(ctx, c)
		}
	}
}

// A scene is what the subscriptions of one stream have in common.
type scene struct {
	mu    sync.Mutex
	count int   // guarded by mu; how many there have been
	kept  []any // guarded by mu
}

func (s *scene) next() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count++
	return s.count - 1
}

// A contact is one subscription to a stream that was tampered with: the
// subscriber of the stream, and the subscription of its subscriber.
type contact struct {
	tamper
	ctx   context.Context //nolint:containedctx // of the one subscription
	down  observable.Subscriber[any]
	up    observable.Subscription
	scene *scene
	nth   int // which subscription of the stream this is, from 0

	mu      sync.Mutex
	values  int // guarded by mu, like the rest
	cancels int
	sum     int64
	inside  bool
	ended   bool
}

func (c *contact) OnSubscribe(up observable.Subscription) {
	c.up = up
	if c.onSubscribe != nil {
		c.onSubscribe(c)
	} else {
		c.down.OnSubscribe(c)
	}
}

func (c *contact) OnNext(v any) {
	c.set(func() { c.values++; c.inside = true })
	defer c.set(func() { c.inside = false })
	if c.onNext != nil {
		c.onNext(c, v)
	} else {
		c.down.OnNext(v)
	}
}

func (c *contact) OnError(err error) {
	c.set(func() { c.ended = true })
	if c.onError != nil {
		c.onError(c, err)
	} else {
		c.down.OnError(err)
	}
}

func (c *contact) OnComplete() {
	c.set(func() { c.ended = true })
	if c.onComplete != nil {
		c.onComplete(c)
	} else {
		c.down.OnComplete()
	}
}

func (c *contact) Request(n int64) {
	if c.request != nil {
		c.request(c, n)
	} else {
		c.up.Request(n)
	}
}

func (c *contact) Cancel() {
	c.set(func() { c.cancels++ })
	if c.cancel != nil {
		c.cancel(c)
	} else {
		c.up.Cancel()
	}
}

func (c *contact) set(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f()
}

// is reports on the contact.
func (c *contact) is(f func() bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return f()
}

func (c *contact) over() bool { return c.is(func() bool { return c.ended || c.cancels > 0 }) }
func (c *contact) busy() bool { return c.is(func() bool { return c.inside }) }

// keep remembers v as long as the stream is there.
func (c *contact) keep(v any) {
	c.scene.mu.Lock()
	defer c.scene.mu.Unlock()
	c.scene.kept = append(c.scene.kept, v)
}
