package observable

import (
	"context"
	"sync/atomic"

	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
)

// The states of a gate. It only ever moves forward.
const (
	fresh int32 = iota // no OnSubscribe yet
	live               // signals pass
	over               // a terminal went through, or the subscription was cancelled
)

// A gatepost is where a gate stands.
type gatepost uint8

const (
	atSubscribe gatepost = iota // in front of an outside subscriber
	atNew                       // behind an outside source
)

// String returns the function that put the gate there, for errors.
func (p gatepost) String() string {
	if p == atNew {
		return "New"
	}
	return "Subscribe"
}

// A gate stands where the library meets code that is not its own: in front of
// an outside subscriber (Subscribe) and behind an outside source (New). What
// it checks there nobody inside has to check again: OnSubscribe once and
// first, one terminal and nothing after it, no signal after a cancel on the
// same goroutine, Request(n <= 0), the end of the ctx, and panics of callbacks
// that run outside any emission.
//
// Towards the library's own sources a gate is thin: they keep the protocol and
// end with an error on demand (link.Failer), so a value costs one atomic load.
// Towards any other source it is strict: it counts what was requested, notices
// overlapping signals, and recovers panics, since nobody else would.
type gate[T any] struct {
	link.Failing
	link.Inside
	down   Subscriber[T]
	up     Subscription // written by OnSubscribe before state becomes live
	hooks  *hooks
	stop   func() bool  // unhooks the ctx; written before the source is subscribed
	strict *strict      // nil towards the library's own sources; written by OnSubscribe
	state  atomic.Int32 // any goroutine
	post   gatepost
}

func newGate[T any](ctx context.Context, down Subscriber[T], post gatepost) *gate[T] {
	return &gate[T]{down: down, hooks: hooksFrom(ctx), post: post}
}

// watch cancels the subscription when ctx is done. It reports false if that
// has happened already; then the source is not subscribed at all.
func (g *gate[T]) watch(ctx context.Context) bool {
	if ctx.Done() == nil {
		return true
	}
	if ctx.Err() != nil {
		g.state.Store(over)
		g.guarded(func() { g.down.OnSubscribe(nothing{}) })
		return false
	}
	g.stop = context.AfterFunc(ctx, g.Cancel)
	return true
}

// open subscribes the gate to its source. A panic in there becomes an error of
// the stream.
func (g *gate[T]) open(ctx context.Context, subscribe func(context.Context, Subscriber[T])) {
	done := false
	defer fault.Catch(&done, g.panickedInSubscribe)
	subscribe(ctx, g)
	done = true
}

func (g *gate[T]) panickedInSubscribe(value any, stack []byte) {
	if g.state.Load() == fresh {
		g.OnSubscribe(nothing{})
	}
	g.fail(&PanicError{Value: value, Stack: stack})
}

// OnSubscribe lets the first subscription through and cancels any other.
func (g *gate[T]) OnSubscribe(up Subscription) {
	if up == nil {
		panic("observable: OnSubscribe with a nil Subscription")
	}
	if g.up != nil {
		attempt(up.Cancel, g.hooks.dropped)
		g.hooks.dropped(&ProtocolError{Op: g.post.String(), Law: "L1", Msg: "OnSubscribe was called twice; a Subscriber serves one subscription"})
		return
	}
	g.up = up
	if !g.trusts(up) {
		g.strict = new(strict)
	}
	_, synchronous := up.(link.Synchronous)
	var held *heldBack
	if g.post == atSubscribe && !synchronous && link.MayInterrupt(up) {
		held = &heldBack{Subscription: up}
		g.up = held
	}
	if !g.state.CompareAndSwap(fresh, live) {
		g.cancelUp() // cancelled by the ctx before the source answered
	}
	if g.post == atSubscribe && synchronous && g.strict == nil {
		// Such a source does nothing after this call, and open catches a panic
		// as well: one guard less (W2: 5 %).
		g.down.OnSubscribe(g)
		return
	}
	g.handDown()
	if held == nil {
		return
	}
	if n := held.open(); n > 0 && g.state.Load() == live {
		g.ask(n)
	}
}

// trusts reports whether up keeps the protocol: it is the library's, and it did
// not come by way of an outside subscriber, which may do with the values what
// it likes.
func (g *gate[T]) trusts(up Subscription) bool {
	if _, ok := up.(link.Failer); !ok {
		return false
	}
	if g.post == atSubscribe {
		return true
	}
	in, gated := up.(interface{ inFrontOf() gatepost })
	return !gated || in.inFrontOf() != atSubscribe
}

func (g *gate[T]) inFrontOf() gatepost { return g.post }

// handDown and completed are guarded calls that do not go through a function
// value: a short subscription consists of little else (W2: 340 to 310 ns).
func (g *gate[T]) handDown() {
	done := false
	defer fault.Catch(&done, g.panicked)
	g.down.OnSubscribe(g)
	done = true
}

// OnNext passes v on.
func (g *gate[T]) OnNext(v T) {
	if g.state.Load() != live {
		g.late(v)
		g.disordered("OnNext")
		return
	}
	if g.strict != nil {
		g.onNextStrict(v)
		return
	}
	g.down.OnNext(v)
}

// NextFunc is OnNext linked to the downstream's. A source checks for a cancel
// before each value, but a callback on the way may cancel, too.
func (g *gate[T]) NextFunc() func(T) bool {
	if g.strict != nil {
		return func(v T) bool { g.OnNext(v); return true }
	}
	next := link.Next[T](g.down)
	return func(v T) bool {
		if g.state.Load() != live {
			g.late(v)
			return true
		}
		return next(v)
	}
}

// panicked ends the stream because a callback of the downstream panicked. If
// that has been told of the end, or has cancelled, an outside subscriber hears
// no more; but an operator has one below it that may still be waiting.
func (g *gate[T]) panicked(value any, stack []byte) {
	err := &PanicError{Value: value, Stack: stack}
	if g.post != atNew || g.state.Load() != over {
		g.fail(err)
		return
	}
	done := false
	defer fault.Catch(&done, func(value any, stack []byte) {
		g.hooks.dropped(&PanicError{Value: value, Stack: stack})
	})
	g.down.OnError(err)
	done = true
}

// disordered ends the stream of a source that signals before OnSubscribe.
func (g *gate[T]) disordered(signal string) {
	if g.state.Load() == fresh {
		g.OnSubscribe(nothing{})
		g.fail(&ProtocolError{Op: g.post.String(), Law: "L1", Msg: signal + " was called before OnSubscribe; call that first, once"})
	}
}

// OnError ends the stream with err.
func (g *gate[T]) OnError(err error) {
	if err == nil {
		panic("observable: OnError with a nil error")
	}
	g.disordered("OnError")
	if g.state.Load() == over {
		g.hooks.dropped(err) // busy stays taken after the end
		return
	}
	if g.strict != nil && !g.strict.busy.CompareAndSwap(0, 1) {
		g.failWith(err) // from inside OnNext; waits for it to return
		return
	}
	if !g.end() {
		g.hooks.dropped(err)
		return
	}
	g.guarded(func() { g.down.OnError(err) })
	g.dropFailure()
}

// OnComplete ends the stream.
func (g *gate[T]) OnComplete() {
	if g.state.Load() == fresh {
		g.disordered("OnComplete")
	}
	if s := g.strict; s != nil && !s.busy.CompareAndSwap(0, 1) {
		if g.state.Load() == live && s.failure.Load() == nil {
			g.fail(&ProtocolError{Op: g.post.String(), Law: "L3", Msg: "OnComplete was called while another signal was being delivered; let OnNext return first"})
		}
		return
	}
	if g.end() {
		g.completed()
		g.dropFailure()
	}
}

func (g *gate[T]) completed() {
	done := false
	defer fault.Catch(&done, g.panicked)
	g.down.OnComplete()
	done = true
}

// Request passes demand on, or ends the stream if n is not positive (L6).
func (g *gate[T]) Request(n int64) {
	if g.state.Load() != live {
		return
	}
	if n <= 0 {
		g.fail(&BadRequestError{N: n})
		return
	}
	if g.strict != nil {
		g.strict.asked.Add(n)
	}
	g.ask(n)
}

// ask passes demand on. The library's own sources contain their panics.
func (g *gate[T]) ask(n int64) {
	if g.strict == nil {
		g.up.Request(n)
		return
	}
	done := false // spelled out: a function value would be allocated for each request
	defer fault.Catch(&done, g.requestPanicked)
	g.up.Request(n)
	done = true
}

func (g *gate[T]) requestPanicked(value any, stack []byte) {
	g.fail(&PanicError{Value: value, Stack: stack})
}

// cancelUp cancels upstream. A panic in there comes too late for the stream.
func (g *gate[T]) cancelUp() {
	if g.strict == nil {
		g.up.Cancel()
		return
	}
	attempt(g.up.Cancel, g.hooks.dropped)
}

// Cancel ends the stream without a signal; upstream is cancelled once (L7).
func (g *gate[T]) Cancel() {
	if g.state.Swap(over) != live {
		return // not subscribed yet (OnSubscribe will see it), or ended
	}
	g.unwatch()
	g.cancelUp()
}

// Fail lets the gate of a subscriber end the stream of this source.
func (g *gate[T]) Fail(err error) { g.fail(err) }

// fail ends the stream with err, which is not the source's: upstream is
// cancelled, and OnError waits for the signal that is being delivered.
func (g *gate[T]) fail(err error) {
	if g.state.Load() != live {
		g.hooks.dropped(err)
		return
	}
	if g.strict != nil {
		g.failWith(err)
		return
	}
	up := g.up
	if held, ok := up.(*heldBack); ok {
		up = held.Subscription
	}
	up.(link.Failer).Fail(err)
}

// end moves to over and reports whether that was the end of a live stream.
func (g *gate[T]) end() bool {
	if !g.state.CompareAndSwap(live, over) {
		return false
	}
	g.unwatch()
	return true
}

func (g *gate[T]) unwatch() {
	if g.stop != nil {
		g.stop()
	}
}

func (g *gate[T]) late(v T) { g.discard(v, DiscardLate) }

func (g *gate[T]) discard(v T, why DiscardReason) {
	if g.hooks.discard != nil {
		g.hooks.discard(v, why)
	}
}

// guarded runs a callback that is not inside an emission. Nobody is left to
// tell of a panic in a terminal callback; one in OnSubscribe ends the stream.
func (g *gate[T]) guarded(callback func()) {
	done := false
	defer fault.Catch(&done, g.panicked)
	callback()
	done = true
}
