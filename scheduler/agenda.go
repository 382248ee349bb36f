package scheduler

import (
	"slices"
	"time"
)

// An agenda holds tasks in the order of their due time, then of scheduling. It
// is the one queue of all schedulers but the plain [Default]. The owner's mutex
// guards it.
//
// Three queues make up the order; the earliest of their heads is next. Most
// programs schedule in order, at least most of the time: what is due at once,
// and what is due no earlier than the last before it, costs no heap.
type agenda struct {
	clock time.Duration // since the owner's epoch; never goes back
	seq   uint64        // of the latest task

	soon line // due when scheduled; in order because the clock is
	line line // due later, and no earlier than the one before
	heap heap // all others

	slots slots
	free  uint32 // head of the list of free slots

	live  int // tasks that are neither started nor stopped
	stale int // entries, here or in a backlog, whose task was stopped
	slack int // stale entries tolerated besides one for each live task
}

// A ticket names a task for ever: its seq is not used again when the slot is.
// The zero ticket is that of a refused task.
type ticket struct {
	seq  uint64
	slot uint32
}

// Where memory is given back, and where a heap is sorted.
const (
	minSlack  = 64   // stale entries
	keepSlots = 1024 // slots of an empty agenda
	minSort   = 1024 // entries of a heap
)

func (a *agenda) add(due time.Duration, f func(), g *group) ticket {
	a.seq++
	a.live++
	at := a.free
	if at == 0 {
		at = a.slots.more()
	}
	s := a.slots.at(at)
	a.free = s.next // 0 in a new slot
	s.f, s.seq = f, a.seq
	if g != nil {
		a.join(at, s, g)
	}
	switch e := (entry{due: due, seq: a.seq, slot: at}); {
	case due <= a.clock:
		e.due = a.clock
		a.soon.push(e)
	case a.line.accepts(due):
		a.line.push(e)
	default:
		a.heap.push(e)
	}
	return ticket{seq: a.seq, slot: at}
}

// sort turns the heap into a part of the line, if it is large enough for that
// to pay: a heap of a million is mostly cache misses, sorting is not. Each
// entry comes into the heap once, so it is sorted less than twice on average.
// It is for virtual time, where nobody minds that one call in many takes long.
func (a *agenda) sort() {
	waiting := a.line.items[a.line.head:]
	if len(a.heap) < minSort || len(a.heap) < 2*len(waiting) {
		return
	}
	all := append(a.heap, waiting...)
	slices.SortFunc(all, entry.compare)
	a.heap = a.line.items[:0]
	a.line = line{items: all}
}

// peek returns the earliest due time.
func (a *agenda) peek() (due time.Duration, ok bool) {
	for {
		l := a.earlierLine()
		switch {
		case a.heapIsBefore(l):
			if e := a.heap[0]; a.fresh(e) {
				return e.due, true
			}
			a.heap.pop()
		case l.empty():
			return 0, false
		default:
			if e := l.front(); a.fresh(e) {
				return e.due, true
			}
			l.pop()
		}
		a.stale--
	}
}

// pop removes the earliest entry due by until. Its task stays, and can still
// be stopped, until it is claimed.
func (a *agenda) pop(until time.Duration) (e entry, ok bool) {
	for {
		l := a.earlierLine()
		switch {
		case a.heapIsBefore(l):
			if a.heap[0].due > until {
				return entry{}, false
			}
			e = a.heap.pop()
		case l.empty() || l.front().due > until:
			return entry{}, false
		default:
			e = l.pop()
		}
		if a.stale == 0 || a.fresh(e) {
			return e, true
		}
		a.stale--
	}
}

// claim removes the task of a fresh entry and returns its function.
func (a *agenda) claim(e entry) func() {
	s := a.slots.at(e.slot)
	f := s.f
	a.release(e.slot, s)
	if a.live == 0 && a.slots.used > keepSlots {
		a.shrink()
	}
	return f
}

// remove stops a task, unless it was started or stopped before.
func (a *agenda) remove(t ticket) bool {
	if !a.fresh(entry{seq: t.seq, slot: t.slot}) {
		return false
	}
	a.release(t.slot, a.slots.at(t.slot))
	a.stale++
	a.compact()
	return true
}

// drop stops all tasks of g.
func (a *agenda) drop(g *group) {
	for g.first != 0 {
		a.release(g.first, a.slots.at(g.first))
		a.stale++
	}
	a.compact()
}

// clear stops all tasks.
func (a *agenda) clear() {
	for at := range a.slots.used {
		if g := a.slots.at(at + 1).owner; g != nil {
			g.first = 0
		}
	}
	*a = agenda{clock: a.clock, seq: a.seq}
}

// fresh reports whether the task of e has neither been started nor stopped.
func (a *agenda) fresh(e entry) bool {
	return e.slot <= a.slots.used && a.slots.at(e.slot).seq == e.seq
}

// timed reports whether there may be a task that the clock has to come to.
func (a *agenda) timed() bool { return !a.line.empty() || len(a.heap) > 0 }

// earlierLine returns the line whose head is earlier, or an empty one.
func (a *agenda) earlierLine() *line {
	if a.soon.empty() || !a.line.empty() && a.line.front().before(a.soon.front()) {
		return &a.line
	}
	return &a.soon
}

// heapIsBefore reports whether the earliest is in the heap.
func (a *agenda) heapIsBefore(l *line) bool {
	return len(a.heap) > 0 && (l.empty() || a.heap[0].before(l.front()))
}

// release frees a slot and lets go of the function.
func (a *agenda) release(at uint32, s *slot) {
	if s.owner != nil {
		a.leave(s)
	}
	s.f, s.seq = nil, 0
	s.next, a.free = a.free, at
	a.live--
}

// shrink frees the memory of a burst if nothing is left of it.
func (a *agenda) shrink() {
	if a.live == 0 && a.stale == 0 && a.slots.used > keepSlots {
		a.clear()
	}
}

func (a *agenda) join(at uint32, s *slot, g *group) {
	s.owner, s.prev, s.next = g, 0, g.first
	if g.first != 0 {
		a.slots.at(g.first).prev = at
	}
	g.first = at
}

func (a *agenda) leave(s *slot) {
	if s.prev != 0 {
		a.slots.at(s.prev).next = s.next
	} else {
		s.owner.first = s.next
	}
	if s.next != 0 {
		a.slots.at(s.next).prev = s.prev
	}
	s.owner, s.prev = nil, 0
}

// compact removes stale entries once they outnumber the tasks, so that timers
// which are always stopped before their time do not pile up until then. Those
// in backlogs are out of reach and add to the slack.
func (a *agenda) compact() {
	if a.stale <= a.live+max(a.slack, minSlack) {
		return
	}
	a.prune(&a.soon)
	a.prune(&a.line)
	before := len(a.heap)
	a.heap = slices.DeleteFunc(a.heap, a.isStale)
	a.stale -= before - len(a.heap)
	a.heap.order()
	a.slack = minSlack + a.stale
	a.shrink()
}

func (a *agenda) prune(l *line) {
	rest := slices.DeleteFunc(l.items[l.head:], a.isStale)
	a.stale -= len(l.items) - l.head - len(rest)
	l.items, l.head = rest, 0
}

func (a *agenda) isStale(e entry) bool { return !a.fresh(e) }
