package backpressure

import (
	"math"
	"time"

	"github.com/sluicego/sluice/internal/queue"
)

// A store keeps what cannot be delivered yet. The relay's mutex guards it.
type store[T any] interface {
	// put takes v in. It may have to give a value up for that, or v itself.
	put(v T) (lost T, how verdict)
	take() (v T, ok bool)
	len() int
	// stale reports whether the oldest value has outlived its time.
	stale() bool
	// clear removes everything, also what is not up for delivery. It is called
	// once, without the mutex, by whoever closed the relay.
	clear(drop func(T))
}

// A verdict says what became of a value that a store was given.
type verdict int

const (
	kept    verdict = iota
	gaveUp          // kept, but another value, or the value itself, was given up
	refused         // there is no room, and that is an error
)

// A fifo is a queue with an exact capacity and a policy for what exceeds it.
// Its capacity may be 0: then everything exceeds it.
type fifo[T any] struct {
	queue.Ring[T]
	policy Overflow
}

func newFifo[T any](capacity int, policy Overflow) *fifo[T] {
	return &fifo[T]{Ring: *queue.NewRing[T](capacity), policy: policy}
}

func (q *fifo[T]) put(v T) (lost T, how verdict) {
	if q.Push(v) {
		return lost, kept
	}
	switch q.policy {
	case DropOldest:
		lost, _ = q.Pop()
	case ReplaceNewest:
		lost, _ = q.PopNewest()
	case DropNewest:
		return v, gaveUp
	default:
		return v, refused
	}
	q.Push(v)
	return lost, gaveUp
}

func (q *fifo[T]) take() (T, bool) { return q.Pop() }
func (q *fifo[T]) len() int        { return q.Len() }
func (q *fifo[T]) stale() bool     { return false }

func (q *fifo[T]) clear(drop func(T)) {
	for v, ok := q.take(); ok; v, ok = q.take() {
		drop(v)
	}
}

// A perishable is a fifo whose values expire. The deadlines move in step with
// the values, so that a queue without a TTL does not carry them.
type perishable[T any] struct {
	fifo[T]
	deadlines queue.Ring[time.Time]
	ttl       time.Duration
	now       func() time.Time
}

func newPerishable[T any](capacity int, policy Overflow, ttl time.Duration, now func() time.Time) *perishable[T] {
	return &perishable[T]{
		fifo:      *newFifo[T](capacity, policy),
		deadlines: *queue.NewRing[time.Time](math.MaxInt),
		ttl:       ttl,
		now:       now,
	}
}

func (p *perishable[T]) put(v T) (lost T, how verdict) {
	lost, how = p.fifo.put(v)
	switch {
	case how == refused || how == gaveUp && p.policy == DropNewest:
		return lost, how
	case how == gaveUp && p.policy == DropOldest:
		p.deadlines.Pop()
	case how == gaveUp:
		p.deadlines.PopNewest()
	}
	p.deadlines.Push(p.now().Add(p.ttl))
	return lost, how
}

func (p *perishable[T]) take() (T, bool) {
	p.deadlines.Pop()
	return p.fifo.take()
}

func (p *perishable[T]) stale() bool {
	wait, ok := p.wait()
	return ok && wait <= 0
}

// wait returns how long the oldest value still has to live.
func (p *perishable[T]) wait() (d time.Duration, ok bool) {
	due, ok := p.deadlines.Peek()
	if !ok {
		return 0, false
	}
	return due.Sub(p.now()), true
}

// A slot keeps the newest value only.
type slot[T any] struct {
	v   T
	has bool
}

func (s *slot[T]) put(v T) (lost T, how verdict) {
	if s.has {
		lost, how = s.v, gaveUp
	}
	s.v, s.has = v, true
	return lost, how
}

func (s *slot[T]) take() (v T, ok bool) {
	v, ok = s.v, s.has
	*s = slot[T]{}
	return v, ok
}

func (s *slot[T]) len() int {
	if s.has {
		return 1
	}
	return 0
}

func (s *slot[T]) stale() bool { return false }

func (s *slot[T]) clear(drop func(T)) {
	if v, ok := s.take(); ok {
		drop(v)
	}
}
