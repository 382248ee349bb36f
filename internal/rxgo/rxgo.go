// Package rxgo has the shape of RxGo v2, and behaves like it as far as tests
// need: channels, a goroutine for each operator, options that go up the chain.
// The code that docs/from-rxgo.md shows imports the real one, on which this
// module does not depend; tests compile it against this. Only tests import it.
package rxgo

import (
	"context"
	"slices"
)

// An Item is a value or an error.
type Item struct {
	V any
	E error
}

// Of makes an item of a value.
func Of(i any) Item { return Item{V: i} }

// Error makes an item of an error.
func Error(err error) Item { return Item{E: err} }

// Error reports whether the item is an error.
func (i Item) Error() bool { return i.E != nil }

// SendContext waits until the item is sent, and reports whether it is; it is
// not if ctx ends first.
func (i Item) SendContext(ctx context.Context, ch chan<- Item) bool {
	select {
	case <-ctx.Done():
		return false
	case ch <- i:
		return true
	}
}

// An Option configures one operator, and those above it.
type Option interface {
	apply(ctx context.Context, capacity int) (context.Context, int)
}

type optionFunc func(ctx context.Context, capacity int) (context.Context, int)

func (f optionFunc) apply(ctx context.Context, capacity int) (context.Context, int) {
	return f(ctx, capacity)
}

// WithContext makes operators stop when ctx ends, without an error.
func WithContext(ctx context.Context) Option {
	return optionFunc(func(_ context.Context, capacity int) (context.Context, int) { return ctx, capacity })
}

// WithBufferedChannel is the capacity of an operator's channel.
func WithBufferedChannel(capacity int) Option {
	return optionFunc(func(ctx context.Context, _ int) (context.Context, int) { return ctx, capacity })
}

func parse(opts []Option) (ctx context.Context, next chan Item) {
	ctx, capacity := context.Background(), 0
	for _, opt := range opts {
		ctx, capacity = opt.apply(ctx, capacity)
	}
	return ctx, make(chan Item, capacity)
}

// An Iterable is what can be observed.
type Iterable interface {
	Observe(opts ...Option) <-chan Item
}

// An Observable is an Iterable with operators.
type Observable interface {
	Iterable
	Map(apply Func, opts ...Option) Observable
	StartWith(iterable Iterable, opts ...Option) Observable
}

type (
	// A Func makes a value of another.
	Func func(context.Context, any) (any, error)
	// A Producer sends items.
	Producer func(ctx context.Context, next chan<- Item)
)

// iterable implements Observable.
type iterable func(opts ...Option) <-chan Item

func (o iterable) Observe(opts ...Option) <-chan Item { return o(opts...) }

// Just emits the items; an error among them is an error of the stream.
func Just(items ...any) func(opts ...Option) Observable {
	return func(opts ...Option) Observable {
		return Defer([]Producer{func(ctx context.Context, next chan<- Item) {
			for _, v := range items {
				item := Of(v)
				if err, ok := v.(error); ok {
					item = Error(err)
				}
				if !item.SendContext(ctx, next) {
					return
				}
			}
		}}, opts...)
	}
}

// Defer runs the producers for each observer.
func Defer(fs []Producer, opts ...Option) Observable {
	return iterable(func(more ...Option) <-chan Item {
		ctx, next := parse(slices.Concat(opts, more))
		go func() {
			defer close(next)
			for _, f := range fs {
				f(ctx, next)
			}
		}()
		return next
	})
}

// FromChannel emits what comes from next, to whoever is first.
func FromChannel(next <-chan Item, _ ...Option) Observable {
	return iterable(func(...Option) <-chan Item { return next })
}

// Map applies a function to each value. It stops at an error.
func (o iterable) Map(apply Func, opts ...Option) Observable {
	return o.operator(opts, func(ctx context.Context, item Item, next chan<- Item) bool {
		if item.E == nil {
			item.V, item.E = apply(ctx, item.V)
		}
		return item.SendContext(ctx, next) && item.E == nil
	})
}

// StartWith emits what is in the iterable first.
func (o iterable) StartWith(first Iterable, opts ...Option) Observable {
	return iterable(func(more ...Option) <-chan Item {
		all := slices.Concat(opts, more)
		ctx, next := parse(all)
		go func() {
			defer close(next)
			for _, it := range []Iterable{first, o} {
				for item := range it.Observe(all...) {
					if !item.SendContext(ctx, next) || item.E != nil {
						return
					}
				}
			}
		}()
		return next
	})
}

// operator runs each on a goroutine of its own until it is false, or the ctx or
// the source ends.
func (o iterable) operator(opts []Option, each func(context.Context, Item, chan<- Item) bool) Observable {
	return iterable(func(more ...Option) <-chan Item {
		all := slices.Concat(opts, more)
		ctx, next := parse(all)
		source := o.Observe(all...)
		go func() {
			defer close(next)
			for {
				select {
				case <-ctx.Done():
					return
				case item, ok := <-source:
					if !ok || !each(ctx, item, next) {
						return
					}
				}
			}
		}()
		return next
	})
}
