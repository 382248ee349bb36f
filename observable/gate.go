package observable

import (
	"context"
	"sync/atomic"

	"github.com/sluicego/sluice/internal/demand"
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
	link.Inside
	down   Subscriber[T]
	up     Subscription // written by OnSubscribe before state becomes live
	hooks  *hooks
	stop   func() bool  // unhooks the ctx; written before the source is subscribed
	strict *strict      // nil towards the library's own sources; written by OnSubscribe
	state  atomic.Int32 // any goroutine
	post   gatepost
}

// strict is what a gate adds towards a source that it cannot trust.
type strict struct {
	asked   demand.Counter        // requested in total; any goroutine
	got     int64                 // delivered in total; the source only
	busy    atomic.Int32          // 1 while a signal is inside, +1 for a failure that waits
	failure atomic.Pointer[error] // the first failure; any goroutine
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
		up.Cancel()
		g.hooks.dropped(&ProtocolError{Op: g.post.String(), Law: "L1", Msg: "OnSubscribe was called twice; a Subscriber serves one subscription"})
		return
	}
	g.up = up
	if _, ok := up.(link.Failer); !ok {
		g.strict = new(strict)
	}
	if !g.state.CompareAndSwap(fresh, live) {
		up.Cancel() // cancelled by the ctx before the source answered
	}
	g.handDown()
}

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

// NextFunc is the linked form of OnNext. Towards a source that keeps the
// protocol there is nothing left to do: it checks for a cancel before each
// value, and Cancel and the end of the ctx reach it through this gate.
func (g *gate[T]) NextFunc() func(T) bool {
	if g.strict != nil {
		return func(v T) bool { g.OnNext(v); return true }
	}
	return link.Next[T](g.down)
}

func (g *gate[T]) onNextStrict(v T) {
	s := g.strict
	if !s.busy.CompareAndSwap(0, 1) {
		g.discard(v, DiscardLate)
		g.fail(&ProtocolError{Op: g.post.String(), Law: "L3", Msg: "OnNext was called while another signal was being delivered; call it from one goroutine, and from Request only to add to the demand of a loop that is running"})
		return
	}
	done := false
	defer g.leave(&done)
	if s.got++; s.got > s.asked.Load() {
		g.discard(v, DiscardOverflow)
		g.fail(&OverflowError{Op: g.post.String()})
	} else {
		g.down.OnNext(v)
	}
	done = true
}

// leave is deferred by onNextStrict: it recovers the panic of a callback and
// delivers the failure that came meanwhile.
func (g *gate[T]) leave(done *bool) {
	if !*done {
		g.panicked(fault.Value(recover()))
	}
	if g.strict.busy.Add(-1) != 0 {
		g.deliverFailure()
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
}

// OnComplete ends the stream.
func (g *gate[T]) OnComplete() {
	g.disordered("OnComplete")
	if s := g.strict; s != nil && !s.busy.CompareAndSwap(0, 1) {
		if g.state.Load() == live && s.failure.Load() == nil {
			g.fail(&ProtocolError{Op: g.post.String(), Law: "L3", Msg: "OnComplete was called while another signal was being delivered; let OnNext return first"})
		}
		return
	}
	if g.end() {
		g.completed()
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
	g.up.Request(n)
}

// Cancel ends the stream without a signal; upstream is cancelled once (L7).
func (g *gate[T]) Cancel() {
	if g.state.Swap(over) != live {
		return // not subscribed yet (OnSubscribe will see it), or ended
	}
	g.unwatch()
	g.up.Cancel()
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
	if g.strict == nil {
		if up, ok := g.up.(link.Failer); ok {
			up.Fail(err)
			return
		}
	}
	g.failWith(err)
}

// failWith records the first failure and delivers it, unless a signal is
// inside; then leave does.
func (g *gate[T]) failWith(err error) {
	s := g.strict
	if !s.failure.CompareAndSwap(nil, &err) {
		g.hooks.dropped(err)
		return
	}
	if s.busy.Add(1) == 1 {
		g.deliverFailure()
	}
}

// deliverFailure owns busy and never gives it back: nothing follows.
func (g *gate[T]) deliverFailure() {
	err := *g.strict.failure.Load()
	if !g.end() {
		g.hooks.dropped(err)
		return
	}
	g.up.Cancel()
	g.guarded(func() { g.down.OnError(err) })
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
