package operators

import (
	"context"
	"math"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/queue"
	"github.com/sluicego/sluice/observable"
)

// CombineLatest2 emits f(a, b) of the newest values of the two sources, each
// time that one of them brings another, from the moment when both have brought
// one. It completes when both sources have, or when one has that never brought
// a value.
//
//	a                        -a-----b---|
//	b                        ---1-----2-|
//	CombineLatest2(a, b, f)  ---x---y-z-|
//	where                    x=a1, y=b1, z=b2
//
// Demand: each source is asked for 32 values, then for 24 whenever as many
// have been used. While nothing is demanded, what the sources bring waits in
// the order of its arrival, never more than those 32 of each; f is called for
// a value when its turn comes. Values that cannot give a result yet do not
// wait. A source that cannot wait overflows when it is more than 32 values
// ahead of the demand; put OnBackpressureLatest behind it to skip values.
//
// Errors: the first one of a source, at once; the other is cancelled.
//
// Discards: what waits when the stream fails or is cancelled; what comes after
// that, as late. A value that is superseded has been dealt with.
//
// Scheduler: none; f runs on the goroutine that brings a value, or the demand
// for it.
//
// CombineLatest2 panics if f is nil.
func CombineLatest2[A, B, R any](a observable.Observable[A], b observable.Observable[B], f func(A, B) R) observable.Observable[R] {
	if f == nil {
		panic("operators: CombineLatest2 with a nil function")
	}
	return join(func(ctx context.Context, down observable.Subscriber[R]) {
		c := &combiner[A, B, R]{f: f, waiting: *queue.NewRing[arrival[A, B]](math.MaxInt)}
		c.down, c.rule = down, c
		c.discard, c.dropped = observable.DiscardFrom(ctx), observable.DroppedErrorFrom(ctx)
		c.run(c,
			func() { a.Subscribe(ctx, &combineLeft[A, B, R]{combiner: c}) },
			func() { b.Subscribe(ctx, &combineRight[A, B, R]{combiner: c}) },
		)
	})
}

type combiner[A, B, R any] struct {
	joint[R]
	f       func(A, B) R
	waiting queue.Ring[arrival[A, B]] // guarded by mu
	arrived [2]bool                   // guarded by mu: the source has brought a value at all
	a       A                         // the lane only: the newest value that was used
	b       B                         // the lane only
	has     [2]bool                   // the lane only: a and b are set
	taken   [2]int64                  // the lane only: values used since the last request
}

// An arrival is a value of one of the sources.
type arrival[A, B any] struct {
	from int // 0: a, 1: b
	a    A
	b    B
}

func (c *combiner[A, B, R]) arrive(v arrival[A, B]) {
	if !c.record(func() { c.waiting.Push(v); c.arrived[v.from] = true }) {
		c.drop(v, observable.DiscardLate)
	}
}

func (c *combiner[A, B, R]) advance() bool {
	c.mu.Lock()
	v, ok := c.waiting.Peek()
	c.mu.Unlock()
	result := ok && c.has[1-v.from]
	if !ok || result && !c.funded() {
		return false
	}
	c.mu.Lock()
	c.waiting.Pop()
	c.mu.Unlock()
	if c.has[v.from] = true; v.from == 0 {
		c.a = v.a
	} else {
		c.b = v.b
	}
	if result {
		c.deliver(c.f(c.a, c.b))
	}
	if c.taken[v.from]++; c.taken[v.from] == demand.Refill(joinPrefetch) {
		c.taken[v.from] = 0
		c.request(v.from, demand.Refill(joinPrefetch))
	}
	return true
}

func (c *combiner[A, B, R]) complete() bool {
	left, right := c.ends[0].done, c.ends[1].done
	return left && right && c.waiting.Len() == 0 || left && !c.arrived[0] || right && !c.arrived[1]
}

func (c *combiner[A, B, R]) release(why observable.DiscardReason) {
	for {
		c.mu.Lock()
		v, ok := c.waiting.Pop()
		c.mu.Unlock()
		if !ok {
			return
		}
		c.drop(v, why)
	}
}

func (c *combiner[A, B, R]) drop(v arrival[A, B], why observable.DiscardReason) {
	switch {
	case c.discard == nil:
	case v.from == 0:
		c.discard(v.a, why)
	default:
		c.discard(v.b, why)
	}
}

type combineLeft[A, B, R any] struct {
	link.Inside
	*combiner[A, B, R]
}

func (l *combineLeft[A, B, R]) OnSubscribe(up observable.Subscription) { l.subscribed(0, up) }
func (l *combineLeft[A, B, R]) OnNext(v A)                             { l.arrive(arrival[A, B]{from: 0, a: v}) }
func (l *combineLeft[A, B, R]) OnError(err error)                      { l.failed(0, err) }
func (l *combineLeft[A, B, R]) OnComplete()                            { l.completed(0) }

type combineRight[A, B, R any] struct {
	link.Inside
	*combiner[A, B, R]
}

func (r *combineRight[A, B, R]) OnSubscribe(up observable.Subscription) { r.subscribed(1, up) }
func (r *combineRight[A, B, R]) OnNext(v B)                             { r.arrive(arrival[A, B]{from: 1, b: v}) }
func (r *combineRight[A, B, R]) OnError(err error)                      { r.failed(1, err) }
func (r *combineRight[A, B, R]) OnComplete()                            { r.completed(1) }
