package observable_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"
	"time"
	"weak"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

func ExampleReplay() {
	chat := observable.NewReplay[string](2, 0)
	for _, line := range []string{"hello", "how are you", "fine"} {
		chat.Next(line)
	}
	chat.Subscribe(context.Background(), printer[string]{"newcomer"})
	chat.Complete()
	chat.Subscribe(context.Background(), printer[string]{"latecomer"})
	// Output:
	// newcomer: how are you
	// newcomer: fine
	// newcomer: done
	// latecomer: how are you
	// latecomer: fine
	// latecomer: done
}

func TestReplayPanics(t *testing.T) {
	mustPanicWith(t, "observable: NewReplay of 0 values; it is at least 1, or Unlimited", func() { observable.NewReplay[int](0, 0) })
	mustPanicWith(t, "observable: NewReplay with a negative window (-1s); 0 means that values do not grow old", func() {
		observable.NewReplay[int](1, -time.Second)
	})
}

// Every subscriber has a pace of its own, and the end comes behind what it is
// owed.
func TestReplayPace(t *testing.T) {
	s := observable.NewReplay[int](observable.Unlimited, 0)
	a := subscribe(t.Context(), s.Observable, 0)
	for i := range 4 {
		s.Next(i)
	}
	b := subscribe(t.Context(), s.Observable, 2)
	a.up.Request(1)
	s.Error(errTest)
	a.expectLive(t, 0)
	b.expectLive(t, 0, 1)
	a.up.Request(3)
	b.up.Request(observable.Unbounded)
	for _, p := range []*probe[int]{a, b} {
		p.expect(t, 0, 1, 2, 3)
		if !errors.Is(p.err(), errTest) {
			t.Errorf("error %v", p.err())
		}
	}
}

// Behaviour 21: it remembers exactly n; who falls further behind fails.
func TestBehaviour21_ReplayBound(t *testing.T) {
	var l ledger
	s := observable.NewReplay[int](2, 0)
	p := subscribe(l.context(t.Context()), s.Observable, 1)
	for i := range 3 {
		s.Next(i)
	}
	p.expectLive(t, 0)
	l.expect(t)
	s.Next(3)
	err := failure[*observable.OverflowError](t, p, 0)
	if err.Op != "NewReplay" || err.Capacity != 2 {
		t.Errorf("error: %v", err)
	}
	l.expect(t, entry{1, observable.DiscardOverflow}, entry{2, observable.DiscardError}, entry{3, observable.DiscardError})
	s.Complete()
	subscribe(t.Context(), s.Observable, 9).expectComplete(t, 2, 3)
}

// Behaviour 29: all who fall behind are told, also if one leaves its goroutine.
func TestBehaviour29_ReplaySubscriberLeavesItsGoroutineInOnError(t *testing.T) {
	s := observable.NewReplay[int](1, 0)
	bad := newProbe[int](0)
	bad.onEnd = runtime.Goexit
	s.Subscribe(t.Context(), bad)
	slow, fast := subscribe(t.Context(), s.Observable, 0), subscribe(t.Context(), s.Observable, 9)
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		s.Next(1)
		s.Next(2)
	}()
	<-gone
	expectError[*observable.OverflowError](t, slow)
	fast.expectLive(t, 1, 2)
	subscribe(t.Context(), s.Observable, 9).expectLive(t, 2)
}

func TestReplayDiscards(t *testing.T) {
	var l ledger
	s := observable.NewReplay[int](4, 0)
	p := subscribe(l.context(t.Context()), s.Observable, 1)
	for i := range 3 {
		s.Next(i)
	}
	p.up.Cancel()
	s.Next(3)
	l.expect(t, entry{1, observable.DiscardCancel}, entry{2, observable.DiscardCancel})
}

func TestReplayWindow(t *testing.T) {
	var l ledger
	v := scheduler.NewVirtual()
	s := observable.NewReplay[int](9, 10*time.Millisecond, scheduler.On(v))
	behind := subscribe(l.context(t.Context()), s.Observable, 0)
	s.Next(1)
	v.AdvanceBy(4 * time.Millisecond)
	s.Next(2)
	v.AdvanceBy(5 * time.Millisecond)
	subscribe(t.Context(), s.Observable, 9).expectLive(t, 1, 2)
	v.AdvanceBy(1 * time.Millisecond) // value 1 is as old as the window
	subscribe(t.Context(), s.Observable, 9).expectLive(t, 2)
	l.expect(t, entry{1, observable.DiscardExpired})
	behind.up.Request(9)
	behind.expectLive(t, 2)
	s.Complete()
	v.AdvanceBy(4 * time.Millisecond)
	subscribe(t.Context(), s.Observable, 9).expectComplete(t)
}

// L4: the end needs no demand, so who is owed nothing any more gets it, whoever
// noticed that the values had expired.
func TestReplayEndsBehindWhatHasExpired(t *testing.T) {
	for name, use := range map[string]func(up observable.Subscription, o observable.Observable[int]){
		"a request": func(up observable.Subscription, _ observable.Observable[int]) { up.Request(1) },
		"a subscription": func(_ observable.Subscription, o observable.Observable[int]) {
			subscribe(t.Context(), o, 0).expectComplete(t)
		},
	} {
		t.Run(name, func(t *testing.T) {
			var l ledger
			v := scheduler.NewVirtual()
			s := observable.NewReplay[int](9, 10*time.Millisecond, scheduler.On(v))
			s.Next(1)
			var ps []*probe[int]
			for range 3 {
				ps = append(ps, subscribe(l.context(t.Context()), s.Observable, 0))
			}
			s.Complete()
			v.AdvanceBy(10 * time.Millisecond)
			use(ps[1].up, s.Observable)
			for _, p := range ps {
				p.expectComplete(t)
			}
			l.expect(t, entry{1, observable.DiscardExpired}, entry{1, observable.DiscardExpired}, entry{1, observable.DiscardExpired})
		})
	}
}

func TestReplayReentrant(t *testing.T) {
	s := observable.NewReplay[int](8, 0)
	s.Next(0)
	p := newProbe[int](1)
	p.onNext = func(v int) {
		if v < 5 {
			s.Next(v + 1)
		}
		p.up.Request(1)
	}
	s.Subscribe(t.Context(), p)
	p.expectLive(t, 0, 1, 2, 3, 4, 5)
}

// Behaviour 30: what is forgotten is not kept.
func TestBehaviour30_ReplayForgetsValues(t *testing.T) {
	s := observable.NewReplay[*[64]int](2, 0)
	var refs []weak.Pointer[[64]int]
	func() {
		for range 5 {
			v := new([64]int)
			refs = append(refs, weak.Make(v))
			s.Next(v)
		}
	}()
	runtime.GC()
	for i, ref := range refs {
		if gone := ref.Value() == nil; gone != (i < 3) {
			t.Errorf("value %d: gone %v", i, gone)
		}
	}
	s.Complete()
}

// Behaviour 20, with a subscriber that joins, requests and leaves while values
// come.
func TestBehaviour20_ReplayRace(t *testing.T) {
	for range 300 {
		var l ledger
		ctx, _ := dropped(l.context(t.Context()))
		s := observable.NewReplay[int](4, 0)
		ps := make([]*probe[int], 3)
		const n = 20
		var wg sync.WaitGroup
		wg.Go(func() {
			for i := range n {
				s.Next(i)
			}
		})
		for i := range ps {
			wg.Go(func() {
				ps[i] = subscribe(ctx, s.Observable, 2)
				ps[i].up.Request(int64(5*i + 1))
				ps[i].up.Cancel()
			})
		}
		wg.Wait()
		s.Complete()
		for _, p := range ps {
			got := p.got()
			for i, v := range got {
				if v != got[0]+i {
					t.Fatalf("gap: %v", got)
				}
			}
			if b := p.broken.Load(); b != nil {
				t.Fatal(*b)
			}
		}
	}
}

func TestReplayEmit(t *testing.T) {
	s := observable.NewReplay[int](1, 0)
	p := newProbe[int](1)
	p.onNext = func(int) { go p.up.Request(1) }
	s.Subscribe(t.Context(), p)
	for i := range 100 {
		if err := s.Emit(t.Context(), i); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(p.got()); n != 100 {
		t.Errorf("%d values", n)
	}
}
