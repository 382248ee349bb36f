package observable

import "time"

// A history is what a [Replay] remembers: values with running numbers, the
// oldest of which it forgets one by one. It has one owner.
type history[T any] struct {
	values []T
	stamps []time.Time // as many as values, or none if nobody will ask
	head   int         // the oldest that is remembered
	first  int64       // the number of the one at head
}

// end returns the number that the next value will have.
func (h *history[T]) end() int64 { return h.first + int64(h.len()) }

func (h *history[T]) len() int { return len(h.values) - h.head }

// get returns value number n, which is remembered.
func (h *history[T]) get(n int64) T { return h.values[h.head+int(n-h.first)] }

func (h *history[T]) add(v T) { h.values = append(h.values, v) }

// addAt is add with a time.
func (h *history[T]) addAt(v T, now time.Time) {
	h.add(v)
	h.stamps = append(h.stamps, now)
}

// olderThan returns how many values came at or before t.
func (h *history[T]) olderThan(t time.Time) int {
	n := 0
	for n < h.len() && !h.stamps[h.head+n].After(t) {
		n++
	}
	return n
}

// forget forgets the n oldest values. Slots are zeroed at once and reused once
// they are half of the memory.
func (h *history[T]) forget(n int) {
	clear(h.values[h.head : h.head+n])
	h.head += n
	h.first += int64(n)
	if h.head <= len(h.values)/2 {
		return
	}
	kept := copy(h.values, h.values[h.head:])
	clear(h.values[kept:])
	h.values = h.values[:kept]
	if h.stamps != nil {
		copy(h.stamps, h.stamps[h.head:])
		h.stamps = h.stamps[:kept]
	}
	h.head = 0
}
