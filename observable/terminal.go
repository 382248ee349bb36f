package observable

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
)

// The bits of a terminal's state.
const (
	inside  int32 = 1 << iota // a value is being dealt with; only if the ctx can end
	settled                   // nothing is taken any more
	quit                      // settled by abandon
	shut                      // done is closed
)

// A terminal is what the blocking subscribers have in common: one goroutine
// waits for the end of the stream or of the ctx, others may be emitting. When
// the ctx ends first, the waiting goroutine must not return while a value is
// still being dealt with elsewhere; so values go through enter and leave if
// the ctx can end at all.
type terminal struct {
	shared bool // the ctx can end, so enter and leave matter
	hooks  *hooks
	state  atomic.Int32
	done   chan struct{}         // closed when the result is there and no callback runs
	err    error                 // the end that the stream came to; written before done is closed
	reason atomic.Pointer[error] // why it was abandoned; set before quit

	mu        sync.Mutex
	ask       int64        // requested at first; guarded by mu once it is subscribed
	bad       bool         // ask is a request that was not positive; as ask
	up        Subscription // guarded by mu
	cancelled bool         // guarded by mu
}

// block subscribes s, whose terminal is t, and waits. It panics with the
// *PanicError of a stream that ended with one.
func block[T any](ctx context.Context, o Observable[T], s Subscriber[T], t *terminal) error {
	mustCtx(ctx)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	t.prepare(ctx)
	if t.shared {
		defer onDone(ctx, t.cancel)()
	}
	attempt(func() { o.start(ctx, s) }, func(err error) {
		t.finish(err)
		t.cancel()
	})
	err := t.wait(ctx)
	repanic(err)
	return err
}

// onDone calls f when ctx is done, until the function it returns is called;
// that one waits for f if it has begun, so that a terminal whose ctx has ended
// returns when its source has been cancelled.
func onDone(ctx context.Context, f func()) (unhook func()) {
	finished := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(finished)
		f()
	})
	return func() {
		if !stop() {
			<-finished
		}
	}
}

// repanic panics if err is, or wraps, a panic of a callback.
func repanic(err error) {
	if p, ok := errors.AsType[*PanicError](err); ok {
		panic(p)
	}
}

func (t *terminal) prepare(ctx context.Context) {
	t.hooks = hooksFrom(ctx)
	t.shared = ctx.Done() != nil
	t.done = make(chan struct{})
}

func (t *terminal) wait(ctx context.Context) error {
	select {
	case <-t.done:
		return t.result()
	default:
	}
	select {
	case <-t.done:
	case <-ctx.Done():
		t.abandon(context.Cause(ctx))
		<-t.done
	}
	return t.result()
}

// result is valid once done is closed.
func (t *terminal) result() error {
	if t.state.Load()&quit != 0 {
		return *t.reason.Load()
	}
	return t.err
}

func (t *terminal) subscribed(up Subscription) {
	t.mu.Lock()
	t.up = up
	cancelled, ask, bad := t.cancelled, t.ask, t.bad
	t.mu.Unlock()
	switch {
	case cancelled:
		attempt(up.Cancel, t.hooks.dropped)
	case ask != 0 || bad:
		up.Request(ask)
	}
}

// A blocker is a terminal as a subscriber. It is what the subscribers embed: the
// compiler writes every method that is promoted anew for each T, and of these
// there are three.
type blocker struct{ t terminal }

func (b *blocker) OnSubscribe(up Subscription) { b.t.subscribed(up) }
func (b *blocker) OnError(err error)           { b.t.finish(err) }
func (b *blocker) OnComplete()                 { b.t.finish(nil) }

// cancel cancels the source, now or as soon as there is one. The subscription
// may be an outside operator's, and the end of the ctx comes on a goroutine on
// which nobody else recovers.
func (t *terminal) cancel() {
	t.mu.Lock()
	t.cancelled = true
	up := t.up
	t.mu.Unlock()
	if up != nil {
		attempt(up.Cancel, t.hooks.dropped)
	}
}

// enter reports whether a value may be dealt with; then leave must follow, also
// if a callback panics: a source that has been cancelled tells nobody of it.
func (t *terminal) enter() bool {
	return t.state.Load()&settled == 0 && (!t.shared || t.state.CompareAndSwap(0, inside))
}

func (t *terminal) leave() {
	if t.shared && !t.state.CompareAndSwap(inside, 0) {
		t.shut()
	}
}

// end stops the stream between enter and leave: the terminal has what it
// wants, or the callback failed.
func (t *terminal) end(err error) {
	old := t.state.Or(settled)
	if old&settled != 0 {
		t.drop(err)
		return // abandoned: somebody else cancels
	}
	t.err = err
	t.cancel()
	if old&inside == 0 { // not shared: leave does nothing
		t.shut()
	}
}

// finish is the end that the source signals.
func (t *terminal) finish(err error) {
	if t.settle(err) {
		t.shut()
	}
}

// settle reports whether err is the end; then the caller calls shut.
func (t *terminal) settle(err error) bool {
	if t.state.Or(settled)&settled == 0 {
		t.err = err
		return true
	}
	t.drop(err)
	return false
}

// abandon makes reason the result, unless the stream has ended. It does not
// wait: done closes when no callback runs any more.
func (t *terminal) abandon(reason error) {
	t.reason.CompareAndSwap(nil, &reason)
	for old := t.state.Load(); old&settled == 0; old = t.state.Load() {
		if t.state.CompareAndSwap(old, old|settled|quit) {
			if old&inside == 0 {
				t.shut()
			}
			return
		}
	}
}

func (t *terminal) shut() {
	if t.state.Or(shut)&shut == 0 {
		close(t.done)
	}
}

func (t *terminal) drop(err error) {
	if err != nil {
		t.hooks.dropped(err)
	}
}

func (t *terminal) late(v any) {
	if t.hooks.discard != nil {
		t.hooks.discard(v, DiscardLate)
	}
}
