package marbles

import (
	"runtime"
	"sync/atomic"
)

// An overlap notices signals of one subscription that overlap (L3).
type overlap struct {
	// signals has no lock on purpose. What else a subscriber of this package
	// locks would order signals that the source has not ordered, and hide that
	// from -race; this field shows it. Only signals touch it.
	signals int
	inside  atomic.Int32 // signals being delivered now
}

// enter reports whether no other signal is being delivered. Call leave after it.
func (o *overlap) enter() (alone bool) {
	o.signals++
	alone = o.inside.Add(1) == 1
	if o.signals <= inviting {
		runtime.Gosched() // whoever else wants to come in now can
	}
	return alone
}

func (o *overlap) leave() { o.inside.Add(-1) }

// inviting is for how many signals the others are invited to overlap. It costs
// a little, and a source that overlaps does so early.
const inviting = 1000
