package scheduler

// A slot holds the function of one task until it is started or stopped.
type slot struct {
	f          func()
	seq        uint64 // of the task; 0 in a free slot
	owner      *group // may be nil
	prev, next uint32 // in the owner's list; next also in the free list
}

// slots is an array of slots that grows by pages: copying a million pointers
// over and over, under the eyes of the garbage collector, took more time than
// all the rest. Indices begin at 1, so that 0 can mean none.
type slots struct {
	pages [][]slot // full but the last; the first grows as it needs to
	used  uint32   // the highest index given out
}

const pageSize = 512

// at returns a slot. The pointer is good until the next call of more.
func (s *slots) at(i uint32) *slot {
	i--
	return &s.pages[i/pageSize][i%pageSize]
}

// more returns a slot that was not in use before.
func (s *slots) more() uint32 {
	switch {
	case s.used == 0:
		s.pages = append(s.pages, nil)
	case s.used%pageSize == 0:
		s.pages = append(s.pages, make([]slot, 0, pageSize))
	}
	last := &s.pages[len(s.pages)-1]
	*last = append(*last, slot{})
	s.used++
	return s.used
}
