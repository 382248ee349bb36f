package observable

import (
	"sync/atomic"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/fault"
)

// strict is what a gate adds towards a source that it cannot trust.
type strict struct {
	asked   demand.Counter        // requested in total; any goroutine
	got     int64                 // delivered in total; the source only
	busy    atomic.Int32          // 1 while a signal is inside, +1 for a failure that waits
	failure atomic.Pointer[error] // the first failure; any goroutine
}

func (g *gate[T]) onNextStrict(v T) {
	s := g.strict
	if !s.busy.CompareAndSwap(0, 1) {
		g.discard(v, DiscardLate)
		g.fail(&ProtocolError{Op: g.post.String(), Law: "L3", Msg: "OnNext was called while another signal was being delivered; call it from one goroutine, and from Request only to add to the demand of a loop that is running"})
		return
	}
	done := false
	defer g.leave(&done)
	if s.got++; s.got > s.asked.Load() {
		g.discard(v, DiscardOverflow)
		g.fail(&OverflowError{Op: g.post.String()})
	} else {
		g.down.OnNext(v)
	}
	done = true
}

// leave is deferred by onNextStrict: it recovers the panic of a callback and
// delivers the failure that came meanwhile.
func (g *gate[T]) leave(done *bool) {
	if !*done {
		g.panicked(fault.Value(recover()))
	}
	if g.strict.busy.Add(-1) != 0 {
		g.deliverFailure()
	}
}

// failWith records the first failure and delivers it, unless a signal is
// inside; then leave does, or whoever gives the last signal drops it.
func (g *gate[T]) failWith(err error) {
	s := g.strict
	if !s.failure.CompareAndSwap(nil, &err) {
		g.hooks.dropped(err)
		return
	}
	if s.busy.Add(1) == 1 {
		g.deliverFailure()
	} else if g.state.Load() == over {
		g.dropFailure()
	}
}

// deliverFailure owns busy and never gives it back: nothing follows.
func (g *gate[T]) deliverFailure() {
	if !g.end() {
		g.dropFailure()
		return
	}
	err := *g.strict.failure.Swap(nil)
	g.cancelUp()
	g.guarded(func() { g.down.OnError(err) })
}

// dropFailure reports a failure that something else has overtaken.
func (g *gate[T]) dropFailure() {
	if g.strict == nil {
		return
	}
	if err := g.strict.failure.Swap(nil); err != nil {
		g.hooks.dropped(*err)
	}
}
