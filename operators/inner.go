package operators

import (
	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// An inner is one of the subscriptions that a fanIn brings together.
type inner[R any] struct {
	link.Inside
	fan      *fanIn[R]
	up       observable.Subscription // guarded by fan.mu until OnSubscribe returns
	slot     int                     // its place in fan.inners; guarded by fan.mu
	attached bool                    // it has one; guarded by fan.mu
	inline   bool                    // emitting straight to the downstream, with the lane; own signals only
	spare    bool                    // its source completed while inline; own signals, later the source's
	done     bool                    // guarded by fan.mu: its source ended
	queued   bool                    // it has values in batch or in; written with fan.mu held
	in       []R                     // guarded by fan.mu: values that found the lane taken
	batch    []R                     // the lane only: the values that were in, before
	at       int                     // the lane only: the next one of batch
	passed   int64                   // the lane only: values passed on since the last request
	spent    bool                    // the lane only: the source had ended when batch was taken
	link     func(R) bool            // OnNext as a function, for all sources that it serves; own signals only
}

// renew makes x ready for another source, and reports whether it can be. All
// inners have finished, so nobody else knows of x.
func (x *inner[R]) renew() bool {
	if x.done {
		x.done, x.up, x.passed, x.spent = false, nil, 0, false
		return true
	}
	return x.spare
}

func (x *inner[R]) OnSubscribe(up observable.Subscription) {
	f := x.fan
	if x.up != nil && !x.spare || x.done {
		up.Cancel() // a second subscription, or one after the end
		return
	}
	x.up, x.spare = up, false
	if link.IsSynchronous(up) && f.lane.Enter() {
		if f.funded() && f.credit == demand.Unbounded && x.mayEmit() {
			if x.runInLane() && f.replaces && !f.halt.Load() {
				f.up.Request(1) // what replace does, without a detour by way of owed
			}
			return
		}
		f.leave()
	}
	if !f.attach(x) {
		up.Cancel()
		return
	}
	up.Request(f.prefetch)
}

// runInLane gives the lane up, also if a callback leaves its goroutine.
func (x *inner[R]) runInLane() (finished bool) {
	defer x.fan.leave()
	return x.run()
}

// run has a synchronous source emit all it has, straight to the downstream.
// The lane is held, so others queue; nothing is counted, checked or locked per
// value. The source itself stops at a cancel.
//
// Nor is anything locked for the inner as a whole: whoever halts the stream
// finds x in fan.inline, unless that was before, and then we see it.
//
// It reports whether x has finished. From then on it may serve another source.
func (x *inner[R]) run() (finished bool) {
	f := x.fan
	done := false
	defer fault.Catch(&done, x.panicked)
	f.inline.Store(x)
	if f.halt.Load() {
		if f.inline.CompareAndSwap(x, nil) {
			x.up.Cancel()
		}
		done = true
		return false
	}
	x.inline = true
	link.Feed(x.up, x, f.next)
	x.up.Request(demand.Unbounded)
	x.inline = false
	if f.inline.CompareAndSwap(x, nil) {
		if finished = x.spare; finished {
			f.emptied()
		} else if !f.attach(x) {
			x.up.Cancel()
		}
	}
	done = true
	return finished
}

func (x *inner[R]) panicked(value any, stack []byte) {
	x.inline = false
	x.fan.Fail(&observable.PanicError{Value: value, Stack: stack})
}

func (x *inner[R]) OnNext(v R) {
	f := x.fan
	if x.inline {
		f.next(v)
		return
	}
	if !f.lane.Enter() {
		if x.enqueue(v) {
			f.wake()
		}
		return
	}
	done := false
	defer x.leave(&done)
	if x.queued || f.halt.Load() || !x.mayEmit() || f.credit == 0 && !f.funded() {
		x.enqueue(v)
	} else {
		f.pass(x, v)
	}
	done = true
}

// leave gives the lane up after a value. A panic of the downstream is the end:
// a source that was cancelled meanwhile need not pass it on.
func (x *inner[R]) leave(done *bool) {
	if !*done {
		x.panicked(fault.Value(recover()))
	}
	x.fan.leave()
}

// NextFunc is OnNext, or the downstream's function itself while the inner
// emits inline: its source is synchronous, so that lasts until it has ended.
func (x *inner[R]) NextFunc() func(R) bool {
	if x.inline {
		return x.fan.next
	}
	if x.link == nil {
		x.link = func(v R) bool { x.OnNext(v); return true }
	}
	return x.link
}

func (x *inner[R]) OnError(err error) { x.fan.failed(err, func() { x.done = true }) }

// OnComplete lets go of x with the lock: from then on it may serve another
// source.
func (x *inner[R]) OnComplete() {
	if x.inline {
		x.spare = true
		return
	}
	f := x.fan
	f.mu.Lock()
	if x.done {
		f.mu.Unlock()
		return // a source that ends twice
	}
	x.done = true
	last := f.ordered // its turn may be over
	if !f.ordered && !x.queued && !f.halt.Load() {
		f.remove(x)
		f.finished()
		last = f.sourceDone && f.ended.Load() == f.total
	}
	f.mu.Unlock()
	if last {
		f.wake()
	} else {
		f.replace()
	}
}

// enqueue appends v, unless the stream is over, and reports whether somebody
// has to be told.
func (x *inner[R]) enqueue(v R) (first bool) {
	f := x.fan
	f.mu.Lock()
	if f.halt.Load() {
		f.mu.Unlock()
		if f.discard != nil {
			f.discard(v, observable.DiscardLate)
		}
		return false
	}
	x.in = append(x.in, v)
	if first = !x.queued; first {
		x.queued = true
		if !f.ordered {
			f.turns.Push(x)
		}
	}
	f.mu.Unlock()
	return first
}

// load sees to it that there is a next value in the batch, if any is queued.
// Called by the lane, with fan.mu held.
func (x *inner[R]) load() {
	if x.at == len(x.batch) {
		x.batch, x.in, x.at = x.in, x.batch[:0], 0
		x.spent = x.done
	}
}

// pop takes the next value out of the batch.
func (x *inner[R]) pop() (v R) {
	var zero R
	v, x.batch[x.at] = x.batch[x.at], zero
	x.at++
	return v
}

// discard gives up all values held; the lane only.
func (x *inner[R]) discard(hook func(any, observable.DiscardReason), why observable.DiscardReason) {
	x.fan.mu.Lock()
	in := x.in
	x.in = nil
	x.fan.mu.Unlock()
	held := [][]R{x.batch[x.at:], in}
	x.batch, x.at = nil, 0
	if hook == nil {
		return
	}
	for _, values := range held {
		for _, v := range values {
			hook(v, why)
		}
	}
}
