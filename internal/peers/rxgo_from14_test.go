package peers_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

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

// R14: what counts, folds or collects swallows the error.
func TestR14_SummariesPassTheErrorOn(t *testing.T) {
	failing := operators.Concat(observable.Of(1), observable.Throw[int](errBoom))
	fails(t, "Count", operators.Count(failing))
	fails(t, "Sum", operators.Sum(failing))
	fails(t, "Max", operators.Max(failing))
	fails(t, "Reduce", operators.Reduce(0, sum)(failing))
	fails(t, "ToSlice", operators.ToSlice(failing))
	fails(t, "Every", operators.Every(func(int) bool { return true })(failing))
	_, err := failing.LastValue(t.Context())
	same(t, "LastValue", err, errBoom)
	same(t, "ForEach", failing.ForEach(t.Context(), func(int) error { return nil }), errBoom)
}

// fails fails the test unless o ends with errBoom, without a value.
func fails[T any](t *testing.T, what string, o observable.Observable[T]) {
	t.Helper()
	got, err := o.Collect(t.Context())
	same(t, what+": values", len(got), 0)
	same(t, what+": error", err, errBoom)
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

// R15: GroupBy stands still at the second group if nobody drains the first.
func TestR15_GroupsNeedNotBeDrained(t *testing.T) {
	mod3 := operators.GroupBy(func(v int) int { return v % 3 })
	n, err := observable.Pipe2(observable.Range(0, 1000), mod3, operators.Count).FirstValue(t.Context())
	same(t, "groups", n, 3)
	same(t, "error", err, nil)

	zero := operators.MergeMap(func(g operators.Group[int, int]) observable.Observable[int] {
		if g.Key != 0 {
			return observable.Empty[int]()
		}
		return g.Observable
	})
	n, err = observable.Pipe3(observable.Range(0, 1000), mod3, zero, operators.Count).FirstValue(t.Context())
	same(t, "values of one of them", n, 334)
	same(t, "error", err, nil)
}

// R16: one subscriber leaves and the others get nothing any more.
func TestR16_OthersGoOnWhenOneLeaves(t *testing.T) {
	subject := func() operators.Hub[int] { return observable.NewSubject[int]() }
	for name, share := range map[string]observable.Operator[int, int]{
		"Share":       operators.Share[int],
		"ShareReplay": operators.ShareReplay[int](1),
		"Multicast":   operators.Multicast(subject),
		"Publish": func(src observable.Observable[int]) observable.Observable[int] {
			return operators.Publish(src).AutoConnect(2)
		},
	} {
		src := marbles.NewTestSource[int]()
		shared := share(src.Observable)
		one, all := everything[int](t), everything[int](t)
		operators.Take[int](1)(shared).Subscribe(t.Context(), one)
		shared.Subscribe(t.Context(), all)
		for i := range 10 {
			src.Next(i)
		}
		src.Complete()
		same(t, name+": who left", one.Values(), []int{0})
		same(t, name+": who stayed", all.Values(), []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
		ended(t, all, nil)
	}
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

// R19: Repeat records the source, in memory, and plays the record.
func TestR19_RepeatRunsTheSourceAgain(t *testing.T) {
	runs := 0
	src := observable.Defer(func(context.Context) observable.Observable[int] {
		runs++
		return observable.Of(runs, -runs)
	})
	got, err := operators.Repeat[int](3)(src).Collect(t.Context())
	same(t, "values", got, []int{1, -1, 2, -2, 3, -3})
	same(t, "error", err, nil)
}

// R19: SequenceEqual takes in whatever the faster of two sources has.
func TestR19_SequenceEqualHoldsNoMoreThanItAskedFor(t *testing.T) {
	fast, slow := marbles.NewTestSource[int](), marbles.NewTestSource[int]()
	operators.SequenceEqual(slow.Observable)(fast.Observable).Subscribe(t.Context(), everything[bool](t))
	holdsWhatItAskedFor(t, fast)
}

// R19: a window that the end of the ctx interrupts keeps its lock; the next one
// to come along waits for ever.
func TestR19_WindowsLetGoAtTheEndOfTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		src, sub := marbles.NewTestSource[int](), marbles.NewTestSubscriber[observable.Observable[int]](t, 1)
		operators.WindowTime[int](time.Second)(src.Observable).Subscribe(ctx, sub.Outside())
		src.Next(1)
		cancel()
		synctest.Wait()
		sub.Request(1)
		src.Next(2)
		<-time.After(time.Minute)
		same(t, "active sources", src.Active(), 0)
		same(t, "windows", len(sub.Values()), 1)
	})
}
