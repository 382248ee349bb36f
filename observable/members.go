package observable

import (
	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
)

// This file has what the owner of a hub does with its members.

// A place in a hub's list of members. Walking through the list is what a value
// costs, so what a member with unbounded demand needs lies in the list itself:
// the shortest way to it, one of direct and next.
type place[T any] struct {
	direct Subscriber[T] // the outside subscriber itself
	next   func(T) bool  // the linked function of an operator
	m      *member[T]    // nil where a member has left
}

// shorten finds the way, once the demand is unbounded, which it is for good. A
// thin gate has nothing to do for a value, so it is passed by.
func (p *place[T]) shorten() {
	if p.m == nil || p.m.demand.Load() != Unbounded {
		return
	}
	p.next = p.m.next
	if g, ok := p.m.down.(*gate[T]); ok && g.strict == nil {
		if _, linked := g.down.(link.Linker[T]); !linked {
			p.direct = g.down
		}
	}
}

// admit makes m a member, unless it left or failed inside OnSubscribe.
func (h *hub[T]) admit(m *member[T]) {
	if m.demand.Load() < 0 {
		return
	}
	if err := h.kind.join(m); err != nil {
		h.finish(m, err)
		return
	}
	h.places = append(h.places, place[T]{m: m})
	m.slot = int32(len(h.places))
	h.serve(m)
}

// push gives v to every member, or what is kept for it. One that panics or ends
// its goroutine is ended, and the others get theirs nevertheless.
func (h *hub[T]) push(v T) {
	at, done := 0, false
	defer func() {
		if !done {
			h.fell(at, v, recover())
		}
	}()
	places := h.places
	for i := range places {
		at = i
		switch p := &places[i]; {
		case h.leaving.Load() != 0: // perhaps this one, a moment ago
			h.deliver(i, v)
		case p.direct != nil:
			p.direct.OnNext(v)
		case p.next != nil:
			p.next(v)
		default:
			h.deliver(i, v)
		}
	}
	done = true
}

// fell ends the member at the given place, whose callback did not return. Those
// behind it get v under a guard each, so that the stack does not grow with the
// members that panic.
func (h *hub[T]) fell(at int, v T, recovered any) {
	defer h.pushGuarded(at+1, v) // also if OnError ends the goroutine
	value, stack := fault.Value(recovered)
	if m := h.places[at].m; m != nil { // else it was the OnError of an overflow
		m.panicked(value, stack)
	}
}

// pushGuarded is push from the given place on, at the cost of a guard for each.
func (h *hub[T]) pushGuarded(from int, v T) {
	at, done := from, false
	defer func() {
		if !done { // a callback ends the goroutine
			h.pushGuarded(at+1, v)
		}
	}()
	for ; at < len(h.places); at++ {
		if m := h.places[at].m; m != nil {
			h.deliverGuarded(m, at, v)
		}
	}
	done = true
}

func (h *hub[T]) deliverGuarded(m *member[T], at int, v T) {
	done := false
	defer fault.Catch(&done, m.panicked)
	h.deliver(at, v)
	done = true
}

// deliver is the long way.
func (h *hub[T]) deliver(i int, v T) {
	m := h.places[i].m
	switch {
	case m == nil:
	case m.at != passing:
		h.kind.pump(m)
	default:
		m.take(v)
		h.places[i].shorten()
	}
}

// serveFrom serves every member from the ith on, also if a callback ends the
// goroutine.
func (h *hub[T]) serveFrom(i int) {
	done := false
	defer func() {
		if !done {
			h.serveFrom(i + 1)
		}
	}()
	for ; i < len(h.places); i++ {
		if m := h.places[i].m; m != nil {
			h.serve(m)
		}
	}
	done = true
}

// each calls f with every member, which it may remove.
func (h *hub[T]) each(f func(*member[T])) {
	for _, p := range h.places {
		if p.m != nil {
			f(p.m)
		}
	}
}

// serve gives m what is kept for it, then the end if that is next.
func (h *hub[T]) serve(m *member[T]) {
	if m.slot == outside {
		return
	}
	h.feed(m)
	if m.slot != outside && h.over && !h.kind.owes(m) {
		h.finish(m, h.err)
	}
}

// feed calls pump, and ends m if its callback panics.
func (h *hub[T]) feed(m *member[T]) {
	done := false
	defer fault.Catch(&done, m.panicked)
	h.kind.pump(m)
	done = true
}

// finish ends m, unless it has ended or left.
func (h *hub[T]) finish(m *member[T], err error) {
	if !m.close() {
		return
	}
	h.remove(m, atEnd)
	m.tell(err)
}

// atEnd is why a member leaves that gets the end of the hub: nothing is kept for
// it any more.
const atEnd DiscardReason = 0

// remove takes m, which has been closed, out of the list. Its place stays
// empty: somebody may be walking through the list.
func (h *hub[T]) remove(m *member[T], why DiscardReason) {
	h.leaving.Add(-1)
	if m.slot == outside {
		return
	}
	h.places[m.slot-1] = place[T]{}
	m.slot = outside
	h.gaps++
	h.kind.left(m, why)
}

// tidy closes the gaps once they are half of the list, so that leaving costs
// the same however many members there are, whichever way they leave. It is
// called between events, when nobody is walking through the list.
func (h *hub[T]) tidy() {
	if h.gaps > len(h.places)/2 {
		h.compact()
	}
}

func (h *hub[T]) compact() {
	var places []place[T]
	if n := len(h.places) - h.gaps; n > 0 {
		places = make([]place[T], 0, n)
	}
	for _, p := range h.places {
		if p.m != nil {
			places = append(places, p)
			p.m.slot = int32(len(places))
		}
	}
	h.places, h.gaps = places, 0
}

func (h *hub[T]) overflowed(capacity int) error {
	return &OverflowError{Op: h.name, Site: h.site.String(), Capacity: int64(capacity)}
}

// The answers of the plain subject to the questions of a kind.

func (h *hub[T]) accept(v T)                   { h.push(v) }
func (*hub[T]) late(T)                         {}
func (*hub[T]) join(m *member[T]) error        { m.at = passing; return nil }
func (*hub[T]) pump(*member[T])                {}
func (*hub[T]) owes(*member[T]) bool           { return false }
func (*hub[T]) left(*member[T], DiscardReason) {}

// ready reports whether every member has demand.
func (h *hub[T]) ready() bool {
	for _, p := range h.places {
		if p.m != nil && p.m.demand.Load() == 0 {
			return false
		}
	}
	return true
}
