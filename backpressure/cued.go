package backpressure

import (
	"context"

	"github.com/sluicego/sluice/internal/side"
	"github.com/sluicego/sluice/observable"
)

// A cued is the timed relay of the operators that an observable tells the time:
// how long to be quiet, when a window closes. It listens to one at a time, the
// cue. Cues may come from any goroutine.
type cued[T, N any] struct {
	timed[T]
	rule cueRule[T]
	ask  func(T) observable.Observable[N]                  // the user's
	hear func(*side.Listener[N], observable.Observable[N]) // listens, with the ctx of the subscription
	cue  *side.Listener[N]                                 // what is listened to; nil: nothing. guarded by mu
	last bool                                              // the source has completed, and the pending value is the last; guarded by mu
}

// A cueRule is what an operator does when its cue has come.
type cueRule[T any] interface {
	// rang is called when the cue emits, with the value that was pending.
	rang(v T, ok bool)
	// lapsed is called when the cue completes without a value.
	lapsed()
}

func (c *cued[T, N]) beginCued(ctx context.Context, down observable.Subscriber[T], rule cueRule[T], ask func(T) observable.Observable[N], conf *config[T]) {
	c.begin(ctx, down, cuedStore[T]{&c.held, c.hush}, conf)
	c.rule, c.ask = rule, ask
	c.hear = func(l *side.Listener[N], o observable.Observable[N]) { l.Listen(ctx, o) }
}

// A cuedStore lets whoever closes the relay also silence the cue.
type cuedStore[T any] struct {
	*hold[T]
	hush func()
}

func (s cuedStore[T]) clear(drop func(T)) {
	s.hush()
	s.hold.clear(drop)
}

// await listens to what the user's function returns for v. Called without mu.
func (c *cued[T, N]) await(v T) {
	o := c.ask(v)
	var l *side.Listener[N]
	l = side.New(func(N) { c.rings(l) }, func(err error) { c.ends(l, err) })
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return
	}
	c.cue = l
	c.mu.Unlock()
	c.hear(l, o)
}

// rings takes the pending value out, unless l is not the cue any more.
func (c *cued[T, N]) rings(l *side.Listener[N]) {
	c.mu.Lock()
	if c.cue != l {
		c.mu.Unlock()
		return
	}
	c.cue = nil
	v, ok := c.pop()
	c.mu.Unlock()
	l.Cancel()
	c.rule.rang(v, ok)
}

func (c *cued[T, N]) ends(l *side.Listener[N], err error) {
	c.mu.Lock()
	current := c.cue == l
	if current {
		c.cue = nil
	}
	c.mu.Unlock()
	switch {
	case err == nil && current:
		c.rule.lapsed()
	case err != nil && current:
		c.Fail(err)
	case err != nil:
		c.dropped(err)
	}
}

// hush stops listening.
func (c *cued[T, N]) hush() {
	c.mu.Lock()
	l := c.cue
	c.cue = nil
	c.mu.Unlock()
	if l != nil {
		l.Cancel()
	}
}

// emit offers v.
func (c *cued[T, N]) emit(v T) {
	c.mu.Lock()
	c.offer(v)
}

// completing reports whether the value that is emitted now is the last.
func (c *cued[T, N]) completing() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.last
}

// waits reports whether the completion of the source has to wait for the
// pending value. If not, completion is for the caller. One that comes twice
// waits for ever.
func (c *cued[T, N]) waits(trailing bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sourced {
		return true
	}
	c.sourced = true
	c.last = trailing && c.held.pending.has && c.cue != nil
	return c.last
}

// complete ends the stream. A value that is pending still is not emitted.
func (c *cued[T, N]) complete() {
	c.hush()
	c.mu.Lock()
	v, ok := c.pop()
	if c.closed { // cancelled, or failed, while the last value was delivered
		c.mu.Unlock()
		return
	}
	c.finish(nil)
	if ok {
		c.drop(v, observable.DiscardFiltered)
	}
}
