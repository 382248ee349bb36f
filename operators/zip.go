package operators

import (
	"context"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// Zip2 emits f(a, b) for the first values of the two sources, then for the
// second ones, and so on. It completes when a source has that has no value
// left; the other is cancelled.
//
//	a              -a---b----|
//	b              ---1-----2-3-|
//	Zip2(a, b, f)  ---x-----y|
//	where          x=a1, y=b2
//
// Demand: each source is asked for 32 values, then for 24 whenever as many
// have been used. A source that cannot wait overflows when it is more than 32
// values ahead of the other, or of the demand.
//
// Errors: the first one of a source, at once; the other is cancelled.
//
// Discards: the values of a source that found no partner, when the stream
// ends or is cancelled; what comes after that, as late.
//
// Scheduler: none; f runs on the goroutine that brings the second value of a
// pair, or the demand for it.
//
// Zip2 panics if f is nil.
func Zip2[A, B, R any](a observable.Observable[A], b observable.Observable[B], f func(A, B) R) observable.Observable[R] {
	if f == nil {
		panic("operators: Zip2 with a nil function")
	}
	return join(func(ctx context.Context, down observable.Subscriber[R]) {
		z := &zipper[A, B, R]{f: f}
		z.down, z.rule = down, z
		z.discard, z.dropped = observable.DiscardFrom(ctx), observable.DroppedErrorFrom(ctx)
		z.left = zipEnd[A, R]{joint: &z.joint, at: 0}
		z.right = zipEnd[B, R]{joint: &z.joint, at: 1}
		z.run(z, func() { a.Subscribe(ctx, &z.left) }, func() { b.Subscribe(ctx, &z.right) })
	})
}

type zipper[A, B, R any] struct {
	joint[R]
	f     func(A, B) R
	left  zipEnd[A, R]
	right zipEnd[B, R]
}

func (z *zipper[A, B, R]) advance() bool {
	if !z.left.load() || !z.right.load() || !z.funded() {
		return false
	}
	a, b := z.left.pop(), z.right.pop()
	z.deliver(z.f(a, b))
	z.left.refill()
	z.right.refill()
	return true
}

func (z *zipper[A, B, R]) complete() bool { return z.left.exhausted() || z.right.exhausted() }

func (z *zipper[A, B, R]) release(why observable.DiscardReason) {
	z.left.release(why)
	z.right.release(why)
}

// A zipEnd is the subscriber of one of the sources.
type zipEnd[T, R any] struct {
	link.Inside
	joint *joint[R]
	at    int   // its index among the sources
	in    []T   // guarded by joint.mu
	batch []T   // the lane only: what in was before
	used  int   // the lane only: values of batch that are gone
	taken int64 // the lane only: values used since the last request
}

func (e *zipEnd[T, R]) OnSubscribe(up observable.Subscription) { e.joint.subscribed(e.at, up) }

func (e *zipEnd[T, R]) OnNext(v T) {
	if !e.joint.record(func() { e.in = append(e.in, v) }) && e.joint.discard != nil {
		e.joint.discard(v, observable.DiscardLate)
	}
}

func (e *zipEnd[T, R]) OnError(err error) { e.joint.failed(e.at, err) }
func (e *zipEnd[T, R]) OnComplete()       { e.joint.completed(e.at) }

// load reports whether there is a value.
func (e *zipEnd[T, R]) load() bool {
	if e.used < len(e.batch) {
		return true
	}
	e.joint.mu.Lock()
	e.batch, e.in, e.used = e.in, e.batch[:0], 0
	e.joint.mu.Unlock()
	return len(e.batch) > 0
}

// pop takes the value that load has found.
func (e *zipEnd[T, R]) pop() (v T) {
	var zero T
	v, e.batch[e.used] = e.batch[e.used], zero
	e.used++
	return v
}

// refill asks the source for more when three quarters are used.
func (e *zipEnd[T, R]) refill() {
	if e.taken++; e.taken < demand.Refill(joinPrefetch) {
		return
	}
	n := e.taken
	e.taken = 0
	e.joint.request(e.at, n)
}

// exhausted reports whether the source ended and all its values are used.
// Called with joint.mu held.
func (e *zipEnd[T, R]) exhausted() bool {
	return e.joint.ends[e.at].done && e.used == len(e.batch) && len(e.in) == 0
}

func (e *zipEnd[T, R]) release(why observable.DiscardReason) {
	hook := e.joint.discard
	for e.load() {
		if v := e.pop(); hook != nil {
			hook(v, why)
		}
	}
}
