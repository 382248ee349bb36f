package operators_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func TestIgnoreElements(t *testing.T) {
	plays(t, operators.IgnoreElements[string], []played{
		{source: "-a-b-c-|", want: "-------|", subs: "^------!"},
		{source: "-a-b-c-#", want: "-------#", subs: "^------!"},
		{source: "-a-b-c--", want: "--------", subs: "^------!", cancel: "^------!"},
		{source: "|       ", want: "|       ", subs: "(^!)"},
	})
}

// The source runs to its end though nothing is requested.
func TestIgnoreElementsNeedsNoDemand(t *testing.T) {
	bothWays(t, func() {
		seen := 0
		sub := marbles.NewTestSubscriber[int](t, 0)
		operators.IgnoreElements(operators.Tap(func(int) { seen++ })(observable.Range(0, 9))).Subscribe(t.Context(), sub)
		ended(t, sub, nil)
		diff(t, "values seen", seen, 9)
	})
}

func ExampleIgnoreElements() {
	saved := operators.Tap(func(name string) { fmt.Println("saved", name) })(observable.Of("a", "b"))
	fmt.Println(operators.IgnoreElements(saved).Collect(context.Background()))
	// Output:
	// saved a
	// saved b
	// [] <nil>
}
