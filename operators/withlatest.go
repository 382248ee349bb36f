package operators

import (
	"context"
	"sync"

	"github.com/sluicego/sluice/internal/arbiter"
	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/serial"
	"github.com/sluicego/sluice/internal/side"
	"github.com/sluicego/sluice/observable"
)

// WithLatestFrom emits f(v, w) for every value v of the source, where w is the
// newest value of o, from the moment when o has brought one. It completes when
// the source has; that o completes changes nothing.
//
//	source                -a---b---c-|
//	o                     ---1---2-3---|
//	WithLatestFrom(o, f)  -----x---y-|
//	where                 x=b1, y=c3
//
// Demand: one for one; for every value that comes before o has brought one it
// requests another. o is subscribed to first, and asked for everything.
//
// Errors: the first one, of the source or of o, at once; the other is
// cancelled.
//
// Discards: a value of the source that comes after o has failed, as late. One
// that comes too early to be emitted has been dealt with, and so have those of
// o.
//
// Scheduler: none; f runs where the source emits.
//
// WithLatestFrom panics if f is nil.
func WithLatestFrom[A, B, R any](o observable.Observable[B], f func(A, B) R) observable.Operator[A, R] {
	if f == nil {
		panic("operators: WithLatestFrom with a nil function")
	}
	return func(src observable.Observable[A]) observable.Observable[R] {
		return side.Serve(func(ctx context.Context, down observable.Subscriber[R]) {
			w := &withLatest[A, B, R]{
				down: down, f: f,
				discard: observable.DiscardFrom(ctx), dropped: observable.DroppedErrorFrom(ctx),
			}
			w.other = side.New(w.remember, w.otherEnded)
			down.OnSubscribe(w)
			w.other.Listen(ctx, o)
			if !w.stopped() {
				src.Subscribe(ctx, w)
			}
		})
	}
}

// A withLatest delivers where the source emits. An error of o that comes
// meanwhile waits until that is done: who delivers has the lane.
type withLatest[A, B, R any] struct {
	link.Inside
	link.Patient
	down    observable.Subscriber[R]
	f       func(A, B) R
	up      observable.Subscription // the source only
	arbiter arbiter.Arbiter         // holds demand until the source is there
	other   *side.Listener[B]
	discard func(any, observable.DiscardReason)
	dropped func(error)

	lane   serial.Drain
	inside bool // the source has the lane; the source only
	ending bool // the source has ended; the lane only
	over   bool // a terminal was delivered, or never will be; the lane only

	mu        sync.Mutex
	newest    B     // guarded by mu: of o
	has       bool  // guarded by mu: newest is set
	halted    bool  // guarded by mu: the source has ended, o has failed, or there was a cancel
	cancelled bool  // guarded by mu
	err       error // guarded by mu: of o, to be delivered
}

func (w *withLatest[A, B, R]) remember(v B) {
	w.mu.Lock()
	w.newest, w.has = v, true
	w.mu.Unlock()
}

// otherEnded makes an error of o end the stream.
func (w *withLatest[A, B, R]) otherEnded(err error) {
	switch {
	case err == nil:
	case w.halt(func() { w.err = err }):
		w.arbiter.Cancel()
		w.lane.Wake(w.step)
	default:
		w.dropped(err)
	}
}

func (w *withLatest[A, B, R]) OnSubscribe(up observable.Subscription) {
	if w.up != nil {
		up.Cancel()
		return
	}
	w.up = up
	w.arbiter.Set(up)
}

func (w *withLatest[A, B, R]) OnNext(v A) {
	if !w.pass(v, w.deliver) {
		w.up.Request(1)
	}
}

// NextFunc is OnNext linked to the downstream's; it answers false where OnNext
// requests another value.
func (w *withLatest[A, B, R]) NextFunc() func(A) bool {
	next := link.Next[R](w.down)
	return func(v A) bool { return w.pass(v, next) }
}

func (w *withLatest[A, B, R]) deliver(r R) bool {
	w.down.OnNext(r)
	return true
}

// pass hands the result for v to next, if there is one, and reports whether v
// was counted.
func (w *withLatest[A, B, R]) pass(v A, next func(R) bool) (used bool) {
	if !w.enter() {
		w.late(v)
		return true
	}
	defer w.leave() // also if the downstream panics: a source that o has cancelled need not pass that on
	w.mu.Lock()
	other, has, halted := w.newest, w.has, w.halted
	w.mu.Unlock()
	switch {
	case halted:
		w.late(v)
		used = true
	case has:
		used = next(w.f(v, other))
	}
	return used
}

func (w *withLatest[A, B, R]) OnError(err error) {
	if !w.end(func() { w.down.OnError(err) }) {
		w.dropped(err)
	}
}

func (w *withLatest[A, B, R]) OnComplete() { w.end(w.down.OnComplete) }

// end passes a terminal of the source on, and reports whether it did. If one
// panics, another follows.
func (w *withLatest[A, B, R]) end(terminal func()) bool {
	if !w.enter() {
		return false // that of o is being delivered
	}
	w.ending = w.ending || w.halt(func() {})
	passed := w.ending && !w.over
	if passed {
		w.arbiter.Clear()
		w.other.Cancel()
		terminal()
		w.over = true
	}
	w.leave()
	return passed
}

// enter gets the lane for the source. If inside is set, a panic left the
// terminal, and the lane is the source's still.
func (w *withLatest[A, B, R]) enter() bool {
	w.inside = w.inside || w.lane.Enter()
	return w.inside
}

func (w *withLatest[A, B, R]) leave() {
	w.inside = false
	w.lane.Leave(w.step)
}

func (w *withLatest[A, B, R]) Request(n int64) { w.arbiter.Request(n) }

// Cancel stops both sources. An error that was not delivered yet is reported.
func (w *withLatest[A, B, R]) Cancel() {
	w.halt(func() {})
	w.mu.Lock()
	w.cancelled = true
	w.mu.Unlock()
	w.arbiter.Cancel()
	w.other.Cancel()
	w.lane.Wake(w.step)
}

// halt lets no value pass any more, and reports whether this was the time; then
// it notes why.
func (w *withLatest[A, B, R]) halt(why func()) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.halted {
		return false
	}
	w.halted = true
	why()
	return true
}

func (w *withLatest[A, B, R]) stopped() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.halted
}

// step delivers the error of o, if there is one.
func (w *withLatest[A, B, R]) step() {
	w.mu.Lock()
	err, cancelled := w.err, w.cancelled
	w.mu.Unlock()
	if err == nil || w.over {
		return
	}
	w.over = true
	if cancelled {
		w.dropped(err)
		return
	}
	done := false
	defer fault.Catch(&done, func(value any, stack []byte) {
		w.dropped(&observable.PanicError{Value: value, Stack: stack})
	})
	w.down.OnError(err)
	done = true
}

func (w *withLatest[A, B, R]) late(v A) {
	if w.discard != nil {
		w.discard(v, observable.DiscardLate)
	}
}
