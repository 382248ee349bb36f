package peers_test

import (
	"context"
	"errors"
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

// R14: Retry does not run the producer again, and the error is lost on the way.
func TestR14_RetryRunsTheProducerAgain(t *testing.T) {
	var runs atomic.Int64
	failing := observable.Create(func(_ context.Context, emit observable.Emitter[int]) error {
		emit.Next(int(runs.Add(1)))
		return errBoom
	})
	got, err := operators.Retry[int](2)(failing).Collect(t.Context())
	same(t, "values", got, []int{1, 2, 3})
	same(t, "runs of the producer", runs.Load(), 3)
	same(t, "error", err, errBoom)
}

// R14: a terminal swallows the error.
func TestR14_TerminalsReturnTheError(t *testing.T) {
	failing := operators.Concat(observable.Of(1), observable.Throw[int](errBoom))
	_, err := failing.LastValue(t.Context())
	same(t, "LastValue", err, errBoom)
	same(t, "ForEach", failing.ForEach(t.Context(), func(int) error { return nil }), errBoom)
}

// R15: FlatMap is a concatenation: an inner observable that goes on keeps the
// next one from beginning.
func TestR15_MergeMapRunsItsInnersTogether(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		src := marbles.Hot[string](m, "    -a-b-c|")
		inner := marbles.Cold[string](m, "  --x--|")
		out := operators.MergeMap(func(string) observable.Observable[string] { return inner.Observable })(src.Observable)
		marbles.Expect(m, out).ToBe("      ---x-x-x--|")
		inner.ExpectSubscriptions("       -^----!", "---^----!", "-----^----!")
	})
}

// R16: one subscriber leaves and the others get nothing any more.
func TestR16_OthersGoOnWhenOneLeaves(t *testing.T) {
	src := marbles.NewTestSource[int]()
	shared := operators.Share(src.Observable)
	one, all := everything[int](t), everything[int](t)
	operators.Take[int](1)(shared).Subscribe(t.Context(), one)
	shared.Subscribe(t.Context(), all)
	for i := range 10 {
		src.Next(i)
	}
	src.Complete()
	same(t, "who left", one.Values(), []int{0})
	same(t, "who stayed", len(all.Values()), 10)
	ended(t, all, nil)
}

// R16: the same for a subject whose producer waits for demand.
func TestR16_EmitGoesOnWhenOneLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		subject := observable.NewSubject[int]()
		one, all := marbles.NewTestSubscriber[int](t, 1), everything[int](t)
		subject.Subscribe(t.Context(), one)
		subject.Subscribe(t.Context(), all)
		go func() {
			for i := range 10 {
				subject.Emit(t.Context(), i)
			}
		}()
		synctest.Wait()
		same(t, "delivered while one asks for no more", all.Values(), []int{0})
		one.Cancel()
		synctest.Wait()
		same(t, "delivered after it has left", len(all.Values()), 10)
	})
}

// R17: the end of a ctx looks like completion, and leaves goroutines behind,
// for which the bubble fails.
func TestR17_ContextEndIsNotCompletion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		defer cancel(nil)
		errs := make(chan error, 100)
		for range cap(errs) {
			child, stop := context.WithCancel(ctx)
			defer stop()
			ticks := observable.Pipe2(observable.Interval(time.Second), operators.ObserveOn[int](scheduler.Default), operators.Share)
			go func() {
				_, err := operators.Merge(ticks, observable.Never[int]()).Collect(child)
				errs <- err
			}()
		}
		synctest.Wait()
		cancel(errBoom)
		for range cap(errs) {
			same(t, "Collect", <-errs, errBoom)
		}
	})
}

// R19: CombineLatest takes a source whose newest value is nil for one that has
// not emitted yet, and counts it again.
func TestR19_CombineLatestKnowsNilForAValue(t *testing.T) {
	a, b, c := marbles.NewTestSource[any](), marbles.NewTestSource[any](), marbles.NewTestSource[any]()
	sub := everything[[]any](t)
	operators.CombineLatest(a.Observable, b.Observable, c.Observable).Subscribe(t.Context(), sub)
	a.Next(nil)
	a.Next(nil)
	a.Next(nil)
	b.Next(nil)
	same(t, "combinations before the last source emits", len(sub.Values()), 0)
	c.Next(nil)
	b.Next(1)
	same(t, "combinations", sub.Values(), [][]any{{nil, nil, nil}, {nil, 1, nil}})
}

// R19: CombineLatest hangs on to its sources when its consumer is gone.
func TestR19_CombineLatestLetsGoOfItsSources(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		a, b := marbles.NewTestSource[int](), marbles.NewTestSource[int]()
		sub := marbles.NewTestSubscriber[int](t, 0)
		operators.CombineLatest2(a.Observable, b.Observable, sum).Subscribe(ctx, sub.Outside())
		a.Next(1)
		b.Next(2) // nobody asks for the sum
		cancel()
		synctest.Wait()
		same(t, "active sources", a.Active()+b.Active(), 0)
	})
}
