package observable

import (
	"context"
	"fmt"
)

// An Item is any type of the shape that the items of RxGo v2 have: a value, or
// an error if E is not nil. rxgo.Item is one, and this module needs no import of
// RxGo to know it.
type Item interface {
	~struct {
		V any
		E error
	}
}

// item is what every Item converts to.
type item = struct {
	V any
	E error
}

// FromItems emits the values of the items that it receives from ch, which is
// what an observable of RxGo returns from Observe, and completes when ch is
// closed.
//
//	FromItems[string](ch)  (abc|)
//
// Demand: receives only while something is requested, as [FromChan] does.
//
// Errors: that of the first item that has one; one that says what came if a
// value is no T, while FromItems[any] takes every value. What an observable of
// RxGo sends after an error, because of ContinueOnError, is not received; for
// that there is FromChan, whose values are the items. An error that is received
// while the stream is being cancelled goes to the hook of [WithDroppedError].
//
// Discards: a value that was received while the stream was being cancelled, as
// late.
//
// Scheduler: none; it receives and emits on a goroutine of its own, one for
// each subscription, which lives while something is requested.
//
// Subscriptions share ch, and whoever sends to it is not told when they are
// over; [FromItemsFunc] observes anew for each of them, and ends what it has
// observed. RxGo also closes a channel when a ctx ends that it was given; here
// that is completion. FromItems panics if ch is nil.
func FromItems[T any, I Item](ch <-chan I) Observable[T] {
	if ch == nil {
		panic("observable: FromItems of a nil channel; use Never")
	}
	return Observable[T]{subscribe: func(ctx context.Context, down Subscriber[T]) {
		receiveItems(ctx, ch, func() {}, down)
	}}
}

// FromItemsFunc is [FromItems] of the channel that observe returns, which is
// called for each subscription. The ctx that observe gets is done when that is
// over: give it to RxGo, whose goroutines would stay otherwise.
//
//	FromItemsFunc[string](observe)  (abc|)
//
// where observe returns obs.Observe(rxgo.WithContext(ctx)).
//
// Demand: as FromItems; observe is called before anything is requested.
//
// Errors: as FromItems; a [*PanicError] if observe panics or returns nil. One
// that is received after a cancel goes to the hook of [WithDroppedError], unless
// it is the error of the ctx that observe got.
//
// Discards: a value that was received while the stream was being cancelled, as
// late.
//
// Scheduler: none; observe runs on the goroutine that subscribes. It receives
// and emits on a goroutine of its own, which lives while something is requested.
//
// FromItemsFunc panics if observe is nil.
func FromItemsFunc[T any, I Item](observe func(context.Context) <-chan I) Observable[T] {
	if observe == nil {
		panic("observable: FromItemsFunc with a nil function")
	}
	return Observable[T]{subscribe: func(ctx context.Context, down Subscriber[T]) {
		// RxGo closes its channels when the ctx ends. So this one ends after
		// the subscription has, or what was cut off would seem to complete.
		ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
		var ch <-chan I
		var failure error
		attempt(func() {
			if ch = observe(ctx); ch == nil {
				panic("observable: the function given to FromItemsFunc returned a nil channel")
			}
		}, func(err error) { failure = err })
		if failure != nil {
			cancel()
			fail(down, failure)
			return
		}
		receiveItems(ctx, ch, cancel, down)
	}}
}

func receiveItems[T any, I Item](ctx context.Context, ch <-chan I, over func(), down Subscriber[T]) {
	r := &receiver[I, T]{ch: ch, open: unpack[T, I], over: over, isDue: dueTo(ctx), hooks: hooksFrom(ctx)}
	r.serve(down)
}

// unpack returns what is in i. A nil V is a value where T is an interface, as
// every nil is.
func unpack[T any, I Item](i I) (T, error) {
	it := item(i)
	v, ok := it.V.(T)
	switch {
	case it.E != nil:
		return v, it.E
	case ok, it.V == nil && any(v) == nil:
		return v, nil
	}
	came := "nil"
	if it.V != nil {
		came = fmt.Sprintf("%T (%v)", it.V, it.V)
	}
	return v, fmt.Errorf("observable: an item with %s came where %s is wanted; FromItems[any] takes every value", came, nameOf[T]())
}

// nameOf returns the name of T, also if T is an interface.
func nameOf[T any]() string { return fmt.Sprintf("%T", (*T)(nil))[1:] }
