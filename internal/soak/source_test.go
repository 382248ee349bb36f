package soak_test

import (
	"context"
	"runtime"
	"sync/atomic"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/ungated"
	"github.com/sluicego/sluice/observable"
)

// A hand is a source made by hand, which keeps the laws and sees whether they
// are kept towards it. Each subscription has values of its own.
type hand struct {
	w      *world
	n      int  // values
	fails  bool // instead of completing
	spawns bool // it emits on a goroutine of its own, else inside Request
	yields int  // how often it lets others go first, before each value
	gated  bool // it is behind the gate of New
	slow   bool // it lets a millisecond pass now and then; only if it spawns
}

func (h *hand) observable() stream {
	if h.gated {
		return observable.New(h.subscribe)
	}
	return ungated.New(h.subscribe)
}

func (h *hand) subscribe(_ context.Context, down observable.Subscriber[*value]) {
	s := &handSub{hand: h, down: down, kick: make(chan struct{}, 1), quit: make(chan struct{})}
	s.number = h.w.subs.add(s)
	down.OnSubscribe(s)
	if h.spawns {
		go s.run()
	} else {
		s.drain()
	}
}

// A handSub is one subscription. It emits in a drain of its own, so that
// whoever requests may be the one who emits.
type handSub struct {
	*hand
	number  int64
	down    observable.Subscriber[*value]
	asked   demand.Counter
	cancels atomic.Int32
	ended   atomic.Bool
	wip     atomic.Int32
	sent    atomic.Int64 // written by the drain
	kick    chan struct{}
	quit    chan struct{} // closed by the first Cancel
}

func (s *handSub) Request(n int64) {
	if n <= 0 {
		s.w.complain("L6: %d were requested of source %d", n, s.number)
		return
	}
	s.asked.Add(n)
	if !s.spawns {
		s.drain()
		return
	}
	select {
	case s.kick <- struct{}{}:
	default:
	}
}

func (s *handSub) Cancel() {
	switch s.cancels.Add(1) {
	case 1:
		close(s.quit)
	case 2:
		s.w.complain("L7: source %d was cancelled twice", s.number)
	}
}

// run is the goroutine of a source that has one.
func (s *handSub) run() {
	for s.drain(); !s.ended.Load(); s.drain() {
		select {
		case <-s.kick:
		case <-s.quit:
			return
		case <-s.w.quit:
			return
		}
	}
}

func (s *handSub) drain() {
	if s.wip.Add(1) != 1 {
		return
	}
	for missed := int32(1); missed != 0; {
		seen := s.wip.Load()
		s.emit()
		missed = s.wip.Add(-seen)
	}
}

// emit is a loop of the kind that docs/protocol.md describes.
func (s *handSub) emit() {
	done := false
	defer fault.Catch(&done, s.panicked)
	for !s.ended.Load() && s.cancels.Load() == 0 {
		if s.sent.Load() == int64(s.n) {
			s.end()
			break
		}
		if s.sent.Load() >= s.asked.Load() {
			break
		}
		for range s.yields {
			runtime.Gosched()
		}
		if s.slow && s.sent.Load()%4 == 3 && !s.w.pause(ms) {
			break
		}
		if s.cancels.Load() > 0 {
			break
		}
		s.sent.Add(1)
		s.down.OnNext(s.w.produce())
	}
	done = true
}

func (s *handSub) end() {
	s.ended.Store(true)
	if s.fails {
		s.down.OnError(s.w.raise("the source failed"))
	} else {
		s.down.OnComplete()
	}
}

// panicked ends the stream. A source without a gate does it by itself.
func (s *handSub) panicked(v any, stack []byte) {
	if !s.w.panics {
		s.w.complain("L11: a panic reached source %d: %v\n%s", s.number, v, stack)
	}
	if s.ended.Swap(true) {
		s.w.drop(&observable.PanicError{Value: v, Stack: stack})
		return
	}
	s.down.OnError(&observable.PanicError{Value: v, Stack: stack})
}
