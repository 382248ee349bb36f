package backpressure

import (
	"context"
	"sync"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// A relay is the engine of this package: it stands between an upstream that
// emits at its own pace and a downstream that has its own demand. What cannot
// be delivered yet goes into a store, and the operators differ in their stores.
//
// Signals come from the upstream's goroutine, from the downstream's, and from
// timers. Each records what happened under mu and asks what is to be done now;
// the first to be told something becomes the emitter and goes on until nothing
// is left, with mu released. Since every signal locks mu anyway, the flag that
// says that somebody emits is an ordinary field. A value that finds demand and
// an idle relay does not see the store at all.
//
// Whoever closes the relay owns the store from then on: nobody else touches it.
type relay[T any] struct {
	link.Failing
	link.Patient
	link.Inside
	c       *config[T]
	down    observable.Subscriber[T]
	up      observable.Subscription             // written by OnSubscribe
	discard func(any, observable.DiscardReason) // may be nil
	dropped func(error)
	taken   int64 // values delivered and not requested again; the emitter only

	// What follows is guarded by mu, which is not held while user code runs.
	err   error // what ended is about, nil for completion; not written once closed
	asked int64 // demand not met yet
	store store[T]
	peak  int // the most that store has held
	mu    sync.Mutex

	busy    bool // somebody emits
	sourced bool // upstream is over: it has ended or was cancelled
	ended   bool // a terminal waits to be delivered
	closed  bool // no more values are delivered
	failed  bool // closed by a failure, not by a cancel or the end
	alarm
}

// begin sets r up for one subscription. Operators embed a relay, so that it is
// part of their one allocation.
func (r *relay[T]) begin(ctx context.Context, down observable.Subscriber[T], s store[T], c *config[T]) {
	r.c, r.down, r.store = c, down, s
	r.discard, r.dropped = observable.DiscardFrom(ctx), observable.DroppedErrorFrom(ctx)
}

// newRelay returns the whole of an operator that needs nothing besides.
func newRelay[T any](ctx context.Context, down observable.Subscriber[T], s store[T], c *config[T]) *relay[T] {
	r := new(relay[T])
	r.begin(ctx, down, s, c)
	return r
}

func (r *relay[T]) OnSubscribe(up observable.Subscription) { r.handDown(r, up) }

// handDown gives own, which is r or what embeds it, to the downstream.
func (r *relay[T]) handDown(own, up observable.Subscription) {
	r.up = up
	r.down.OnSubscribe(own)
	if r.sched != nil { // the operator keeps time
		r.heed()
	}
	r.mu.Lock()
	cancelled := r.sourced
	r.mu.Unlock()
	if !cancelled {
		up.Request(r.c.first)
	}
}

func (r *relay[T]) OnNext(v T) {
	r.mu.Lock()
	r.receive(v)
}

// receive is OnNext, called with mu, which it releases.
func (r *relay[T]) receive(v T) {
	if r.sourced {
		r.late(v)
	} else {
		r.offer(v)
	}
}

// late discards a value that came after the end. Called with mu, which it
// releases.
func (r *relay[T]) late(v T) {
	r.mu.Unlock()
	r.drop(v, observable.DiscardLate)
}

func (r *relay[T]) OnError(err error) {
	r.mu.Lock()
	switch {
	case r.sourced:
		r.mu.Unlock()
		r.dropped(err)
	case r.c.failFast:
		r.sourced = true
		r.abort(err)
	default:
		r.sourced = true
		r.finish(err)
	}
}

func (r *relay[T]) OnComplete() {
	r.mu.Lock()
	if r.sourced {
		r.mu.Unlock()
		return
	}
	r.sourced = true
	r.finish(nil)
}

func (r *relay[T]) Request(n int64) {
	r.mu.Lock()
	r.asked = demand.Add(r.asked, n)
	v, what := r.wake()
	r.mu.Unlock()
	r.run(v, what)
}

func (r *relay[T]) Cancel() {
	r.mu.Lock()
	open, live, err := !r.closed, r.detach(), r.retract()
	if open {
		r.close()
	}
	r.mu.Unlock()
	if live {
		r.up.Cancel()
	}
	if err != nil {
		r.dropped(err) // it waited behind values, or for an emitter
	}
	if open {
		r.clear()
	}
}

// Fail lets the gate of the subscriber end the stream (link.Failer).
func (r *relay[T]) Fail(err error) {
	r.mu.Lock()
	r.abort(err)
}

// refuse ends the stream after an overflow that is an error. Called with mu,
// which it releases.
func (r *relay[T]) refuse(asked int64) {
	err := &observable.OverflowError{Op: r.c.op, Site: r.c.site.String(), Capacity: int64(r.c.capacity), Demand: asked}
	switch {
	case r.closed: // by a cancel, or by a panic of the callback
		r.mu.Unlock()
	case r.c.failFast:
		r.abort(err)
	default:
		r.finish(err)
	}
}

// finish makes completion, or an error that waits for the store, the last
// signal. Called with mu, which it releases.
func (r *relay[T]) finish(err error) {
	r.ended, r.err = true, err
	v, what := r.wake()
	r.mu.Unlock()
	r.run(v, what)
}

// abort makes err the last signal and discards what is held. Called with mu,
// which it releases.
func (r *relay[T]) abort(err error) {
	if r.closed {
		v, what := r.wake() // an emitter that panicked may have left a terminal behind
		r.mu.Unlock()
		r.dropped(err)
		r.run(v, what)
		return
	}
	superseded := r.retract()
	r.close()
	r.failed, r.ended, r.err = true, true, err
	live := r.detach()
	v, what := r.wake()
	r.mu.Unlock()
	defer r.run(v, what) // deferred, because a hook may end the goroutine
	if live {
		r.up.Cancel()
	}
	if superseded != nil {
		r.dropped(superseded)
	}
	r.clear()
}

// overflowed reports a value that the store gave up, or did not take.
func (r *relay[T]) overflowed(v T) {
	defer r.drop(v, r.c.spill) // deferred, because OnOverflow may end the goroutine
	if r.c.lost != nil {
		r.tell(v)
	}
}

// tell calls the user's OnOverflow.
func (r *relay[T]) tell(v T) {
	done := false
	defer fault.Catch(&done, func(value any, stack []byte) {
		r.Fail(&observable.PanicError{Value: value, Stack: stack})
	})
	r.c.lost(v)
	done = true
}

func (r *relay[T]) drop(v T, why observable.DiscardReason) {
	if r.discard != nil {
		r.discard(v, why)
	}
}

// spend takes one out of the demand. Called with mu.
func (r *relay[T]) spend() {
	if r.asked != observable.Unbounded {
		r.asked--
	}
}

// close makes sure that no more values are delivered. Who calls it while the
// relay is open owns the store from then on. Called with mu.
func (r *relay[T]) close() {
	r.closed = true
	r.off()
	r.unheed()
}

// clear discards what the store holds, on behalf of who closed the relay. It
// goes on with the rest if the hook ends the goroutine.
func (r *relay[T]) clear() {
	done := false
	defer func() {
		if !done {
			r.clear()
		}
	}()
	r.store.clear(func(v T) { r.drop(v, r.why()) })
	done = true
}

// why returns the reason for which a closed relay discards what was held.
func (r *relay[T]) why() observable.DiscardReason {
	if r.failed {
		return observable.DiscardError
	}
	return observable.DiscardCancel
}

// retract takes back a terminal that was not delivered yet, and returns its
// error. It leaves err alone, which an emitter may be reading. Called with mu.
func (r *relay[T]) retract() error {
	if !r.ended {
		return nil
	}
	r.ended = false
	return r.err
}

// detach reports whether upstream has to be cancelled; the caller does it,
// without mu. Called with mu.
func (r *relay[T]) detach() bool {
	live := !r.sourced
	r.sourced = true
	return live
}

// Held tells an inspection what is in the store. What a timed operator keeps for
// later counts, but waits for more than demand.
func (r *relay[T]) Held(link.Seal) link.Holding {
	r.mu.Lock()
	defer r.mu.Unlock()
	h := link.Holding{Capacity: int64(r.c.capacity), Peak: int64(r.peak), Waiting: r.stop != nil}
	if !r.closed {
		h.Queued = int64(r.store.len())
	}
	h.Ready = h.Queued
	return h
}
