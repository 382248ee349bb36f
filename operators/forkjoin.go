package operators

import (
	"context"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/side"
	"github.com/sluicego/sluice/observable"
)

// ForkJoin emits the last values of the given observables as one slice, when
// all of them have completed. It completes without one when an observable
// completes that had no value; the others are cancelled.
//
//	a               -a-b---|
//	b               --x--|
//	ForkJoin(a, b)  -------(r|)
//	where           r=[b x]
//
// Demand: each observable is asked for everything. The slice waits until it is
// requested.
//
// Errors: the first one, at once; the others are cancelled.
//
// Discards: the last values so far, when the stream ends without them or is
// cancelled; what comes after that, as late. A value that another one follows
// has been dealt with.
//
// Scheduler: none; the slice is emitted by the goroutine that brings the last
// completion, or the demand.
func ForkJoin[T any](os ...observable.Observable[T]) observable.Observable[[]T] {
	if len(os) == 0 {
		return observable.Empty[[]T]()
	}
	return forkJoin(func(j *joint[[]T]) func() []T { return rows(j, os, (*feed[T, []T]).take) })
}

// forkJoin makes an Observable out of sources, which adds them to j and returns
// the function that combines the newest value of each.
func forkJoin[R any](sources func(j *joint[R]) (combine func() R)) observable.Observable[R] {
	return side.Serve(func(ctx context.Context, down observable.Subscriber[R]) {
		link.Call(ctx, sources)
		f := &forkJoiner[R]{joint: newJoint(ctx, down, demand.Unbounded, 1)}
		f.combine = sources(&f.joint)
		f.run(ctx, f)
	})
}

type forkJoiner[R any] struct{ joint[R] }

func (f *forkJoiner[R]) arrived(int) bool { return false }

func (f *forkJoiner[R]) advance() (more bool) {
	if f.ended() {
		f.useAll()
	}
	return false
}

// ended reports whether all sources have.
func (f *forkJoiner[R]) ended() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range f.ends {
		if !e.done {
			return false
		}
	}
	return true
}

func (f *forkJoiner[R]) complete() bool { return f.exhausted() }
