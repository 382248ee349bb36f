package peers_test

import (
	"context"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

// T1: a value of another type, or nil, kills the process from a goroutine that
// nobody can guard. Types are the compiler's here; an assertion is the user's.
func TestT1_FailedAssertionsAreErrors(t *testing.T) {
	text := operators.Map(func(v any) string { return v.(string) })
	for name, v := range map[string]any{"another type": 1, "nil": nil} {
		sub := everything[string](t)
		observable.Pipe2(observable.Of("a", v), operators.ObserveOn[any](scheduler.Default), text).Subscribe(t.Context(), sub)
		<-sub.Done()
		same(t, name+": values", sub.Values(), []string{"a"})
		_, err := sub.Ended()
		if _, ok := panicValue(t, err).(runtime.Error); !ok {
			t.Errorf("%s: the panic is %v", name, err)
		}
	}
}

// T2: what throttles is bypassed by the stages that join streams.
func TestT2_ThrottleHoldsInFrontOfAJoin(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		src := marbles.Hot[string](m, "abc-def-ghi-|")
		thin := backpressure.Throttle[string](m.Time("---|"))(src.Observable)
		want := "a---d---g---|"
		marbles.Expect(m, operators.Merge(thin, observable.Empty[string]())).ToBe(want)
		marbles.Expect(m, operators.Zip2(thin, marbles.Pull[string](m, "xxxxxx|").Observable, first)).ToBe(want)
		marbles.Expect(m, operators.Share(thin)).ToBe(want)
	})
}

func first(a, _ string) string { return a }

// T2: the same for what limits the rate of requests.
func TestT2_LimitRateHoldsInFrontOfAJoin(t *testing.T) {
	limit := backpressure.LimitRate[int](4, 3)
	for name, join := range map[string]observable.Operator[int, int]{
		"Merge": operators.MergeWith(observable.Never[int]()),
		"Zip":   operators.ZipWith(observable.Never[int](), sum),
		"Share": operators.Share[int],
	} {
		src := marbles.NewTestSource[int]()
		observable.Pipe2(src.Observable, limit, join).Subscribe(t.Context(), everything[int](t))
		for i := range 3 {
			src.Next(i)
		}
		same(t, name+": requests", src.Requests(), []int64{4, 3})
	}
}

// T2: what throttles goes on when its stream is over.
func TestT2_ThrottleLeavesNothingBehind(t *testing.T) {
	clock := scheduler.NewVirtual()
	ctx := scheduler.With(t.Context(), clock)
	for range 100 {
		thin := backpressure.Throttle[int](time.Second, backpressure.Leading, backpressure.Trailing)
		_, err := thin(operators.Concat(observable.Of(1, 2), observable.Never[int]())).FirstValue(ctx)
		same(t, "error", err, nil)
	}
	same(t, "timers", clock.Pending(), 0)
}

// T3: what is said to be shared out evenly goes 97 to 3.
func TestT3_ScarceDemandIsSharedOutEvenly(t *testing.T) {
	sub := marbles.NewTestSubscriber[string](t, 0)
	endless := func(s string) observable.Observable[string] {
		return observable.Generate(s, func(s string) (string, string, bool) { return s, s, true })
	}
	operators.Merge(endless("a"), endless("b")).Subscribe(t.Context(), sub)
	count := map[string]int{}
	for range 100 {
		sub.Request(1)
	}
	for _, v := range sub.Values() {
		count[v]++
	}
	same(t, "values", count, map[string]int{"a": 50, "b": 50})
	sub.Cancel()
}

// T4: a consumer cannot leave early; all stages above it stay for ever, for
// which the bubble fails.
func TestT4_ConsumersMayLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		endless := observable.Pipe2(
			observable.Create(func(_ context.Context, emit observable.Emitter[int]) error {
				for emit.Next(1) {
				}
				return nil
			}),
			operators.ObserveOn[int](scheduler.Default),
			operators.Map(double))
		for range 100 {
			for v, err := range endless.All(t.Context()) {
				same(t, "value", v, 2)
				same(t, "error", err, nil)
				break
			}
			ctx, cancel := context.WithCancel(t.Context())
			values, _ := endless.Chan(ctx, 4)
			same(t, "value", <-values, 2)
			cancel()
		}
	})
}

// T5: all branches stand still if nobody reads one of them. With a subject the
// one that does not read fails, alone.
func TestT5_UnreadSubscriberFailsAlone(t *testing.T) {
	subject := observable.NewSubject[int]()
	read, unread := everything[int](t), marbles.NewTestSubscriber[int](t, 0)
	subject.Subscribe(t.Context(), unread)
	subject.Subscribe(t.Context(), read)
	for i := range 100 {
		subject.Next(i)
	}
	same(t, "values of the other", len(read.Values()), 100)
	if done, err := unread.Ended(); !done || err == nil {
		t.Errorf("the subscriber that does not read: ended %t with %v, want an error", done, err)
	}
}

// T5: Share waits for the slowest, as it says, unless that one may lose values.
func TestT5_ShareGoesOnPastABranchThatMayLose(t *testing.T) {
	src := marbles.NewTestSource[int]()
	shared := operators.Share(src.Observable)
	read, unread := everything[int](t), marbles.NewTestSubscriber[int](t, 0)
	backpressure.OnBackpressureLatest[int]()(shared).Subscribe(t.Context(), unread)
	shared.Subscribe(t.Context(), read)
	for i := range 100 {
		src.Next(i)
	}
	same(t, "values of the other", len(read.Values()), 100)
	unread.Request(1)
	same(t, "values of the one that comes back", unread.Values(), []int{99})
}

// T6: a fold emits each step.
func TestT6_FoldsEmitOnce(t *testing.T) {
	got, err := operators.Reduce(0, sum)(observable.Of(1, 2, 3, 4)).Collect(t.Context())
	same(t, "values", got, []int{10})
	same(t, "error", err, nil)
}

// T8: Zip pads what is missing with zero values until all sources are closed.
func TestT8_ZipEndsWithTheShortest(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		long := marbles.Cold[string](m, "    abc---d|")
		short := marbles.Cold[string](m, "   -x-y|")
		marbles.Expect(m, operators.Zip2(long.Observable, short.Observable, func(a, b string) string { return a + b })).
			ToBe("-{ax}-{by}|")
		long.ExpectSubscriptions("^---!")
	})
}

// T8: what Zip holds for a slower source has no bound.
func TestT8_ZipHoldsNoMoreThanItAskedFor(t *testing.T) {
	fast, slow := marbles.NewTestSource[int](), marbles.NewTestSource[int]()
	operators.Zip2(fast.Observable, slow.Observable, sum).Subscribe(t.Context(), everything[int](t))
	holdsWhatItAskedFor(t, fast)
}

// T8: what a sliding window holds has no bound.
func TestT8_SlidingBufferAsksForWhatItNeeds(t *testing.T) {
	src, sub := marbles.NewTestSource[int](), marbles.NewTestSubscriber[[]int](t, 0)
	operators.Buffer[int](3, operators.Step(1))(src.Observable).Subscribe(t.Context(), sub)
	sub.Request(1)
	for i := range 3 {
		src.Next(i)
	}
	sub.Request(1)
	src.Next(3)
	same(t, "requests", src.Requests(), []int64{3, 1})
	same(t, "slices", sub.Values(), [][]int{{0, 1, 2}, {1, 2, 3}})
}
