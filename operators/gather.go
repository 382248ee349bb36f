package operators

import (
	"context"
	"sync"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// gathered goes on with what join makes of all the observables that src emits.
func gathered[T, R any](src observable.Observable[observable.Observable[T]], join func(...observable.Observable[T]) observable.Observable[R]) observable.Observable[R] {
	gather := observable.Lift(func(ctx context.Context, down observable.Subscriber[[]observable.Observable[T]]) observable.Subscriber[observable.Observable[T]] {
		link.Call(ctx, "ToSlice")
		return &gatherer[observable.Observable[T]]{down: down, discard: observable.DiscardFrom(ctx)}
	})
	return ConcatMap(func(os []observable.Observable[T]) observable.Observable[R] { return join(os...) })(gather(src))
}

// A gatherer emits the values of its source as one slice. Below it is a
// ConcatMap, which has requested that from the start, and cancels once.
type gatherer[T any] struct {
	link.Inside
	down    observable.Subscriber[[]T]
	up      observable.Subscription
	discard func(any, observable.DiscardReason)

	mu   sync.Mutex
	held []T  // guarded by mu
	over bool // guarded by mu: cancelled, or the source has ended
}

func (g *gatherer[T]) OnSubscribe(up observable.Subscription) {
	if g.up != nil {
		up.Cancel()
		return
	}
	g.up = up
	g.down.OnSubscribe(g)
	up.Request(observable.Unbounded)
}

func (g *gatherer[T]) OnNext(v T) {
	g.mu.Lock()
	over := g.over
	if !over {
		g.held = append(g.held, v)
	}
	g.mu.Unlock()
	if over {
		g.drop(v, observable.DiscardLate)
	}
}

func (g *gatherer[T]) OnError(err error) {
	held, _ := g.end()
	g.dropAll(held, observable.DiscardError)
	g.down.OnError(err)
}

func (g *gatherer[T]) OnComplete() {
	if held, first := g.end(); first {
		g.down.OnNext(held)
		g.down.OnComplete()
	}
}

func (g *gatherer[T]) Request(int64) {}

func (g *gatherer[T]) Cancel() {
	held, first := g.end()
	if first {
		g.up.Cancel()
	}
	g.dropAll(held, observable.DiscardCancel)
}

// end takes out what is held, and reports whether this is the first end.
func (g *gatherer[T]) end() (held []T, first bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	held, first = g.held, !g.over
	g.held, g.over = nil, true
	return held, first
}

func (g *gatherer[T]) dropAll(held []T, why observable.DiscardReason) {
	for _, v := range held {
		g.drop(v, why)
	}
}

func (g *gatherer[T]) drop(v T, why observable.DiscardReason) {
	if g.discard != nil {
		g.discard(v, why)
	}
}
