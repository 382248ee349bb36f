package side_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/sluicego/sluice/internal/side"
	"github.com/sluicego/sluice/observable"
)

// heard records what a Listener passes on.
type heard struct {
	values []int
	ends   []error
}

func (h *heard) listener() *side.Listener[int] {
	return side.New(func(v int) { h.values = append(h.values, v) }, func(err error) { h.ends = append(h.ends, err) })
}

func TestListenerHearsEverything(t *testing.T) {
	var h heard
	h.listener().Listen(t.Context(), observable.Range(1, 3))
	if want := []int{1, 2, 3}; !slices.Equal(h.values, want) || !slices.Equal(h.ends, []error{nil}) {
		t.Errorf("heard %v and the ends %v, want %v and one completion", h.values, h.ends, want)
	}
}

func TestListenerHearsTheError(t *testing.T) {
	boom := errors.New("boom")
	var h heard
	h.listener().Listen(t.Context(), observable.Throw[int](boom))
	if len(h.values) != 0 || !slices.Equal(h.ends, []error{boom}) {
		t.Errorf("heard %v and the ends %v, want nothing and %v", h.values, h.ends, boom)
	}
}

func TestListenerWithoutFunctions(t *testing.T) {
	boom := errors.New("boom")
	var dropped []error
	ctx := observable.WithDroppedError(t.Context(), func(err error) { dropped = append(dropped, err) })
	side.New[int](nil, nil).Listen(ctx, observable.Range(1, 3))
	side.New[int](nil, nil).Listen(ctx, observable.Throw[int](boom))
	if !slices.Equal(dropped, []error{boom}) {
		t.Errorf("dropped %v, want %v: nobody else hears of it (L16)", dropped, boom)
	}
}

func TestListenerCancelsFromInside(t *testing.T) {
	var h heard
	var l *side.Listener[int]
	l = side.New(func(v int) { h.values = append(h.values, v); l.Cancel() }, func(err error) { h.ends = append(h.ends, err) })
	l.Listen(t.Context(), observable.Range(1, 3))
	if !slices.Equal(h.values, []int{1}) || len(h.ends) != 0 {
		t.Errorf("heard %v and the ends %v, want 1 alone", h.values, h.ends)
	}
}

func TestListenerCancelledBeforeItListens(t *testing.T) {
	l := side.New[int](nil, nil)
	l.Cancel()
	l.Listen(t.Context(), observable.Defer(func(context.Context) observable.Observable[int] {
		t.Error("subscribed to an observable that nobody wants to hear")
		return observable.Empty[int]()
	}))
}

// A probe hands out a subscription and counts its cancels.
type probe struct {
	mu      sync.Mutex
	cancels int
}

func (p *probe) Request(int64) {}
func (p *probe) Cancel()       { p.mu.Lock(); p.cancels++; p.mu.Unlock() }

func TestListenerCancelledBeforeOnSubscribe(t *testing.T) {
	var p probe
	l := side.New[int](nil, nil)
	l.Cancel()
	l.OnSubscribe(&p)
	if p.cancels != 1 {
		t.Errorf("the subscription was cancelled %d times, want once", p.cancels)
	}
}

func TestListenerRefusesASecondSubscription(t *testing.T) {
	var first, second probe
	l := side.New[int](nil, nil)
	l.OnSubscribe(&first)
	l.OnSubscribe(&second)
	if first.cancels != 0 || second.cancels != 1 {
		t.Errorf("cancelled %d and %d times, want 0 and 1 (L1)", first.cancels, second.cancels)
	}
}

// Upstream is cancelled once, from wherever and however often (L7).
func TestListenerRace(t *testing.T) {
	for range 500 {
		var p probe
		l := side.New[int](nil, nil)
		var wg sync.WaitGroup
		wg.Go(func() { l.OnSubscribe(&p) })
		wg.Go(l.Cancel)
		wg.Go(l.Cancel)
		wg.Wait()
		if p.cancels != 1 {
			t.Fatalf("cancelled %d times, want once", p.cancels)
		}
	}
}
