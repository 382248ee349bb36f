package operators

import (
	"context"
	"math"
	"sync"
	"sync/atomic"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/queue"
	"github.com/sluicego/sluice/internal/serial"
	"github.com/sluicego/sluice/observable"
)

// A fanOut deals the values of one source out to streams of their own, the
// panes, which open and close as a rule says. It is the engine of the Window
// operators and of GroupBy.
//
// Whoever has the lane does everything: it applies the rule, emits panes, and
// delivers in the panes. Who finds the lane taken leaves a note. A value that
// finds its pane subscribed and asked for is delivered at once; any other waits
// in the queue of its pane. The source is asked for a number of values ahead,
// so all queues together hold no more than that.
//
// This file has what any goroutine may call, fanoutlane.go what is done by who
// has the lane, pane.go the panes.
type fanOut[T any] struct {
	link.Failing
	link.Patient
	link.Inside
	name     string // of the operator, for errors
	down     outlet
	rule     fanRule[T]
	prefetch int64
	refill   int64 // how many values are used before as many are requested again
	endures  bool  // panes end by themselves, so values that wait for demand cannot wait for ever
	discard  func(any, observable.DiscardReason)
	dropped  func(error)

	// Touched by any goroutine.
	lane      serial.Drain
	asked     demand.Counter // demand for panes that the lane has not taken over yet
	owed      atomic.Int64   // to be requested of the source, outside the lane
	granted   atomic.Int64   // requested of the source, in total
	stopped   serial.Once    // the source was cancelled, or has ended
	cancelled atomic.Bool    // by the downstream
	failure   atomic.Pointer[error]

	// Touched by the source.
	got    int64 // received in total
	closed bool  // it has ended, or emitted too much

	mu    sync.Mutex
	up    observable.Subscription // guarded by mu; nil before its OnSubscribe
	inbox queue.Ring[note[T]]     // guarded by mu
	calls []*pane[T]              // guarded by mu: panes with something new

	fanLane[T]
}

// An outlet is the part of a Subscriber that hears of the beginning and the end.
type outlet interface {
	OnSubscribe(observable.Subscription)
	OnError(error)
	OnComplete()
}

// A fanRule says which panes there are, and which values are for them. All is
// called by the lane.
type fanRule[T any] interface {
	begin()    // opens what is open from the start
	value(v T) // gives v to the panes that it is for
	stop()     // the end: nothing is to open or close panes any more
}

// A note is left for who has the lane: a value, or something to do.
type note[T any] struct {
	value T
	act   func() // nil: there is a value
}

func newFanOut[T any](ctx context.Context, name string, down outlet, prefetch int64) fanOut[T] {
	return fanOut[T]{
		name:     name,
		down:     down,
		prefetch: prefetch,
		refill:   demand.Refill(prefetch),
		discard:  observable.DiscardFrom(ctx),
		dropped:  observable.DroppedErrorFrom(ctx),
		inbox:    *queue.NewRing[note[T]](math.MaxInt),
		fanLane:  fanLane[T]{out: prefetch, due: *queue.NewRing[*pane[T]](math.MaxInt)},
	}
}

// run tells the downstream that it is subscribed and opens what is open from
// the start. Then subscribe sees to the source, unless there is no use for it
// any more. The lane is held till then: no pane overtakes OnSubscribe.
func (f *fanOut[T]) run(subscribe func()) {
	f.lane.Enter()
	f.granted.Store(f.prefetch)
	defer f.start(subscribe) // deferred, because the downstream may leave its goroutine
	f.greet()
}

func (f *fanOut[T]) greet() {
	done := false
	defer fault.Catch(&done, f.panicked)
	f.down.OnSubscribe(f)
	done = true
}

func (f *fanOut[T]) panicked(value any, stack []byte) {
	f.Fail(&observable.PanicError{Value: value, Stack: stack})
}

func (f *fanOut[T]) start(subscribe func()) {
	f.first()
	if !f.stopped.Done() {
		subscribe()
	}
}

func (f *fanOut[T]) first() {
	defer f.exit()
	f.handle(note[T]{act: f.rule.begin})
}

// OnSubscribe is the source's.
func (f *fanOut[T]) OnSubscribe(up observable.Subscription) {
	f.mu.Lock()
	refused := f.up != nil || f.stopped.Done()
	if !refused {
		f.up = up
	}
	f.mu.Unlock()
	if refused {
		up.Cancel()
		return
	}
	up.Request(f.prefetch)
}

// OnNext applies the rule to v, at once if the lane is free.
func (f *fanOut[T]) OnNext(v T) {
	switch {
	case f.closed || f.stopped.Done():
		f.drop(v, observable.DiscardLate)
	case f.got == f.granted.Load():
		f.overflow(v)
	default:
		f.got++
		if f.lane.Enter() {
			defer f.exit() // also if a callback leaves its goroutine
			f.handle(note[T]{value: v})
		} else {
			f.leave(note[T]{value: v})
		}
	}
}

// NextFunc is OnNext without a detour.
func (f *fanOut[T]) NextFunc() func(T) bool {
	return func(v T) bool {
		f.OnNext(v)
		return true
	}
}

// OnError ends all panes and the stream of them.
func (f *fanOut[T]) OnError(err error) {
	if f.closed || f.stopped.Done() {
		f.dropped(err)
		return
	}
	f.over(err)
}

// OnComplete ends all panes and the stream of them.
func (f *fanOut[T]) OnComplete() {
	if !f.closed {
		f.over(nil)
	}
}

func (f *fanOut[T]) over(err error) {
	f.closed = true
	f.stopped.First()
	f.signal(func() { f.end(err) })
}

// overflow makes an OverflowError the end of a source that emits more than was
// requested.
func (f *fanOut[T]) overflow(v T) {
	f.drop(v, observable.DiscardOverflow)
	f.stop()
	f.over(&observable.OverflowError{Op: f.name, Capacity: f.prefetch, Demand: f.asked.Load()})
}

// Request adds demand for panes.
func (f *fanOut[T]) Request(n int64) {
	f.asked.Add(n)
	f.wake()
}

// Cancel stops the emission of panes. Those that are open live on.
func (f *fanOut[T]) Cancel() {
	f.cancelled.Store(true)
	f.wake()
}

// Fail ends everything with err (link.Failer).
func (f *fanOut[T]) Fail(err error) {
	if !f.failure.CompareAndSwap(nil, &err) {
		f.dropped(err)
		return
	}
	f.wake()
}

// failed ends everything with the error of an observable beside the source. If
// that has completed, nothing follows from it.
func (f *fanOut[T]) failed(err error) {
	if err != nil {
		f.signal(func() {
			f.stop()
			f.end(err)
		})
	}
}

// signal has act done by the lane, in its turn.
func (f *fanOut[T]) signal(act func()) {
	if f.lane.Enter() {
		defer f.exit()
		f.handle(note[T]{act: act})
	} else {
		f.leave(note[T]{act: act})
	}
}

// leave leaves a note for who has the lane.
func (f *fanOut[T]) leave(n note[T]) {
	f.mu.Lock()
	f.inbox.Push(n)
	f.mu.Unlock()
	f.wake()
}

// call has the lane attend to p.
func (f *fanOut[T]) call(p *pane[T]) {
	if !p.called.CompareAndSwap(false, true) {
		return // and it has not been attended to since
	}
	f.mu.Lock()
	f.calls = append(f.calls, p)
	f.mu.Unlock()
	f.wake()
}

func (f *fanOut[T]) wake() {
	f.lane.Wake(f.step)
	f.request()
}

// exit gives the lane up.
func (f *fanOut[T]) exit() {
	f.lane.Leave(f.step)
	f.request()
}

// request asks the source for what the lane has found that it may. The lane is
// not held: the source may emit here and now.
func (f *fanOut[T]) request() {
	if f.owed.Load() == 0 {
		return
	}
	n := f.owed.Swap(0)
	f.mu.Lock()
	up := f.up
	f.mu.Unlock()
	if n > 0 && up != nil && !f.stopped.Done() {
		up.Request(n)
	}
}

// stop cancels the source, once; one that comes later is cancelled when it comes.
func (f *fanOut[T]) stop() {
	f.mu.Lock()
	first, up := f.stopped.First(), f.up
	f.mu.Unlock()
	if first && up != nil {
		up.Cancel()
	}
}

func (f *fanOut[T]) drop(v T, why observable.DiscardReason) {
	if f.discard != nil {
		f.discard(v, why)
	}
}
