package backpressure_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
)

func ExampleOnBackpressureBlock() {
	ctx := context.Background()
	lines := marbles.NewTestSource[string]() // as a callback of some library would be
	slow := backpressure.NewRequester[string]()
	observable.Pipe1(lines.Observable, backpressure.OnBackpressureBlock[string](1)).Subscribe(ctx, slow)

	go func() {
		for _, line := range []string{"to be", "or not", "to be"} {
			lines.Next(line) // waits, from the second line on
		}
		lines.Complete()
	}()
	slow.Request(3)
	for v, err := slow.Take(ctx); err == nil; v, err = slow.Take(ctx) {
		fmt.Println(v)
	}
	// Output:
	// to be
	// or not
	// to be
}

func TestBlock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var (
			src  = marbles.NewTestSource[int]()
			sub  = marbles.NewTestSubscriber[int](t, 0)
			sent []int // by the producer; read while it waits
		)
		observable.Pipe1(src.Observable, backpressure.OnBackpressureBlock[int](2)).Subscribe(t.Context(), sub.Outside())
		go func() {
			for i := range 6 {
				src.Next(i)
				sent = append(sent, i)
			}
			src.Complete()
		}()
		for requested := range 4 {
			synctest.Wait() // until the producer waits for room
			if n := len(sent); n != requested+2 {
				t.Errorf("%d requested, %d sent; want two ahead", requested, n)
			}
			sub.Request(1)
		}
		sub.Request(2)
		synctest.Wait()
		if got := sub.Values(); !slices.Equal(got, []int{0, 1, 2, 3, 4, 5}) {
			t.Errorf("got %v", got)
		}
		if ended, err := sub.Ended(); !ended || err != nil {
			t.Errorf("ended %t, %v", ended, err)
		}
	})
}

// Whoever ends the stream sets the producer free, and no value is lost track of.
func TestBlockLetsGo(t *testing.T) {
	for name, end := range map[string]func(cancelCtx func(), sub *marbles.TestSubscriber[*marbles.Tracked]){
		"cancel":      func(_ func(), sub *marbles.TestSubscriber[*marbles.Tracked]) { sub.Cancel() },
		"ctx":         func(cancelCtx func(), _ *marbles.TestSubscriber[*marbles.Tracked]) { cancelCtx() },
		"bad request": func(_ func(), sub *marbles.TestSubscriber[*marbles.Tracked]) { sub.Request(-1) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				src := marbles.NewTestSource[*marbles.Tracked]()
				sub := marbles.NewTestSubscriber[*marbles.Tracked](t, 0)
				ledger := marbles.NewLedger(t)
				observable.Pipe1(src.Observable, backpressure.OnBackpressureBlock[*marbles.Tracked](1)).Subscribe(ledger.Context(ctx), sub.Outside())
				free := false
				go func() {
					src.Next(ledger.Produce())
					src.Next(ledger.Produce())
					free = true
				}()
				synctest.Wait()
				if free {
					t.Error("the producer did not wait")
				}
				end(cancel, sub)
				synctest.Wait()
				if !free {
					t.Fatal("the producer still waits")
				}
				why := observable.DiscardCancel
				if name == "bad request" {
					why = observable.DiscardError
				}
				if n := ledger.Discarded(why); n != 2 {
					t.Errorf("%d values discarded for %v, want 2", n, why)
				}
				if n := src.Cancels(); n != 1 {
					t.Errorf("upstream was cancelled %d times", n)
				}
			})
		})
	}
}

// A source that emits on the goroutine that requests is asked for what there
// is room for: made to wait, it would wait for itself.
func TestBlockDoesNotBlockASynchronousSource(t *testing.T) {
	r := backpressure.NewRequester[int]()
	observable.Pipe1(observable.Range(0, 100), backpressure.OnBackpressureBlock[int](4)).Subscribe(t.Context(), r)
	for i := range 100 {
		r.Request(1)
		if v, err := r.Take(t.Context()); v != i || err != nil {
			t.Fatalf("took %d, %v; want %d", v, err, i)
		}
	}
}

func TestBlockInARace(t *testing.T) {
	const n = 2000
	marbles.Race(5, func(int) ([]func(), func()) {
		src := marbles.NewTestSource[int]()
		sub := marbles.NewTestSubscriber[int](t, 0)
		observable.Pipe1(src.Observable, backpressure.OnBackpressureBlock[int](3)).Subscribe(t.Context(), sub.Outside())
		racers := []func(){
			func() {
				for i := range n {
					src.Next(i)
				}
				src.Complete()
			},
			func() {
				for range n {
					sub.Request(1)
				}
			},
		}
		return racers, func() {
			if got := sub.Values(); len(got) != n || !slices.IsSorted(got) {
				t.Errorf("%d values of %d, sorted %t", len(got), n, slices.IsSorted(got))
			}
		}
	})
}
