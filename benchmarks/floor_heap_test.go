package benchmarks_test

import "time"

// heap4 is virtual time at its plainest: a 4-ary heap of values, ordered by
// due time and then by sequence, that nothing can be removed from.
type heap4 struct {
	events []event
	seq    uint64
	now    time.Duration
}

type event struct {
	due time.Duration
	seq uint64
	f   func()
}

func (e *event) before(other *event) bool {
	return e.due < other.due || e.due == other.due && e.seq < other.seq
}

func (h *heap4) push(due time.Duration, f func()) {
	h.seq++
	e := event{due, h.seq, f}
	h.events = append(h.events, e)
	i := len(h.events) - 1
	for i > 0 {
		parent := (i - 1) / 4
		if !e.before(&h.events[parent]) {
			break
		}
		h.events[i] = h.events[parent]
		i = parent
	}
	h.events[i] = e
}

func (h *heap4) pop() event {
	top := h.events[0]
	last := len(h.events) - 1
	e := h.events[last]
	h.events[last] = event{}
	h.events = h.events[:last]
	if last == 0 {
		return top
	}
	i := 0
	for {
		least := 4*i + 1
		if least >= last {
			break
		}
		for child := least + 1; child < min(4*i+5, last); child++ {
			if h.events[child].before(&h.events[least]) {
				least = child
			}
		}
		if !h.events[least].before(&e) {
			break
		}
		h.events[i] = h.events[least]
		i = least
	}
	h.events[i] = e
	return top
}

func (h *heap4) run() {
	for len(h.events) > 0 {
		e := h.pop()
		h.now = e.due
		e.f()
	}
}
