package backpressure_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
)

func add(a, b int) int { return a + b }

func ExampleOnBackpressureReduce() {
	ctx := context.Background()
	slow := backpressure.NewRequester[int]()
	slow.Request(1)
	observable.Pipe1(observable.Range(1, 4), backpressure.OnBackpressureReduce(add)).Subscribe(ctx, slow)
	slow.Request(1)
	for v, err := slow.Take(ctx); err == nil; v, err = slow.Take(ctx) {
		fmt.Println("took", v)
	}
	// Output:
	// took 1
	// took 9
}

func TestReduce(t *testing.T) {
	b := newBench(t, 0, backpressure.OnBackpressureReduce(add))
	b.next(1, 2, 3)
	b.Request(1)
	b.got(6)
	b.next(4, 5)
	b.src.Complete()
	b.live()
	b.Request(1)
	b.got(6, 9)
	b.completed()
	b.lost(0)
}

func TestReduceDiscardsWhatItHolds(t *testing.T) {
	b := newBench(t, 0, backpressure.OnBackpressureReduce(add))
	b.next(1, 2)
	b.src.Error(errSource)
	b.failed()
	b.lost(observable.DiscardError, 3)

	b = newBench(t, 0, backpressure.OnBackpressureReduce(add))
	b.next(1, 2)
	b.Cancel()
	b.lost(observable.DiscardCancel, 3)
}

// A request, or a cancel, while f runs must not miss what f makes.
func TestReduceWhileFolding(t *testing.T) {
	var b *bench[int]
	during := func() {}
	op := backpressure.OnBackpressureReduce(func(acc, v int) int {
		during()
		return acc + v
	})
	b = newBench(t, 0, op)
	during = func() { b.Request(1) }
	b.next(1, 2)
	b.got(3)

	b = newBench(t, 0, op)
	during = func() { b.Cancel() }
	b.next(1, 2)
	b.got()
	b.lost(observable.DiscardCancel, 3)
}

// Behaviour 29, for f.
func TestBehaviour29_ReducePanics(t *testing.T) {
	b := newBench(t, 0, backpressure.OnBackpressureReduce(func(int, int) int { panic("boom") }))
	b.next(1, 2, 3)
	var err *observable.PanicError
	if !errors.As(b.failure(), &err) || err.Value != "boom" {
		t.Errorf("failed with %v", err)
	}
	b.lost(observable.DiscardError, 1)
	if c := b.src.Cancels(); c != 1 {
		t.Errorf("upstream was cancelled %d times", c)
	}
}

// Whatever the interleaving, the sums that are delivered and discarded add up
// to what was produced.
func TestReduceLosesNothingInARace(t *testing.T) {
	marbles.Race(300, func(round int) ([]func(), func()) {
		var (
			mu  sync.Mutex // guards sum
			sum int
			src = marbles.NewTestSource[int](marbles.IgnoresCancel)
			sub = marbles.NewTestSubscriber[int](t, 0)
		)
		book := func(v int) {
			mu.Lock()
			defer mu.Unlock()
			sum += v
		}
		sub.Each = book
		ctx := observable.WithDiscard(t.Context(), func(v any, _ observable.DiscardReason) { book(v.(int)) })
		observable.Pipe1(src.Observable, backpressure.OnBackpressureReduce(add)).Subscribe(ctx, sub.Outside())
		racers := []func(){
			func() {
				for range 100 {
					src.Next(1)
				}
			},
			func() {
				for range 10 {
					sub.Request(1)
				}
			},
		}
		if round%2 == 0 {
			racers = append(racers, sub.Cancel)
		}
		return racers, func() {
			sub.Cancel()
			if sum != 100 {
				t.Errorf("%d of 100 are accounted for", sum)
			}
		}
	})
}
