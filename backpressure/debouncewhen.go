package backpressure

import (
	"context"

	"github.com/sluicego/sluice/observable"
)

// DebounceWhen emits a value once what f returns for it has emitted, unless a
// newer value comes before. Where f's observable completes without a value,
// the value goes on waiting, for a newer one or for the end.
//
//	source           -a--bc-----|
//	f                --x
//	DebounceWhen(f)  ---a---c---|
//
// Demand: unbounded from the source and from what f returns. A value that comes
// due while nothing is requested is kept until the next request, or until
// another one comes due. Completion emits the value that is waiting and then,
// if that has to wait for demand, waits with it.
//
// Errors: the source's, and those of what f returns, at once.
//
// Discards: a value that a newer one follows too soon, and one that is kept when
// the next comes due, as filtered; what is held at an error or a cancel.
//
// Scheduler: none; a value is emitted where f's observable emits.
//
// DebounceWhen panics if f is nil.
func DebounceWhen[T, N any](f func(T) observable.Observable[N]) observable.Operator[T, T] {
	if f == nil {
		panic("backpressure: DebounceWhen with a nil function")
	}
	c := keepTimed[T]("DebounceWhen", 0, nil)
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		b := &cuedDebouncer[T, N]{}
		b.beginCued(ctx, down, f, c)
		return b
	})
}

type cuedDebouncer[T, N any] struct{ cued[T, N] }

func (b *cuedDebouncer[T, N]) OnNext(v T) {
	b.hush()
	b.mu.Lock()
	if b.sourced {
		b.late(v)
		return
	}
	b.replace(v)
	b.await(v)
}

// OnComplete emits what waits.
func (b *cuedDebouncer[T, N]) OnComplete() {
	if b.waits(false) {
		return
	}
	b.hush()
	b.mu.Lock()
	v, ok := b.pop()
	b.mu.Unlock()
	if ok {
		b.emit(v)
	}
	b.complete()
}
