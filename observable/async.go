package observable

import "github.com/sluicego/sluice/internal/site"

// An Async is a subject that keeps the last value to itself until it
// completes. Then its subscribers, and those to come, get that value and the
// end.
//
//	source    -a-b-c-|
//	NewAsync  -------(c|)
//
// Demand: the value waits for it; Emit does not.
//
// Errors: the one given to Error, without the value; a [*PanicError] for the
// subscriber that panics.
//
// Discards: the value, if a subscriber leaves before requesting it, to the
// hook of that subscriber. A value that a newer one replaces has been dealt
// with.
//
// Scheduler: none; it emits on the goroutine that calls Complete, or on the one
// that requests.
type Async[T any] struct {
	Observable[T]
	hub[T]
	last T // the owner of the hub
	has  bool
}

// NewAsync returns an [Async]. Its Emit does not wait for demand, since a value
// goes to nobody before the subject completes.
func NewAsync[T any]() *Async[T] {
	a := new(Async[T])
	a.Observable = a.init(a, "NewAsync", site.Caller(), true)
	return a
}

func (a *Async[T]) accept(v T) { a.last, a.has = v, true }

func (*Async[T]) ready() bool { return true }

// join leaves m.at at 0, until m has got the value.
func (*Async[T]) join(*member[T]) error { return nil }

func (a *Async[T]) owes(m *member[T]) bool {
	return a.over && a.err == nil && a.has && m.at == 0
}

func (a *Async[T]) pump(m *member[T]) {
	if a.owes(m) && m.spend() {
		m.at = 1
		m.give(a.last)
	}
}

func (a *Async[T]) left(m *member[T], why DiscardReason) {
	if a.owes(m) {
		m.discard(a.last, why)
	}
}
