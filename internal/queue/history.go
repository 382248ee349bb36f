package queue

import "time"

// A History is the newest values of a stream, with running numbers from 0. The
// oldest are forgotten one by one. It has one owner. The zero History is ready.
type History[T any] struct {
	values []T
	stamps []time.Time // as many as values, or none if nobody will ask
	head   int         // the oldest that is remembered
	first  int64       // the number of the one at head
}

// First returns the number of the oldest value that is remembered, or, if none
// is, the number that the next value will have.
func (h *History[T]) First() int64 { return h.first }

// End returns the number that the next value will have.
func (h *History[T]) End() int64 { return h.first + int64(h.Len()) }

// Len returns how many values are remembered.
func (h *History[T]) Len() int { return len(h.values) - h.head }

// Get returns value number n, which is remembered.
func (h *History[T]) Get(n int64) T { return h.values[h.head+int(n-h.first)] }

// Add appends v.
func (h *History[T]) Add(v T) { h.values = append(h.values, v) }

// AddAt is Add with a time. A History has one for every value, or for none.
func (h *History[T]) AddAt(v T, now time.Time) {
	h.Add(v)
	h.stamps = append(h.stamps, now)
}

// OlderThan returns how many values came at or before t.
func (h *History[T]) OlderThan(t time.Time) int {
	n := 0
	for n < h.Len() && !h.stamps[h.head+n].After(t) {
		n++
	}
	return n
}

// Forget forgets the n oldest values. Slots are zeroed at once and reused once
// they are half of the memory.
func (h *History[T]) Forget(n int) {
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
