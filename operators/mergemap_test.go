package operators_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/ungated"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func ExampleMergeMap() {
	pages := func(n int) observable.Observable[string] {
		return observable.Of(fmt.Sprintf("page %d, top", n), fmt.Sprintf("page %d, bottom", n))
	}
	parts := observable.Pipe1(observable.Range(1, 2), operators.MergeMap(pages, operators.Concurrency(4)))
	all, err := parts.Collect(context.Background())
	fmt.Printf("%q %v\n", all, err)
	// Output: ["page 1, top" "page 1, bottom" "page 2, top" "page 2, bottom"] <nil>
}

func ExampleMerge() {
	all, err := operators.Merge(observable.Of(1, 2), observable.Of(3)).Collect(context.Background())
	fmt.Println(all, err)
	// Output: [1 2 3] <nil>
}

// Behaviour 8.
func TestMergeMapRequests(t *testing.T) {
	outer, inner := marbles.NewTestSource[int](), newSources(6)
	sub := marbles.NewTestSubscriber[int](t, 20)
	operators.MergeMap(inner.pick, operators.Concurrency(4), operators.Prefetch(8))(outer.Observable).Subscribe(context.Background(), sub)
	diff(t, "outer requests", outer.Requests(), []int64{4})
	for i := range 4 {
		outer.Next(i + 1)
		diff(t, "the first request of an inner", inner[i].Requests(), []int64{8})
	}
	for i := range 20 {
		inner[0].Next(i)
		if i == 4 {
			diff(t, "requests after 5 values", inner[0].Requests(), []int64{8})
		}
	}
	diff(t, "requests after 20 values", inner[0].Requests(), []int64{8, 6, 6, 6})
	inner[0].Next(20) // beyond the demand
	diff(t, "values", len(sub.Values()), 20)
	inner[0].Complete() // but not finished: a value waits
	diff(t, "outer requests", outer.Requests(), []int64{4})
	sub.Request(1)
	diff(t, "outer requests", outer.Requests(), []int64{4, 1})
	inner[1].Complete()
	diff(t, "outer requests", outer.Requests(), []int64{4, 1, 1})
	outer.Complete()
	for _, src := range inner[2:4] {
		running(t, sub)
		src.Complete()
	}
	ended(t, sub, nil)
}

func TestBehaviour31_OneRequestForEachFinishedInner(t *testing.T) {
	three := operators.Concurrency(3)
	for op, lift := range map[string]func(func(int) observable.Observable[int]) intOp{
		"MergeMap":       func(f func(int) observable.Observable[int]) intOp { return operators.MergeMap(f, three) },
		"ConcatMapEager": func(f func(int) observable.Observable[int]) intOp { return operators.ConcatMapEager(f, three) },
	} {
		for name, o := range map[string]observable.Observable[int]{
			"empty": observable.Empty[int](), "scalar": observable.Of(1), "range": observable.Range(0, 3),
			"taken": observable.Pipe1(observable.Range(0, 9), operators.Take[int](2)),
		} {
			for _, start := range []int64{1, 5, observable.Unbounded} {
				t.Run(fmt.Sprint(op, "/", name, start), func(t *testing.T) {
					linkedAndNot(t, func(t *testing.T) {
						finishEach(t, lift(func(int) observable.Observable[int] { return o }), start)
					})
				})
			}
		}
	}
}

// finishEach feeds op, whose concurrency is 3, as many values as it may request
// if each finished inner makes room for one more.
func finishEach(t *testing.T, op intOp, start int64) {
	t.Helper()
	outer := marbles.NewTestSource[int]()
	sub := marbles.NewTestSubscriber[int](t, start)
	op(outer.Observable).Subscribe(context.Background(), sub)
	for i := range 3 {
		outer.Next(i)
	}
	sub.Request(observable.Unbounded)
	for i := range 20 {
		outer.Next(i) // fails without demand
	}
	var total int64
	for _, n := range outer.Requests()[1:] {
		total += n
	}
	diff(t, "requested for 23 finished inners", total, int64(23))
	outer.Complete()
	ended(t, sub, nil)
}

func TestBehaviour31_NeverMoreActiveThanTheConcurrency(t *testing.T) {
	const limit = 3
	var active, most atomic.Int32
	inner := func(int) observable.Observable[int] {
		return observable.Pipe1(
			observable.Create(func(_ context.Context, emit observable.Emitter[int]) error {
				n := active.Add(1)
				for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
				}
				for i := range 5 {
					emit.Next(i)
				}
				active.Add(-1)
				return nil
			}),
			operators.Map(func(v int) int { return v }),
		)
	}
	all, err := observable.Pipe1(observable.Range(0, 200), operators.MergeMap(inner, operators.Concurrency(limit), operators.Prefetch(2))).Collect(context.Background())
	if err != nil || len(all) != 1000 || most.Load() > limit {
		t.Errorf("%d values, error %v, %d inners at once; want 1000, nil, at most %d", len(all), err, most.Load(), limit)
	}
}

func TestBehaviour32_ScarceDemandIsSharedOut(t *testing.T) {
	inner := newSources(3)
	sub := marbles.NewTestSubscriber[int](t, 0)
	operators.Merge(inner[0].Observable, inner[1].Observable, inner[2].Observable).Subscribe(context.Background(), sub)
	for i := range 60 {
		inner[0].Next(100 + i) // hot
	}
	for i := range 3 {
		inner[1].Next(200 + i)
		inner[2].Next(300 + i)
	}
	for range 6 {
		sub.Request(1)
	}
	diff(t, "one by one", sub.Values(), []int{100, 200, 300, 101, 201, 301})
	sub.Request(5)
	diff(t, "five at once", sub.Values()[6:], []int{102, 202, 302, 103, 104})
}

// Behaviour 18, L3.
func TestBehaviour18_ManyProducersOneLine(t *testing.T) {
	const producers = 8
	each := many(20_000)
	for _, procs := range []int{1, 2, 8} {
		t.Run(fmt.Sprint("GOMAXPROCS=", procs), func(t *testing.T) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
			var os []observable.Observable[int]
			for p := range producers {
				os = append(os, observable.Create(func(_ context.Context, emit observable.Emitter[int]) error {
					for i := range each {
						emit.Next(p*each + i)
					}
					return nil
				}))
			}
			var next [producers]int
			sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
			sub.Each = func(v int) {
				if p := v / each; v%each != next[p] {
					t.Errorf("producer %d: value %d, want %d", p, v%each, next[p])
				}
				next[v/each]++
			}
			operators.Merge(os...).Subscribe(context.Background(), sub)
			<-sub.Done()
			for p, n := range next {
				diff(t, fmt.Sprint("values of producer ", p), n, each)
			}
			ended(t, sub, nil)
		})
	}
}

func TestMergeMapError(t *testing.T) {
	for _, from := range []string{"source", "inner"} {
		t.Run(from, func(t *testing.T) {
			var lost discards
			outer, inner := marbles.NewTestSource[int](), newSources(3)
			sub := marbles.NewTestSubscriber[int](t, 1)
			operators.MergeMap(inner.pick)(outer.Observable).Subscribe(lost.context(), sub)
			for i := range 3 {
				outer.Next(i + 1)
				inner[i].Next(10 * i)
				inner[i].Next(10*i + 1)
			}
			inner[2].Complete()
			if from == "source" {
				outer.Error(errInner)
			} else {
				inner[0].Error(errInner)
			}
			ended(t, sub, errInner)
			diff(t, "values", sub.Values(), []int{0})
			slices.Sort(lost.got)
			diff(t, "discarded", lost.got, []string{"1 error", "10 error", "11 error", "20 error", "21 error"})
			diff(t, "active", outer.Active()+inner.active(), 0)
			diff(t, "cancels of what had ended", inner[2].Cancels(), 0)
		})
	}
}

func TestMergeMapCancel(t *testing.T) {
	var lost discards
	outer, inner := marbles.NewTestSource[int](), newSources(2)
	sub := marbles.NewTestSubscriber[int](t, 2)
	sub.Each = func(v int) {
		if v == 2 {
			sub.CancelInside()
		}
	}
	operators.MergeMap(inner.pick)(outer.Observable).Subscribe(lost.context(), sub)
	outer.Next(1)
	outer.Next(2)
	inner[0].Next(1)
	inner[1].Next(2)
	inner[1].Next(3) // late: the source had not noticed
	diff(t, "values", sub.Values(), []int{1, 2})
	diff(t, "active", outer.Active()+inner.active(), 0)
	diff(t, "cancels", []int{outer.Cancels(), inner[0].Cancels(), inner[1].Cancels()}, []int{1, 1, 1})
}

// A synchronous inner serves as the model for the next one; one that is not
// must not get its subscriber.
func TestMergeMapMixesInners(t *testing.T) {
	linkedAndNot(t, func(t *testing.T) {
		slow := newSources(2)
		inners := []observable.Observable[int]{
			observable.Range(0, 2), observable.Empty[int](), slow[0].Observable, observable.Of(7), observable.Range(10, 2),
			slow[1].Observable, observable.Range(20, 2),
		}
		sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
		operators.Merge(inners...).Subscribe(context.Background(), sub)
		slow[1].Next(200)
		slow[0].Next(100)
		slow[0].Complete()
		slow[1].Complete()
		diff(t, "values", sub.Values(), []int{0, 1, 7, 10, 11, 20, 21, 200, 100})
		ended(t, sub, nil)
	})
}

// An inner that never ends keeps its subscriber, though it is synchronous.
func TestMergeMapNever(t *testing.T) {
	sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
	operators.Merge(observable.Never[int](), observable.Of(1, 2), observable.Of(3)).Subscribe(context.Background(), sub)
	diff(t, "values", sub.Values(), []int{1, 2, 3})
	running(t, sub)
	sub.Cancel()
}

func TestMergeMapOptions(t *testing.T) {
	f := func(v int) observable.Observable[int] { return observable.Of(v) }
	for want, call := range map[string]func(){
		"operators: MergeMap with a nil function":                 func() { operators.MergeMap[int, int](nil) },
		"operators: MergeMap with a non-positive Concurrency (0)": func() { operators.MergeMap(f, operators.Concurrency(0)) },
		"operators: MergeMap with a non-positive Prefetch (-1)":   func() { operators.MergeMap(f, operators.Prefetch(-1)) },
		"operators: ConcatMap with a nil function":                func() { operators.ConcatMap[int, int](nil) },
		"operators: SwitchMap with a nil function":                func() { operators.SwitchMap[int, int](nil) },
		"operators: Zip2 with a nil function":                     func() { operators.Zip2[int, int, int](observable.Of(1), observable.Of(1), nil) },
		"operators: CombineLatest2 with a nil function":           func() { operators.CombineLatest2[int, int, int](observable.Of(1), observable.Of(1), nil) },
	} {
		func() {
			defer func() { diff(t, "panic", recover(), any(want)) }()
			call()
		}()
	}
	outer, inner := marbles.NewTestSource[int](), newSources(1)
	sub := marbles.NewTestSubscriber[int](t, 1)
	operators.MergeMap(inner.pick, operators.Concurrency(operators.Unlimited), operators.Prefetch(operators.Unlimited))(outer.Observable).Subscribe(context.Background(), sub)
	outer.Next(1)
	for i := range 1000 {
		inner[0].Next(i)
	}
	diff(t, "outer requests", outer.Requests(), []int64{observable.Unbounded})
	diff(t, "inner requests", inner[0].Requests(), []int64{observable.Unbounded})
	sub.Request(999)
	diff(t, "values", len(sub.Values()), 1000)
	sub.Cancel()
}

func TestMergeOfNothing(t *testing.T) {
	for name, o := range map[string]observable.Observable[int]{"Merge": operators.Merge[int](), "Concat": operators.Concat[int]()} {
		sub := marbles.NewTestSubscriber[int](t, 0)
		o.Subscribe(context.Background(), sub)
		if is, err := sub.Ended(); !is || err != nil {
			t.Errorf("%s: ended %t with %v", name, is, err)
		}
	}
}

// L7: whatever stops the stream while an inner emits inline, or before it does,
// cancels that inner once.
func TestMergeMapCancelsAnInlineInnerOnce(t *testing.T) {
	for range 500 {
		src := &spinner{}
		outer := marbles.NewTestSource[int](marbles.IgnoresCancel)
		sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
		operators.MergeMap(func(int) observable.Observable[int] { return ungated.New(src.subscribe) })(outer.Observable).Subscribe(t.Context(), sub)
		var wg sync.WaitGroup
		wg.Go(func() { outer.Next(1) })
		wg.Go(sub.Cancel)
		wg.Wait()
		if n := src.cancels.Load(); n > 1 || src.down != nil && !src.completed && n != 1 {
			t.Fatalf("%d cancels of an inner that has completed: %t", n, src.completed)
		}
	}
}

// A spinner is a synchronous source that takes its time before it completes.
type spinner struct {
	down      observable.Subscriber[int]
	cancels   atomic.Int32
	completed bool
}

func (s *spinner) subscribe(_ context.Context, down observable.Subscriber[int]) {
	s.down = down
	down.OnSubscribe(s)
}

func (s *spinner) Request(int64) {
	for range 3 {
		runtime.Gosched()
		if s.cancels.Load() > 0 {
			return
		}
	}
	s.completed = true
	s.down.OnComplete()
}

func (s *spinner) Cancel()                  { s.cancels.Add(1) }
func (*spinner) EmitsInRequest(_ link.Seal) {}
