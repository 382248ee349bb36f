package operators

import (
	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// A branch is one of the subscriptions of an expander: the source, which is the
// root, or an inner. Until it ends, it is due to be asked for one value, or has
// values open, or has values held: their passing makes it ask.
type branch[T any] struct {
	link.Inside
	tree  *expander[T]
	up    observable.Subscription // guarded by tree.mu
	slot  int                     // its place in tree.inners; guarded by tree.mu
	open  int64                   // guarded by tree.mu: values that it was asked for and has not emitted
	held  int64                   // guarded by tree.mu: values of it that wait
	due   bool                    // guarded by tree.mu: it is in tree.pulls
	asked bool                    // guarded by tree.mu: it was pulled before
	done  bool                    // guarded by tree.mu: its source ended
}

func (x *branch[T]) isRoot() bool { return x == &x.tree.root }

func (x *branch[T]) OnSubscribe(up observable.Subscription) {
	e := x.tree
	e.mu.Lock()
	refused := e.halt.Load() || x.done || x.up != nil
	if !refused {
		x.up = up
		x.fallDue()
		if !x.isRoot() {
			x.slot = len(e.inners)
			e.inners = append(e.inners, x)
		}
	}
	e.mu.Unlock()
	if refused {
		up.Cancel()
		return
	}
	if x.isRoot() {
		e.down.OnSubscribe(e)
	}
	e.wake()
}

func (x *branch[T]) OnNext(v T) {
	e := x.tree
	e.mu.Lock()
	if e.halt.Load() {
		e.mu.Unlock()
		if e.discard != nil {
			e.discard(v, observable.DiscardLate)
		}
		return
	}
	if x.open != demand.Unbounded {
		x.open--
	}
	x.held++
	e.waiting.Push(expanded[T]{v, x})
	e.mu.Unlock()
	e.wake()
}

func (x *branch[T]) OnError(err error) { x.tree.failed(err, func() { x.done = true }) }

func (x *branch[T]) OnComplete() {
	e := x.tree
	e.mu.Lock()
	if x.done {
		e.mu.Unlock()
		return // a source that ends twice
	}
	x.end()
	e.mu.Unlock()
	e.wake()
}

// end makes way for another inner. What x has emitted may wait still. Called
// with tree.mu held.
func (x *branch[T]) end() {
	e := x.tree
	x.done = true
	if x.isRoot() {
		return
	}
	e.active--
	if e.room != demand.Unbounded {
		e.room += x.open
	}
	if x.up == nil || e.halt.Load() {
		return // not among the live
	}
	last := len(e.inners) - 1
	e.inners[x.slot] = e.inners[last]
	e.inners[x.slot].slot = x.slot
	e.inners[last] = nil
	e.inners = e.inners[:last]
}

// pull asks for one value. If it does not come at once, x is asked for the rest
// of its prefetch, and is not pulled any more. The lane only.
func (x *branch[T]) pull() {
	e := x.tree
	x.request(1)
	e.mu.Lock()
	waits := x.open > 0
	if !waits {
		x.fallDue()
	}
	e.mu.Unlock()
	if waits && e.prefetch > 1 {
		x.request(e.prefetch - 1)
	}
}

// request asks for n values, or for as many as there is room for. If there is
// none, x is to be pulled when there is. No lock is held.
func (x *branch[T]) request(n int64) {
	e := x.tree
	e.mu.Lock()
	if x.done || e.halt.Load() {
		e.mu.Unlock()
		return
	}
	if !x.isRoot() {
		n = min(n, e.room)
		if e.room != demand.Unbounded {
			e.room -= n
		}
	}
	if x.open = demand.Add(x.open, n); x.open == 0 {
		x.fallDue()
	}
	e.mu.Unlock()
	if n > 0 {
		x.up.Request(n)
	}
}

// fallDue puts x among those to be pulled. Called with tree.mu held.
func (x *branch[T]) fallDue() {
	if !x.due && !x.done && !x.tree.halt.Load() {
		x.due = true
		x.tree.pulls = append(x.tree.pulls, x)
	}
}

// passed counts a value of x that does not wait any more, and returns how many
// x is to be asked for in its place. Called with tree.mu held.
func (x *branch[T]) passed() (more int64) {
	e := x.tree
	x.held--
	if !x.isRoot() && e.room != demand.Unbounded {
		e.room++
	}
	if x.done || x.due || x.open == demand.Unbounded {
		return 0
	}
	if had := x.open + x.held; had <= e.prefetch-demand.Refill(e.prefetch) {
		return e.prefetch - had
	}
	return 0
}
