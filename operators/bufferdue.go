package operators

import "slices"

// How buffers open, come due and close. All in this file is called with mu held.

// reopen makes a buffer that begins now.
func (x *buffers[T]) reopen() *opened { return &opened{from: x.tape.end()} }

// fill looks for buffers that are full, and reports whether one is.
func (x *buffers[T]) fill() (full bool) {
	if x.limit == 0 {
		return false
	}
	for i := 0; i < len(x.open); i++ {
		if b := x.open[i]; b != x.overdue && x.tape.end()-b.from >= x.limit {
			x.ripen(b) // open becomes shorter, or b is the one that is overdue
			full, i = true, -1
		}
	}
	return full
}

// ripen closes b, or leaves it open if nobody has asked for it.
func (x *buffers[T]) ripen(b *opened) {
	if b.gone || b == x.overdue {
		return
	}
	x.retire(b)
	switch {
	case x.overdue == nil:
		x.overdue = b
		x.settle()
	case b.from < x.overdue.from:
		x.remove(x.overdue)
		x.overdue = b
	default:
		x.remove(b)
	}
}

// settle closes what is overdue, as far as there is demand.
func (x *buffers[T]) settle() {
	for x.overdue != nil && x.asked > int64(x.waiting()) {
		x.cut(x.overdue)
	}
}

// cut closes b. One that has grown beyond the limit is cut into several; all
// but the first wait for their turn as the buffer that b is then.
func (x *buffers[T]) cut(b *opened) {
	s := stretch{b.from, x.tape.end()}
	if x.limit > 0 {
		s.to = min(s.to, b.from+x.limit)
	}
	x.closed = append(x.closed, s)
	if b.from = s.to; b.from < x.tape.end() {
		return
	}
	x.remove(b)
	if x.renew != nil && !x.completed {
		next := x.renew()
		x.open = append(x.open, next)
		if x.attend != nil {
			x.fresh = next
		}
	}
}

func (x *buffers[T]) remove(b *opened) {
	b.gone = true
	x.open = slices.DeleteFunc(x.open, func(o *opened) bool { return o == b })
	if x.overdue == b {
		x.overdue = nil
	}
}

// retire stops what would close b.
func (x *buffers[T]) retire(b *opened) {
	if b.ends != nil {
		x.idle = append(x.idle, b.ends)
		b.ends = nil
	}
}

// release stops all that would call back, and lets nothing in any more.
func (x *buffers[T]) release() {
	if !x.sourced && x.up != nil {
		x.idle = append(x.idle, x.up)
	}
	x.sourced = true
	for _, b := range x.open {
		b.gone = true
		x.retire(b)
	}
	for _, c := range []canceller{x.beside, x.forget} {
		if c != nil {
			x.idle = append(x.idle, c)
		}
	}
	x.open, x.overdue, x.fresh, x.beside, x.forget = nil, nil, nil, nil, nil
}
