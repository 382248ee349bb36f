package operators

import (
	"context"
	"math"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/queue"
	"github.com/sluicego/sluice/internal/serial"
	"github.com/sluicego/sluice/observable"
)

// Expand emits every value v of the source and of the inner observables, and
// then subscribes to f(v): what that emits is emitted and expanded in turn. It
// completes when the source and all inner observables have.
//
//	source     -a------b-|
//	a          --b|
//	b          -c|
//	Expand(f)  -a-bc---bc|
//
// In the diagram f(c) is empty.
//
// Demand: the source and each inner observable are asked for one value. Whoever
// has it at once is asked again when no value waits, so that a tree of such
// observables is walked depth first, without recursion; anybody else is asked
// for 127 more, then for 96 whenever as many have been passed on ([Prefetch]:
// p-1, then three quarters of p). While 256 inner observables run
// ([Concurrency]), nothing is emitted: values wait, and inner observables that
// could not end otherwise are asked for more of them, up to the product of
// concurrency and prefetch. A tree that is wider than that fails with an
// [*observable.OverflowError]; allow it more, or Concurrency(Unlimited), under
// which only demand makes values wait.
//
// Errors: the first one, of the source or of an inner observable, at once; all
// others are cancelled.
//
// Discards: what waits when the stream fails or is cancelled; what comes after
// that, as late.
//
// Scheduler: none; values are passed on, and f is called, by the goroutines
// that bring values or request them, one at a time.
//
// Expand panics if f is nil, or if an option is not positive.
func Expand[T any](f func(T) observable.Observable[T], opts ...FlattenOption) observable.Operator[T, T] {
	if f == nil {
		panic("operators: Expand with a nil function")
	}
	b := newBounds("Expand", opts)
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		e := &expander[T]{
			bounds:  b,
			down:    down,
			start:   func(v T, x *branch[T]) { f(v).Subscribe(ctx, x) },
			discard: observable.DiscardFrom(ctx),
			dropped: observable.DroppedErrorFrom(ctx),
			waiting: *queue.NewRing[expanded[T]](math.MaxInt),
			room:    demand.Mul(b.concurrency, b.prefetch),
		}
		e.root.tree = e
		return &e.root
	})
}

// An expander holds the values that wait for demand, or for an inner observable
// to end. Its branches record them under mu and wake the lane; the lane emits
// and expands them, and asks for more.
type expander[T any] struct {
	link.Failing
	link.Patient
	bounds
	down    observable.Subscriber[T]
	start   func(v T, x *branch[T]) // subscribes x to f(v)
	discard func(any, observable.DiscardReason)
	dropped func(error)

	lane   serial.Drain
	asked  demand.Counter // demand that the lane has not taken over yet; any goroutine
	halt   atomic.Bool    // no value may follow; set with mu held, read anywhere
	next   func(T) bool   // links on the first value; the lane only
	credit int64          // demand at hand; the lane only
	over   bool           // a terminal was delivered; the lane only

	mu        sync.Mutex
	root      branch[T]               // the source; guarded by mu
	live      []*branch[T]            // guarded by mu: the inners that have subscribed and not ended
	active    int64                   // guarded by mu: the inners that have not ended
	pulls     []*branch[T]            // guarded by mu: who is to be asked for one value, the last first
	waiting   queue.Ring[expanded[T]] // guarded by mu
	room      int64                   // guarded by mu: how many more values the inners may be asked for
	cancelled bool                    // guarded by mu: by the downstream
	err       error                   // guarded by mu: the first failure
}

// expanded is a value that is to be emitted and expanded.
type expanded[T any] struct {
	value T
	from  *branch[T]
}

// Request adds demand.
func (e *expander[T]) Request(n int64) {
	e.asked.Add(n)
	e.wake()
}

// Cancel stops everything; the lane then discards what waits, and reports an
// error that it has not delivered yet.
func (e *expander[T]) Cancel() {
	cancel := func() { e.cancelled = true }
	if !e.stop(cancel) {
		e.mu.Lock()
		cancel()
		e.mu.Unlock()
		e.wake()
	}
}

// Fail ends the stream with an error that comes from below (link.Failer).
func (e *expander[T]) Fail(err error) { e.failed(err, func() {}) }

// failed ends the stream with err. Who has failed is marked as ended in the
// same moment: a moment earlier, and the lane might take it for complete.
func (e *expander[T]) failed(err error, mark func()) {
	if !e.stop(func() { mark(); e.err = err }) {
		e.dropped(err)
	}
}

// stop runs record and cancels the source and the inners, once; it reports
// whether this was the time.
func (e *expander[T]) stop(record func()) bool {
	e.mu.Lock()
	if e.halt.Load() {
		e.mu.Unlock()
		return false
	}
	record()
	e.halt.Store(true)
	live := e.live
	e.live, e.pulls = nil, nil
	var ups []observable.Subscription
	for _, x := range append(live, &e.root) {
		if x.up != nil && !x.done {
			ups = append(ups, x.up)
		}
	}
	e.mu.Unlock()
	for _, up := range ups {
		up.Cancel()
	}
	e.wake()
	return true
}

func (e *expander[T]) wake() { e.lane.Wake(e.step) }

// step emits and expands as demand allows, then delivers a terminal that is due.
func (e *expander[T]) step() {
	done := false
	defer fault.Catch(&done, e.panicked)
	for e.advance() {
	}
	e.settle()
	done = true
}

func (e *expander[T]) panicked(value any, stack []byte) {
	e.Fail(&observable.PanicError{Value: value, Stack: stack})
	e.settle()
}

// advance emits and expands the value that has waited longest, or asks for one,
// and reports whether to go on.
func (e *expander[T]) advance() bool {
	if e.halt.Load() {
		return false
	}
	funded := e.funded()
	e.mu.Lock()
	if funded && e.active < e.concurrency {
		if w, ok := e.waiting.Pop(); ok {
			e.active++
			more := w.from.passed()
			e.mu.Unlock()
			e.expand(w, more)
			return true
		}
	}
	x := e.takePull(funded)
	e.mu.Unlock()
	if x != nil {
		x.pull()
		return true
	}
	return funded && e.stretch()
}

// expand emits w, subscribes to the observable for it, and asks its branch for
// more values.
func (e *expander[T]) expand(w expanded[T], more int64) {
	if e.next(w.value) && e.credit != demand.Unbounded {
		e.credit--
	}
	if e.halt.Load() {
		return
	}
	e.start(w.value, &branch[T]{tree: e})
	if more > 0 {
		w.from.request(more)
	}
}

// takePull takes out who is to be asked next: whoever was not asked yet, or, if
// its value is of use, whoever had the last one at once. Called with mu held.
func (e *expander[T]) takePull(funded bool) *branch[T] {
	full := e.active >= e.concurrency
	idle := e.waiting.Len() == 0
	for i, x := range slices.Backward(e.pulls) {
		useful := !x.asked || idle && !full
		if !x.isRoot() {
			useful = e.room > 0 && (useful || idle || full && funded)
		}
		if useful {
			e.pulls = slices.Delete(e.pulls, i, i+1)
			x.due, x.asked = false, true
			return x
		}
	}
	return nil
}

// stretch asks the inners for more than their prefetch, if values wait for one
// of them to end and none can. If there is no room for that, the stream fails.
// It reports whether to go on.
func (e *expander[T]) stretch() bool {
	e.mu.Lock()
	stuck := e.waiting.Len() > 0 && int64(len(e.live)) == e.active &&
		!slices.ContainsFunc(e.live, func(x *branch[T]) bool { return x.open > 0 || x.due && e.room > 0 })
	room := e.room
	live := slices.Clone(e.live)
	e.mu.Unlock()
	switch {
	case !stuck:
		return false
	case room == 0:
		e.Fail(&observable.OverflowError{Op: "Expand", Capacity: demand.Mul(e.concurrency, e.prefetch), Demand: e.credit})
		return false
	}
	for _, x := range live {
		x.request(e.prefetch)
	}
	return true
}

// funded reports whether there is demand, and links on the way.
func (e *expander[T]) funded() bool {
	if e.credit == 0 {
		if e.credit = e.asked.Load(); e.credit == 0 {
			return false
		}
		e.asked.Spend(e.credit)
		if e.next == nil {
			e.next = link.Next[T](e.down)
		}
	}
	return true
}

// settle delivers the terminal that is due, and discards what nobody gets.
func (e *expander[T]) settle() {
	e.mu.Lock()
	err, cancelled := e.err, e.cancelled
	complete := !e.halt.Load() && e.root.done && e.active == 0 && e.waiting.Len() == 0
	if complete {
		e.halt.Store(true)
	}
	e.mu.Unlock()
	switch {
	case cancelled:
		e.discardWaiting(observable.DiscardCancel)
		if err != nil && !e.over {
			e.over = true
			e.dropped(err)
		}
	case e.over:
	case err != nil:
		e.over = true
		e.discardWaiting(observable.DiscardError)
		e.down.OnError(err)
	case complete:
		e.over = true
		e.down.OnComplete()
	}
}

// discardWaiting gives up what waits. The branches add nothing any more.
func (e *expander[T]) discardWaiting(why observable.DiscardReason) {
	for {
		e.mu.Lock()
		w, ok := e.waiting.Pop()
		e.mu.Unlock()
		if !ok {
			return
		}
		if e.discard != nil {
			e.discard(w.value, why)
		}
	}
}
