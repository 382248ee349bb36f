package observable

import (
	"errors"
	"fmt"
	"math"

	"github.com/sluicego/sluice/internal/queue"
	"github.com/sluicego/sluice/internal/site"
)

// Unlimited as a capacity says that there is to be no bound but the memory.
const Unlimited = math.MaxInt

// ErrAlreadySubscribed is the error of the second subscriber of a [Unicast].
var ErrAlreadySubscribed = errors.New("observable: a Unicast has one subscriber; use a Subject or a Replay, or share it")

// A Unicast is a subject for one subscriber. What comes before it does, or
// before it has demand, waits in a buffer.
//
//	source         -a-b-c-|
//	NewUnicast(3)  ------[abc]|
//	request        ------^
//
// Demand: what is not requested waits. A call of Next for which there is no
// room any more ends the subject: the subscriber gets what is in the buffer,
// then the error. Emit waits for room.
//
// Errors: the one given to Error, behind the buffer; an [*OverflowError] behind
// the buffer; a [*PanicError] if the subscriber panics; [ErrAlreadySubscribed]
// for any other subscriber. An error that waits behind the buffer when the
// subscriber leaves goes to its hook of [WithDroppedError].
//
// Discards: the value that overflows; what is in the buffer when the subscriber
// leaves or panics; a value that comes after it has left or after the end, as
// late. They go to the hook of the subscriber, once there is one.
//
// Scheduler: none; it emits on the goroutine that calls Next, or on the one
// that requests.
type Unicast[T any] struct {
	Observable[T]
	hub[T]
	capacity int

	buffer *queue.Ring[T] // the owner of the hub, as all below
	only   *member[T]     // also after it has left; then it holds only its hooks
}

// NewUnicast returns a [Unicast] whose buffer holds capacity values; a buffer
// without a bound is spelled [Unlimited]. NewUnicast panics if capacity is less
// than 1.
func NewUnicast[T any](capacity int) *Unicast[T] {
	if capacity < 1 {
		panic(fmt.Sprintf("observable: NewUnicast with a capacity of %d; it is at least 1, or Unlimited", capacity))
	}
	u := &Unicast[T]{capacity: capacity, buffer: queue.NewRing[T](capacity)}
	u.Observable = u.init(u, "NewUnicast", site.Caller(), true)
	return u
}

func (u *Unicast[T]) accept(v T) {
	if u.buffer.Full() && u.only != nil {
		u.feed(u.only) // it may have requested since
	}
	switch {
	case u.only != nil && u.only.slot == outside:
		u.only.discard(v, DiscardLate)
	case u.buffer.Push(v):
		u.push(v)
	default:
		if u.only != nil {
			u.only.discard(v, DiscardOverflow)
		}
		u.end(u.overflowed(u.capacity))
	}
}

func (u *Unicast[T]) late(v T) {
	if u.only != nil {
		u.only.discard(v, DiscardLate)
	}
}

func (u *Unicast[T]) join(m *member[T]) error {
	if u.only != nil {
		return ErrAlreadySubscribed
	}
	u.only = m
	return nil
}

func (u *Unicast[T]) pump(m *member[T]) {
	for u.buffer.Len() > 0 && m.spend() {
		v, _ := u.buffer.Pop()
		m.give(v)
	}
}

func (u *Unicast[T]) owes(*member[T]) bool { return u.buffer.Len() > 0 }

func (u *Unicast[T]) ready() bool {
	return !u.buffer.Full() || u.only != nil && u.only.demand.Load() != 0
}

func (u *Unicast[T]) left(m *member[T], why DiscardReason) {
	for v, ok := u.buffer.Pop(); ok; v, ok = u.buffer.Pop() {
		m.discard(v, why)
	}
	if u.over && u.err != nil && why != atEnd {
		m.hooks.dropped(u.err) // it waited behind the buffer, and there is nobody else to get it
	}
}
