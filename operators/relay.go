package operators

import (
	"context"
	"sync"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// A relay plays one inner observable after the other to one downstream and
// carries the unmet demand from each to the next. It is the engine of
// ConcatMap, SwitchMap and ExhaustMap.
//
// Nothing is queued. The inner that runs, the leg, has the turn to emit.
// Whoever wants it to stop, a switch or an error from elsewhere, closes that
// turn; what is to follow happens when nobody is inside it any more, on the
// goroutine that leaves it last.
type relay[T, R any] struct {
	link.Failing
	link.Patient
	name    string // of the operator, for errors
	down    observable.Subscriber[R]
	up      observable.Subscription // the source; written before any leg exists
	start   func(v T, l *leg[T, R]) // subscribes l to the observable for v
	more    bool                    // a leg that completes is followed by a request for another value
	clash   clash                   // what becomes of a value that comes while a leg runs
	emit    func(R) bool            // links on the first value; who has the turn
	discard func(any, observable.DiscardReason)
	dropped func(error)

	mu         sync.Mutex
	leg        *leg[T, R] // guarded by mu: the one that runs, or is being stopped
	spare      *leg[T, R] // guarded by mu: for the next one
	unmet      int64      // guarded by mu: demand that the legs before this one have not met
	pending    T          // guarded by mu: the value to play next
	hasPending bool       // guarded by mu
	sourceDone bool       // guarded by mu
	halted     bool       // guarded by mu: cancelled or failed
	err        error      // the first failure; guarded by mu until over, then not written
	over       bool       // guarded by mu: a terminal was delivered, or never will be
}

// A clash is what a relay does with a value that comes while a leg runs.
type clash int

const (
	clashFails    clash = iota // the source was not asked for it: the stream fails
	clashSwitches              // the leg stops, and the value is played
	clashSkips                 // the leg goes on, and the value is discarded
)

func newRelay[T, R any](ctx context.Context, name string, down observable.Subscriber[R], f func(T) observable.Observable[R]) relay[T, R] {
	return relay[T, R]{
		name:    name,
		down:    down,
		start:   func(v T, l *leg[T, R]) { f(v).Subscribe(ctx, l) },
		discard: observable.DiscardFrom(ctx),
		dropped: observable.DroppedErrorFrom(ctx),
	}
}

// play starts a leg for v, unless another one runs.
func (r *relay[T, R]) play(v T) {
	r.mu.Lock()
	if r.halted {
		r.mu.Unlock()
		r.drop(v, observable.DiscardLate)
		return
	}
	if r.leg == nil && !r.over {
		l := r.enlist()
		r.mu.Unlock()
		if r.launch(v, l) {
			r.advance()
		}
		return
	}
	if r.clash != clashSwitches {
		r.mu.Unlock()
		r.drop(v, observable.DiscardOverflow)
		if r.clash == clashFails {
			r.Fail(&observable.OverflowError{Op: r.name})
		}
		return
	}
	skipped, skip := r.pending, r.hasPending
	r.pending, r.hasPending = v, true
	var cancelled observable.Subscription
	if r.leg != nil {
		cancelled = r.leg.close()
	}
	r.mu.Unlock()
	if cancelled != nil {
		cancelled.Cancel()
	}
	if skip {
		r.drop(skipped, observable.DiscardFiltered)
	}
	r.advance()
}

// sourceFailed ends the stream with the source's error.
func (r *relay[T, R]) sourceFailed(err error) {
	r.failed(err, func() bool { r.sourceDone = true; return true })
}

// sourceCompleted records that the source has completed.
func (r *relay[T, R]) sourceCompleted() {
	r.mu.Lock()
	r.sourceDone = true
	r.mu.Unlock()
	r.advance()
}

// Request adds demand, for the leg that runs or for the next one.
func (r *relay[T, R]) Request(n int64) {
	r.mu.Lock()
	if r.halted || r.unmet == demand.Unbounded {
		r.mu.Unlock()
		return
	}
	if r.unmet = demand.Add(r.unmet, n); r.unmet == demand.Unbounded {
		n = demand.Unbounded
	}
	l := r.leg
	if l == nil || l.up == nil || !l.turn.Enter() {
		r.mu.Unlock()
		return
	}
	l.pulled++
	r.mu.Unlock()
	l.pull(n)
	r.mu.Lock()
	l.pulled--
	r.mu.Unlock()
}

// Cancel stops the source and the leg. An error that was not delivered yet is
// reported.
func (r *relay[T, R]) Cancel() {
	if r.halt(nil, always) {
		return
	}
	r.mu.Lock()
	var undelivered error
	if !r.over {
		undelivered, r.err = r.err, nil
	}
	r.mu.Unlock()
	if undelivered != nil {
		r.dropped(undelivered)
	}
}

// Fail ends the stream with err, whoever it comes from (link.Failer).
func (r *relay[T, R]) Fail(err error) { r.failed(err, always) }

func always() bool { return true }

// failed ends the stream with err. Who has failed is marked as ended in the
// same moment: a moment earlier, and somebody might take it for complete.
func (r *relay[T, R]) failed(err error, mark func() bool) {
	if !r.halt(err, mark) {
		r.dropped(err)
	}
}

// halt stops everything, once, unless mark, which it calls with mu held, has
// something against it. It reports whether this was the time.
func (r *relay[T, R]) halt(err error, mark func() bool) bool {
	why := observable.DiscardCancel
	if err != nil {
		why = observable.DiscardError
	}
	r.mu.Lock()
	if r.halted || r.over || !mark() {
		r.mu.Unlock()
		return false
	}
	r.halted, r.err = true, err
	up := r.up
	if r.sourceDone {
		up = nil
	}
	var running observable.Subscription
	if r.leg != nil {
		running = r.leg.close()
	}
	v, held := r.takePending()
	r.mu.Unlock()
	if up != nil {
		up.Cancel()
	}
	if running != nil {
		running.Cancel()
	}
	if held {
		r.drop(v, why)
	}
	r.advance()
	return true
}

// advance does what is next, as soon as no leg has the turn: it delivers the
// terminal that is due or starts the pending leg. It loops where a leg is
// over before it has been started, instead of recursing.
func (r *relay[T, R]) advance() {
	for {
		r.mu.Lock()
		if r.leg != nil {
			if !r.leg.turn.Over() {
				r.mu.Unlock()
				return // it runs, or who leaves it last comes back here
			}
			r.retire(r.leg)
		}
		switch {
		case r.over:
			r.mu.Unlock()
			return
		case r.halted:
			r.over = true
			r.mu.Unlock()
			if r.err != nil {
				r.down.OnError(r.err)
			}
			return
		case r.hasPending:
			v, _ := r.takePending()
			l := r.enlist()
			r.mu.Unlock()
			if !r.launch(v, l) {
				return
			}
		case r.sourceDone:
			r.over = true
			r.mu.Unlock()
			r.down.OnComplete()
			return
		default:
			r.mu.Unlock()
			return
		}
	}
}

// enlist returns the subscriber for the next leg, which has the turn from the
// start. Called with mu held.
func (r *relay[T, R]) enlist() *leg[T, R] {
	l := r.spare
	if r.spare = nil; l == nil {
		l = &leg[T, R]{relay: r}
	}
	l.turn.Enter()
	r.leg = l
	return l
}

// launch subscribes l, and reports whether its turn is over with that. f may
// panic, on whatever goroutine this is.
func (r *relay[T, R]) launch(v T, l *leg[T, R]) (over bool) {
	done := false
	defer func() {
		if !done && l.turn.Exit() { // f has left its goroutine
			r.advance()
		}
	}()
	r.begin(v, l)
	done = true
	return l.turn.Exit()
}

func (r *relay[T, R]) begin(v T, l *leg[T, R]) {
	done := false
	defer fault.Catch(&done, r.panicked)
	r.start(v, l)
	done = true
}

func (r *relay[T, R]) panicked(value any, stack []byte) {
	r.Fail(&observable.PanicError{Value: value, Stack: stack})
}

// linked returns the downstream's function; who has the turn.
func (r *relay[T, R]) linked() func(R) bool {
	if r.emit == nil {
		r.emit = link.Next[R](r.down)
	}
	return r.emit
}

// retire subtracts what l has produced, and forgets it. Called with mu held.
func (r *relay[T, R]) retire(l *leg[T, R]) {
	if r.unmet != demand.Unbounded {
		r.unmet -= l.produced
	}
	r.leg = nil
}

// takePending takes the pending value out. Called with mu held.
func (r *relay[T, R]) takePending() (v T, ok bool) {
	var zero T
	v, ok = r.pending, r.hasPending
	r.pending, r.hasPending = zero, false
	return v, ok
}

func (r *relay[T, R]) drop(v any, why observable.DiscardReason) {
	if r.discard != nil {
		r.discard(v, why)
	}
}
