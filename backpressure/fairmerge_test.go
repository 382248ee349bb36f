package backpressure_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/internal/ungated"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

func ExampleFairMerge() {
	uploads, clicks := observable.Range(1, 6), observable.Of(100, 200)
	all, err := backpressure.FairMerge(
		backpressure.Bulkhead(uploads, 4),
		backpressure.Bulkhead(clicks, 4),
	).Collect(context.Background())
	fmt.Println(all, err)
	// Output: [1 100 2 200 3 4 5 6] <nil>
}

func ExampleWeight() {
	paid, free := observable.Range(1, 6), observable.Of(-1, -2, -3)
	all, err := backpressure.FairMerge(
		backpressure.Bulkhead(paid, 4, backpressure.Weight(2)),
		backpressure.Bulkhead(free, 4),
	).Collect(context.Background())
	fmt.Println(all, err)
	// Output: [1 2 -1 3 4 -2 5 6 -3] <nil>
}

func ExampleIsolate() {
	log := func(err error) { fmt.Println("the others go on:", err) }
	all, err := backpressure.FairMerge(
		backpressure.Bulkhead(observable.Throw[int](errors.New("no route to host")), 4, backpressure.Isolate(log)),
		backpressure.Bulkhead(observable.Of(1, 2, 3), 4),
	).Collect(context.Background())
	fmt.Println(all, err)
	// Output:
	// the others go on: no route to host
	// [1 2 3] <nil>
}

func TestFairMergePlays(t *testing.T) {
	heavy := backpressure.Weight(2)
	for _, test := range []struct {
		name         string
		a, b, c      string
		demand, want string
		of           backpressure.BulkheadOption // of a
	}{
		{"scarce demand", "[abcd]---------|", "[xyz]----------|", "|", "--1-1-1-1-1-1-1", "--a-x-b-y-c-z-(d|)", nil},
		{"three", "[abc]-----------|", "[xyz]-----------|", "-[klm]----------|", "--111-111-1-1-1", "--axk-byl-c-z-(m|)", nil},
		{"weights", "[abcde]---------|", "[xyz]-----------|", "|", "--1-1-1-1-1-1-1-1", "--a-b-x-c-d-y-e-(z|)", heavy},
		{"an idle one gives its share away", "[abcd]--|", "-----[xy]|", "|", "--111-111", "--abc-xd(y|)", nil},
		{"and has no credit when it comes back", "[abcde]-----|", "-----[xyz]--|", "|", "--111-11111", "--abc-xdye(z|)", nil},
		{"weights need no demand at hand", "[abcd]--|", "[xy]----|", "|", "---3----3", "---(abx)(cdy|)", heavy},
		{"empty", "---|", "-|", "|", "", "---|", nil},
		{"never", "----|", "------", "|", "^--------!", "---------", nil},
		{"completion needs no demand", "a-|", "x---|", "|", "-2--", "-[ax]--|", nil},
		{"completion waits for the queues", "a|", "x|", "|", "---1--1", "---a--(x|)", nil},
		{"an error is at once", "[ab]--#", "[xy]----|", "|", "-1", "-a-#", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			marbles.Run(t, func(m *marbles.Test) {
				opts := []backpressure.BulkheadOption{}
				if test.of != nil {
					opts = append(opts, test.of)
				}
				out := backpressure.FairMerge(
					backpressure.Bulkhead(marbles.Hot[string](m, test.a).Observable, 8, opts...),
					backpressure.Bulkhead(marbles.Hot[string](m, test.b).Observable, 8),
					backpressure.Bulkhead(marbles.Cold[string](m, test.c).Observable, 8),
				)
				e := marbles.Expect(m, out)
				if test.demand != "" {
					e = e.Demand(test.demand)
				}
				e.ToBe(test.want)
			})
		})
	}
}

// beside merges the source of a bench with o.
func beside(o observable.Observable[int], capacity int, opts ...backpressure.BulkheadOption) observable.Operator[int, int] {
	return func(src observable.Observable[int]) observable.Observable[int] {
		return backpressure.FairMerge(backpressure.Bulkhead(src, capacity, opts...), backpressure.Bulkhead(o, capacity))
	}
}

// Behaviour 8: each source is held back by what was delivered of it alone.
func TestBehaviour8_FairMerge(t *testing.T) {
	other := marbles.NewTestSource[int]()
	b := newBench(t, 0, beside(other.Observable, 8))
	requests := func(of, others []int64) {
		t.Helper()
		if d := cmp.Diff([][]int64{of, others}, [][]int64{b.src.Requests(), other.Requests()}); d != "" {
			t.Errorf("requested (-want +got):\n%s", d)
		}
	}
	requests([]int64{8}, []int64{8})
	b.next(1, 2, 3, 4, 5, 6, 7, 8)
	b.Request(5)
	requests([]int64{8}, []int64{8})
	b.Request(1)
	requests([]int64{8, 6}, []int64{8})
	b.Request(observable.Unbounded)
	b.next(9, 10, 11, 12)
	requests([]int64{8, 6, 6}, []int64{8})
	for i := range 6 {
		other.Next(-i)
	}
	requests([]int64{8, 6, 6}, []int64{8, 6})
	b.src.Complete()
	other.Next(-6)
	other.Complete()
	b.completed()
	requests([]int64{8, 6, 6}, []int64{8, 6})
	b.got(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0, -1, -2, -3, -4, -5, -6)
}

// A source that has ended is asked for nothing more.
func TestFairMergeAsksTheLivingOnly(t *testing.T) {
	b := newBench(t, 0, beside(observable.Never[int](), 2))
	b.next(1, 2)
	b.src.Complete()
	b.Request(9)
	b.got(1, 2)
	if got := b.src.Requests(); !slices.Equal(got, []int64{2}) {
		t.Errorf("requested %v, want 2 and nothing after the end", got)
	}
	b.Cancel()
}

// Sources that emit only when asked take turns from the first value to the
// last, and do not nest, also when the consumer takes all there is.
func TestFairMergeOfSynchronousSources(t *testing.T) {
	const n = 2_000
	for _, start := range []int64{1, observable.Unbounded} {
		for _, capacity := range []int{1, 2, 64} {
			sub := marbles.NewTestSubscriber[int](t, start)
			sub.Each = func(int) { sub.Request(1) }
			backpressure.FairMerge(
				backpressure.Bulkhead(observable.Range(1, n), capacity),
				backpressure.Bulkhead(observable.Range(-n, n), capacity),
				backpressure.Bulkhead(observable.Empty[int](), capacity),
			).Subscribe(t.Context(), sub)
			got := sub.Values()
			if ended, err := sub.Ended(); !ended || err != nil || len(got) != 2*n {
				t.Fatalf("capacity %d: %d values, ended %t, %v", capacity, len(got), ended, err)
			}
			for i, v := range got {
				if want := []int{1 + i/2, -n + i/2}[i%2]; v != want {
					t.Fatalf("capacity %d: value %d is %d, want %d", capacity, i, v, want)
				}
			}
		}
	}
}

func TestFairMergeOfFew(t *testing.T) {
	none := marbles.NewTestSubscriber[int](t, 0)
	backpressure.FairMerge[int]().Subscribe(t.Context(), none)
	if ended, err := none.Ended(); !ended || err != nil {
		t.Errorf("none: ended %t, %v, want completion at once", ended, err)
	}
	one, err := backpressure.FairMerge(backpressure.Bulkhead(observable.Range(0, 100), 3, backpressure.Weight(7))).Collect(t.Context())
	if err != nil || len(one) != 100 || !slices.IsSorted(one) {
		t.Errorf("one: %v, %v", one, err)
	}
}

// A value that comes while another is delivered, on the same goroutine, waits:
// for whoever emits, or after a round for a task.
func TestFairMergeReentered(t *testing.T) {
	other := marbles.NewTestSource[int]()
	b := newBench(t, observable.Unbounded, beside(other.Observable, 8))
	b.Each = func(v int) {
		if v > 0 && v < 4 {
			other.Next(-v)
			b.next(v + 1)
		}
	}
	b.next(1)
	b.got(1, -1, 2) // its own and a round
	b.pass(0)
	b.got(1, -1, 2, -2, 3, -3, 4)
	b.src.Complete()
	other.Complete()
	b.completed()
}

// An inspection sees the queues of all compartments as one.
func TestFairMergeInspected(t *testing.T) {
	ctx, in := observable.WithInspection(t.Context())
	sub := marbles.NewTestSubscriber[int](t, 1)
	backpressure.FairMerge(
		backpressure.Bulkhead(observable.Range(1, 9), 3),
		backpressure.Bulkhead(observable.Range(1, 9), 4),
	).Subscribe(ctx, sub)
	if s := in.Inspect()[0]; s.Operator != "FairMerge" || s.Queued != 6 || s.Capacity != 7 {
		t.Errorf("found\n%v", in.Inspect())
	}
	sub.Cancel()
}

// A source may take its time to call OnSubscribe, and is then asked, unless it
// is too late.
func TestFairMergeOverALateSource(t *testing.T) {
	var arrive observable.Subscriber[int]
	late := ungated.New(func(_ context.Context, s observable.Subscriber[int]) { arrive = s })
	b := newBench(t, 9, beside(late, 4))
	src := marbles.NewTestSource[int]()
	src.Subscribe(t.Context(), arrive)
	if got := src.Requests(); !slices.Equal(got, []int64{4}) {
		t.Errorf("requested %v, want 4", got)
	}
	src.Next(-1)
	b.got(-1)
	src.Subscribe(t.Context(), arrive) // twice
	b.Cancel()
	if got := src.Cancels(); got != 2 {
		t.Errorf("cancelled %d subscriptions, want 2", got)
	}

	b = newBench(t, 9, beside(late, 4))
	b.Cancel()
	src.Subscribe(t.Context(), arrive)
	if got := src.Cancels(); got != 3 {
		t.Errorf("cancelled %d subscriptions, want 3", got)
	}
}

// A task that is refused would leave values behind for ever.
func TestFairMergeOverAClosedScheduler(t *testing.T) {
	loop := scheduler.NewEventLoop()
	src := marbles.NewTestSource[int]()
	sub := marbles.NewTestSubscriber[int](t, 9)
	op := beside(observable.Never[int](), 4)
	op(src.Observable).Subscribe(scheduler.With(t.Context(), loop), sub)
	loop.Close()
	<-sub.Done()
	if _, err := sub.Ended(); !errors.Is(err, scheduler.ErrClosed) {
		t.Errorf("ended with %v", err)
	}
}

func TestFairMergePanicsAtAssembly(t *testing.T) {
	never := observable.Never[int]()
	for _, test := range []struct {
		name string
		f    func()
		want string
	}{
		{"no capacity", func() { backpressure.Bulkhead(never, 0) }, "Bulkhead of a capacity that is not positive (0)"},
		{"no weight", func() { backpressure.Weight(0) }, "Weight that is not positive (0)"},
		{"nil Isolate", func() { backpressure.Isolate(nil) }, "Isolate with a nil function"},
		{"nil option", func() { backpressure.Bulkhead(never, 1, nil) }, "Bulkhead with a nil option"},
		{"no Bulkhead", func() {
			backpressure.FairMerge(backpressure.Bulkhead(never, 1), backpressure.Compartment[int]{})
		}, "a compartment without a capacity (at index 1); make it with Bulkhead"},
	} {
		t.Run(test.name, func(t *testing.T) {
			defer func() {
				got := fmt.Sprint(recover())
				if !strings.HasPrefix(got, "backpressure: ") || !strings.Contains(got, test.want) {
					t.Errorf("panicked with %q, want %q in it", got, test.want)
				}
			}()
			test.f()
		})
	}
}
