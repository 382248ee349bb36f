package operators

import (
	"context"
	"slices"
	"sync"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/serial"
	"github.com/sluicego/sluice/observable"
)

// An opened buffer takes in all values from its place on the tape on.
type opened struct {
	from int
	ends canceller // what would close it, if that is still of use
	gone bool      // it was closed, or another holds all that it does
}

// A canceller is what has to be stopped when it is of no use any more.
type canceller interface{ Cancel() }

// An alarm is the canceller of a timer.
type alarm func() bool

// Cancel stops the timer.
func (a alarm) Cancel() { a() }

// buffers is the engine of the operators whose buffers are opened and closed
// from beside the source: by a notifier, or by the clock. These signals and the
// source's leave a note under mu and wake the drain, which decides under mu
// and delivers with it released.
//
// A buffer that is due closes if somebody has asked for it. Otherwise it is
// overdue and stays open. One buffer at most is, the one that was opened first:
// it holds whatever any other holds that comes due later, so that these are
// given up. What is closed is therefore never more than was requested, until
// the source completes and closes everything.
type buffers[T any] struct {
	link.Failing
	link.Patient
	link.Inside
	down    observable.Subscriber[[]T]
	limit   int            // a buffer with so many values is due; 0: none is
	renew   func() *opened // makes the buffer that follows one that is closed, with mu held; nil if none does
	attend  func(*opened)  // called by the drain with such a buffer; may be nil
	step    func()         // deliver, bound once
	discard func(any, observable.DiscardReason)
	dropped func(error)
	drain   serial.Drain
	next    func([]T) bool // links on the first slice; the drain only

	mu        sync.Mutex              // guards all below
	up        observable.Subscription // the source; nil before its OnSubscribe
	tape      tape[T]
	open      []*opened   // in the order of opening
	overdue   *opened     // one of open, or nil
	fresh     *opened     // still to be attended to, or nil
	closed    []stretch   // to be delivered, from shifted on
	shifted   int         // how many of closed were delivered
	asked     int64       // slices requested and not delivered
	beside    canceller   // the notifier, or the timer, that opens or closes buffers; or nil
	forget    canceller   // unhooks the end of the scheduler; or nil
	idle      []canceller // of no use any more
	sourced   bool        // the source has ended or is cancelled, or never will be subscribed to
	completed bool        // by the source
	cancelled bool        // by the downstream
	failure   error       // the first one
	over      bool        // nothing is delivered any more; set by the drain
}

func (x *buffers[T]) begin(ctx context.Context, down observable.Subscriber[[]T]) {
	x.down = down
	x.discard, x.dropped = observable.DiscardFrom(ctx), observable.DroppedErrorFrom(ctx)
	x.step = x.deliver
}

// live reports whether the source has not ended, nor the stream.
func (x *buffers[T]) live() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return !x.sourced
}

// listen subscribes to the source.
func (x *buffers[T]) listen(ctx context.Context, src observable.Observable[T]) {
	if x.live() {
		src.Subscribe(ctx, x)
	}
}

func (x *buffers[T]) OnSubscribe(up observable.Subscription) {
	x.mu.Lock()
	refused := x.sourced || x.up != nil
	if !refused {
		x.up = up
	}
	x.mu.Unlock()
	if refused {
		up.Cancel()
		return
	}
	up.Request(demand.Unbounded)
}

func (x *buffers[T]) OnNext(v T) {
	x.mu.Lock()
	switch {
	case x.sourced:
		x.mu.Unlock()
		x.drop(v, observable.DiscardLate)
	case len(x.open) == 0:
		x.mu.Unlock() // there is no buffer for it to be in
	default:
		x.tape.put(v)
		x.leave(x.fill())
	}
}

func (x *buffers[T]) OnError(err error) {
	x.mu.Lock()
	if x.sourced {
		x.mu.Unlock()
		x.dropped(err)
		return
	}
	x.sourced = true
	x.abort(err)
}

// OnComplete closes everything, whether or not there is demand for it.
func (x *buffers[T]) OnComplete() {
	x.mu.Lock()
	if x.sourced {
		x.mu.Unlock()
		return
	}
	x.sourced, x.completed = true, true
	for len(x.open) > 0 {
		x.retire(x.open[0])
		x.cut(x.open[0])
	}
	x.release()
	x.leave(true)
}

func (x *buffers[T]) Request(n int64) {
	x.mu.Lock()
	x.asked = demand.Add(x.asked, n)
	x.settle()
	x.leave(true)
}

func (x *buffers[T]) Cancel() {
	x.mu.Lock()
	x.cancelled = true
	x.release()
	x.leave(true)
}

// Fail ends the stream with err, at once (link.Failer).
func (x *buffers[T]) Fail(err error) {
	x.mu.Lock()
	x.abort(err)
}

// abort makes err the last signal. The caller holds mu, which it releases.
func (x *buffers[T]) abort(err error) {
	if x.over || x.cancelled || x.failure != nil {
		x.mu.Unlock()
		x.dropped(err)
		return
	}
	x.failure = err
	x.release()
	x.leave(true)
}

// ended takes the end of an observable beside the source. That it has
// completed means only that no more comes of it.
func (x *buffers[T]) ended(err error) {
	if err != nil {
		x.Fail(err)
	}
}

// another opens a buffer beside those that are open; nil if the stream is over.
func (x *buffers[T]) another() *opened {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.sourced {
		return nil
	}
	b := x.reopen()
	x.open = append(x.open, b)
	return b
}

// due is called when the time of b has come.
func (x *buffers[T]) due(b *opened) {
	x.mu.Lock()
	x.ripen(b)
	x.leave(true)
}

// dueNow is called when the time of the one buffer that is open has come.
func (x *buffers[T]) dueNow() {
	x.mu.Lock()
	if len(x.open) > 0 {
		x.ripen(x.open[0])
	}
	x.leave(true)
}

// leave releases mu, stops what is idle and wakes the drain.
func (x *buffers[T]) leave(wake bool) {
	idle := x.idle
	x.idle = nil
	x.mu.Unlock()
	for _, c := range idle {
		c.Cancel()
	}
	if wake {
		x.drain.Wake(x.step)
	}
}

// deliver is the step of the drain.
func (x *buffers[T]) deliver() {
	done := false
	defer fault.Catch(&done, x.panicked)
	for x.deliverOne() {
	}
	done = true
}

// deliverOne decides what comes next and delivers it; false if nothing does.
func (x *buffers[T]) deliverOne() bool {
	x.mu.Lock()
	switch fresh := x.fresh; {
	case x.over:
		x.mu.Unlock()
		return false
	case x.cancelled:
		x.finish(observable.DiscardCancel)
		if x.failure != nil {
			x.dropped(x.failure)
		}
		return false
	case x.failure != nil:
		x.finish(observable.DiscardError)
		x.down.OnError(x.failure)
		return false
	case x.waiting() > 0 && x.asked > 0:
		x.pass(x.shift())
		return true
	case fresh != nil:
		x.fresh = nil
		x.mu.Unlock()
		x.attend(fresh)
		return true
	case x.completed && x.waiting() == 0:
		x.finish(observable.DiscardError)
		x.down.OnComplete()
		return false
	}
	x.mu.Unlock()
	return false
}

// waiting returns how many slices are to be delivered. Called with mu held.
func (x *buffers[T]) waiting() int { return len(x.closed) - x.shifted }

// shift takes the next slice to deliver, and releases mu. What no slice and no
// buffer needs any more is looked for when as many have been delivered as there
// are to look at.
func (x *buffers[T]) shift() []T {
	out := x.tape.copyOut(x.closed[x.shifted])
	x.shifted++
	if x.asked != demand.Unbounded {
		x.asked--
	}
	if x.shifted >= x.waiting()+len(x.open) {
		x.closed, x.shifted = slices.Delete(x.closed, 0, x.shifted), 0
		x.tape.trim(x.oldest())
	}
	x.mu.Unlock()
	return out
}

// oldest returns the place of the first value that is needed still.
func (x *buffers[T]) oldest() int {
	place := x.tape.end()
	for _, s := range x.closed {
		place = min(place, s.from)
	}
	for _, b := range x.open {
		place = min(place, b.from)
	}
	return place
}

// pass delivers a slice. One that the downstream did not count is replaced.
func (x *buffers[T]) pass(out []T) {
	if x.next == nil {
		x.next = link.Next[[]T](x.down)
	}
	if !x.next(out) {
		x.Request(1)
	}
}

func (x *buffers[T]) panicked(value any, stack []byte) {
	x.mu.Lock()
	x.release()
	x.leave(false)
	x.mu.Lock()
	undelivered := x.failure
	if x.over {
		undelivered = nil
	}
	x.finish(observable.DiscardError)
	if undelivered != nil {
		x.dropped(undelivered)
	}
	x.down.OnError(&observable.PanicError{Value: value, Stack: stack})
}

// finish makes the stream over, releases mu and discards what was not
// delivered. From then on the tape belongs to the drain alone.
func (x *buffers[T]) finish(why observable.DiscardReason) {
	x.over = true
	x.mu.Unlock()
	x.tape.uncopied(func(v T) { x.drop(v, why) })
	x.tape, x.closed, x.shifted = tape[T]{}, nil, 0
}

func (x *buffers[T]) drop(v T, why observable.DiscardReason) {
	if x.discard != nil {
		x.discard(v, why)
	}
}

// Held tells an inspection how many values are in the open buffers.
func (x *buffers[T]) Held(link.Seal) link.Holding {
	x.mu.Lock()
	defer x.mu.Unlock()
	return link.Holding{Queued: int64(x.tape.end() - x.tape.first), Capacity: observable.Unbounded}
}
