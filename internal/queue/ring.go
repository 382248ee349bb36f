// Package queue holds the queues of the library: a ring with an exact
// capacity, a boundary between goroutines that is emptied in batches, and a
// history that is read more than once.
package queue

// A Ring is a first-in-first-out queue with an exact capacity. Its memory
// grows with what it holds, by doubling, so that a large bound costs nothing
// until it is needed; the bound itself is never rounded. Slots are zeroed when
// a value leaves, so that the ring keeps nothing alive.
//
// A Ring is not safe for concurrent use: it has one owner, usually a mutex.
type Ring[T any] struct {
	buf   []T
	head  int // index of the oldest value
	count int
	limit int
}

// NewRing returns an empty ring for limit values: none at 0, and without end at
// math.MaxInt.
func NewRing[T any](limit int) *Ring[T] { return &Ring[T]{limit: limit} }

// Len returns the number of values held.
func (r *Ring[T]) Len() int { return r.count }

// Limit returns the number of values that there is room for.
func (r *Ring[T]) Limit() int { return r.limit }

// Full reports whether the ring holds as many values as it may.
func (r *Ring[T]) Full() bool { return r.count == r.limit }

// Push appends v, unless the ring is full.
func (r *Ring[T]) Push(v T) bool {
	if r.Full() {
		return false
	}
	if r.count == len(r.buf) {
		r.grow()
	}
	r.buf[(r.head+r.count)&(len(r.buf)-1)] = v
	r.count++
	return true
}

// Pop removes the oldest value.
func (r *Ring[T]) Pop() (v T, ok bool) {
	if r.count == 0 {
		return v, false
	}
	v = r.take(r.head)
	r.head = (r.head + 1) & (len(r.buf) - 1)
	return v, true
}

// PopNewest removes the value pushed last.
func (r *Ring[T]) PopNewest() (v T, ok bool) {
	if r.count == 0 {
		return v, false
	}
	return r.take((r.head + r.count - 1) & (len(r.buf) - 1)), true
}

// Peek returns the oldest value without removing it.
func (r *Ring[T]) Peek() (v T, ok bool) {
	if r.count == 0 {
		return v, false
	}
	return r.buf[r.head], true
}

func (r *Ring[T]) take(at int) T {
	var zero T
	v := r.buf[at]
	r.buf[at] = zero
	r.count--
	return v
}

// grow doubles the memory, a power of two so that an index wraps by a mask;
// limit alone decides when the ring is full.
func (r *Ring[T]) grow() {
	bigger := make([]T, max(8, 2*len(r.buf)))
	n := copy(bigger, r.buf[r.head:])
	copy(bigger[n:], r.buf[:r.head])
	r.buf, r.head = bigger, 0
}
