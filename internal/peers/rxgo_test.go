package peers_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

// R1: whoever leaves early leaves a goroutine per stage behind. The bubble
// fails for a goroutine that is left.
func TestR1_TakeEndsTheGoroutineOfItsSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var running atomic.Int64
		endless := observable.Create(func(_ context.Context, emit observable.Emitter[int]) error {
			running.Add(1)
			defer running.Add(-1)
			for i := 0; emit.Next(i); i++ {
			}
			return nil
		})
		for range 100 {
			got, err := observable.Pipe2(endless, operators.Map(double), operators.Take[int](1)).Collect(t.Context())
			same(t, "values", got, []int{0})
			same(t, "error", err, nil)
		}
		synctest.Wait()
		same(t, "producers left", running.Load(), 0)
	})
}

// R2: what emits a single value can be subscribed to once; the second time it
// gives nothing, races, and panics.
func TestR2_SingleServesManySubscriptions(t *testing.T) {
	one := operators.Single(observable.Of(7))
	marbles.Race(100, func(int) ([]func(), func()) {
		get := func() {
			if v, err := one.FirstValue(t.Context()); v != 7 || err != nil {
				t.Errorf("got %d, %v; want 7", v, err)
			}
		}
		return []func(){get, get}, get
	})
}

// R3: the subscriptions of an operator share one output, which the first to
// end closes on the others. Here the second begins while the first still runs.
func TestR3_SubscriptionsShareNothing(t *testing.T) {
	type textOp = observable.Operator[string, string]
	inner := func(v string) observable.Observable[string] { return observable.Of(v) }
	for name, tt := range map[string]struct {
		op   func(m *marbles.Test) textOp
		want string
	}{
		"MergeMap": {func(*marbles.Test) textOp { return operators.MergeMap(inner) }, "-a-b--c|"},
		"Debounce": {func(m *marbles.Test) textOp { return backpressure.Debounce[string](m.Time("-|")) }, "--a-b--(c|)"},
		"Sample":   {func(m *marbles.Test) textOp { return backpressure.Sample[string](m.Time("--|")) }, "--a-b-c|"},
		"Throttle": {func(m *marbles.Test) textOp { return backpressure.Throttle[string](m.Time("---|")) }, "-a----c|"},
		"Delay":    {func(m *marbles.Test) textOp { return operators.Delay[string](m.Time("--|")) }, "---a-b--(c|)"},
		"Timeout":  {func(m *marbles.Test) textOp { return operators.Timeout[string](m.Time("----|")) }, "-a-b--c|"},
		"ZipWith": {func(*marbles.Test) textOp {
			return operators.ZipWith(observable.Of(1, 2), func(v string, _ int) string { return v })
		}, "-a-(b|)"},
		"BufferTime": {func(m *marbles.Test) textOp {
			return observable.Compose2(operators.BufferTime[string](m.Time("----|")), operators.Map(join))
		}, "----{ab}--(c|)"},
		"WindowTime": {func(m *marbles.Test) textOp {
			return observable.Compose2(operators.WindowTime[string](m.Time("----|")), operators.MergeMap(itself[string]))
		}, "-a-b--c|"},
		"TimeInterval": {func(*marbles.Test) textOp {
			return observable.Compose2(operators.TimeInterval[string], operators.Map(gap))
		}, "-{a1ms}-{b2ms}--{c3ms}|"},
	} {
		t.Run(name, func(t *testing.T) {
			marbles.Run(t, func(m *marbles.Test) {
				out := tt.op(m)(marbles.Cold[string](m, "-a-b--c|").Observable)
				for _, later := range []string{"", "--", "-----"} {
					marbles.Expect(m, out).Demand(later + "^").ToBe(later + tt.want)
				}
			})
		})
	}
}

func join(vs []string) string { return strings.Join(vs, "") }

func gap(v operators.Spaced[string]) string {
	return v.Value + v.After.Round(time.Millisecond).String()
}

// R4: what Debounce holds back when the source completes is lost.
func TestR4_DebounceEmitsWhatWaitsAtCompletion(t *testing.T) {
	ctx := scheduler.With(t.Context(), scheduler.NewVirtual())
	got, err := backpressure.Debounce[int](time.Minute)(observable.Of(1, 2, 3)).Collect(ctx)
	same(t, "values", got, []int{3})
	same(t, "error", err, nil)
}

// R5: SkipLast(n) takes the first n.
func TestR5_SkipLastSkipsTheLast(t *testing.T) {
	got, _ := operators.SkipLast[int](2)(observable.Range(1, 5)).Collect(t.Context())
	same(t, "values", got, []int{1, 2, 3})
}

// R6: a timer ends without its value.
func TestR6_TimerEmits(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		marbles.Expect(m, marbles.Text(observable.Timer(m.Time("---|")))).ToBe("---(0|)")
	})
}

// R6: the default comes behind an error, as if the stream had been empty.
func TestR6_FirstOrHasNoDefaultForAnError(t *testing.T) {
	sub := everything[int](t)
	operators.FirstOr(9)(observable.Throw[int](errBoom)).Subscribe(t.Context(), sub)
	same(t, "values", len(sub.Values()), 0)
	ended(t, sub, errBoom)
}

// R7: the end of the ctx does not end ForEach, whether the source is silent or
// never stops.
func TestR7_ForEachHeedsItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, src := range map[string]observable.Observable[int]{
			"silent":  observable.Never[int](),
			"ticking": observable.Interval(time.Second),
			"endless": observable.Generate(0, func(i int) (int, int, bool) { return i, i + 1, true }),
		} {
			ctx, cancel := context.WithCancel(t.Context())
			var err error
			go func() {
				n := 0
				err = src.ForEach(ctx, func(int) error {
					if n++; n == 3 {
						cancel()
					}
					return nil
				})
			}()
			if name == "silent" {
				synctest.Wait()
				cancel()
			} else {
				<-ctx.Done()
			}
			synctest.Wait()
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%s: after the cancel ForEach has returned %v, want %v", name, err, context.Canceled)
			}
		}
	})
}

// R8: a panic in a callback kills the process; nobody can recover it.
func TestR8_PanicInMapIsForTheCaller(t *testing.T) {
	producer := func(_ context.Context, emit observable.Emitter[int]) error { emit.Next(1); return nil }
	broken := operators.Map(func(int) int { panic("oops") })(observable.Create(producer)) // on a goroutine of its own

	sub := everything[int](t)
	broken.Subscribe(t.Context(), sub)
	<-sub.Done()
	_, err := sub.Ended()
	same(t, "in OnError", panicValue(t, err), "oops")

	defer func() {
		err, _ := recover().(error)
		same(t, "recovered by the caller", panicValue(t, err), "oops")
	}()
	broken.Collect(t.Context())
	t.Error("Collect returned, want a panic")
}

// R9: Merge goes on with the other sources after an error.
func TestR9_MergeEndsWithTheFirstError(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		bad := marbles.Cold[string](m, "  -a-#", marbles.Err(errBoom))
		good := marbles.Cold[string](m, " --0-1-2|")
		marbles.Expect(m, operators.Merge(bad.Observable, good.Observable)).ToBe("-a0#", marbles.Err(errBoom))
		good.ExpectSubscriptions("        ^--!")
	})
}

// R10: a retry that waits its time out and the end of the ctx both close the
// same channel. Here both happen at once, or only the one.
func TestR10_CancelWhileRetryBacksOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		marbles.Race(200, func(round int) ([]func(), func()) {
			clock, src := scheduler.NewVirtual(), marbles.NewTestSource[int]()
			ctx, cancel := context.WithCancel(scheduler.With(t.Context(), clock))
			retried := operators.Retry[int](operators.Forever, operators.Backoff(time.Second, time.Second))(src.Observable)
			sub := everything[int](t)
			retried.Subscribe(ctx, sub.Outside())
			src.Error(errBoom)
			racers := []func(){cancel, sub.Cancel, func() { clock.AdvanceBy(time.Second) }}
			return racers[:2+round%2], func() {
				synctest.Wait() // the end of a ctx is noticed on a goroutine of its own
				same(t, "timers", clock.Pending(), 0)
				same(t, "active sources", src.Active(), 0)
				done, err := sub.Ended()
				same(t, "ended", done || err != nil, false)
			}
		})
	})
}

// R11: slices are taken apart, nil is fatal, an error is not a value.
func TestR11_OfLeavesValuesAlone(t *testing.T) {
	slicesOf, _ := observable.Of([]int{1, 2}, []int{3}).Collect(t.Context())
	same(t, "slices", slicesOf, [][]int{{1, 2}, {3}})
	nils, _ := observable.Of[any](nil, nil).Collect(t.Context())
	same(t, "nils", nils, []any{nil, nil})
	errs, err := observable.Of(errBoom, nil).Collect(t.Context())
	same(t, "errors", errs, []error{errBoom, nil})
	same(t, "error of the stream", err, nil)
}

// R12: Drop loses values although the consumer waits for them.
func TestR12_DropLosesNothingThatIsRequested(t *testing.T) {
	src := observable.NewSubject[int]()
	sub := everything[int](t)
	lost := 0
	backpressure.OnBackpressureDrop[int](backpressure.OnOverflow(func(int) { lost++ }))(src.Observable).Subscribe(t.Context(), sub)
	for i := range 100_000 {
		src.Next(i)
	}
	same(t, "delivered", len(sub.Values()), 100_000)
	same(t, "lost", lost, 0)
}

// R12: what is dropped is dropped in silence.
func TestR12_DropTellsWhatIsLost(t *testing.T) {
	var told, discarded []int
	ctx := observable.WithDiscard(t.Context(), func(v any, why observable.DiscardReason) {
		same(t, "reason", why, observable.DiscardOverflow)
		discarded = append(discarded, v.(int))
	})
	sub := marbles.NewTestSubscriber[int](t, 2)
	drop := backpressure.OnBackpressureDrop[int](backpressure.OnOverflow(func(v int) { told = append(told, v) }))
	drop(observable.Range(0, 5)).Subscribe(ctx, sub)
	same(t, "delivered", sub.Values(), []int{0, 1})
	same(t, "told", told, []int{2, 3, 4})
	same(t, "discarded", discarded, []int{2, 3, 4})
}

// R13: an error comes twice out of the windows of a source.
func TestR13_WindowTellsTheErrorOnce(t *testing.T) {
	ctx := observable.WithDroppedError(t.Context(), func(err error) { t.Errorf("left over: %v", err) })
	src, outer, window := marbles.NewTestSource[int](), everything[observable.Observable[int]](t), everything[int](t)
	outer.Each = func(w observable.Observable[int]) { w.Subscribe(ctx, window) }
	operators.Window[int](10)(src.Observable).Subscribe(ctx, outer)
	src.Next(1)
	src.Error(errBoom)
	same(t, "windows", len(outer.Values()), 1)
	same(t, "values", window.Values(), []int{1})
	ended(t, outer, errBoom)
	ended(t, window, errBoom) // that it is the only end is checked by the subscriber
}
