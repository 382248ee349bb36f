package operators

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/serial"
	"github.com/sluicego/sluice/observable"
)

//go:generate go run ../internal/gen -out .

// The sources of Zip and CombineLatest are asked for so many values ahead, and
// again when three quarters of them are used.
const joinPrefetch = 32

// A joint is what Zip, CombineLatest and ForkJoin have in common, whatever the
// number of their sources. These record what they bring under mu and wake the
// lane; the lane delivers with mu released.
//
// It knows nothing of the types of the sources: its feeds hold the values, and
// combine, which is made where the types are known, applies the user's function
// to them.
type joint[R any] struct {
	link.Failing
	link.Patient
	down    observable.Subscriber[R]
	rule    joinRule
	ahead   int64      // what each source is asked for in the beginning
	keep    int        // how many values of a source are held, the newest ones
	feeds   []joinFeed // not written after run was called
	combine func() R   // the lane only
	discard func(any, observable.DiscardReason)
	dropped func(error)

	lane   serial.Drain
	asked  demand.Counter // demand that the lane has not taken over yet; any goroutine
	halt   atomic.Bool    // nothing may be recorded any more; set with mu held, read anywhere
	next   func(R) bool   // links on the first value; the lane only
	credit int64          // demand at hand; the lane only
	over   bool           // a terminal was delivered; the lane only

	mu        sync.Mutex
	ends      []joinEnd // guarded by mu; not written any more once halt is set
	lacking   int       // guarded by mu: feeds that hold nothing
	begun     bool      // guarded by mu: the sources may be asked for values
	cancelled bool      // guarded by mu: by the downstream
	err       error     // guarded by mu: the first failure
}

// A joinEnd is one of the sources of a joint.
type joinEnd struct {
	up   observable.Subscription // nil before its OnSubscribe
	done bool                    // it ended
}

// A joinRule is what an operator does with the values of its sources.
type joinRule interface {
	arrived(at int) (wake bool) // a value of that source is held from now on; called with mu held
	advance() (more bool)       // uses one value, or one of each source, if demand allows; reports whether there are others; the lane only
	complete() bool             // whether no value can follow; the lane only, with mu held
}

func newJoint[R any](ctx context.Context, down observable.Subscriber[R], ahead int64, keep int) joint[R] {
	return joint[R]{
		down: down, ahead: ahead, keep: keep,
		discard: observable.DiscardFrom(ctx), dropped: observable.DroppedErrorFrom(ctx),
	}
}

// run subscribes the sources in order, then asks them for values in order.
func (j *joint[R]) run(ctx context.Context) {
	j.ends = make([]joinEnd, len(j.feeds))
	j.down.OnSubscribe(j)
	for _, f := range j.feeds {
		if !j.halt.Load() {
			f.subscribe(ctx)
		}
	}
	j.mu.Lock()
	j.begun = true
	ends := slices.Clone(j.ends)
	j.mu.Unlock()
	for _, e := range ends {
		if e.up != nil && !e.done && !j.halt.Load() {
			e.up.Request(j.ahead)
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
		up.Request(j.ahead)
	}
}

// request asks source i for n more values, unless it has ended.
func (j *joint[R]) request(i int, n int64) {
	j.mu.Lock()
	e, halted := j.ends[i], j.halt.Load()
	j.mu.Unlock()
	if !e.done && !halted {
		e.up.Request(n)
	}
}

// failed records the failure of source i, which is marked as ended in the same
// moment: a moment earlier, and the lane might take it for complete.
func (j *joint[R]) failed(i int, err error) {
	if !j.stop(func() { j.ends[i].done, j.err = true, err }) {
		j.dropped(err)
	}
}

// completed records the completion of source i.
func (j *joint[R]) completed(i int) {
	j.mu.Lock()
	if !j.halt.Load() {
		j.ends[i].done = true
	}
	j.mu.Unlock()
	j.lane.Wake(j.step)
}

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
	j.halt.Store(true)
	j.mu.Unlock()
	j.cancelAll()
	j.lane.Wake(j.step)
	return true
}

// cancelAll cancels the sources that have not ended. It is for the one who has
// set halt.
func (j *joint[R]) cancelAll() {
	for _, e := range j.ends {
		if e.up != nil && !e.done {
			e.up.Cancel()
		}
	}
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

// useAll uses one value of each source, if they all have one and there is
// demand, and delivers the result. It also reports whether they all have more.
func (j *joint[R]) useAll() (used, more bool) {
	j.mu.Lock()
	used = j.lacking == 0
	if used && j.credit == 0 {
		j.mu.Unlock()
		if !j.funded() {
			return false, false
		}
		j.mu.Lock() // what is held stays: only the lane uses it
	}
	if used {
		for _, f := range j.feeds {
			f.use()
		}
	}
	more = j.lacking == 0
	j.mu.Unlock()
	if used {
		j.deliver(j.combine())
	}
	return used, more
}

// exhausted reports whether a source has ended and all its values are used.
// Called with mu held.
func (j *joint[R]) exhausted() bool {
	for i, e := range j.ends {
		if e.done && j.feeds[i].empty() {
			return true
		}
	}
	return false
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
	if complete {
		j.halt.Store(true)
	}
	j.mu.Unlock()
	switch {
	case cancelled:
		j.release(observable.DiscardCancel)
		if err != nil && !j.over {
			j.over = true
			j.dropped(err)
		}
	case j.over:
	case err != nil:
		j.over = true
		j.release(observable.DiscardError)
		j.down.OnError(err)
	case complete:
		j.over = true
		j.cancelAll()
		j.release(observable.DiscardCancel)
		j.down.OnComplete()
	}
}

// release gives up what is held.
func (j *joint[R]) release(why observable.DiscardReason) {
	for _, f := range j.feeds {
		f.release(why)
	}
}
