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
	dropped func(error)
	as      entry                 // how it came
	asked   demand.Counter        // what it requested and review has not seen yet; any goroutine
	gone    atomic.Bool           // it has left, or was told the end; any goroutine
	failure atomic.Pointer[error] // set by Fail
	at      int64                 // its position while it is behind; the lane only
	until   int64                 // the position up to which it has demand; the lane only
	joined  bool                  // until is set; the lane only
	behind  bool                  // it gets what the run remembers; the lane only
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

// admit makes m one of those who get values, or the end.
func (r *sharedRun[T]) admit(m *member[T]) {
	r.mu.Lock()
	if !m.gone.Load() {
		r.members = append(r.members, m) // those who read the list do not look beyond its end
	}
	r.mu.Unlock()
	r.stale.Store(true)
}

// Request adds demand.
func (m *member[T]) Request(n int64) {
	m.asked.Add(n)
	m.run.stale.Store(true)
	m.run.wake()
}

// Cancel leaves the run. If it was needed for nobody else, that ends it.
func (m *member[T]) Cancel() {
	if m.gone.CompareAndSwap(false, true) {
		m.run.leave(m)
	}
}

// Fail ends this subscription alone with err (link.Failer).
func (m *member[T]) Fail(err error) {
	if !m.failure.CompareAndSwap(nil, &err) {
		m.dropped(err)
		return
	}
	m.run.stale.Store(true)
	m.run.wake()
}

// review takes up what m has requested, gives it what it may have of the past,
// and reports whether it stays.
func (m *member[T]) review() bool {
	r := m.run
	if m.gone.Load() {
		return false
	}
	if err := m.failure.Load(); err != nil {
		m.expel(*err)
		return false
	}
	if !m.joined {
		m.joined, m.at = true, r.past.begin(r.at)
		m.until, m.behind = m.at, m.at < r.at
	}
	if n := m.asked.Load(); n > 0 {
		m.asked.Spend(n)
		m.until = demand.Add(m.until, n)
		if n == demand.Unbounded {
			m.until = demand.Unbounded
		}
	}
	if m.behind && !r.severed {
		m.catchUp()
	}
	if r.ended && (!m.behind || r.severed) {
		m.end(r.final)
	}
	return !m.gone.Load()
}

// catchUp gives m what the run remembers, as far as its demand goes.
func (m *member[T]) catchUp() {
	r := m.run
	done := false
	defer fault.Catch(&done, m.fell)
	for m.at < min(m.until, r.at) && !m.gone.Load() {
		m.at++
		m.give(r.past.Get(m.at - 1))
	}
	m.behind = m.at < r.at
	done = true
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

// fell makes a panic of the subscriber's its end.
func (m *member[T]) fell(value any, stack []byte) {
	var err error = &observable.PanicError{Value: value, Stack: stack}
	if undelivered := m.failure.Swap(&err); undelivered != nil {
		m.dropped(*undelivered)
	}
	m.expel(err)
}

// expel ends this subscription alone with err. It is called by the lane.
func (m *member[T]) expel(err error) {
	if !m.gone.CompareAndSwap(false, true) {
		m.dropped(err)
		return
	}
	m.run.leave(m)
	m.tell(err)
}

// end tells m that the run has ended.
func (m *member[T]) end(err error) {
	if !m.gone.CompareAndSwap(false, true) {
		return
	}
	if err != nil {
		m.run.mu.Lock()
		m.run.unheard = false
		m.run.mu.Unlock()
	}
	m.tell(err)
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
	m.dropped(&observable.PanicError{Value: value, Stack: stack})
}

// leave counts m out and ends the run if m was the last that it was needed for.
func (r *sharedRun[T]) leave(m *member[T]) {
	r.mu.Lock()
	if i := slices.Index(r.members, m); i >= 0 {
		r.members = slices.Delete(slices.Clone(r.members), i, i+1)
	}
	if m.as == counts {
		r.refs--
	}
	var report func()
	if m.as == counts && r.refs == 0 && r.opened() && !r.over && !r.sharer.keepIdle {
		report = r.sever()
	}
	err, lost := r.err, r.lost() // who leaves just when it fails has not heard of it
	r.mu.Unlock()
	if report != nil {
		report()
	}
	if lost {
		r.dropped(err)
	}
	r.stale.Store(true)
	r.wake()
}

// Held tells an inspection what waits for the slowest member.
func (m *member[T]) Held(link.Seal) link.Holding {
	r := m.run
	r.mu.Lock()
	defer r.mu.Unlock()
	return link.Holding{Queued: int64(r.queue.Len()), Capacity: int64(r.queue.Limit())}
}
