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

// A line brings what several subscriptions have to say into one line for the
// downstream. They record it under mu and wake the lane; whoever has the lane
// delivers what demand allows, then the terminal that is due. It is what the
// engines of MergeMap, Flatten, Expand and Zip stand on.
type line[R any] struct {
	link.Failing
	link.Patient
	work    lineWork
	down    observable.Subscriber[R]
	discard func(any, observable.DiscardReason)
	dropped func(error)

	lane   serial.Drain
	asked  demand.Counter // demand that the lane has not taken over yet; any goroutine
	halt   atomic.Bool    // nothing may be recorded or delivered any more; set with mu held, read anywhere
	next   func(R) bool   // links on the first value; the lane only
	credit int64          // demand at hand; the lane only
	over   bool           // a terminal was delivered; the lane only

	mu        sync.Mutex
	cancelled bool  // guarded by mu: by the downstream
	err       error // guarded by mu: the first failure
}

// A lineWork is what an operator does in the lane.
type lineWork interface {
	// advance delivers something, if there is something and demand for it, and
	// reports whether to go on.
	advance() bool
	// complete reports whether nothing can follow. Called with mu held.
	complete() bool
	// live returns what has not ended and is to be cancelled. Called with mu held,
	// by whoever has set halt, once.
	live() []observable.Subscription
	// release gives up what is held. Nothing is recorded any more.
	release(why observable.DiscardReason)
}

func newLine[R any](ctx context.Context, down observable.Subscriber[R]) line[R] {
	return line[R]{down: down, discard: observable.DiscardFrom(ctx), dropped: observable.DroppedErrorFrom(ctx)}
}

// Request adds demand.
func (l *line[R]) Request(n int64) {
	l.asked.Add(n)
	l.wake()
}

// Cancel stops everything; the lane then gives up what is held, and reports an
// error that it has not delivered yet.
func (l *line[R]) Cancel() {
	cancel := func() { l.cancelled = true }
	if !l.stop(cancel) {
		l.mu.Lock()
		cancel()
		l.mu.Unlock()
		l.wake()
	}
}

// Fail ends the stream with an error that comes from below (link.Failer).
func (l *line[R]) Fail(err error) { l.failed(err, func() {}) }

// failed ends the stream with err. Who has failed is marked as ended in the
// same moment: a moment earlier, and the lane might take it for complete.
func (l *line[R]) failed(err error, mark func()) {
	if !l.stop(func() { mark(); l.err = err }) {
		l.dropped(err)
	}
}

// stop runs record and cancels all that is live, once; it reports whether this
// was the time.
func (l *line[R]) stop(record func()) bool {
	l.mu.Lock()
	if l.halt.Load() {
		l.mu.Unlock()
		return false
	}
	record()
	l.halt.Store(true)
	live := l.work.live()
	l.mu.Unlock()
	for _, up := range live {
		up.Cancel()
	}
	l.wake()
	return true
}

// wake lets the lane look at what was recorded.
func (l *line[R]) wake() { l.lane.Wake(l.step) }

func (l *line[R]) step() {
	done := false
	defer fault.Catch(&done, l.panicked)
	for !l.halt.Load() && l.work.advance() {
	}
	l.settle()
	done = true
}

func (l *line[R]) panicked(value any, stack []byte) {
	l.Fail(&observable.PanicError{Value: value, Stack: stack})
	l.settle()
}

// funded reports whether there is demand, and links on the way; the lane only.
func (l *line[R]) funded() bool {
	if l.credit == 0 {
		if l.credit = l.asked.Load(); l.credit == 0 {
			return false
		}
		l.asked.Spend(l.credit)
		if l.next == nil {
			l.next = link.Next[R](l.down)
		}
	}
	return true
}

// deliver passes v on and pays for it; the lane only.
func (l *line[R]) deliver(v R) {
	if l.next(v) && l.credit != demand.Unbounded {
		l.credit--
	}
}

// settle delivers the terminal that is due, and gives up what nobody gets; the
// lane only.
func (l *line[R]) settle() {
	l.mu.Lock()
	err, cancelled := l.err, l.cancelled
	complete := !l.halt.Load() && l.work.complete()
	var live []observable.Subscription
	if complete {
		l.halt.Store(true)
		live = l.work.live()
	}
	l.mu.Unlock()
	switch {
	case cancelled:
		l.work.release(observable.DiscardCancel)
		if err != nil && !l.over {
			l.over = true
			l.dropped(err)
		}
	case l.over:
	case err != nil:
		l.over = true
		l.work.release(observable.DiscardError)
		l.down.OnError(err)
	case complete:
		l.over = true
		for _, up := range live {
			up.Cancel()
		}
		l.work.release(observable.DiscardCancel)
		l.down.OnComplete()
	}
}
