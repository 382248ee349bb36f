package operators

import (
	"slices"
	"sync/atomic"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// A member is one subscriber of a sharedRun, and its Subscription.
type member[T any] struct {
	link.Failing
	link.Patient
	run     *sharedRun[T]
	down    observable.Subscriber[T]
	asked   demand.Counter        // what it requested and review has not seen yet; any goroutine
	gone    atomic.Bool           // it has left, or was told the end; any goroutine
	failure atomic.Pointer[error] // set by Fail
	until   int64                 // the position up to which it has demand; the lane only
	joined  bool                  // until is set; the lane only
	next    func(T) bool          // links on the first value; the lane only
}

// greet tells the subscriber that it is one. Nothing else reaches it before
// it is admitted.
func (m *member[T]) greet() {
	done := false
	defer fault.Catch(&done, m.panicked)
	m.down.OnSubscribe(m)
	done = true
}

func (m *member[T]) panicked(value any, stack []byte) {
	m.Fail(&observable.PanicError{Value: value, Stack: stack})
}

// admit makes m one of those who get values. The run may have ended while m
// was greeted; then m is told that.
func (r *sharedRun[T]) admit(m *member[T]) {
	r.sharer.mu.Lock()
	over, err := r.over, r.err
	if !over && !m.gone.Load() {
		r.members = append(slices.Clip(r.members), m)
	}
	r.sharer.mu.Unlock()
	if over {
		m.end(err)
	}
	r.stale.Store(true)
}

// Request adds demand.
func (m *member[T]) Request(n int64) {
	m.asked.Add(n)
	m.run.stale.Store(true)
	m.run.wake()
}

// Cancel leaves the run. The last one to leave cancels the source.
func (m *member[T]) Cancel() {
	if m.gone.CompareAndSwap(false, true) {
		m.run.leave(m)
	}
}

// Fail ends this subscription alone with err (link.Failer).
func (m *member[T]) Fail(err error) {
	if !m.failure.CompareAndSwap(nil, &err) {
		m.run.dropped(err)
		return
	}
	m.run.stale.Store(true)
	m.run.wake()
}

// review takes up what m has requested, and reports whether m stays.
func (m *member[T]) review(at int64) bool {
	if m.gone.Load() {
		return false
	}
	if err := m.failure.Load(); err != nil {
		m.expel(*err)
		return false
	}
	if !m.joined {
		m.joined, m.until = true, at
	}
	if n := m.asked.Load(); n > 0 {
		m.asked.Spend(n)
		m.until = demand.Add(m.until, n)
		if n == demand.Unbounded {
			m.until = demand.Unbounded
		}
	}
	return true
}

// give delivers v; one that the subscriber does not count is replaced.
func (m *member[T]) give(v T) {
	if m.next == nil {
		m.next = link.Next[T](m.down)
	}
	if !m.next(v) {
		m.until = demand.Add(m.until, 1)
		m.run.stale.Store(true)
	}
}

// expel ends this subscription alone with err. It is called by the lane.
func (m *member[T]) expel(err error) {
	if !m.gone.CompareAndSwap(false, true) {
		m.run.dropped(err)
		return
	}
	m.run.leave(m)
	m.tell(err)
}

// end tells m that the run has ended.
func (m *member[T]) end(err error) {
	if m.gone.CompareAndSwap(false, true) {
		m.tell(err)
	}
}

// tell delivers the terminal. A panic in it has nowhere to go but the hook.
func (m *member[T]) tell(err error) {
	done := false
	defer fault.Catch(&done, m.panickedAtEnd)
	if err != nil {
		m.down.OnError(err)
	} else {
		m.down.OnComplete()
	}
	done = true
}

func (m *member[T]) panickedAtEnd(value any, stack []byte) {
	m.run.dropped(&observable.PanicError{Value: value, Stack: stack})
}

// leave counts m out and, if it was the last, ends the run.
func (r *sharedRun[T]) leave(m *member[T]) {
	r.sharer.mu.Lock()
	if i := slices.Index(r.members, m); i >= 0 {
		r.members = slices.Delete(slices.Clone(r.members), i, i+1)
	}
	r.refs--
	last := r.refs == 0 && !r.over
	if last {
		r.finish()
	}
	up := r.up
	if r.done {
		up = nil
	}
	r.sharer.mu.Unlock()
	if last {
		if up != nil {
			up.Cancel()
		}
		r.stop()
	}
	r.stale.Store(true)
	r.wake()
}
