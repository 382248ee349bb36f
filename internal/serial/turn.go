package serial

import "sync/atomic"

// A Turn is the right to emit, held by whoever is inside. It can be closed:
// then nobody enters any more, and the last one to exit learns of it. What
// must not overlap with the emission waits for that moment, without a
// goroutine waiting for it.
//
// The zero Turn is open and empty.
type Turn struct{ n atomic.Int64 } // 2 for each one inside, 1 if closed

// Enter goes inside, unless the turn is closed. After true, call [Turn.Exit].
func (t *Turn) Enter() bool {
	for {
		n := t.n.Load()
		if n&1 != 0 {
			return false
		}
		if t.n.CompareAndSwap(n, n+2) {
			return true
		}
	}
}

// Exit goes outside and reports whether the turn is over with that: it was
// closed, and nobody else is inside.
func (t *Turn) Exit() (over bool) { return t.n.Add(-2) == 1 }

// Close lets nobody in any more.
func (t *Turn) Close() { t.n.Or(1) }

// Closed reports whether Close was called.
func (t *Turn) Closed() bool { return t.n.Load()&1 != 0 }

// Over reports whether the turn is closed and nobody is inside.
func (t *Turn) Over() bool { return t.n.Load() == 1 }
