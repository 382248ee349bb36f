package operators

import (
	"context"
	"math"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/side"
	"github.com/sluicego/sluice/observable"
)

// SequenceEqual emits whether the source and o have the same values in the same
// order: false at the first difference, upon which both are cancelled, or true
// when both have completed.
//
//	source            -a-b-c-|
//	o                 --a--b--x-|
//	SequenceEqual(o)  --------(z|)
//	where             z=false
//
// Demand: the source and o are each asked for 32 values, then for 24 whenever as
// many have been compared; the result waits until something is requested. One
// that cannot wait overflows when it is more than 32 values ahead of the other.
//
// Errors: the first one of the source or o, at once.
//
// Discards: values that have found no partner when it is over; what comes after
// that, as late. Values that were compared have been dealt with.
//
// Scheduler: none.
//
// That one of them has ended is compared, too: where it has fewer values, the
// result is known when it completes.
func SequenceEqual[T comparable](o observable.Observable[T]) observable.Operator[T, bool] {
	return SequenceEqualFunc(o, func(a, b T) bool { return a == b })
}

// SequenceEqualFunc is [SequenceEqual] with equal in the place of ==.
//
//	source                       -a-b-|
//	o                            --A-B--|
//	SequenceEqualFunc(o, equal)  -------(z|)
//	where                        z=true
//
// Demand: the source and o are each asked for 32 values, then for 24 whenever as
// many have been compared; the result waits until something is requested. One
// that cannot wait overflows when it is more than 32 values ahead of the other.
//
// Errors: the first one of the source or o, at once.
//
// Discards: values that have found no partner when it is over; what comes after
// that, as late. Values that were compared have been dealt with.
//
// Scheduler: none; equal runs where the second value of a pair comes from.
//
// SequenceEqualFunc panics if equal is nil.
func SequenceEqualFunc[A, B any](o observable.Observable[B], equal func(A, B) bool) observable.Operator[A, bool] {
	if equal == nil {
		panic("operators: SequenceEqualFunc with a nil function")
	}
	return func(src observable.Observable[A]) observable.Observable[bool] {
		return Every(func(same bool) bool { return same })(compare(src, o, equal))
	}
}

// compare emits whether they are equal for each pair of values of a and b, and
// false if one of the two has a value left when the other has none.
func compare[A, B any](a observable.Observable[A], b observable.Observable[B], equal func(A, B) bool) observable.Observable[bool] {
	return side.Serve(func(ctx context.Context, down observable.Subscriber[bool]) {
		link.Call(ctx, "SequenceEqual")
		c := &comparer{zipper: zipper[bool]{joint: newJoint[bool](ctx, down, joinPrefetch, math.MaxInt)}}
		left, right := feedFrom(&c.joint, a), feedFrom(&c.joint, b)
		c.combine = func() bool { return equal(left.take(), right.take()) }
		c.run(ctx, c)
	})
}

// A comparer zips two sources to the end of both.
type comparer struct {
	zipper[bool]
	uneven bool // it has emitted that one of them is longer; the lane only
}

func (c *comparer) arrived(at int) bool { return c.lacking == 0 || c.ends[1-at].done }

func (c *comparer) advance() (more bool) {
	if c.zipper.advance() {
		return true
	}
	c.mu.Lock()
	uneven := !c.uneven && c.lacking == 1 && c.exhausted()
	c.mu.Unlock()
	if uneven && c.funded() {
		c.uneven = true
		c.deliver(false)
	}
	return false
}

func (c *comparer) complete() bool {
	return c.uneven || c.lacking == 2 && c.ends[0].done && c.ends[1].done
}
