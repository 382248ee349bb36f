package operators_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func TestLast(t *testing.T) {
	plays(t, operators.Last[string], []played{
		{source: "-a-b-c-|", want: "-------(c|)", subs: "^------!"},
		{source: "-------|", want: "-------#", subs: "^------!", err: observable.ErrEmpty},
		{source: "-a-----#", want: "-------#", subs: "^------!"},
		{source: "-a------", want: "--------", subs: "^------!", cancel: "^------!"},
	})
}

func TestLastOr(t *testing.T) {
	plays(t, operators.LastOr("x"), []played{
		{source: "-a-b-c-|", want: "-------(c|)", subs: "^------!"},
		{source: "-------|", want: "-------(x|)", subs: "^------!"},
		{source: "-a-----#", want: "-------#", subs: "^------!"},
	})
}

func TestSingle(t *testing.T) {
	plays(t, operators.Single[string], []played{
		{source: "-a-----|", want: "-------(a|)", subs: "^------!"},
		{source: "-------|", want: "-------#", subs: "^------!", err: observable.ErrEmpty},
		{source: "-a-b-c-|", want: "---#", subs: "^--!", err: operators.ErrTooMany},
		{source: "-a-----#", want: "-------#", subs: "^------!"},
		{source: "-a------", want: "--------", subs: "^------!", cancel: "^------!"},
	})
}

// L9: the first value is given up, the second one is what ends the stream, and a
// third one is late.
func TestSingleDiscards(t *testing.T) {
	var lost discards
	src := marbles.NewTestSource[int](marbles.IgnoresCancel)
	sub := marbles.NewTestSubscriber[int](t, 1)
	operators.Single(src.Observable).Subscribe(lost.context(), sub)
	for v := range 3 {
		src.Next(v + 1)
	}
	ended(t, sub, operators.ErrTooMany)
	diff(t, "discarded", lost.got, []string{"1 error", "3 late"})
	diff(t, "cancels", src.Cancels(), 1)
}

// Behaviour 25: the value waits for demand, and the end for the value.
func TestBehaviour25_LastObeysDemand(t *testing.T) {
	for name, op := range map[string]intOp{
		"Last": operators.Last[int], "LastOr": operators.LastOr(9), "Single": operators.Single[int],
	} {
		t.Run(name, func(t *testing.T) {
			src := marbles.NewTestSource[int]()
			sub := marbles.NewTestSubscriber[int](t, 0)
			op(src.Observable).Subscribe(t.Context(), sub)
			src.Next(7)
			src.Complete()
			running(t, sub)
			sub.Request(1)
			ended(t, sub, nil)
			diff(t, "values", sub.Values(), []int{7})
			diff(t, "requests", src.Requests(), []int64{observable.Unbounded})
		})
	}
}

func ExampleLast() {
	fmt.Println(operators.Last(observable.Of("a", "b")).Collect(context.Background()))
	// Output: [b] <nil>
}

func ExampleLastOr() {
	fmt.Println(operators.LastOr("none")(observable.Empty[string]()).Collect(context.Background()))
	// Output: [none] <nil>
}

func ExampleSingle() {
	fmt.Println(operators.Single(observable.Of("a")).Collect(context.Background()))
	fmt.Println(operators.Single(observable.Of("a", "b")).Collect(context.Background()))
	// Output:
	// [a] <nil>
	// [] operators: the stream has more than one value
}
