package operators

import (
	"context"
	"math"
	"slices"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/queue"
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
			line:    newLine(ctx, down),
			bounds:  b,
			start:   func(v T, x *branch[T]) { f(v).Subscribe(ctx, x) },
			waiting: *queue.NewRing[expanded[T]](math.MaxInt),
			room:    demand.Mul(b.concurrency, b.prefetch),
		}
		e.work, e.root.tree = e, e
		return &e.root
	})
}

// An expander holds the values that wait for demand, or for an inner observable
// to end. Its branches record them under mu and wake the lane; the lane emits
// and expands them, and asks for more.
type expander[T any] struct {
	line[T]
	bounds
	start func(v T, x *branch[T]) // subscribes x to f(v)

	root    branch[T]               // the source; guarded by mu
	inners  []*branch[T]            // guarded by mu: those that have subscribed and not ended
	active  int64                   // guarded by mu: the inners that have not ended
	pulls   []*branch[T]            // guarded by mu: who is to be asked for one value, the last first
	waiting queue.Ring[expanded[T]] // guarded by mu
	room    int64                   // guarded by mu: how many more values the inners may be asked for
}

// expanded is a value that is to be emitted and expanded.
type expanded[T any] struct {
	value T
	from  *branch[T]
}

// live returns the source and the inners that have not ended.
func (e *expander[T]) live() (ups []observable.Subscription) {
	inners := e.inners
	e.inners, e.pulls = nil, nil
	for _, x := range append(inners, &e.root) {
		if x.up != nil && !x.done {
			ups = append(ups, x.up)
		}
	}
	return ups
}

// advance emits and expands the value that has waited longest, or asks for one,
// and reports whether to go on.
func (e *expander[T]) advance() bool {
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
	e.deliver(w.value)
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
	stuck := e.waiting.Len() > 0 && int64(len(e.inners)) == e.active &&
		!slices.ContainsFunc(e.inners, func(x *branch[T]) bool { return x.open > 0 || x.due && e.room > 0 })
	room := e.room
	live := slices.Clone(e.inners)
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

func (e *expander[T]) complete() bool {
	return e.root.done && e.active == 0 && e.waiting.Len() == 0
}

// release gives up what waits.
func (e *expander[T]) release(why observable.DiscardReason) {
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
