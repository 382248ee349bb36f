package operators

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/serial"
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
		return &flattener[T]{down: down, discard: observable.DiscardFrom(ctx), dropped: observable.DroppedErrorFrom(ctx)}
	})(src)
}

// A flattener records what the source brings under mu and wakes the lane, which
// emits it and asks for more.
type flattener[T any] struct {
	link.Inside
	link.Failing
	link.Patient
	down    observable.Subscriber[T]
	up      observable.Subscription // written before anything is requested
	discard func(any, observable.DiscardReason)
	dropped func(error)

	lane   serial.Drain
	asked  demand.Counter // demand that the lane has not taken over yet; any goroutine
	halt   atomic.Bool    // no value may follow; set with mu held, read anywhere
	next   func(T) bool   // links on the first value; the lane only
	credit int64          // demand at hand; the lane only
	rest   []T            // the slice in progress; the lane only
	over   bool           // a terminal was delivered; the lane only

	mu        sync.Mutex
	in        []T   // guarded by mu: the slice that came
	open      bool  // guarded by mu: a slice was asked for and has not come
	done      bool  // guarded by mu: the source ended
	cancelled bool  // guarded by mu: by the downstream
	err       error // guarded by mu: the first failure
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

// Request adds demand.
func (f *flattener[T]) Request(n int64) {
	f.asked.Add(n)
	f.wake()
}

// Cancel stops the source; the lane then discards what is left of the slice,
// and reports an error that it has not delivered yet.
func (f *flattener[T]) Cancel() {
	cancel := func() { f.cancelled = true }
	if !f.stop(cancel) {
		f.mu.Lock()
		cancel()
		f.mu.Unlock()
		f.wake()
	}
}

// Fail ends the stream with an error that comes from below (link.Failer).
func (f *flattener[T]) Fail(err error) { f.failed(err, func() {}) }

func (f *flattener[T]) failed(err error, mark func()) {
	if !f.stop(func() { mark(); f.err = err }) {
		f.dropped(err)
	}
}

// stop runs record and cancels the source, once; it reports whether this was
// the time.
func (f *flattener[T]) stop(record func()) bool {
	f.mu.Lock()
	if f.halt.Load() {
		f.mu.Unlock()
		return false
	}
	record()
	f.halt.Store(true)
	done := f.done
	f.mu.Unlock()
	if !done {
		f.up.Cancel()
	}
	f.wake()
	return true
}

func (f *flattener[T]) wake() { f.lane.Wake(f.step) }

// step emits as demand allows, then delivers a terminal that is due.
func (f *flattener[T]) step() {
	done := false
	defer fault.Catch(&done, f.panicked)
	for !f.halt.Load() && f.funded() && f.load() {
		f.emit()
	}
	f.settle()
	done = true
}

func (f *flattener[T]) panicked(value any, stack []byte) {
	f.Fail(&observable.PanicError{Value: value, Stack: stack})
	f.settle()
}

// funded reports whether there is demand, and links on the way.
func (f *flattener[T]) funded() bool {
	if f.credit == 0 {
		if f.credit = f.asked.Load(); f.credit == 0 {
			return false
		}
		f.asked.Spend(f.credit)
		if f.next == nil {
			f.next = link.Next[T](f.down)
		}
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

// emit passes on elements of the slice in progress while there is demand.
func (f *flattener[T]) emit() {
	for len(f.rest) > 0 && f.credit > 0 && !f.halt.Load() {
		v := f.rest[0]
		f.rest = f.rest[1:]
		if f.next(v) && f.credit != demand.Unbounded {
			f.credit--
		}
	}
}

// settle delivers the terminal that is due, and discards what nobody gets.
func (f *flattener[T]) settle() {
	f.mu.Lock()
	err, cancelled := f.err, f.cancelled
	complete := !f.halt.Load() && f.done && len(f.rest) == 0 && len(f.in) == 0
	var left [2][]T
	if complete || f.halt.Load() {
		f.halt.Store(true)
		left = [2][]T{f.rest, f.in}
		f.rest, f.in = nil, nil
	}
	f.mu.Unlock()
	why := observable.DiscardError
	if cancelled {
		why = observable.DiscardCancel
	}
	f.drop(left[0], why)
	f.drop(left[1], why)
	switch {
	case f.over:
	case cancelled:
		f.over = true
		if err != nil {
			f.dropped(err)
		}
	case err != nil:
		f.over = true
		f.down.OnError(err)
	case complete:
		f.over = true
		f.down.OnComplete()
	}
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
