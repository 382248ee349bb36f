package operators

import "github.com/sluicego/sluice/observable"

// A held value waits in the queue of a pane. If it waits in several, copies
// tells when the last one is gone.
type held[T any] struct {
	value  T
	copies *copies // nil: it waits in one
}

type copies struct {
	left int                      // how many wait, and one while there may be others
	used bool                     // one was delivered
	why  observable.DiscardReason // of the last one that was given up
}

// keep notes that h is put into a queue.
func (h held[T]) keep(f *fanOut[T]) {
	if h.copies == nil {
		f.freed--
	} else {
		h.copies.left++
	}
}

// use notes that h is delivered.
func (h held[T]) use(f *fanOut[T]) {
	if h.copies != nil {
		h.copies.used = true
	}
	h.gone(f)
}

// discard gives h up.
func (h held[T]) discard(f *fanOut[T], why observable.DiscardReason) {
	if h.copies != nil {
		h.copies.why = why
	}
	if h.gone(f) && (h.copies == nil || !h.copies.used) {
		f.drop(h.value, why)
	}
}

// gone reports whether h was the last one.
func (h held[T]) gone(f *fanOut[T]) bool {
	if h.copies != nil {
		if h.copies.left--; h.copies.left > 0 {
			return false
		}
	}
	f.free()
	return true
}

// A spreading gives a value to several panes. One whose subscriber leaves its
// goroutine does not take the value of the others with it.
type spreading[T any] struct {
	fan        *fanOut[T]
	held       held[T]
	used       bool                     // somebody got it, or has it waiting
	fate       observable.DiscardReason // if nobody does
	next, last *pane[T]
	after      func(*pane[T])
}

func (s *spreading[T]) run() {
	done := false
	defer func() {
		if !done {
			s.run()
		}
	}()
	for s.next != nil {
		p := s.next
		if s.next = p.next; p == s.last {
			s.next = nil
		}
		s.give(p)
		s.after(p)
	}
	if c := s.held.copies; c != nil {
		s.held.discard(s.fan, c.why) // the copy that was to be given
	} else if !s.used {
		s.fan.drop(s.held.value, s.fate)
	}
	done = true
}

func (s *spreading[T]) give(p *pane[T]) {
	switch {
	case p.deaf():
		s.fate = p.fate
	case p.ready():
		s.used = true
		if s.held.copies != nil {
			s.held.copies.used = true
		}
		p.deliver(s.held.value)
	default:
		if s.held.copies == nil {
			s.held.copies = &copies{left: 1, used: s.used}
			s.fan.freed--
		}
		s.used = true
		p.push(s.held)
	}
}

// A paneList is a list of panes, in the order in which they came.
type paneList[T any] struct {
	first, last *pane[T]
	len         int
}

func (l *paneList[T]) push(p *pane[T]) {
	p.list, p.prev, p.next = l, l.last, nil
	if l.last != nil {
		l.last.next = p
	} else {
		l.first = p
	}
	l.last = p
	l.len++
}

// remove takes p out; a nil list is the one of a pane that is in none.
func (l *paneList[T]) remove(p *pane[T]) {
	if l == nil {
		return
	}
	if p.prev != nil {
		p.prev.next = p.next
	} else {
		l.first = p.next
	}
	if p.next != nil {
		p.next.prev = p.prev
	} else {
		l.last = p.prev
	}
	p.list, p.prev, p.next = nil, nil, nil
	l.len--
}
