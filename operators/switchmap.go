package operators

import (
	"context"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// SwitchMap subscribes to f(v) for every value v of the source and emits what
// this inner observable emits, until the next value comes: then it is
// cancelled for the next one. SwitchMap completes when the source and the last
// inner observable have.
//
//	source        -a--b-----|
//	a             x-x-x|
//	b             y-y|
//	SwitchMap(f)  -x-xy-y---|
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
// SwitchMap panics if f is nil.
func SwitchMap[T, R any](f func(T) observable.Observable[R]) observable.Operator[T, R] {
	if f == nil {
		panic("operators: SwitchMap with a nil function")
	}
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[R]) observable.Subscriber[T] {
		return newOpenRelay(ctx, "SwitchMap", clashSwitches, down, f)
	})
}

// An openRelay lets its source emit as it likes.
type openRelay[T, R any] struct {
	link.Inside
	relay[T, R]
}

func newOpenRelay[T, R any](ctx context.Context, name string, c clash, down observable.Subscriber[R], f func(T) observable.Observable[R]) *openRelay[T, R] {
	o := &openRelay[T, R]{relay: newRelay(ctx, name, down, f)}
	o.clash = c
	return o
}

func (o *openRelay[T, R]) OnSubscribe(up observable.Subscription) {
	if o.up != nil {
		up.Cancel()
		return
	}
	o.up = up
	o.down.OnSubscribe(o)
	up.Request(demand.Unbounded)
}

func (o *openRelay[T, R]) OnNext(v T)        { o.play(v) }
func (o *openRelay[T, R]) OnError(err error) { o.sourceFailed(err) }
func (o *openRelay[T, R]) OnComplete()       { o.sourceCompleted() }
