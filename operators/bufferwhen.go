package operators

import (
	"context"

	"github.com/sluicego/sluice/internal/side"
	"github.com/sluicego/sluice/observable"
)

// BufferWhen emits the values of the source in slices that end with each value
// of o, and the last one when the source completes. A slice may be empty.
//
//	source         -a-b--c-d-|
//	o              ----1----1|
//	BufferWhen(o)  ----x----y(z|)
//	where          x=[a b], y=[c d], z=[]
//
// Demand: unbounded from the source and from o. While no slice is requested,
// none ends: what was due at a value of o is emitted with the next request, and
// has grown by then. Nothing but the source bounds what that may be; put an
// OnBackpressure operator above to choose otherwise. Completion waits for the
// demand of the last slice.
//
// Errors: the first one of the source or of o, at once; the other is cancelled.
// When o completes, the slice that is open stays so until the source does.
//
// Discards: the values that were not emitted yet when the stream fails or is
// cancelled; what comes after that, as late.
//
// Scheduler: none. A slice is emitted where o emits, where the source
// completes, or where it is requested.
func BufferWhen[T, N any](o observable.Observable[N]) observable.Operator[T, []T] {
	return func(src observable.Observable[T]) observable.Observable[[]T] {
		return side.Serve(func(ctx context.Context, down observable.Subscriber[[]T]) {
			x := new(buffers[T])
			x.begin(ctx, down)
			x.renew = x.reopen
			notifier := side.New(func(N) { x.dueNow() }, x.ended)
			x.open, x.beside = []*opened{x.reopen()}, notifier
			down.OnSubscribe(x)
			x.listen(ctx, src)
			notifier.Listen(ctx, o)
		})
	}
}

// BufferUntil emits the values of the source in slices. Each is open until the
// observable that f returns for it emits; the last one, until the source
// completes. A slice may be empty.
//
//	source          -a-b-c-d-e-|
//	f()             ----1
//	BufferUntil(f)  ----x---y--(z|)
//	where           x=[a b], y=[c d], z=[e]
//
// Demand: unbounded from the source and from what f returns. While no slice is
// requested, none ends: what was due is emitted with the next request, and has
// grown by then, and f is called for the next slice after that. Nothing but the
// source bounds what that may be; put an OnBackpressure operator above to choose
// otherwise. Completion waits for the demand of the last slice.
//
// Errors: the first one of the source or of what f returned, at once; the other
// is cancelled. When what f returned completes without a value, the slice stays
// open until the source completes.
//
// Discards: the values that were not emitted yet when the stream fails or is
// cancelled; what comes after that, as late.
//
// Scheduler: none. A slice is emitted where what f returned emits, where the
// source completes, or where it is requested, and f runs there after it.
//
// BufferUntil panics if f is nil.
func BufferUntil[T, N any](f func() observable.Observable[N]) observable.Operator[T, []T] {
	if f == nil {
		panic("operators: BufferUntil with a nil function")
	}
	return func(src observable.Observable[T]) observable.Observable[[]T] {
		return side.Serve(func(ctx context.Context, down observable.Subscriber[[]T]) {
			x := new(buffers[T])
			x.begin(ctx, down)
			x.renew = x.reopen
			x.attend = func(b *opened) { closeWhen(ctx, x, b, f()) }
			first := x.reopen()
			x.open, x.fresh = []*opened{first}, first
			down.OnSubscribe(x)
			x.drain.Wake(x.step)
			x.listen(ctx, src)
		})
	}
}

// BufferToggle emits the values of the source in slices. Each value of openings
// begins one, which is open until the observable that closing returns for that
// value emits, or until the source completes. Slices may overlap, and may be
// empty; values that come while none is open are left out.
//
//	source           -a-b-c-d-e-f-|
//	openings         --1-----1
//	closing          ----2
//	BufferToggle(…)  ------x-----y|
//	where            x=[b c], y=[e f]
//
// Demand: unbounded from the source, from openings and from what closing
// returns. While no slice is requested, none ends: of those that are due, the
// one that began first is emitted with the next request; it has grown by then,
// and the others are part of it. Nothing but the source bounds what that may
// be; put an OnBackpressure operator above to choose otherwise. Completion waits
// for the demand of all the slices that are open.
//
// Errors: the first one of the source, of openings, or of what closing
// returned, at once; the others are cancelled. When openings completes, no more
// slices begin; when what closing returned completes without a value, its slice
// stays open until the source completes.
//
// Discards: the values that are in a slice and were not emitted yet when the
// stream fails or is cancelled; what comes after that, as late. A value that is
// left out has been dealt with.
//
// Scheduler: none; closing runs where openings emits. A slice is emitted where
// what closing returned emits, where the source completes, or where it is
// requested.
//
// BufferToggle panics if closing is nil.
func BufferToggle[T, O, N any](openings observable.Observable[O], closing func(O) observable.Observable[N]) observable.Operator[T, []T] {
	if closing == nil {
		panic("operators: BufferToggle with a nil function")
	}
	return func(src observable.Observable[T]) observable.Observable[[]T] {
		return side.Serve(func(ctx context.Context, down observable.Subscriber[[]T]) {
			x := new(buffers[T])
			x.begin(ctx, down)
			opener := side.New(func(v O) {
				if b := x.another(); b != nil {
					closeWhen(ctx, x, b, closing(v))
				}
			}, x.ended)
			x.beside = opener
			down.OnSubscribe(x)
			opener.Listen(ctx, openings)
			x.listen(ctx, src)
		})
	}
}

// closeWhen closes b when o emits.
func closeWhen[T, N any](ctx context.Context, x *buffers[T], b *opened, o observable.Observable[N]) {
	l := side.New(func(N) { x.due(b) }, x.ended)
	x.mu.Lock()
	if b.gone {
		l = nil
	} else {
		b.ends = l
	}
	x.mu.Unlock()
	if l != nil {
		l.Listen(ctx, o)
	}
}
