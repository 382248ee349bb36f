package operators

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/side"
	"github.com/sluicego/sluice/observable"
)

// Race emits the values of that one of the given observables which is the first
// to give a signal, be it a value or its end. The others are cancelled.
//
//	a           ---x-y--|
//	b           -z---w|
//	Race(a, b)  -z---w|
//
// Demand: all are subscribed to in order, and each is asked for what is
// demanded. One that wins while it subscribes keeps those after it from being
// subscribed to. From then on, one for one.
//
// Errors: those of the winner, unchanged.
//
// Discards: a value that another one emits when the race is decided, as late.
//
// Scheduler: none.
func Race[T any](os ...observable.Observable[T]) observable.Observable[T] {
	switch len(os) {
	case 0:
		return observable.Empty[T]()
	case 1:
		return os[0]
	}
	return side.Serve(func(ctx context.Context, down observable.Subscriber[T]) {
		r := &race[T]{down: down, discard: observable.DiscardFrom(ctx), dropped: observable.DroppedErrorFrom(ctx)}
		down.OnSubscribe(r)
		for _, o := range os {
			if r.winner.Load() != nil {
				return
			}
			o.Subscribe(ctx, &racer[T]{race: r})
		}
	})
}

// RaceWith emits the values of the source or of one of the given observables:
// of that one which is the first to give a signal. It is [Race] in a pipe.
//
//	source       ---x-y--|
//	o            -z---w|
//	RaceWith(o)  -z---w|
//
// Demand: as of [Race].
//
// Errors: those of the winner, unchanged.
//
// Discards: a value that another one emits when the race is decided, as late.
//
// Scheduler: none.
func RaceWith[T any](os ...observable.Observable[T]) observable.Operator[T, T] {
	return func(src observable.Observable[T]) observable.Observable[T] { return Race(before(src, os)...) }
}

// A race needs no drain: only the winner's signals reach the downstream, and
// those are in order.
type race[T any] struct {
	link.Patient
	down    observable.Subscriber[T]
	winner  atomic.Pointer[racer[T]] // set once, with mu held; read anywhere
	nobody  racer[T]                 // the winner if there was a cancel before
	discard func(any, observable.DiscardReason)
	dropped func(error)

	mu     sync.Mutex
	racers []*racer[T] // guarded by mu: those that run, until one has won
	asked  int64       // guarded by mu: requested in total
}

type racer[T any] struct {
	link.Inside
	race  *race[T]
	up    observable.Subscription // guarded by race.mu until OnSubscribe returns, then not written
	over  bool                    // guarded by race.mu: it has ended, or was cancelled as the winner
	ended bool                    // its terminal was passed on; own signals only
}

func (r *racer[T]) OnSubscribe(up observable.Subscription) {
	race := r.race
	race.mu.Lock()
	winner := race.winner.Load()
	if r.up != nil || r.over || winner != nil && winner != r {
		race.mu.Unlock()
		up.Cancel()
		return
	}
	r.up = up
	if winner == nil {
		race.racers = append(race.racers, r)
	}
	n := race.asked
	race.mu.Unlock()
	if n > 0 {
		up.Request(n)
	}
}

func (r *racer[T]) OnNext(v T) {
	if r.wins() {
		r.race.down.OnNext(v)
	} else {
		r.late(v)
	}
}

// NextFunc is OnNext linked to the downstream's. That links once there is a
// winner, since several racers may begin to emit.
func (r *racer[T]) NextFunc() func(T) bool {
	var next func(T) bool
	return func(v T) bool {
		if !r.wins() {
			r.late(v)
			return true
		}
		if next == nil {
			next = link.Next[T](r.race.down)
		}
		return next(v)
	}
}

func (r *racer[T]) OnError(err error) {
	if !r.end(func() { r.race.down.OnError(err) }) {
		r.race.dropped(err)
	}
}

func (r *racer[T]) OnComplete() { r.end(r.race.down.OnComplete) }

// end passes a terminal on, if r wins, and reports whether it did.
func (r *racer[T]) end(terminal func()) bool {
	if r.ended || !r.wins() {
		return false
	}
	r.race.mu.Lock()
	r.over = true
	r.race.mu.Unlock()
	terminal()
	r.ended = true // not before: a panic in there comes back as another error
	return true
}

// wins reports whether r is the winner. The first one to ask is.
func (r *racer[T]) wins() bool {
	if winner := r.race.winner.Load(); winner != nil {
		return winner == r
	}
	return r.race.decide(r)
}

// decide makes r the winner, if there is none, and cancels the others. It
// reports whether it is.
func (c *race[T]) decide(r *racer[T]) bool {
	c.mu.Lock()
	if winner := c.winner.Load(); winner != nil {
		c.mu.Unlock()
		return winner == r
	}
	c.winner.Store(r)
	racers := c.racers
	c.racers = nil
	c.mu.Unlock()
	for _, other := range racers {
		if other != r {
			other.up.Cancel()
		}
	}
	return true
}

// Request adds demand: for the winner, or for all while there is none.
func (c *race[T]) Request(n int64) {
	c.mu.Lock()
	c.asked = demand.Add(c.asked, n)
	winner := c.winner.Load()
	if winner != nil {
		up := winner.up
		c.mu.Unlock()
		if up != nil {
			up.Request(n)
		}
		return
	}
	racers := slices.Clone(c.racers)
	c.mu.Unlock()
	for _, r := range racers {
		if winner := c.winner.Load(); winner == nil || winner == r {
			r.up.Request(n)
		}
	}
}

// Cancel stops the winner, or all while there is none.
func (c *race[T]) Cancel() {
	if c.decide(&c.nobody) {
		return
	}
	c.mu.Lock()
	winner := c.winner.Load()
	up, over := winner.up, winner.over
	winner.over = true
	c.mu.Unlock()
	if up != nil && !over {
		up.Cancel()
	}
}

func (r *racer[T]) late(v T) {
	if r.race.discard != nil {
		r.race.discard(v, observable.DiscardLate)
	}
}
