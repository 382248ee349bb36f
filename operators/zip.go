package operators

import (
	"context"
	"math"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/side"
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
	return zip(func(j *joint[R]) func() R {
		a, b := feedFrom(j, a), feedFrom(j, b)
		return func() R { return f(a.take(), b.take()) }
	})
}

// Zip emits the first values of the given observables as one slice, then the
// second ones, and so on. It completes when an observable has that has no value
// left; the others are cancelled.
//
//	a          -a---b----|
//	b          ---1-----2-3-|
//	Zip(a, b)  ---x-----y|
//	where      x=[a 1], y=[b 2]
//
// Demand: as of [Zip2].
//
// Errors: the first one, at once; the others are cancelled.
//
// Discards: as of [Zip2].
//
// Scheduler: none; a slice is emitted by the goroutine that brings its last
// value, or the demand for it.
func Zip[T any](os ...observable.Observable[T]) observable.Observable[[]T] {
	if len(os) == 0 {
		return observable.Empty[[]T]()
	}
	return zip(func(j *joint[[]T]) func() []T { return rows(j, os, (*feed[T, []T]).take) })
}

// ZipWith emits f(a, b) for the first values of the source and of o, then for
// the second ones, and so on. It is [Zip2] in a pipe.
//
//	source         -a---b----|
//	o              ---1-----2-3-|
//	ZipWith(o, f)  ---x-----y|
//	where          x=a1, y=b2
//
// Demand: as of [Zip2].
//
// Errors: the first one, at once; the other source is cancelled.
//
// Discards: as of [Zip2].
//
// Scheduler: none; f runs as that of [Zip2].
//
// ZipWith panics if f is nil.
func ZipWith[A, B, R any](o observable.Observable[B], f func(A, B) R) observable.Operator[A, R] {
	if f == nil {
		panic("operators: ZipWith with a nil function")
	}
	return func(src observable.Observable[A]) observable.Observable[R] { return Zip2(src, o, f) }
}

// ZipAll collects the observables that the source emits and, when it has
// completed, emits what [Zip] makes of them. It takes no arguments: pass it to
// a pipe as it is.
//
//	source  ab|
//	a         -a---b----|
//	b         ---1-----2-3-|
//	ZipAll  -----x-----y|
//	where   x=[a 1], y=[b 2]
//
// Demand: the source is asked for everything, and the observables are held
// until it has completed. Each of them is then asked for 32 values, as by
// [Zip2].
//
// Errors: the first one, of the source or of an observable, at once; the others
// are cancelled.
//
// Discards: the observables held, when the source fails or the stream is
// cancelled; values as [Zip2] does.
//
// Scheduler: none; a slice is emitted by the goroutine that brings its last
// value, or the demand for it.
func ZipAll[T any](src observable.Observable[observable.Observable[T]]) observable.Observable[[]T] {
	return gathered(src, Zip[T])
}

// zip makes an Observable out of sources, which adds them to j and returns the
// function that combines the newest value of each.
func zip[R any](sources func(j *joint[R]) (combine func() R)) observable.Observable[R] {
	return side.Serve(func(ctx context.Context, down observable.Subscriber[R]) {
		link.Call(ctx, sources)
		z := &zipper[R]{joint: newJoint(ctx, down, joinPrefetch, math.MaxInt)}
		z.combine = sources(&z.joint)
		z.run(ctx, z)
	})
}

type zipper[R any] struct {
	joint[R]
	taken int64 // the lane only: values of each source used since the last request
}

func (z *zipper[R]) arrived(int) bool { return z.lacking == 0 }

func (z *zipper[R]) advance() (more bool) {
	used, more := z.useAll()
	if !used {
		return false
	}
	if z.taken++; z.taken == demand.Refill(joinPrefetch) {
		z.taken = 0
		for i := range z.feeds {
			z.request(i, demand.Refill(joinPrefetch))
		}
	}
	return more
}

func (z *zipper[R]) complete() bool { return z.exhausted() }
