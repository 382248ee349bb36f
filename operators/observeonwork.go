package operators

import (
	"runtime"

	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// This file has what the holder of an observer's lane does: it alone takes
// values out of the queue, to deliver or to discard them.

// work is done by who has the lane.
func (o *observer[T]) work() {
	done := false
	defer fault.Catch(&done, o.panicked)
	for share := fairShare; ; {
		if share = o.pass(share); share == 0 {
			o.lane.yield()
			o.dispatch()
			break
		}
		o.linger()
		if o.lane.leave() {
			break
		}
	}
	done = true
}

// linger lets others have a turn, a few times, before the lane goes idle. A
// source that runs beside it is about to put the next value, and waking a task
// for that costs more than waiting for it to happen (W4: 47 to 40 ns, and 1 000
// wake-ups for 20 000).
func (o *observer[T]) linger() {
	for range 4 {
		if o.in.Len() > 0 || o.done.Load() || o.state.Load() != observing {
			return
		}
		runtime.Gosched()
	}
}

// pass delivers what may be delivered, of which there may be more if it
// returns 0, and ends the stream if that is due.
func (o *observer[T]) pass(share int) (left int) {
	for share > 0 {
		done := o.done.Load() // before the queue: no value comes after it
		if o.at == len(o.batch) {
			o.batch, o.at = o.in.Take(o.batch), 0
		}
		switch {
		case o.state.Load() != observing:
			o.end()
			return share
		case o.at == len(o.batch):
			if done {
				o.finish()
			}
			return share
		case o.park():
			return share
		}
		share -= o.deliver(share)
	}
	return 0
}

// park reports whether the values have to wait for demand.
func (o *observer[T]) park() bool {
	if o.asked.Load() > 0 {
		return false
	}
	o.parked.Store(true)
	if o.asked.Load() == 0 {
		return true // a Request from now on sees parked
	}
	o.parked.Store(false)
	return false
}

// deliver passes on up to share values of the batch, within the demand, and
// returns how many.
func (o *observer[T]) deliver(share int) (passed int) {
	if o.next == nil {
		o.next = link.Next[T](o.down)
	}
	var zero T
	limit, used := o.asked.Load(), int64(0)
	for passed < share && used < limit && o.at < len(o.batch) && o.state.Load() == observing {
		v := o.batch[o.at]
		o.batch[o.at] = zero
		o.at++
		passed++
		if o.next(v) {
			used++
		}
		if o.passed++; o.passed == o.refill {
			o.passed = 0
			o.grant(o.refill)
		}
	}
	o.asked.Spend(used)
	return passed
}

// finish passes on the source's terminal.
func (o *observer[T]) finish() {
	if !o.state.CompareAndSwap(observing, finished) {
		o.end()
		return
	}
	o.release()
	if err := o.take(); err != nil {
		o.down.OnError(err)
	} else {
		o.down.OnComplete()
	}
}

// end ends a stream that the downstream has cancelled or failed, and discards
// what came too late for any end.
func (o *observer[T]) end() {
	if err := o.take(); err != nil {
		o.dropped(err)
	}
	if o.over {
		o.discardHeld(observable.DiscardLate)
		return
	}
	o.release()
	if !o.state.CompareAndSwap(failed, finished) {
		o.discardHeld(observable.DiscardCancel)
		return
	}
	o.discardHeld(observable.DiscardError)
	o.down.OnError(*o.failure.Load())
}

// take returns the error of the source's, if it has failed, once.
func (o *observer[T]) take() (err error) {
	if o.done.Load() {
		err, o.err = o.err, nil
	}
	return err
}

// panicked is called by the one who works, for a panic of the downstream's. It
// is passed on even after a cancel, which need not have come from the end of
// the chain.
func (o *observer[T]) panicked(value any, stack []byte) {
	o.state.CompareAndSwap(observing, failed)
	o.stop()
	o.release()
	o.discardHeld(observable.DiscardError)
	if err := o.take(); err != nil {
		o.dropped(err)
	}
	if failure := o.failure.Load(); failure != nil {
		o.dropped(*failure)
	}
	o.down.OnError(&observable.PanicError{Value: value, Stack: stack})
	for !o.lane.leave() {
		o.end()
	}
}

func (o *observer[T]) release() {
	o.over = true
	o.parked.Store(false)
	o.forget()
	o.worker.Stop()
}

func (o *observer[T]) discardHeld(why observable.DiscardReason) {
	for more := true; more; more = len(o.batch) > 0 {
		for _, v := range o.batch[o.at:] {
			o.drop(v, why)
		}
		o.batch, o.at = o.in.Take(nil), 0
	}
}

func (o *observer[T]) drop(v T, why observable.DiscardReason) {
	if o.discard != nil {
		o.discard(v, why)
	}
}
