package backpressure_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

func ExampleSampleFraction() {
	requests := observable.Range(1, 1_000_000)
	traced := observable.Pipe1(requests, backpressure.SampleFraction[int](0.001, backpressure.Seed(7)))
	ids, err := traced.Collect(context.Background())
	fmt.Println(len(ids), err)
	// Output: 1035 <nil>
}

// share collects what SampleFraction keeps of the first n integers.
func share(t *testing.T, n int, op observable.Observable[int]) []int {
	t.Helper()
	got, err := op.Collect(t.Context())
	if err != nil || !slices.IsSorted(got) || len(got) > n {
		t.Fatalf("%d values of %d, %v", len(got), n, err)
	}
	return got
}

// With a seed all subscriptions are alike, linked or not; without, each is its
// own.
func TestSampleFractionDraws(t *testing.T) {
	const n = 1000
	seeded := backpressure.SampleFraction[int](0.5, backpressure.Seed(42))(observable.Range(0, n))
	first := share(t, n, seeded)
	if again := share(t, n, seeded); !slices.Equal(first, again) {
		t.Error("the same seed chose other values")
	}
	func() {
		defer link.Disable()()
		if unlinked := share(t, n, seeded); !slices.Equal(first, unlinked) {
			t.Error("unlinked, the same seed chose other values")
		}
	}()
	other := backpressure.SampleFraction[int](0.5, backpressure.Seed(43))(observable.Range(0, n))
	if slices.Equal(first, share(t, n, other)) {
		t.Error("another seed chose the same values")
	}
	unseeded := backpressure.SampleFraction[int](0.5)(observable.Range(0, n))
	if slices.Equal(share(t, n, unseeded), share(t, n, unseeded)) {
		t.Error("without a seed two subscriptions chose the same of a thousand values")
	}
}

// The share is p, and 0 and 1 are exact. Five standard deviations are allowed.
func TestSampleFractionShare(t *testing.T) {
	const n = 10_000
	rapid.Check(t, func(r *rapid.T) {
		p := rapid.OneOf(rapid.Float64Range(0, 1), rapid.SampledFrom([]float64{0, 1})).Draw(r, "p")
		seed := rapid.Uint64().Draw(r, "seed")
		got := len(share(t, n, backpressure.SampleFraction[int](p, backpressure.Seed(seed))(observable.Range(0, n))))
		if want, off := p*n, 5*math.Sqrt(n*p*(1-p)); math.Abs(float64(got)-want) > off+1 || (p == 0 || p == 1) && float64(got) != want {
			r.Errorf("%d of %d values for p = %v, want %v give or take %.1f", got, n, p, want, off)
		}
	})
}

// Behaviour 7: what is dropped is replaced, one for one, and reported.
func TestBehaviour7_SampleFractionReplenishes(t *testing.T) {
	b := newBench(t, 2, backpressure.SampleFraction[int](0.5, backpressure.Seed(1))) // keeps 0, 2, 3, 6, 7, 9
	b.next(0, 1, 2)
	b.got(0, 2)
	b.lost(observable.DiscardFiltered, 1)
	if got := b.src.Requests(); !slices.Equal(got, []int64{2, 1}) {
		t.Errorf("requested %v, want the 2 and 1 in the place of the one dropped", got)
	}
	b.Request(3)
	b.next(3, 4, 5, 6, 7)
	b.got(0, 2, 3, 6, 7)
	b.lost(observable.DiscardFiltered, 1, 4, 5)
	if got := b.src.Requests(); !slices.Equal(got, []int64{2, 1, 3, 1, 1}) {
		t.Errorf("requested %v", got)
	}
	b.src.Complete()
	b.completed()
}

// L15: a value that is dropped below Pace takes a token as any other.
func TestPaceAboveSampleFraction(t *testing.T) {
	nothing := observable.Compose2(backpressure.Pace[int](1000, 1), backpressure.SampleFraction[int](0))
	play := func() {
		clock, sub := scheduler.NewVirtual(), marbles.NewTestSubscriber[int](t, 1)
		dropped := 0
		ctx := observable.WithDiscard(scheduler.With(t.Context(), clock), func(any, observable.DiscardReason) { dropped++ })
		nothing(observable.Range(0, 100)).Subscribe(ctx, sub)
		clock.AdvanceBy(9 * ms)
		if dropped != 10 {
			t.Errorf("%d values within 9 ms, want 10", dropped)
		}
		sub.Cancel()
	}
	play()
	defer link.Disable()()
	play()
}

func TestSampleFractionAllocatesNothingPerValue(t *testing.T) {
	subscribe := func(n int) func() {
		src := backpressure.SampleFraction[int](0.5, backpressure.Seed(1))(observable.Range(0, n))
		return func() { src.Subscribe(t.Context(), sink[int]{}) }
	}
	few, many := testing.AllocsPerRun(10, subscribe(10)), testing.AllocsPerRun(10, subscribe(10_000))
	if many > few {
		t.Errorf("%v allocations for 10 values, %v for 10000", few, many)
	}
}

// A sink takes everything.
type sink[T any] struct{ link.Inside }

func (sink[T]) OnSubscribe(up observable.Subscription) { up.Request(observable.Unbounded) }
func (sink[T]) OnNext(T)                               {}
func (sink[T]) OnError(error)                          {}
func (sink[T]) OnComplete()                            {}

func TestSampleFractionArguments(t *testing.T) {
	for _, p := range []float64{-0.1, 1.1, math.Inf(1), math.NaN()} {
		refuses(t, fmt.Sprintf("backpressure: SampleFraction of a share that is not between 0 and 1 (%v)", p), func() {
			backpressure.SampleFraction[int](p)
		})
	}
	refuses(t, "backpressure: SampleFraction with a nil option; leave it out", func() { backpressure.SampleFraction[int](0.5, nil) })
}
