package operators

import (
	"context"
	"math"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/queue"
	"github.com/sluicego/sluice/observable"
)

// MergeMap subscribes to f(v) for every value v of the source and emits what
// these inner observables emit, as it comes. It completes when the source and
// all of them have.
//
//	source       -a--b-----|
//	a            x-x-x|
//	b            y-y|
//	MergeMap(f)  -x-xyxy---|
//
// Demand: the source is asked for 256 values, which is how many inner
// observables run at a time, and for one more each time that one of them has
// completed and its values are passed on; [Concurrency] sets another number,
// Concurrency(Unlimited) none. A source that cannot wait (a subject) overflows
// when more come: give it an operator of package backpressure, or Unlimited.
// Each inner observable is asked for 128 values, then for 96 whenever as many
// have been passed on ([Prefetch]: p, then three quarters of p); what is not
// demanded yet waits in its queue, never more than was prefetched. Scarce
// demand is shared out evenly. While demand is unbounded, an inner observable
// that emits only when asked is asked for everything at once.
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
// MergeMap panics if f is nil, or if an option is not positive.
func MergeMap[T, R any](f func(T) observable.Observable[R], opts ...FlattenOption) observable.Operator[T, R] {
	if f == nil {
		panic("operators: MergeMap with a nil function")
	}
	b := newBounds("MergeMap", opts)
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[R]) observable.Subscriber[T] {
		return newMerger(ctx, b, down, subscribing(ctx, f))
	})
}

// Merge emits the values of all the given observables, as they come. It
// completes when all of them have.
//
//	a            -a---b-|
//	b            --x-y----|
//	Merge(a, b)  -ax-yb---|
//
// Demand: all are subscribed at once, in order; each is asked for 128 values,
// then for 96 whenever as many have been passed on, as by [MergeMap].
//
// Errors: the first one, at once; the others are cancelled.
//
// Discards: what is queued when the stream fails or is cancelled; what comes
// after that, as late.
//
// Scheduler: none; values are passed on by the goroutines that bring them or
// request them, one at a time.
func Merge[T any](os ...observable.Observable[T]) observable.Observable[T] {
	return MergeMap(same[T], Concurrency(max(len(os), 1)))(observable.FromSlice(os))
}

func same[T any](o observable.Observable[T]) observable.Observable[T] { return o }

// bounds are what the options of a flattening operator set.
type bounds struct{ concurrency, prefetch int64 }

func newBounds(op string, opts []FlattenOption) bounds {
	b := bounds{concurrency: defaultConcurrency, prefetch: defaultPrefetch}
	for _, opt := range opts {
		switch n := opt.(type) {
		case Concurrency:
			b.concurrency = bound(op, "Concurrency", int(n))
		case Prefetch:
			b.prefetch = bound(op, "Prefetch", int(n))
		}
	}
	return b
}

// A merger feeds a fanIn with the observables that f makes of the source's values.
type merger[T, R any] struct {
	link.Inside
	fanIn[R]
	concurrency int64
	start       func(v T, x *inner[R]) // subscribes x to f(v)
}

func newMerger[T, R any](ctx context.Context, b bounds, down observable.Subscriber[R], start func(v T, x *inner[R])) *merger[T, R] {
	m := &merger[T, R]{
		fanIn: fanIn[R]{
			line:     newLine(ctx, down),
			replaces: b.concurrency != demand.Unbounded,
			prefetch: b.prefetch,
			refill:   demand.Refill(b.prefetch),
			turns:    *queue.NewRing[*inner[R]](math.MaxInt),
		},
		concurrency: b.concurrency,
		start:       start,
	}
	m.work = m
	return m
}

// subscribing is the start of a merger whose inner observables f makes.
func subscribing[T, R any](ctx context.Context, f func(T) observable.Observable[R]) func(v T, x *inner[R]) {
	return func(v T, x *inner[R]) { f(v).Subscribe(ctx, x) }
}

func (m *merger[T, R]) OnSubscribe(up observable.Subscription) {
	if m.up != nil {
		up.Cancel()
		return
	}
	m.up = up
	m.down.OnSubscribe(m)
	up.Request(m.concurrency)
}

func (m *merger[T, R]) OnNext(v T) {
	x := m.open()
	if x == nil {
		if m.discard != nil {
			m.discard(v, observable.DiscardLate)
		}
		return
	}
	m.start(v, x)
}

func (m *merger[T, R]) OnError(err error) { m.failed(err, func() { m.sourceDone = true }) }
func (m *merger[T, R]) OnComplete()       { m.completed() }
