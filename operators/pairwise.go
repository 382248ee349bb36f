package operators

import (
	"context"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// A Pair is a value and the one before it.
type Pair[T any] struct{ Prev, Cur T }

// Pairwise emits each value of the source together with the one before it,
// from the second value on. It takes no arguments: pass it to a pipe as it is.
//
//	source    -a-b-c-|
//	Pairwise  ---x-y-|
//	where     x={a b}, y={b c}
//
// Demand: one for one, and one more for the first value, which is not emitted.
//
// Errors: the source's, unchanged.
//
// Discards: nothing; the first value has been dealt with.
//
// Scheduler: none.
func Pairwise[T any](src observable.Observable[T]) observable.Observable[Pair[T]] {
	return observable.Lift(func(_ context.Context, down observable.Subscriber[Pair[T]]) observable.Subscriber[T] {
		return &pairer[T]{forward: forward[Pair[T]]{down: down}}
	})(src)
}

type pairer[T any] struct {
	forward[Pair[T]]
	up   observable.Subscription
	prev T    // the value before, if has is set; the source only
	has  bool // the source only
}

func (p *pairer[T]) OnSubscribe(up observable.Subscription) {
	p.up = up
	p.down.OnSubscribe(up)
}

func (p *pairer[T]) OnNext(v T) {
	if pair, ok := p.pair(v); ok {
		p.down.OnNext(pair)
	} else {
		p.up.Request(1)
	}
}

// NextFunc is OnNext linked to the downstream's; it answers false where OnNext
// requests another value.
func (p *pairer[T]) NextFunc() func(T) bool {
	next := link.Next[Pair[T]](p.down)
	return func(v T) bool {
		pair, ok := p.pair(v)
		return ok && next(pair)
	}
}

// pair returns v with the value before it, and remembers v.
func (p *pairer[T]) pair(v T) (pair Pair[T], ok bool) {
	pair, ok = Pair[T]{p.prev, v}, p.has
	p.prev, p.has = v, true
	return pair, ok
}
