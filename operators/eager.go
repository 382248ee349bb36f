package operators

import (
	"context"

	"github.com/sluicego/sluice/observable"
)

// ConcatMapEager subscribes to f(v) for every value v of the source and emits
// what these inner observables emit, in the order of the source: they run at
// the same time, and the values of each wait for the end of the one before. It
// completes when the source and all of them have.
//
//	source             -ab-------|
//	a                  ---x-x|
//	b                  y-y|
//	ConcatMapEager(f)  ----x-x[yy]--|
//
// Demand: the source is asked for 256 values, which is how many inner
// observables run at a time, and for one more each time that one of them has
// completed and its values are passed on; [Concurrency] sets another number,
// Concurrency(Unlimited) none. Each inner observable is asked for 128 values,
// then for 96 whenever as many have been passed on ([Prefetch]: p, then three
// quarters of p); so no more values wait than the product of the two.
//
// Errors: the first one, of the source or of an inner observable, at once; all
// others are cancelled.
//
// Discards: what is queued when the stream fails or is cancelled; what comes
// after that, as late.
//
// Scheduler: none; values are passed on by the goroutines that bring them or
// request them, one at a time.
//
// ConcatMapEager panics if f is nil, or if an option is not positive.
func ConcatMapEager[T, R any](f func(T) observable.Observable[R], opts ...FlattenOption) observable.Operator[T, R] {
	if f == nil {
		panic("operators: ConcatMapEager with a nil function")
	}
	b := newBounds("ConcatMapEager", opts)
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[R]) observable.Subscriber[T] {
		m := newMerger(ctx, b, down, subscribing(ctx, f))
		m.ordered = true
		return m
	})
}

// What follows is what a fanIn does if it is ordered. All its inners stand in
// turns, from before they are subscribed to until they have ended and emitted
// everything; whoever is in front is the head. That is known to the lane
// whenever it is free: who changes the front wakes it.

// queueUp gives x its place.
func (f *fanIn[R]) queueUp(x *inner[R]) {
	f.mu.Lock()
	f.turns.Push(x)
	first := f.turns.Len() == 1
	f.mu.Unlock()
	if first {
		f.wake()
	}
}

// leaveQueue takes the head out, which has ended while it emitted inline: it
// was the newest inner, so nobody is behind it. Called by the lane.
func (f *fanIn[R]) leaveQueue() {
	f.mu.Lock()
	f.turns.Pop()
	f.mu.Unlock()
	f.head = nil
}

// mayEmit reports whether it is the turn of x; the lane only.
func (x *inner[R]) mayEmit() bool { return !x.fan.ordered || x.fan.head == x }

// turnInOrder delivers values of the head, or makes way for the next one, and
// reports whether to go on.
func (f *fanIn[R]) turnInOrder() bool {
	f.mu.Lock()
	x, ok := f.turns.Peek()
	f.head = x
	if !ok {
		f.mu.Unlock()
		return false
	}
	if x.load(); x.at == len(x.batch) {
		over := x.done && !f.halt.Load()
		if x.queued = false; over {
			f.turns.Pop()
			f.remove(x)
			f.finished()
		}
		f.mu.Unlock()
		return over
	}
	f.mu.Unlock()
	for x.at < len(x.batch) && f.funded() && !f.halt.Load() {
		f.pass(x, x.pop())
	}
	return x.at == len(x.batch)
}
