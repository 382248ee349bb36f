package operators

import (
	"context"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// Flatten emits the elements of the slices of the source. A slice is not
// copied: do not change it while its elements are being emitted.
//
//	source   -a--b-c--|
//	Flatten  -[xy]--z----|
//	where    a={x y}, b={z}, c={}
//
// Demand: the source is asked for one slice while there is demand, and for the
// next one when that is used up; what is not demanded stays in it.
//
// Errors: the source's, at once.
//
// Discards: the elements left of a slice when the stream fails or is cancelled;
// those of one that comes after that, as late. Those of a slice that a source
// emits beyond its demand, as overflow, for which the stream fails.
//
// Scheduler: none; elements are emitted by the goroutine that brings the slice,
// or the demand for them.
func Flatten[T any](src observable.Observable[[]T]) observable.Observable[T] {
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[[]T] {
		f := &flattener[T]{line: newLine(ctx, down)}
		f.work = f
		return f
	})(src)
}

// A flattener is a line of one source. The lane emits what that has brought and
// asks for more.
type flattener[T any] struct {
	link.Inside
	line[T]
	up   observable.Subscription // written before anything is requested
	rest []T                     // the slice in progress; the lane only
	in   []T                     // guarded by mu: the slice that came
	open bool                    // guarded by mu: a slice was asked for and has not come
	done bool                    // guarded by mu: the source ended
}

func (f *flattener[T]) OnSubscribe(up observable.Subscription) {
	if f.up != nil {
		up.Cancel()
		return
	}
	f.up = up
	f.down.OnSubscribe(f)
}

func (f *flattener[T]) OnNext(s []T) {
	f.mu.Lock()
	late, asked := f.halt.Load(), f.open
	if !late && asked {
		f.in, f.open = s, false
	}
	f.mu.Unlock()
	switch {
	case late:
		f.drop(s, observable.DiscardLate)
	case !asked:
		f.drop(s, observable.DiscardOverflow)
		f.Fail(&observable.OverflowError{Op: "Flatten"})
	default:
		f.wake()
	}
}

func (f *flattener[T]) OnError(err error) { f.failed(err, func() { f.done = true }) }

func (f *flattener[T]) OnComplete() {
	f.mu.Lock()
	f.done = true
	f.mu.Unlock()
	f.wake()
}

// advance emits what is there as demand allows.
func (f *flattener[T]) advance() bool {
	if !f.funded() || !f.load() {
		return false
	}
	for len(f.rest) > 0 && f.credit > 0 && !f.halt.Load() {
		v := f.rest[0]
		f.rest = f.rest[1:]
		f.deliver(v)
	}
	return true
}

// load reports whether there is an element to emit. It asks the source for as
// long as that answers at once with slices of none.
func (f *flattener[T]) load() bool {
	for len(f.rest) == 0 {
		f.mu.Lock()
		f.rest, f.in = f.in, nil
		ask := len(f.rest) == 0 && !f.open && !f.done && !f.halt.Load()
		f.open = f.open || ask
		f.mu.Unlock()
		switch {
		case ask:
			f.up.Request(1)
		case len(f.rest) == 0:
			return false
		}
	}
	return true
}

func (f *flattener[T]) complete() bool { return f.done && len(f.rest) == 0 && len(f.in) == 0 }

func (f *flattener[T]) live() []observable.Subscription {
	if f.done {
		return nil
	}
	return []observable.Subscription{f.up}
}

// release gives up the slices.
func (f *flattener[T]) release(why observable.DiscardReason) {
	f.mu.Lock()
	rest, in := f.rest, f.in
	f.rest, f.in = nil, nil
	f.mu.Unlock()
	f.drop(rest, why)
	f.drop(in, why)
}

// drop gives up the elements of s.
func (f *flattener[T]) drop(s []T, why observable.DiscardReason) {
	if f.discard == nil {
		return
	}
	for _, v := range s {
		f.discard(v, why)
	}
}
