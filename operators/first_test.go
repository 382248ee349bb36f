package operators_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func TestFirst(t *testing.T) {
	plays(t, operators.First[string], []played{
		{source: "-a-b-c-|", want: "-(a|)", subs: "^!"},
		{source: "-------|", want: "-------#", subs: "^------!", err: observable.ErrEmpty},
		{source: "-------#", want: "-------#", subs: "^------!"},
		{source: "--------", want: "--------", subs: "^------!", cancel: "^------!"},
	})
}

func TestFirstOr(t *testing.T) {
	plays(t, operators.FirstOr("x"), []played{
		{source: "-a-b-c-|", want: "-(a|)", subs: "^!"},
		{source: "-------|", want: "-------(x|)", subs: "^------!"},
		{source: "-------#", want: "-------#", subs: "^------!"},
		{source: "--------", want: "--------", subs: "^------!", cancel: "^------!"},
	})
}

func TestElementAt(t *testing.T) {
	plays(t, operators.ElementAt[string](1), []played{
		{source: "-a-b-c-|", want: "---(b|)", subs: "^--!"},
		{source: "-a-----|", want: "-------#", subs: "^------!", err: operators.ErrTooFew},
		{source: "-a-----#", want: "-------#", subs: "^------!"},
	})
	plays(t, operators.ElementAt[string](0), []played{{source: "-a-b-c-|", want: "-(a|)", subs: "^!"}})
}

func TestElementAtOr(t *testing.T) {
	plays(t, operators.ElementAtOr(1, "x"), []played{
		{source: "-a-b-c-|", want: "---(b|)", subs: "^--!"},
		{source: "-a-----|", want: "-------(x|)", subs: "^------!"},
		{source: "-a-----#", want: "-------#", subs: "^------!"},
	})
}

// Behaviour 10: the value that stands in obeys demand, and the end waits for it.
func TestBehaviour10_DefaultsObeyDemand(t *testing.T) {
	for name, op := range map[string]observable.Operator[string, string]{
		"FirstOr":     operators.FirstOr("x"),
		"ElementAtOr": operators.ElementAtOr(3, "x"),
		"LastOr":      operators.LastOr("x"),
	} {
		for lane, want := range map[string]string{
			"^------1": "-------(x|)",
			"^-1-----": "-----(x|)",
		} {
			marbles.Run(t, func(m *marbles.Test) {
				src := marbles.Hot[string](m, "-----|")
				marbles.Expect(m, op(src.Observable)).Named(name + " " + lane).Demand(lane).ToBe(want)
			})
		}
	}
}

// Never more than is needed is requested, whatever the subscriber requests.
func TestFirstRequests(t *testing.T) {
	for name, tt := range map[string]struct {
		op   intOp
		want []int64
	}{
		"First":       {operators.First[int], []int64{1}},
		"FirstOr":     {operators.FirstOr(0), []int64{1}},
		"ElementAt":   {operators.ElementAt[int](2), []int64{1, 1, 1}},
		"ElementAtOr": {operators.ElementAtOr(2, 0), []int64{1, 1, 1}},
		"Find":        {operators.Find(func(v int) bool { return v == 2 }), []int64{1, 1, 1}},
		"FindIndex":   {operators.FindIndex(func(v int) bool { return v == 2 }), []int64{1, 1, 1}},
	} {
		src := marbles.NewTestSource[int]()
		sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
		tt.op(src.Observable).Subscribe(t.Context(), sub)
		sub.Request(5)
		for v := range 3 {
			src.Next(v)
		}
		if got := src.Requests(); !slices.Equal(got, tt.want) || src.Cancels() != 1 {
			t.Errorf("%s: requested %v and cancelled %d times, want %v and 1", name, got, src.Cancels(), tt.want)
		}
		ended(t, sub, nil)
	}
}

func ExampleFirst() {
	fmt.Println(operators.First(observable.Of("a", "b")).Collect(context.Background()))
	fmt.Println(operators.First(observable.Empty[string]()).Collect(context.Background()))
	// Output:
	// [a] <nil>
	// [] observable: the stream completed without a value
}

func ExampleFirstOr() {
	fmt.Println(operators.FirstOr("none")(observable.Empty[string]()).Collect(context.Background()))
	// Output: [none] <nil>
}

func ExampleElementAt() {
	letters := observable.Of("a", "b", "c")
	fmt.Println(operators.ElementAt[string](1)(letters).Collect(context.Background()))
	fmt.Println(operators.ElementAt[string](3)(letters).Collect(context.Background()))
	// Output:
	// [b] <nil>
	// [] operators: the stream completed before the value asked for
}

func ExampleElementAtOr() {
	letters := observable.Of("a", "b", "c")
	fmt.Println(operators.ElementAtOr(3, "none")(letters).Collect(context.Background()))
	// Output: [none] <nil>
}
