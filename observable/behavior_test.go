package observable_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/sluicego/sluice/observable"
)

func ExampleBehavior() {
	volume := observable.NewBehavior(5)
	volume.Subscribe(context.Background(), printer[int]{"slider"})
	volume.Next(7)
	volume.Subscribe(context.Background(), printer[int]{"label"})
	fmt.Println(volume.Value())
	volume.Complete()
	// Output:
	// slider: 5
	// slider: 7
	// label: 7
	// 7
	// slider: done
	// label: done
}

func TestBehavior(t *testing.T) {
	s := observable.NewBehavior(0)
	a := subscribe(t.Context(), s.Observable, observable.Unbounded)
	s.Next(1)
	b := subscribe(t.Context(), s.Observable, 2)
	s.Next(2)
	s.Next(3)
	s.Error(errTest)
	late := subscribe(t.Context(), s.Observable, observable.Unbounded)
	a.expect(t, 0, 1, 2, 3)
	expectError[*observable.OverflowError](t, b, 1, 2)
	late.expect(t)
	if late.err() == nil || s.Value() != 3 {
		t.Errorf("late %v, value %d", late.err(), s.Value())
	}
}

// Before its first request a subscriber cannot overflow: it gets what is
// current then.
func TestBehaviorWithoutDemand(t *testing.T) {
	s := observable.NewBehavior(0)
	p := subscribe(t.Context(), s.Observable, 0)
	s.Next(1)
	s.Next(2)
	p.expectLive(t)
	p.up.Request(2)
	p.expectLive(t, 2)
	s.Next(3)
	p.expectLive(t, 2, 3)
	s.Next(4)
	expectError[*observable.OverflowError](t, p, 2, 3)

	q := subscribe(t.Context(), s.Observable, 0)
	s.Complete()
	q.up.Request(1)
	q.expectComplete(t)
}

// A request from inside OnNext and a value from inside OnNext keep their order.
func TestBehaviorReentrant(t *testing.T) {
	s := observable.NewBehavior(0)
	p := newProbe[int](1)
	p.onNext = func(v int) {
		p.up.Request(1)
		if v < 3 {
			s.Next(v + 1)
		}
	}
	s.Subscribe(t.Context(), p)
	p.expectLive(t, 0, 1, 2, 3)
}

func TestBehaviorConcurrent(t *testing.T) {
	s := observable.NewBehavior(0)
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range 5000 {
			s.Next(i + 1)
		}
	})
	for range 4 {
		wg.Go(func() {
			for range 200 {
				before := s.Value()
				p := newProbe[int](observable.Unbounded)
				first := make(chan int, 1)
				p.onNext = func(v int) {
					select {
					case first <- v:
					default:
					}
				}
				s.Subscribe(t.Context(), p)
				if v := <-first; v < before {
					t.Errorf("began with %d, which was older than %d", v, before)
				}
				p.up.Cancel()
				for i, v := range p.got()[1:] {
					if v != p.got()[i]+1 {
						t.Fatalf("gap: %v", p.got())
					}
				}
			}
		})
	}
	wg.Wait()
}
