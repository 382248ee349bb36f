package observable

import "context"

// ToItems subscribes to o and returns its values as items, which is the form in
// which RxGo takes them: give the channel to rxgo.FromChannel. An error, if
// there is any, is the last item; then the channel is closed.
//
//	rxgo.FromChannel(observable.ToItems[rxgo.Item](ctx, o))
//
// RxGo does not tell its sources when nobody receives any more: whoever stops
// before the end must end the ctx. The channel is then closed without an error,
// as those of RxGo are; ask the ctx whether the stream was cut off.
//
// Demand: one value at a time; the next one is requested when one has been
// received.
//
// Errors: sent, a [*PanicError] too. One that waits when the ctx ends goes to
// the hook of [WithDroppedError].
//
// Discards: the value that waits when the ctx ends, as cancelled; one that
// arrives later, as late.
//
// Scheduler: none; it subscribes on a goroutine of its own, which ends with
// the stream or the ctx.
func ToItems[I Item, T any](ctx context.Context, o Observable[T]) <-chan I {
	items := make(chan I)
	c := &sender[T, I]{
		room:   1,
		values: items,
		pack:   func(v T) I { return I(item{V: v}) },
		quit:   func() {},
		signal: make(chan struct{}, 1),
		hooks:  hooksFrom(ctx),
	}
	c.fail = func(err error) {
		select {
		case items <- I(item{E: err}):
		case <-ctx.Done():
			c.hooks.dropped(err)
		}
	}
	go c.run(ctx, o)
	return items
}

// An Iterable is an observable as RxGo knows it: with rxgo.Option for O and
// rxgo.Item for I it is an rxgo.Iterable, which StartWith, ZipFromIterable,
// Sample and SequenceEqual take. [ToIterable] makes one.
type Iterable[O any, I Item] struct{ observe func() <-chan I }

// ToIterable returns o in the form that RxGo's operators take besides their
// source. Each call of Observe subscribes to o, with the ctx.
//
//	src.StartWith(observable.ToIterable[rxgo.Option, rxgo.Item](ctx, o))
//
// The ctx has to end when the pipeline is not received to its end; see [ToItems].
//
// Demand, Errors, Discards, Scheduler: those of ToItems.
func ToIterable[O any, I Item, T any](ctx context.Context, o Observable[T]) Iterable[O, I] {
	mustCtx(ctx)
	return Iterable[O, I]{func() <-chan I { return ToItems[I](ctx, o) }}
}

// Observe subscribes and returns what [ToItems] does. The options speak of
// RxGo's own channels and goroutines; they change nothing here.
func (i Iterable[O, I]) Observe(...O) <-chan I { return i.observe() }
