package operators

import (
	"context"
	"sync"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// MergeScan subscribes to f(acc, v) for every value v of the source and emits
// what these inner observables emit, as it comes. The accumulator acc is the
// last value emitted, at first the seed, which is not emitted itself.
//
//	source           -a--b-----|
//	a                1-1-1|
//	b                2|
//	MergeScan(0, f)  -1-131----|
//
// In the diagram f adds acc to the values of an inner observable; b sees the
// accumulator that a has left, and a goes on with the one it was given.
//
// Demand: as [MergeMap]: the source is asked for 256 values, and for one more
// each time that an inner observable has completed and its values are passed
// on ([Concurrency]); each inner observable is asked for 128 values, then for
// 96 whenever as many have been passed on ([Prefetch]). A value that waits for
// demand is not the accumulator yet.
//
// Errors: the first one, of the source or of an inner observable, at once; all
// others are cancelled.
//
// Discards: what is queued when the stream fails or is cancelled; what comes
// after that, as late.
//
// Scheduler: none; f runs where the source emits, and values are passed on by
// the goroutines that bring them or request them, one at a time.
//
// MergeScan panics if f is nil, or if an option is not positive.
func MergeScan[T, R any](seed R, f func(acc R, v T) observable.Observable[R], opts ...FlattenOption) observable.Operator[T, R] {
	if f == nil {
		panic("operators: MergeScan with a nil function")
	}
	b := newBounds("MergeScan", opts)
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[R]) observable.Subscriber[T] {
		a := newAccumulator(seed, down)
		return newMerger(ctx, b, a, func(v T, x *inner[R]) { f(a.load(), v).Subscribe(ctx, x) })
	})
}

// SwitchScan subscribes to f(acc, v) for every value v of the source and emits
// what this inner observable emits, until the next value comes: then it is
// cancelled for the next one. The accumulator acc is the last value emitted, at
// first the seed, which is not emitted itself.
//
//	source            -a--b-----|
//	a                 1-1-1|
//	b                 2|
//	SwitchScan(0, f)  -1-13-----|
//
// In the diagram f adds acc to the values of an inner observable.
//
// Demand: unbounded from the source. Each inner observable is asked for what
// is demanded and not met yet.
//
// Errors: the first one, of the source or of an inner observable, at once; the
// other is cancelled.
//
// Discards: what a cancelled inner observable still emits, as late. A value of
// the source that is overtaken by a newer one while the downstream is still
// busy with the inner observable before, as filtered: f is not called for it.
// What an inner observable emits beyond its demand, as overflow, for which the
// stream fails.
//
// Scheduler: none; f runs where the source emits, or, if the downstream is
// busy just then, on the goroutine that keeps it busy.
//
// SwitchScan panics if f is nil.
func SwitchScan[T, R any](seed R, f func(acc R, v T) observable.Observable[R]) observable.Operator[T, R] {
	if f == nil {
		panic("operators: SwitchScan with a nil function")
	}
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[R]) observable.Subscriber[T] {
		a := newAccumulator(seed, down)
		return newOpenRelay(ctx, "SwitchScan", clashSwitches, a, func(v T) observable.Observable[R] { return f(a.load(), v) })
	})
}

// An accumulator remembers the last value that has passed it. The source asks
// for it while inner observables emit, on other goroutines perhaps.
type accumulator[R any] struct {
	forward[R]
	mu   sync.Mutex
	last R // guarded by mu
}

func newAccumulator[R any](seed R, down observable.Subscriber[R]) *accumulator[R] {
	return &accumulator[R]{forward: forward[R]{down: down}, last: seed}
}

func (a *accumulator[R]) OnNext(v R) {
	a.store(v)
	a.down.OnNext(v)
}

// NextFunc is OnNext linked to the downstream's.
func (a *accumulator[R]) NextFunc() func(R) bool {
	next := link.Next[R](a.down)
	return func(v R) bool {
		a.store(v)
		return next(v)
	}
}

func (a *accumulator[R]) store(v R) {
	a.mu.Lock()
	a.last = v
	a.mu.Unlock()
}

func (a *accumulator[R]) load() R {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.last
}
