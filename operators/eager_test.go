package operators_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func ExampleConcatMapEager() {
	fetch := func(page int) observable.Observable[string] {
		return observable.FromFunc(func(context.Context) (string, error) { return fmt.Sprint("page ", page), nil })
	}
	pages := observable.Pipe1(observable.Range(1, 3), operators.ConcatMapEager(fetch, operators.Concurrency(2)))
	all, err := pages.Collect(context.Background())
	fmt.Printf("%q %v\n", all, err)
	// Output: ["page 1" "page 2" "page 3"] <nil>
}

func TestConcatMapEager(t *testing.T) {
	for name, rows := range map[string]struct{ source, a, b, want, request string }{
		"the second is quicker":    {source: "-ab|       ", a: "---x-x|", b: "y-y|", want: "----x-x(yy|)", request: "(^*)"},
		"the second is slower":     {source: "-ab|       ", a: "x|", b: "-y-y|", want: "-x-y-y|", request: "(^*)"},
		"the first is empty":       {source: "-ab|       ", a: "---|", b: "y-y|", want: "----[yy]|", request: "(^*)"},
		"the second is empty":      {source: "-ab--|     ", a: "-x|", b: "|", want: "--x--|", request: "(^*)"},
		"empty source":             {source: "--|        ", want: "--|", request: "^"},
		"only empty ones":          {source: "-ab|       ", a: "---|", b: "|", want: "----|", request: "^"},
		"the second fails":         {source: "-ab|       ", a: "x-x-x|", b: "--#", want: "-x-x#", request: "(^*)"},
		"the source fails":         {source: "-a-#       ", a: "x---x|", want: "-x-#", request: "(^*)"},
		"scarce demand":            {source: "-ab|       ", a: "x-x|", b: "y-y|", want: "-x--x-y--(y|)", request: "^1--1-1--1"},
		"cancel":                   {source: "-ab-       ", a: "x----x|", b: "y|", want: "-x", request: "(^*)-!"},
		"the first never ends":     {source: "-ab|       ", a: "x", b: "y|", want: "-x", request: "(^*)----!"},
		"a source that never does": {source: "-a         ", a: "x|", want: "-x", request: "(^*)----!"},
	} {
		t.Run(name, func(t *testing.T) {
			marbles.Run(t, func(m *marbles.Test) {
				inner := map[string]stream{}
				for letter, row := range map[string]string{"a": rows.a, "b": rows.b} {
					if row != "" {
						inner[letter] = marbles.Cold[string](m, row).Observable
					}
				}
				src := marbles.Hot[string](m, rows.source)
				out := operators.ConcatMapEager(func(s string) stream { return inner[s] })(src.Observable)
				marbles.Expect(m, out).Demand(rows.request).ToBe(rows.want)
			})
		})
	}
}

// Behaviour 8. No more is requested than the concurrency times the prefetch,
// whatever waits.
func TestConcatMapEagerRequests(t *testing.T) {
	outer, inner := marbles.NewTestSource[int](), newSources(4)
	sub := marbles.NewTestSubscriber[int](t, 3)
	operators.ConcatMapEager(inner.pick, operators.Concurrency(2), operators.Prefetch(4))(outer.Observable).Subscribe(context.Background(), sub)
	outer.Next(1)
	outer.Next(2)
	for i := range 4 {
		inner[1].Next(20 + i)
	}
	inner[1].Complete() // its values wait: it is not finished
	diff(t, "outer requests", outer.Requests(), []int64{2})
	for i := range 4 {
		inner[0].Next(10 + i)
	}
	diff(t, "values", sub.Values(), []int{10, 11, 12})
	diff(t, "requests of the first inner", inner[0].Requests(), []int64{4, 3})
	inner[0].Complete()
	diff(t, "outer requests", outer.Requests(), []int64{2})
	sub.Request(2)
	diff(t, "outer requests", outer.Requests(), []int64{2, 1})
	sub.Request(3)
	diff(t, "values", sub.Values(), []int{10, 11, 12, 13, 20, 21, 22, 23})
	diff(t, "requests of the second inner", inner[1].Requests(), []int64{4})
	diff(t, "outer requests", outer.Requests(), []int64{2, 1, 1})
	outer.Complete()
	ended(t, sub, nil)
}

func TestConcatMapEagerDiscards(t *testing.T) {
	for name, end := range map[string]func(outer *marbles.TestSource[int], sub *marbles.TestSubscriber[int]){
		"cancel": func(_ *marbles.TestSource[int], sub *marbles.TestSubscriber[int]) { sub.Cancel() },
		"error":  func(outer *marbles.TestSource[int], _ *marbles.TestSubscriber[int]) { outer.Error(errInner) },
	} {
		t.Run(name, func(t *testing.T) {
			var lost discards
			outer, inner := marbles.NewTestSource[int](), newSources(2)
			sub := marbles.NewTestSubscriber[int](t, 1)
			operators.ConcatMapEager(inner.pick)(outer.Observable).Subscribe(lost.context(), sub)
			outer.Next(1)
			outer.Next(2)
			inner[1].Next(20)
			inner[0].Next(10)
			inner[0].Next(11)
			end(outer, sub)
			slices.Sort(lost.got)
			diff(t, "discarded", lost.got, []string{"11 " + name, "20 " + name})
			diff(t, "active", outer.Active()+inner.active(), 0)
		})
	}
}

// The order is that of ConcatMap, whatever the inners, the demand and the
// bounds are.
func TestConcatMapEagerIsConcatMap(t *testing.T) {
	kinds := []func(from, n int) observable.Observable[int]{
		observable.Range,
		func(from, n int) observable.Observable[int] {
			return operators.Take[int](n)(observable.Range(from, n+1))
		},
		func(from, n int) observable.Observable[int] {
			return observable.Create(func(_ context.Context, emit observable.Emitter[int]) error {
				for i := range n {
					emit.Next(from + i)
				}
				return nil
			})
		},
	}
	check := func(rt *rapid.T) {
		type row struct{ Kind, N int }
		rows := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) row {
			return row{rapid.IntRange(0, len(kinds)-1).Draw(rt, "kind"), rapid.IntRange(0, 6).Draw(rt, "n")}
		}), 0, 8).Draw(rt, "rows")
		f := func(i int) observable.Observable[int] { return kinds[rows[i].Kind](100*i, rows[i].N) }
		step := rapid.SampledFrom([]int64{1, 3, observable.Unbounded}).Draw(rt, "step")
		eager := operators.ConcatMapEager(f,
			operators.Concurrency(rapid.IntRange(1, 4).Draw(rt, "concurrency")), operators.Prefetch(rapid.IntRange(1, 4).Draw(rt, "prefetch")))
		want, _ := operators.ConcatMap(f)(observable.Range(0, len(rows))).Collect(t.Context())
		sub := marbles.NewTestSubscriber[int](t, step)
		sub.Each = func(int) { sub.Request(step) }
		eager(observable.Range(0, len(rows))).Subscribe(t.Context(), sub)
		<-sub.Done()
		if got := sub.Values(); !slices.Equal(got, want) {
			rt.Fatalf("got %v, want %v", got, want)
		}
	}
	rapid.Check(t, check)
	defer link.Disable()()
	rapid.Check(t, check)
}

func TestConcatMapEagerPanics(t *testing.T) {
	f := func(v int) observable.Observable[int] { return observable.Of(v) }
	for want, call := range map[string]func(){
		"operators: ConcatMapEager with a nil function":                 func() { operators.ConcatMapEager[int, int](nil) },
		"operators: ConcatMapEager with a non-positive Concurrency (0)": func() { operators.ConcatMapEager(f, operators.Concurrency(0)) },
		"operators: ConcatMapEager with a non-positive Prefetch (0)":    func() { operators.ConcatMapEager(f, operators.Prefetch(0)) },
	} {
		func() {
			defer func() { diff(t, "panic", recover(), any(want)) }()
			call()
		}()
	}
}
