package arbiter_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/sluicego/sluice/internal/arbiter"
	"github.com/sluicego/sluice/internal/demand"
)

// source records what is asked of it.
type source struct{ requested, cancels atomic.Int64 }

func (s *source) Request(n int64) { s.requested.Store(demand.Add(s.requested.Load(), n)) }
func (s *source) Cancel()         { s.cancels.Add(1) }

// Behaviour 6: only the unmet rest is requested from the next source.
func TestUnmetDemandIsCarriedOver(t *testing.T) {
	var (
		a     arbiter.Arbiter
		b, c  source
		asked = func(s *source, want int64) {
			t.Helper()
			if got := s.requested.Load(); got != want {
				t.Fatalf("requested %d, want %d", got, want)
			}
		}
	)
	a.Request(3)
	a.Set(&b)
	asked(&b, 3)
	a.Produced(2)
	a.Clear()
	a.Request(4)
	asked(&b, 3) // it has ended
	a.Set(&c)
	asked(&c, 5)
	if a.Unmet() != 5 {
		t.Errorf("unmet is %d, want 5", a.Unmet())
	}
}

// Behaviour 4: unbounded demand is carried over as such.
func TestUnboundedIsCarriedOver(t *testing.T) {
	var (
		a    arbiter.Arbiter
		b, c source
	)
	a.Set(&b)
	a.Request(demand.Unbounded - 1)
	a.Request(5)
	a.Produced(1000)
	a.Set(&c)
	if got := c.requested.Load(); got != demand.Unbounded {
		t.Errorf("requested %d, want Unbounded", got)
	}
}

// Behaviour 17: each source is cancelled once, the late ones too.
func TestCancelReachesLateSources(t *testing.T) {
	var (
		a    arbiter.Arbiter
		b, c source
	)
	a.Set(&b)
	a.Cancel()
	a.Cancel()
	a.Set(&c)
	if b.cancels.Load() != 1 || c.cancels.Load() != 1 {
		t.Errorf("%d and %d cancels, want 1 and 1", b.cancels.Load(), c.cancels.Load())
	}
}

// Bug class 4: no demand is lost, and none is doubled, when Set and Request race.
func TestSetRacesRequest(t *testing.T) {
	for range 5000 {
		var (
			a  arbiter.Arbiter
			s  countingSource
			wg sync.WaitGroup
		)
		a.Request(1)
		wg.Go(func() { a.Set(&s) })
		wg.Go(func() { a.Request(2) })
		wg.Go(func() { a.Request(4) })
		wg.Wait()
		if got := s.requested.Load(); got != 7 {
			t.Fatalf("requested %d, want 7", got)
		}
	}
}

type countingSource struct{ requested atomic.Int64 }

func (s *countingSource) Request(n int64) { s.requested.Add(n) }
func (s *countingSource) Cancel()         {}
