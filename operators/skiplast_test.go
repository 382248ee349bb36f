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

func TestSkipLast(t *testing.T) {
	plays(t, operators.SkipLast[string](2), []played{
		{source: "-a-b-c-d-|", want: "-----a-b-|", subs: "^--------!"},
		{source: "-a-b-----|", want: "---------|", subs: "^--------!"},
		{source: "-a-b-c-d-#", want: "-----a-b-#", subs: "^--------!"},
		{source: "-a-b-c----", want: "-----a----", subs: "^--------!", cancel: "^--------!"},
		{source: "|         ", want: "|         ", subs: "(^!)"},
	})
	plays(t, operators.SkipLast[string](0), []played{{source: "-a-b-|", want: "-a-b-|"}})
}

// Behaviour 7: the values that it holds are requested beyond the demand.
func TestBehaviour7_SkipLastReplenishes(t *testing.T) {
	bothWays(t, func() {
		sub := marbles.NewTestSubscriber[int](t, 2)
		operators.SkipLast[int](3)(observable.Range(1, 20)).Subscribe(t.Context(), sub)
		diff(t, "values", sub.Values(), []int{1, 2})
	})
	src := marbles.NewTestSource[int]()
	operators.SkipLast[int](3)(src.Observable).Subscribe(t.Context(), marbles.NewTestSubscriber[int](t, 2))
	for v := range 5 {
		src.Next(v)
	}
	if got, want := src.Requests(), []int64{2, 1, 1, 1}; !slices.Equal(got, want) {
		t.Errorf("requested %v, want %v", got, want)
	}
}

func ExampleSkipLast() {
	rows := observable.Of("tea 3", "milk 1", "total 4")
	fmt.Println(operators.SkipLast[string](1)(rows).Collect(context.Background()))
	// Output: [tea 3 milk 1] <nil>
}
