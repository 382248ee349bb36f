package operators

import (
	"context"
	"sync/atomic"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/option"
	"github.com/sluicego/sluice/internal/side"
	"github.com/sluicego/sluice/observable"
)

// Distinct emits the values of the source that it has not emitted before. It
// takes no arguments: pass it to a pipe as it is.
//
//	source    -a-b-a-c-b-|
//	Distinct  -a-b---c---|
//
// Demand: one for one; for every value it drops it requests another.
//
// Errors: the source's, unchanged.
//
// Discards: nothing; a repeated value has been dealt with.
//
// Scheduler: none.
//
// It remembers every value that it has emitted, without a bound. To bound that,
// use [DistinctBy] with the option [FlushWhen]; [DistinctUntilChanged] remembers
// one value only.
//
// Values are compared with ==, by which a NaN differs from itself. If T is an
// interface type and a value cannot be compared, the stream ends with a
// PanicError.
func Distinct[T comparable](src observable.Observable[T]) observable.Observable[T] {
	return DistinctBy(func(v T) T { return v })(src)
}

// A DistinctOption is an option of [DistinctBy]: [FlushWhen].
type DistinctOption interface{ option.Distinct }

// FlushWhen makes [DistinctBy] forget the keys seen whenever o emits a value.
// It subscribes to o after the source and requests everything from it. That o
// completes changes nothing; an error of o ends the stream.
func FlushWhen[N any](o observable.Observable[N]) DistinctOption {
	return flushWhen{func(flush func(), end func(error)) (ear interface{ Cancel() }, listen func(context.Context)) {
		l := side.New(func(N) { flush() }, end)
		return l, func(ctx context.Context) { l.Listen(ctx, o) }
	}}
}

// A flushWhen makes a listener, whose type of values it hides.
type flushWhen struct {
	hear func(flush func(), end func(error)) (ear interface{ Cancel() }, listen func(context.Context))
}

func (flushWhen) OptionDistinct(option.Seal) {}

// DistinctBy emits the values of the source whose key, which the function key
// returns, no value emitted before had.
//
//	source               -a-A-b-B-a-|
//	o                    ------x----
//	DistinctBy(toUpper)  -a---b-----|
//	…FlushWhen(o)        -a---b-B-a-|
//
// Demand: one for one; for every value it drops it requests another.
//
// Errors: the source's, unchanged; that of the observable given to [FlushWhen],
// at once.
//
// Discards: nothing; a repeated value has been dealt with. With [FlushWhen], a
// value that the source emits after the end, as late.
//
// Scheduler: none; key runs where the source emits.
//
// It remembers every key, without a bound. [FlushWhen] bounds that;
// [DistinctUntilChangedBy] remembers one key only.
//
// DistinctBy panics if key or an option is nil.
func DistinctBy[T any, K comparable](key func(T) K, opts ...DistinctOption) observable.Operator[T, T] {
	if key == nil {
		panic("operators: DistinctBy with a nil function")
	}
	var when flushWhen
	for _, opt := range opts {
		if opt == nil {
			panic("operators: DistinctBy with a nil option")
		}
		when = opt.(flushWhen) // there is no other option
	}
	if when.hear == nil {
		return observable.Lift(func(_ context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
			seen := memory[T, K]{key: key}
			return &filterer[T]{forward: forward[T]{down: down}, p: seen.isNew}
		})
	}
	return func(src observable.Observable[T]) observable.Observable[T] {
		return side.Serve(func(ctx context.Context, down observable.Subscriber[T]) {
			d := &flusher[T, K]{beside: newBeside(ctx, down), seen: memory[T, K]{key: key}}
			ear, listen := when.hear(func() { d.flush.Store(true) }, d.fails)
			d.hears(ear)
			d.begin(ctx, src, d)
			listen(ctx)
		})
	}
}

// A memory holds the keys of the values that were emitted; the source only.
type memory[T any, K comparable] struct {
	key  func(T) K
	keys map[K]struct{}
}

// isNew reports whether v is to be emitted, and remembers its key if so.
func (m *memory[T, K]) isNew(v T) bool {
	k := m.key(v)
	if _, seen := m.keys[k]; seen {
		return false
	}
	if m.keys == nil {
		m.keys = make(map[K]struct{})
	}
	m.keys[k] = struct{}{}
	return true
}

type flusher[T any, K comparable] struct {
	beside[T]
	seen  memory[T, K]
	flush atomic.Bool // the next value is the first one again; any goroutine
}

func (f *flusher[T, K]) OnNext(v T) {
	if !f.isNew(v) {
		f.up.Request(1)
	} else if f.enter(v) {
		done := false
		defer f.leave(&done)
		f.down.OnNext(v)
		done = true
	}
}

// NextFunc is OnNext linked to the downstream's; it answers false where OnNext
// requests another value.
func (f *flusher[T, K]) NextFunc() func(T) bool {
	next := link.Next[T](f.down)
	return func(v T) bool {
		if !f.isNew(v) {
			return false
		}
		if !f.enter(v) {
			return true
		}
		done := false
		defer f.leave(&done)
		used := next(v)
		done = true
		return used
	}
}

func (f *flusher[T, K]) isNew(v T) bool {
	if f.flush.Load() {
		f.flush.Store(false)
		f.seen.keys = nil
	}
	return f.seen.isNew(v)
}

// DistinctUntilChangedBy emits the values of the source whose key, which the
// function key returns, differs from that of the value emitted before.
//
//	source                           -a-A-b-B-a-|
//	DistinctUntilChangedBy(toUpper)  -a---b---a-|
//
// Demand: one for one; for every value it drops it requests another.
//
// Errors: the source's, unchanged.
//
// Discards: nothing; a repeated value has been dealt with.
//
// Scheduler: none; key runs where the source emits, once for each value.
//
// DistinctUntilChangedBy panics if key is nil.
func DistinctUntilChangedBy[T any, K comparable](key func(T) K) observable.Operator[T, T] {
	if key == nil {
		panic("operators: DistinctUntilChangedBy with a nil function")
	}
	return observable.Lift(func(_ context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		var last K // the key of the value emitted last, if has is set; the source only
		has := false
		changes := func(v T) bool {
			k := key(v)
			if has && k == last {
				return false
			}
			last, has = k, true
			return true
		}
		return &filterer[T]{forward: forward[T]{down: down}, p: changes}
	})
}
