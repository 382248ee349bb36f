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

// The sources of Zip2 and CombineLatest2 are asked for so many values ahead,
// and again when three quarters of them are used.
const joinPrefetch = 32

// join makes an Observable that has no single source: subscribe serves its
// subscribers.
func join[R any](subscribe func(ctx context.Context, down observable.Subscriber[R])) observable.Observable[R] {
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[R]) observable.Subscriber[struct{}] {
		return trigger{func() { subscribe(ctx, down) }}
	})(observable.Never[struct{}]())
}

// A joint is what Zip2 and CombineLatest2 have in common. Their sources record
// what they bring under mu and wake the lane; the lane delivers with mu
// released.
type joint[R any] struct {
	link.Failing
	link.Patient
	down    observable.Subscriber[R]
	rule    joinRule
	discard func(any, observable.DiscardReason)
	dropped func(error)

	lane   serial.Drain
	asked  demand.Counter // demand that the lane has not taken over yet; any goroutine
	halt   atomic.Bool    // nothing may be recorded any more; set with mu held, read anywhere
	next   func(R) bool   // links on the first value; the lane only
	credit int64          // demand at hand; the lane only
	over   bool           // a terminal was delivered; the lane only

	mu        sync.Mutex
	ends      [2]joinEnd // guarded by mu
	begun     bool       // guarded by mu: the sources may be asked for values
	cancelled bool       // guarded by mu: by the downstream
	err       error      // guarded by mu: the first failure
}

// A joinEnd is one of the sources of a joint.
type joinEnd struct {
	up   observable.Subscription // nil before its OnSubscribe
	done bool                    // it ended, or was cancelled
}

// A joinRule is what an operator does with the values of its sources. All is
// called by the lane.
type joinRule interface {
	advance() bool                    // uses one value, or one of each source, if there are any and demand allows; reports whether it did
	complete() bool                   // whether no value can follow; called with mu held
	release(observable.DiscardReason) // gives up what is held
}

// run subscribes the sources in order, then asks them for values in order.
func (j *joint[R]) run(self observable.Subscription, subscribe ...func()) {
	j.down.OnSubscribe(self)
	for _, s := range subscribe {
		if !j.halt.Load() {
			s()
		}
	}
	j.mu.Lock()
	j.begun = true
	ends := j.ends
	j.mu.Unlock()
	for _, e := range ends {
		if e.up != nil && !e.done && !j.halt.Load() {
			e.up.Request(joinPrefetch)
		}
	}
}

// subscribed registers the subscription of source i.
func (j *joint[R]) subscribed(i int, up observable.Subscription) {
	j.mu.Lock()
	refused, begun := j.halt.Load() || j.ends[i].up != nil, j.begun
	if !refused {
		j.ends[i].up = up
	}
	j.mu.Unlock()
	switch {
	case refused:
		up.Cancel()
	case begun: // it took its time
		up.Request(joinPrefetch)
	}
}

// request asks source i for n more values, unless it has ended.
func (j *joint[R]) request(i int, n int64) {
	j.mu.Lock()
	e := j.ends[i]
	j.mu.Unlock()
	if !e.done {
		e.up.Request(n)
	}
}

// record applies a value or an end under mu and lets the lane look at it. It
// reports false if the stream is over.
func (j *joint[R]) record(change func()) bool {
	j.mu.Lock()
	if j.halt.Load() {
		j.mu.Unlock()
		return false
	}
	change()
	j.mu.Unlock()
	j.lane.Wake(j.step)
	return true
}

// failed records the failure of source i, which is marked as ended in the same
// moment: a moment earlier, and the lane might take it for complete.
func (j *joint[R]) failed(i int, err error) {
	if !j.stop(func() { j.ends[i].done, j.err = true, err }) {
		j.dropped(err)
	}
}

// completed records the completion of source i.
func (j *joint[R]) completed(i int) { j.record(func() { j.ends[i].done = true }) }

// Request adds demand.
func (j *joint[R]) Request(n int64) {
	j.asked.Add(n)
	j.lane.Wake(j.step)
}

// Cancel stops the sources; the lane then discards what is held, and reports an
// error that it has not delivered yet.
func (j *joint[R]) Cancel() {
	cancel := func() { j.cancelled = true }
	if !j.stop(cancel) {
		j.mu.Lock()
		cancel()
		j.mu.Unlock()
		j.lane.Wake(j.step)
	}
}

// Fail ends the stream with an error that comes from below (link.Failer).
func (j *joint[R]) Fail(err error) {
	if !j.stop(func() { j.err = err }) {
		j.dropped(err)
	}
}

// stop cancels the sources, once, and reports whether this was the time.
func (j *joint[R]) stop(why func()) bool {
	j.mu.Lock()
	if j.halt.Load() {
		j.mu.Unlock()
		return false
	}
	why()
	ends := j.close()
	j.mu.Unlock()
	for _, e := range ends {
		if e.up != nil && !e.done {
			e.up.Cancel()
		}
	}
	j.lane.Wake(j.step)
	return true
}

// close lets nothing in any more and returns the sources, to be cancelled by
// the caller, which holds mu.
func (j *joint[R]) close() [2]joinEnd {
	ends := j.ends
	j.halt.Store(true)
	j.ends = [2]joinEnd{{done: true}, {done: true}}
	return ends
}

// step delivers what demand allows, then a terminal that is due.
func (j *joint[R]) step() {
	done := false
	defer fault.Catch(&done, j.panicked)
	for !j.halt.Load() && j.rule.advance() {
	}
	j.settle()
	done = true
}

func (j *joint[R]) panicked(value any, stack []byte) {
	j.Fail(&observable.PanicError{Value: value, Stack: stack})
	j.settle()
}

// funded reports whether there is demand, and links on the way.
func (j *joint[R]) funded() bool {
	if j.credit == 0 {
		if j.credit = j.asked.Load(); j.credit == 0 {
			return false
		}
		j.asked.Spend(j.credit)
		if j.next == nil {
			j.next = link.Next[R](j.down)
		}
	}
	return true
}

// deliver passes v on and pays for it.
func (j *joint[R]) deliver(v R) {
	if j.next(v) && j.credit != demand.Unbounded {
		j.credit--
	}
}

// settle delivers the terminal that is due, and gives up what nobody gets.
func (j *joint[R]) settle() {
	j.mu.Lock()
	err, cancelled := j.err, j.cancelled
	complete := !j.halt.Load() && j.rule.complete()
	var ends [2]joinEnd
	if complete {
		ends = j.close()
	}
	j.mu.Unlock()
	switch {
	case cancelled:
		j.rule.release(observable.DiscardCancel)
		if err != nil && !j.over {
			j.over = true
			j.dropped(err)
		}
	case j.over:
	case err != nil:
		j.over = true
		j.rule.release(observable.DiscardError)
		j.down.OnError(err)
	case complete:
		j.over = true
		for _, e := range ends {
			if e.up != nil && !e.done {
				e.up.Cancel()
			}
		}
		j.rule.release(observable.DiscardCancel)
		j.down.OnComplete()
	}
}
