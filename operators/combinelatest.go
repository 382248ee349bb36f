package operators

import (
	"context"
	"math"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/queue"
	"github.com/sluicego/sluice/internal/side"
	"github.com/sluicego/sluice/observable"
)

// CombineLatest2 emits f(a, b) of the newest values of the two sources, each
// time that one of them brings another, from the moment when both have brought
// one. It completes when both sources have, as in RxJS, even if one of them has
// never brought a value.
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
	return combineLatest(func(j *joint[R]) func() R {
		a, b := feedFrom(j, a), feedFrom(j, b)
		return func() R { return f(a.peek(), b.peek()) }
	})
}

// CombineLatest emits the newest values of the given observables as one slice,
// each time that one of them brings another, from the moment when all have
// brought one. It completes when all of them have, even if one of them has
// never brought a value.
//
//	a                    -a-----b---|
//	b                    ---1-----2-|
//	CombineLatest(a, b)  ---x---y-z-|
//	where                x=[a 1], y=[b 1], z=[b 2]
//
// Demand: as of [CombineLatest2].
//
// Errors: the first one, at once; the others are cancelled.
//
// Discards: as of [CombineLatest2].
//
// Scheduler: none; a slice is emitted by the goroutine that brings a value, or
// the demand for it.
func CombineLatest[T any](os ...observable.Observable[T]) observable.Observable[[]T] {
	if len(os) == 0 {
		return observable.Empty[[]T]()
	}
	return combineLatest(func(j *joint[[]T]) func() []T { return rows(j, os, (*feed[T, []T]).peek) })
}

// CombineLatestWith emits f(a, b) of the newest values of the source and of o,
// each time that one of them brings another. It is [CombineLatest2] in a pipe.
//
//	source                   -a-----b---|
//	o                        ---1-----2-|
//	CombineLatestWith(o, f)  ---x---y-z-|
//	where                    x=a1, y=b1, z=b2
//
// Demand: as of [CombineLatest2].
//
// Errors: the first one, at once; the other source is cancelled.
//
// Discards: as of [CombineLatest2].
//
// Scheduler: none; f runs as that of [CombineLatest2].
//
// CombineLatestWith panics if f is nil.
func CombineLatestWith[A, B, R any](o observable.Observable[B], f func(A, B) R) observable.Operator[A, R] {
	if f == nil {
		panic("operators: CombineLatestWith with a nil function")
	}
	return func(src observable.Observable[A]) observable.Observable[R] { return CombineLatest2(src, o, f) }
}

// CombineLatestAll collects the observables that the source emits and, when it
// has completed, emits what [CombineLatest] makes of them. It takes no
// arguments: pass it to a pipe as it is.
//
//	source            ab|
//	a                   -a-----b---|
//	b                   ---1-----2-|
//	CombineLatestAll  -----x---y-z-|
//	where             x=[a 1], y=[b 1], z=[b 2]
//
// Demand: the source is asked for everything, and the observables are held
// until it has completed. Each of them is then asked for 32 values, as by
// [CombineLatest2].
//
// Errors: the first one, of the source or of an observable, at once; the others
// are cancelled.
//
// Discards: the observables held, when the source fails or the stream is
// cancelled; values as [CombineLatest2] does.
//
// Scheduler: none; a slice is emitted by the goroutine that brings a value, or
// the demand for it.
func CombineLatestAll[T any](src observable.Observable[observable.Observable[T]]) observable.Observable[[]T] {
	return gathered(src, CombineLatest[T])
}

// combineLatest makes an Observable out of sources, which adds them to j and
// returns the function that combines the newest value of each.
func combineLatest[R any](sources func(j *joint[R]) (combine func() R)) observable.Observable[R] {
	return side.Serve(func(ctx context.Context, down observable.Subscriber[R]) {
		link.Call(ctx, sources)
		c := &combiner[R]{joint: newJoint(ctx, down, joinPrefetch, math.MaxInt), order: *queue.NewRing[int](math.MaxInt)}
		c.combine = sources(&c.joint)
		c.used = make([]latestUse, len(c.feeds))
		c.missing = len(c.feeds)
		c.run(ctx, c)
	})
}

type combiner[R any] struct {
	joint[R]
	order   queue.Ring[int] // guarded by mu: whose the values held are, in the order of their arrival
	used    []latestUse     // the lane only: for each source
	missing int             // the lane only: sources of which no value was used
}

// A latestUse is what was used of one of the sources.
type latestUse struct {
	any   bool
	taken int64 // values since the last request
}

func (c *combiner[R]) arrived(at int) bool { return c.order.Push(at) }

func (c *combiner[R]) advance() (more bool) {
	from, ok, more := c.take()
	if !ok {
		return false
	}
	u := &c.used[from]
	if !u.any {
		u.any = true
		c.missing--
	}
	if c.missing == 0 {
		c.deliver(c.combine())
	}
	if u.taken++; u.taken == demand.Refill(joinPrefetch) {
		u.taken = 0
		c.request(from, demand.Refill(joinPrefetch))
	}
	return more
}

// take uses the value whose turn it is, and returns whose it was, and whether
// there are others. One that gives a result waits for demand.
func (c *combiner[R]) take() (from int, ok, more bool) {
	c.mu.Lock()
	from, ok = c.order.Peek()
	if ok && c.credit == 0 && (c.missing == 0 || c.missing == 1 && !c.used[from].any) {
		c.mu.Unlock()
		if !c.funded() {
			return 0, false, false
		}
		c.mu.Lock() // it is its turn still: only the lane takes
	}
	if ok {
		c.order.Pop()
		c.feeds[from].use()
	}
	more = c.order.Len() > 0
	c.mu.Unlock()
	return from, ok, more
}

func (c *combiner[R]) complete() bool {
	for _, e := range c.ends {
		if !e.done {
			return false
		}
	}
	return c.order.Len() == 0
}
