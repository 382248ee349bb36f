package observable

import (
	"sync"
	"sync/atomic"
)

// A turn lets one goroutine at a time do something that may take long. It is a
// mutex that waits on a channel: a goroutine that waits for a mutex would stop
// the clock of a synctest bubble.
type turn struct {
	state   atomic.Int32 // 0 free, 1 taken, 2 taken and somebody may wait
	mu      sync.Mutex
	waiting int           // guarded by mu
	pass    chan struct{} // from the one who leaves to one who waits
}

// try takes the turn if it is free.
func (t *turn) try() bool { return t.state.CompareAndSwap(0, 1) }

// enter waits for the turn.
func (t *turn) enter() {
	if t.try() {
		return
	}
	t.mu.Lock()
	free := t.state.Swap(2) == 0
	if !free {
		t.waiting++
	}
	t.mu.Unlock()
	if !free {
		<-t.pass
	}
}

// leave gives the turn up, or to one who waits.
func (t *turn) leave() {
	if t.state.CompareAndSwap(1, 0) {
		return
	}
	t.mu.Lock()
	pass := t.waiting > 0
	if pass {
		t.waiting--
	} else {
		t.state.Store(0)
	}
	t.mu.Unlock()
	if pass {
		t.pass <- struct{}{}
	}
}
