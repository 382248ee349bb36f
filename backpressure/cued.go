package backpressure

import (
	"context"

	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/side"
	"github.com/sluicego/sluice/observable"
)

// A cued is the timed relay of the operators that an observable tells the time:
// how long to be quiet, when a window closes. It listens to one at a time, the
// cue. Cues may come from any goroutine.
type cued[T, N any] struct {
	timed[T]
	renews  bool                                              // a value that is emitted by a cue asks for the next cue
	ask     func(T) observable.Observable[N]                  // the user's
	hear    func(*side.Listener[N], observable.Observable[N]) // listens, with the ctx of the subscription
	cue     *side.Listener[N]                                 // what is listened to; nil: nothing. guarded by mu
	turning bool                                              // a cue has come, and the next is not asked for yet; guarded by mu
	last    bool                                              // the source has completed, and the pending value is the last; guarded by mu
}

func (c *cued[T, N]) beginCued(ctx context.Context, down observable.Subscriber[T], ask func(T) observable.Observable[N], conf *config[T]) {
	c.begin(ctx, down, cuedStore[T]{&c.held, c.hush}, conf)
	c.ask = ask
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

// await listens to what the user's function returns for v. Called without mu. A
// panic in there is the end of the stream, also if a cue has led to it: that one
// is not listened to any more.
func (c *cued[T, N]) await(v T) {
	done := false
	defer fault.Catch(&done, func(value any, stack []byte) {
		c.Fail(&observable.PanicError{Value: value, Stack: stack})
	})
	o := c.ask(v)
	var l *side.Listener[N]
	l = side.New(func(N) { c.rings(l) }, func(err error) { c.ends(l, err) })
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		done = true
		return
	}
	c.cue, c.turning = l, false
	c.mu.Unlock()
	c.hear(l, o)
	done = true
}

// cueing reports whether a cue is waited for, or about to be: then no second one
// is asked for. Called with mu.
func (c *cued[T, N]) cueing() bool { return c.cue != nil || c.turning }

// rings emits the pending value, unless l is not the cue any more. All is
// decided in one go: a value that comes meanwhile, from another goroutine,
// comes before, or after.
func (c *cued[T, N]) rings(l *side.Listener[N]) {
	l.Cancel()
	c.mu.Lock()
	if c.cue != l {
		c.mu.Unlock()
		return
	}
	v, ok := c.pop()
	last := c.last
	c.cue, c.turning = nil, c.renews && ok && !last
	renew := c.turning
	if ok {
		c.offer(v)
	} else {
		c.mu.Unlock()
	}
	switch {
	case last:
		c.complete()
	case renew:
		c.await(v)
	}
}

func (c *cued[T, N]) ends(l *side.Listener[N], err error) {
	c.mu.Lock()
	current, last := c.cue == l, c.last
	if current {
		c.cue = nil
	}
	c.mu.Unlock()
	switch {
	case err == nil && current && last:
		c.complete()
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
	c.last = trailing && c.held.pending.has && c.cueing()
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
