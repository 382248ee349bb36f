package observable

import (
	"sync/atomic"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/link"
)

// closed is the demand of a member that has ended or left.
const closed = -1

// outside is the slot of a member that is not in the list.
const outside = 0

// passing is what a member has in place of the number of a value, if it gets
// the values that come and none that are kept.
const passing = -1

// A member is a subscriber of a hub and the subscription it was given. A live
// one costs no goroutine and 64 bytes.
type member[T any] struct {
	link.Failing
	link.Patient
	hub    *hub[T]
	down   Subscriber[T] // until it has ended or left; the owner of the hub
	hooks  *hooks
	demand atomic.Int64 // any goroutine; closed when it is over
	asked  atomic.Bool  // any goroutine; a request is in line: the bound of the inbox (L13)

	// The rest belongs to the owner of the hub.
	slot int32        // its place in the list, counted from 1, or outside
	next func(T) bool // links with the first value
	at   int64        // the next value it gets of those that are kept, or passing
}

// Request adds to the demand, then lets the hub know. A request that is in line
// already does that for this one too: the owner takes the mark off before it
// looks at the demand.
func (m *member[T]) Request(n int64) {
	if n > 0 && m.add(n) == 0 && (m.hub.pumps || m.hub.waiters.Load() > 0) && m.asked.CompareAndSwap(false, true) {
		m.hub.post(event[T]{what: requested, member: m})
	}
}

// Cancel leaves the subject.
func (m *member[T]) Cancel() {
	if m.close() {
		m.hub.post(event[T]{what: cancelled, member: m})
	}
}

// Fail leaves the subject with err.
func (m *member[T]) Fail(err error) {
	if m.close() {
		m.hub.post(event[T]{what: failed, member: m, err: err})
	} else {
		m.hooks.dropped(err)
	}
}

// add returns what was outstanding before.
func (m *member[T]) add(n int64) (before int64) {
	for {
		before = m.demand.Load()
		if before == closed || before == Unbounded || m.demand.CompareAndSwap(before, demand.Add(before, n)) {
			return before
		}
	}
}

// spend takes one out and reports whether there was one.
func (m *member[T]) spend() bool {
	for {
		before := m.demand.Load()
		if before == Unbounded {
			return true
		}
		if before <= 0 {
			return false
		}
		if m.demand.CompareAndSwap(before, before-1) {
			return true
		}
	}
}

// close reports whether the caller is the one that ends m; then it, or the
// event that it posts, removes m. From now on no value is delivered.
func (m *member[T]) close() bool {
	if m.demand.Swap(closed) == closed {
		return false
	}
	m.hub.leaving.Add(1)
	return true
}

// receiver is who takes the values. A thin gate is passed by: the hub looks for
// a cancel itself, and from the first value on as from the second.
func (m *member[T]) receiver() link.Receiver[T] {
	if g, ok := m.down.(*gate[T]); ok && g.strict == nil {
		return g.down
	}
	return m.down
}

// take is what becomes of a value that cannot wait.
func (m *member[T]) take(v T) {
	if m.demand.Load() == Unbounded || m.spend() {
		m.give(v)
	} else {
		m.overflow(v)
	}
}

// give delivers v; the demand for it has been spent.
func (m *member[T]) give(v T) {
	if m.next == nil {
		m.next = link.Next(m.receiver())
	}
	if !m.next(v) {
		m.add(1)
	}
}

// overflow ends m, which has no demand for v, unless it has left.
func (m *member[T]) overflow(v T) {
	if !m.close() {
		return
	}
	m.discard(v, DiscardOverflow)
	m.hub.remove(m, DiscardError)
	m.tell(m.hub.overflowed(0))
}

// panicked ends m, whose callback panicked.
func (m *member[T]) panicked(value any, stack []byte) {
	err := &PanicError{Value: value, Stack: stack}
	if !m.close() {
		m.hooks.dropped(err) // it has left
		return
	}
	m.hub.remove(m, DiscardError)
	m.tell(err)
}

// tell gives m its end; it has been closed and removed.
func (m *member[T]) tell(err error) { signalEnd(m.release(), m.hooks, err) }

// release lets go of the subscriber, which may be collected although somebody
// still holds m: a Unicast, or the owner of the subscription (rule 3.13).
func (m *member[T]) release() Subscriber[T] {
	down := m.down
	m.down, m.next = nil, nil
	return down
}

func (m *member[T]) discard(v T, why DiscardReason) {
	if m.hooks.discard != nil {
		m.hooks.discard(v, why)
	}
}
