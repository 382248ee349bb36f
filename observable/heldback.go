package observable

import (
	"sync/atomic"

	"github.com/sluicego/sluice/internal/demand"
)

// A heldBack subscription keeps requests to itself until the subscriber has
// returned from OnSubscribe: a source that emits on a goroutine of its own
// would otherwise call OnNext meanwhile (L3). It is for those of which that is
// to be feared (link.MayInterrupt).
type heldBack struct {
	Subscription
	held atomic.Int64 // requested meanwhile; let go afterwards
}

// letGo is what held is once nothing is held back any more.
const letGo = -1

func (h *heldBack) Request(n int64) {
	for {
		switch held := h.held.Load(); {
		case held == letGo:
			h.Subscription.Request(n)
			return
		case h.held.CompareAndSwap(held, demand.Add(held, n)):
			return
		}
	}
}

// open lets requests through, and returns what was requested until now.
func (h *heldBack) open() int64 { return h.held.Swap(letGo) }
