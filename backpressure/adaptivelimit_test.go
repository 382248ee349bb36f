package backpressure_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"weak"

	"github.com/google/go-cmp/cmp"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

func ExampleAdaptiveLimit() {
	clock := scheduler.NewVirtual()
	store := &server{clock: clock, each: 20 * ms} // 50 a second
	report := backpressure.OnWindow(func(window int, latency time.Duration) {
		fmt.Println(window, "at a time, after one took", latency)
	})
	limit := backpressure.AdaptiveLimit[int](100*ms, report, scheduler.On(clock))
	sub := backpressure.NewRequester[int]()
	limit(store.client()).Subscribe(scheduler.With(context.Background(), clock), sub)
	sub.Request(observable.Unbounded)
	clock.AdvanceBy(time.Second)
	sub.Cancel()
	// Output:
	// 2 at a time, after one took 20ms
	// 3 at a time, after one took 40ms
	// 4 at a time, after one took 60ms
	// 5 at a time, after one took 80ms
	// 6 at a time, after one took 100ms
	// 5 at a time, after one took 120ms
	// 6 at a time, after one took 100ms
	// 5 at a time, after one took 120ms
	// 6 at a time, after one took 100ms
}

// A note is a call of the function given to OnWindow.
type note struct {
	Window  int
	Latency time.Duration
}

// noting returns an option that adds to notes.
func noting(notes *[]note) backpressure.AdaptiveOption {
	return backpressure.OnWindow(func(window int, latency time.Duration) {
		*notes = append(*notes, note{window, latency})
	})
}

func (b *bench[T]) requested(want ...int64) {
	b.t.Helper()
	if got := b.src.Requests(); !slices.Equal(got, want) {
		b.t.Errorf("requested %v, want %v", got, want)
	}
}

// A source that answers at once gets the largest window, and keeps it.
func TestAdaptiveLimitOverASynchronousSource(t *testing.T) {
	const n = 10_000
	var notes []note
	clock := scheduler.NewVirtual()
	limit := backpressure.AdaptiveLimit[int](ms, backpressure.Window(2, 32), noting(&notes), scheduler.On(clock))
	got, err := limit(observable.Range(0, n)).Collect(t.Context())
	if err != nil || len(got) != n || !slices.IsSorted(got) {
		t.Errorf("%d values, %v", len(got), err)
	}
	var want []note
	for window := 3; window <= 32; window++ {
		want = append(want, note{Window: window})
	}
	if d := cmp.Diff(want, notes); d != "" {
		t.Errorf("the windows (-want +got):\n%s", d)
	}
}

// Behaviour 8: the window opens by one for each window of values in time, and
// closes once for all that were asked for before.
func TestBehaviour8_AdaptiveLimit(t *testing.T) {
	var notes []note
	b := newBench(t, observable.Unbounded, backpressure.AdaptiveLimit[int](5*ms, backpressure.Window(2, 5), backpressure.Decrease(0.5), noting(&notes)))
	b.requested(2)
	b.pass(1)
	b.next(1)
	b.pass(1)
	b.next(2) // two in time
	b.requested(2, 1, 2)
	b.pass(5)
	b.next(3, 4, 5) // asked for at 1 and 2 ms
	b.requested(2, 1, 2, 1, 1)
	b.pass(6)
	b.next(6)
	b.pass(1)
	b.next(7)
	b.src.Complete()
	b.completed()
	want := []note{{3, 2 * ms}, {2, 6 * ms}}
	if d := cmp.Diff(want, notes); d != "" {
		t.Errorf("the windows (-want +got):\n%s", d)
	}
}

// A consumer that is slower than the source holds it up: what is queued is part
// of the window, which stays as it is.
func TestAdaptiveLimitFollowsTheDemand(t *testing.T) {
	var notes []note
	b := newBench(t, 1, backpressure.AdaptiveLimit[int](5*ms, backpressure.Window(3, 9), noting(&notes)))
	b.requested(3)
	b.next(1, 2, 3)
	b.got(1)
	b.requested(3, 1)
	b.next(4)
	b.requested(3, 1) // 2, 3 and 4 are queued
	for i := range 20 {
		b.Request(1)
		b.next(5 + i)
	}
	if n := b.src.Requested() - int64(len(b.Values())); n != 4 {
		t.Errorf("%d are requested and not delivered, want the window", n)
	}
	if d := cmp.Diff([]note{{4, 0}}, notes); d != "" { // the first ones were asked for with nothing queued
		t.Errorf("the windows (-want +got):\n%s", d)
	}
	b.Cancel()
}

func TestAdaptiveLimitDeliversBeforeTheError(t *testing.T) {
	b := newBench(t, 0, backpressure.AdaptiveLimit[int](ms, backpressure.Window(4, 4)))
	b.next(1, 2)
	b.src.Error(errSource)
	b.live()
	b.Request(2)
	b.got(1, 2)
	if err := b.failure(); !errors.Is(err, errSource) {
		t.Errorf("failed with %v", err)
	}
	b.requested(4) // and nothing after the end
}

func TestAdaptiveLimitCancels(t *testing.T) {
	b := newBench(t, 1, backpressure.AdaptiveLimit[int](ms, backpressure.Window(4, 4)), marbles.IgnoresCancel)
	b.next(1, 2, 3)
	b.Cancel()
	b.Cancel()
	b.got(1)
	b.lost(observable.DiscardCancel, 2, 3)
	b.discarded = nil
	b.next(4)
	b.lost(observable.DiscardLate, 4)
	if c := b.src.Cancels(); c != 1 {
		t.Errorf("upstream was cancelled %d times", c)
	}
}

// A source that does not heed demand has the largest window to fill.
func TestAdaptiveLimitOverflows(t *testing.T) {
	b := newBench(t, 0, backpressure.AdaptiveLimit[int](ms, backpressure.Window(1, 3)), marbles.Overruns)
	b.next(1, 2, 3, 4)
	b.Request(5)
	b.got(1, 2, 3)
	var err *observable.OverflowError
	if !errors.As(b.failure(), &err) || err.Op != "AdaptiveLimit" || err.Capacity != 3 || !strings.Contains(err.Site, "adaptivelimit_test.go") {
		t.Errorf("failed with %v", err)
	}
	b.lost(observable.DiscardOverflow, 4)
}

func TestAdaptiveLimitPanics(t *testing.T) {
	boom := backpressure.OnWindow(func(int, time.Duration) { panic("boom") })
	for _, start := range []int64{0, 9} {
		b := newBench(t, start, backpressure.AdaptiveLimit[int](ms, boom))
		b.next(1)
		var err *observable.PanicError
		if !errors.As(b.failure(), &err) || err.Value != "boom" {
			t.Errorf("failed with %v", err)
		}
		if n := len(b.discarded) + len(b.Values()); n != 1 {
			t.Errorf("delivered %v, discarded %v, want one of them", b.Values(), b.discarded)
		}
		if c := b.src.Cancels(); c != 1 {
			t.Errorf("upstream was cancelled %d times", c)
		}
	}
	b := newBench(t, 0, backpressure.AdaptiveLimit[int](ms, backpressure.Window(2, 2)))
	b.Each = func(int) { panic("boom") }
	b.next(1, 2)
	b.Request(9)
	b.failed()
	b.lost(observable.DiscardError, 2)
}

// OnWindow may cancel, and request.
func TestAdaptiveLimitReentered(t *testing.T) {
	var b *bench[int]
	b = newBench(t, 1, backpressure.AdaptiveLimit[int](ms, backpressure.OnWindow(func(window int, _ time.Duration) {
		if b.Request(1); window == 4 {
			b.CancelInside()
		}
	})))
	for i := range 9 {
		b.next(i)
	}
	b.got(0, 1, 2, 3)
	b.live()
}

// A four-way race of values, requests, a cancel and the clock.
func TestAdaptiveLimitRaces(t *testing.T) {
	limit := backpressure.AdaptiveLimit[*marbles.Tracked](2*ms, backpressure.Window(32, 64), backpressure.OnWindow(func(int, time.Duration) {}))
	marbles.Race(200, func(round int) ([]func(), func()) { return race(t, limit, round%2 == 0) })
}

func TestAdaptiveLimitAllocatesNothingPerValue(t *testing.T) {
	for _, target := range []time.Duration{1, time.Hour} {
		down := &taker{first: observable.Unbounded}
		in := tap(t.Context(), backpressure.AdaptiveLimit[int](target, backpressure.Window(8, 64)), down)
		for i := range 200 {
			in.OnNext(i)
		}
		if n := testing.AllocsPerRun(1000, func() { in.OnNext(1) }); n > 0 {
			t.Errorf("target %v: %v allocations for a value", target, n)
		}
		down.up.Cancel()
	}
}

// Behaviour 30: nothing is kept alive once it was delivered, or discarded.
func TestBehaviour30_AdaptiveLimit(t *testing.T) {
	for name, release := range map[string]func(observable.Subscription){
		"delivery": func(up observable.Subscription) { up.Request(9) },
		"cancel":   func(up observable.Subscription) { up.Cancel() },
	} {
		t.Run(name, func(t *testing.T) {
			src, sub := marbles.NewTestSource[*big](), &forgetful{}
			backpressure.AdaptiveLimit[*big](ms, backpressure.Window(3, 9))(src.Observable).Subscribe(t.Context(), sub)
			var kept []weak.Pointer[big]
			for range 3 {
				v := new(big)
				kept = append(kept, weak.Make(v))
				src.Next(v)
			}
			release(sub)
			runtime.GC()
			for i, p := range kept {
				if p.Value() != nil {
					t.Errorf("value %d is still held", i)
				}
			}
			runtime.KeepAlive(src)
			runtime.KeepAlive(sub)
		})
	}
}

func TestAdaptiveLimitPanicsAtAssembly(t *testing.T) {
	for _, test := range []struct {
		name string
		f    func()
		want string
	}{
		{"no target", func() { backpressure.AdaptiveLimit[int](0) }, "AdaptiveLimit with a target that is not positive (0s)"},
		{"nil option", func() { backpressure.AdaptiveLimit[int](ms, nil) }, "AdaptiveLimit with a nil option"},
		{"no floor", func() { backpressure.Window(0, 4) }, "Window from 0 to 4; it has to begin with 1 at least"},
		{"no way up", func() { backpressure.Window(4, 3) }, "Window from 4 to 3"},
		{"no Decrease", func() { backpressure.Decrease(1) }, "between 0 and 1 (1)"},
		{"no number", func() { backpressure.Decrease(math.NaN()) }, "between 0 and 1 (NaN)"},
		{"nil OnWindow", func() { backpressure.OnWindow(nil) }, "OnWindow with a nil function"},
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
