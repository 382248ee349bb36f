package operators_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func ExampleExhaustMap() {
	save := func(click string) observable.Observable[string] {
		return operators.Delay[string](100 * time.Millisecond)(observable.Of(click + " saved"))
	}
	all, err := observable.Pipe1(observable.Of("first", "second"), operators.ExhaustMap(save)).Collect(context.Background())
	fmt.Println(all, err)
	// Output: [first saved] <nil>
}

func TestExhaustMap(t *testing.T) {
	for name, rows := range map[string]struct{ source, a, b, want, request string }{
		"values while busy":       {source: "-ab--a-b-|  ", a: "--x|", b: "y|", want: "---x---x-|", request: "(^*)"},
		"at the same instant":     {source: "-a--b-|     ", a: "--(x|)", b: "y|", want: "---xy-|", request: "(^*)"},
		"the source ends first":   {source: "-a|         ", a: "--x-y|", want: "---x-y|", request: "(^*)"},
		"empty source":            {source: "--|         ", want: "--|", request: "^"},
		"a source that never":     {source: "-           ", want: "-", request: "^--!"},
		"empty inner":             {source: "-a-b-|      ", a: "|", b: "y|", want: "---y-|", request: "(^*)"},
		"inner that never":        {source: "-a-b-|      ", a: "-", b: "y|", want: "-", request: "(^*)---!"},
		"source fails":            {source: "-a-#        ", a: "x---x|", want: "-x-#", request: "(^*)"},
		"inner fails":             {source: "-a----b     ", a: "x-#", want: "-x-#", request: "(^*)"},
		"cancel":                  {source: "-a----b     ", a: "x--x|", want: "-x", request: "(^*)!"},
		"an end without a demand": {source: "-a-b-|      ", a: "|", b: "|", want: "-----|", request: "^"},
	} {
		t.Run(name, func(t *testing.T) {
			marbles.Run(t, func(m *marbles.Test) {
				inner := map[string]observable.Observable[string]{}
				for letter, row := range map[string]string{"a": rows.a, "b": rows.b} {
					if row != "" {
						inner[letter] = marbles.Cold[string](m, row).Observable
					}
				}
				src := marbles.Hot[string](m, rows.source)
				out := operators.ExhaustMap(func(s string) observable.Observable[string] { return inner[s] })(src.Observable)
				marbles.Expect(m, out).Demand(rows.request).ToBe(rows.want)
			})
		})
	}
}

func TestExhaustMapDiscardsWhatComesWhileBusy(t *testing.T) {
	var lost discards
	var calls []int
	outer, inner := marbles.NewTestSource[int](), newSources(4)
	sub := marbles.NewTestSubscriber[int](t, 1)
	f := func(v int) observable.Observable[int] {
		calls = append(calls, v)
		return inner.pick(v)
	}
	operators.ExhaustMap(f)(outer.Observable).Subscribe(lost.context(), sub)
	diff(t, "outer requests", outer.Requests(), []int64{observable.Unbounded})
	outer.Next(1)
	outer.Next(2)
	inner[0].Next(10)
	inner[0].Complete()
	outer.Next(3) // waits for demand, and is busy for that
	diff(t, "requests of an inner without demand", inner[2].Requests(), []int64(nil))
	outer.Next(4)
	outer.Complete()
	sub.Request(1)
	inner[2].Next(30)
	running(t, sub)
	inner[2].Complete()
	ended(t, sub, nil)
	diff(t, "calls of f", calls, []int{1, 3})
	diff(t, "values", sub.Values(), []int{10, 30})
	diff(t, "discarded", lost.got, []string{"2 overflow", "4 overflow"})
}

// The downstream makes the source emit: the inner runs still.
func TestExhaustMapReentrantly(t *testing.T) {
	linkedAndNot(t, func(t *testing.T) {
		var lost discards
		outer := marbles.NewTestSource[int]()
		sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
		sub.Each = func(v int) {
			if v == 11 {
				outer.Next(2)
			}
		}
		operators.ExhaustMap(func(v int) observable.Observable[int] { return observable.Range(10*v, 3) })(outer.Observable).Subscribe(lost.context(), sub)
		outer.Next(1)
		outer.Next(3)
		outer.Complete()
		diff(t, "values", sub.Values(), []int{10, 11, 12, 30, 31, 32})
		diff(t, "discarded", lost.got, []string{"2 overflow"})
		ended(t, sub, nil)
	})
}

func TestExhaustMapPanics(t *testing.T) {
	defer func() { diff(t, "panic", recover(), any("operators: ExhaustMap with a nil function")) }()
	operators.ExhaustMap[int, int](nil)
}
