package scheduler

import (
	"cmp"
	"slices"
	"time"
)

// An entry is a task's place in the order: by due time, then by sequence. It
// refers to the function by a slot, not by a pointer, so that the garbage
// collector need not look at a million of them, nor at each one that a heap
// moves.
type entry struct {
	due  time.Duration // since the owner's epoch
	seq  uint64        // unique; the order of scheduling
	slot uint32
}

func (e entry) before(other entry) bool {
	return e.due < other.due || e.due == other.due && e.seq < other.seq
}

func (e entry) compare(other entry) int {
	if e.due != other.due {
		return cmp.Compare(e.due, other.due)
	}
	return cmp.Compare(e.seq, other.seq)
}

// A line is a queue of entries whose order is that of their arrival.
type line struct {
	items []entry
	head  int // index of the oldest
}

func (l *line) empty() bool { return l.head == len(l.items) }

func (l *line) front() entry { return l.items[l.head] }

// accepts reports whether an entry with this due time may stand last. Its
// sequence number is the highest by now.
func (l *line) accepts(due time.Duration) bool {
	return l.empty() || l.items[len(l.items)-1].due <= due
}

func (l *line) push(e entry) {
	n := len(l.items)
	if n == cap(l.items) {
		n = l.makeRoom()
	}
	l.items = l.items[:n+1]
	l.items[n] = e
}

// makeRoom returns the length, which it may have changed.
func (l *line) makeRoom() int {
	if l.head > len(l.items)/2 {
		l.items = l.items[:copy(l.items, l.items[l.head:])]
		l.head = 0
	} else {
		l.items = double(l.items)
	}
	return len(l.items)
}

// double makes room for as many entries again, and a few. append alone makes
// room for a quarter, and copies a million entries twice as often.
func double(items []entry) []entry { return slices.Grow(items, max(4, len(items))) }

func (l *line) pop() entry {
	e := l.items[l.head]
	l.head++
	if l.head == len(l.items) {
		l.items, l.head = l.items[:0], 0
	}
	return e
}

// A heap is a 4-ary min-heap of entries: half the depth of a binary one, and
// the four children lie side by side. Measured with a million entries it is
// 1.4 times as fast as container/heap.
type heap []entry

func (h *heap) push(e entry) {
	if len(*h) == cap(*h) {
		*h = double(*h)
	}
	*h = append(*h, e)
	h.up(len(*h) - 1)
}

func (h *heap) pop() entry {
	old := *h
	top, last := old[0], len(old)-1
	old[0] = old[last]
	*h = old[:last]
	if last > 0 {
		h.down(0)
	}
	return top
}

// up and down carry the entry in hand and move the others into the hole.

func (h heap) up(i int) {
	e := h[i]
	for i > 0 {
		parent := (i - 1) / 4
		if !e.before(h[parent]) {
			break
		}
		h[i] = h[parent]
		i = parent
	}
	h[i] = e
}

func (h heap) down(i int) {
	e := h[i]
	for {
		child := 4*i + 1
		if child >= len(h) {
			break
		}
		least := child
		for c := child + 1; c < min(child+4, len(h)); c++ {
			if h[c].before(h[least]) {
				least = c
			}
		}
		if !h[least].before(e) {
			break
		}
		h[i] = h[least]
		i = least
	}
	h[i] = e
}

// order makes a heap of entries in any order.
func (h heap) order() {
	for i := (len(h) - 2) / 4; i >= 0 && len(h) > 1; i-- {
		h.down(i)
	}
}
