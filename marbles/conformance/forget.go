package conformance

import (
	"context"
	"runtime"
	"slices"
	"weak"

	"github.com/sluicego/sluice/observable"
)

func cancelForgets(e *env, s *source) {
	st := s.atLeast(e, 3)
	e.forgets(st, func(g *ghost) {
		e.do("Request(1)", func() { g.up.Request(1) })
		e.must(g.got, "a value")
		e.do("Cancel", g.up.Cancel)
	})
}

func completeForgets(e *env, s *source) {
	st := s.of(e, 1)
	e.forgets(st, func(g *ghost) {
		e.do("Request(2)", func() { g.up.Request(2) })
		e.must(g.end, "a terminal")
	})
}

func errorForgets(e *env, s *source) {
	st := s.failing(e)
	e.forgets(st, func(g *ghost) { e.must(g.end, "a terminal") })
}

// forgets subscribes to st, lets leave end the subscription, and expects that
// the subscriber can be collected although the observable and the ctx are still
// there.
func (e *env) forgets(st stream, leave func(*ghost)) {
	e.gone(e.haunt(e.ctx, st, leave))
	runtime.KeepAlive(st)
}

// gone expects that the ghosts can be collected.
func (e *env) gone(ghosts ...weak.Pointer[ghost]) {
	left := func(g weak.Pointer[ghost]) bool { return g.Value() != nil }
	for range collections {
		e.quiet()
		runtime.GC()
		if !slices.ContainsFunc(ghosts, left) {
			return
		}
	}
	for i, g := range ghosts {
		if left(g) {
			e.fail("the subscriber, %d of %d, is still reachable after %d garbage collections", i+1, len(ghosts), collections)
		}
	}
}

// must waits for what has to come.
func (e *env) must(ch <-chan struct{}, what string) {
	if !e.wait(ch) {
		e.stop("%s did not come", what)
	}
}

// collections is after how many of them a subscriber must be gone: a sync.Pool
// may keep it for two.
const collections = 4

// haunt keeps the ghost off the stack of its caller.
//
//go:noinline
func (e *env) haunt(ctx context.Context, st stream, leave func(*ghost)) weak.Pointer[ghost] {
	g := &ghost{on: make(chan struct{}, 1), got: make(chan struct{}, 1), end: make(chan struct{}, 1)}
	e.do("Subscribe", func() { st(ctx, g) })
	e.must(g.on, "OnSubscribe")
	leave(g)
	return weak.Make(g)
}

// A ghost is a subscriber that is forgotten.
type ghost struct {
	up           observable.Subscription
	on, got, end chan struct{} // hold what has come: OnSubscribe, a value, a terminal
}

func (g *ghost) OnSubscribe(up observable.Subscription) {
	g.up = up
	hint(g.on)
}

func (g *ghost) OnNext(any)    { hint(g.got) }
func (g *ghost) OnError(error) { hint(g.end) }
func (g *ghost) OnComplete()   { hint(g.end) }

// hint leaves word in ch, unless there is some.
func hint(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}
