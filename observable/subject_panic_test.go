package observable_test

import (
	"errors"
	"runtime"
	"slices"
	"testing"

	"github.com/sluicego/sluice/observable"
)

// Behaviour 29: the panic of one subscriber is nobody else's.
func TestBehaviour29_SubscriberPanics(t *testing.T) {
	s := observable.NewSubject[int]()
	first := subscribe(t.Context(), s.Observable, observable.Unbounded)
	bad := newProbe[int](observable.Unbounded)
	bad.onNext = func(v int) {
		if v == 2 {
			panic(errTest)
		}
	}
	s.Subscribe(t.Context(), bad)
	alsoBad := newProbe[int](observable.Unbounded)
	alsoBad.onNext = bad.onNext
	s.Subscribe(t.Context(), alsoBad)
	last := subscribe(t.Context(), s.Observable, observable.Unbounded)
	for i := range 4 {
		s.Next(i)
	}
	s.Complete()
	first.expectComplete(t, 0, 1, 2, 3)
	last.expectComplete(t, 0, 1, 2, 3)
	for _, p := range []*probe[int]{bad, alsoBad} {
		if err := failure[*observable.PanicError](t, p, 0, 1, 2); !errors.Is(err, errTest) {
			t.Errorf("panic value %v", err.Value)
		}
	}
}

// Behaviour 29: many subscribers that panic at one value do so at one depth of
// the stack, but for the first, above which the others are guarded.
func TestBehaviour29_PanicsDoNotNest(t *testing.T) {
	s := observable.NewSubject[int]()
	var depths []int
	pcs := make([]uintptr, 1000)
	for range 50 {
		p := newProbe[int](observable.Unbounded)
		p.onNext = func(int) {
			depths = append(depths, runtime.Callers(0, pcs))
			panic(errTest)
		}
		s.Subscribe(t.Context(), p)
	}
	s.Next(1)
	if len(depths) != 50 || slices.Max(depths[1:]) != slices.Min(depths[1:]) {
		t.Errorf("depths %v", depths)
	}
}

func TestBehaviour29_SubscriberLeavesItsGoroutine(t *testing.T) {
	s := observable.NewSubject[int]()
	bad := newProbe[int](observable.Unbounded)
	bad.onNext = func(v int) {
		s.Next(v + 1)
		runtime.Goexit()
	}
	s.Subscribe(t.Context(), bad)
	good := subscribe(t.Context(), s.Observable, observable.Unbounded)
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		s.Next(1)
	}()
	<-gone
	s.Next(3)
	good.expectLive(t, 1, 2, 3)
	expectError[*observable.PanicError](t, bad, 1)
}

// As t.Fatal does in OnError, be it that of an overflow or of a panic.
func TestBehaviour29_SubscriberLeavesItsGoroutineInOnError(t *testing.T) {
	for name, demand := range map[string]int64{"overflow": 0, "panic": 1} {
		t.Run(name, func(t *testing.T) {
			s := observable.NewSubject[int]()
			var bad []*probe[int]
			for range 2 {
				p := newProbe[int](demand)
				p.onNext = func(int) { panic(errTest) }
				p.onEnd = func() {
					close(p.done)
					runtime.Goexit()
				}
				s.Subscribe(t.Context(), p)
				bad = append(bad, p)
			}
			good := subscribe(t.Context(), s.Observable, 5)
			gone := make(chan struct{})
			go func() {
				defer close(gone)
				s.Next(1)
			}()
			<-gone
			s.Next(2)
			good.expectLive(t, 1, 2)
			for _, p := range bad {
				if len(p.errs) != 1 {
					t.Errorf("errors %v", p.errs)
				}
			}
		})
	}
}

func TestBehaviour29_TerminalPanics(t *testing.T) {
	ctx, errs := dropped(t.Context())
	s := observable.NewSubject[int]()
	bad := newProbe[int](0)
	bad.onEnd = func() { panic(errTest) }
	s.Subscribe(ctx, bad)
	good := subscribe(ctx, s.Observable, 0)
	s.Complete()
	good.expectComplete(t)
	if got := errs(); len(got) != 1 || !errors.Is(got[0], errTest) {
		t.Errorf("dropped: %v", got)
	}
}
