// Package arbiter carries unmet demand from one source to the next, for the
// operators that play several sources one after the other: concat, switch,
// retry, the fallback of a timeout.
package arbiter

import (
	"sync"

	"github.com/sluicego/sluice/internal/demand"
)

// Subscription is what an Arbiter hands demand to.
type Subscription interface {
	Request(n int64)
	Cancel()
}

// An Arbiter is the one Subscription that the downstream sees while sources
// come and go behind it. Values that a source has delivered are subtracted by
// [Arbiter.Produced]; the rest is requested from the next source, exactly
// once. Request, Set and Cancel are safe for concurrent use, and no upstream
// is called with the lock held.
type Arbiter struct {
	mu        sync.Mutex
	up        Subscription // guarded by mu; nil between two sources
	unmet     int64        // guarded by mu; includes what up has not delivered yet
	cancelled bool         // guarded by mu
}

// Request adds demand and passes it to the current source, if there is one.
func (a *Arbiter) Request(n int64) {
	a.mu.Lock()
	if a.cancelled || a.unmet == demand.Unbounded {
		a.mu.Unlock()
		return
	}
	a.unmet = demand.Add(a.unmet, n)
	up, ask := a.up, n
	if a.unmet == demand.Unbounded {
		ask = demand.Unbounded
	}
	a.mu.Unlock()
	if up != nil {
		up.Request(ask)
	}
}

// Set makes up the current source and requests from it what is still unmet.
// After [Arbiter.Cancel] it cancels up instead.
func (a *Arbiter) Set(up Subscription) {
	a.mu.Lock()
	if a.cancelled {
		a.mu.Unlock()
		up.Cancel()
		return
	}
	a.up = up
	ask := a.unmet
	a.mu.Unlock()
	if ask > 0 {
		up.Request(ask)
	}
}

// Clear forgets the current source, which has ended; demand that comes in now
// waits for the next one.
func (a *Arbiter) Clear() {
	a.mu.Lock()
	a.up = nil
	a.mu.Unlock()
}

// Detach forgets the current source and returns it, so that the caller can
// cancel it; nil if there is none.
func (a *Arbiter) Detach() Subscription {
	a.mu.Lock()
	up := a.up
	a.up = nil
	a.mu.Unlock()
	return up
}

// Produced subtracts n values that were delivered downstream. Callers count
// values without the lock and report them in one sum before the next Set.
func (a *Arbiter) Produced(n int64) {
	if n == 0 {
		return
	}
	a.mu.Lock()
	if a.unmet != demand.Unbounded {
		a.unmet = max(a.unmet-n, 0)
	}
	a.mu.Unlock()
}

// Cancel cancels the current source and every later one, each once.
func (a *Arbiter) Cancel() {
	a.mu.Lock()
	up := a.up
	a.up, a.cancelled = nil, true
	a.mu.Unlock()
	if up != nil {
		up.Cancel()
	}
}
