package operators_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func TestTakeWhileInclusive(t *testing.T) {
	plays(t, operators.TakeWhile(isLower, operators.Inclusive), []played{
		{source: "-a-b-C-d-|", want: "-a-b-(C|)", subs: "^----!"},
		{source: "-A--------", want: "-(A|)    ", subs: "^!"},
		{source: "-a-b-|    ", want: "-a-b-|   ", subs: "^----!"},
		{source: "-a-b-#    ", want: "-a-b-#   ", subs: "^----!"},
		{source: "-a-----   ", want: "-a-----  ", subs: "^-----!", cancel: "^-----!"},
		{source: "|         ", want: "|        ", subs: "(^!)"},
	})
}

// The refused value counts as any other: it has been requested.
func TestTakeWhileInclusiveDemand(t *testing.T) {
	src := marbles.NewTestSource[int]()
	sub := marbles.NewTestSubscriber[int](t, 1)
	operators.TakeWhile(func(v int) bool { return v < 2 }, operators.Inclusive)(src.Observable).Subscribe(t.Context(), sub)
	src.Next(1)
	running(t, sub)
	sub.Request(1)
	src.Next(2)
	ended(t, sub, nil)
	diff(t, "values", sub.Values(), []int{1, 2})
	diff(t, "requests", src.Requests(), []int64{1, 1})
	diff(t, "cancels", src.Cancels(), 1)
}

func ExampleTakeWhile_inclusive() {
	states := observable.Of("queued", "running", "done", "archived")
	pending := func(s string) bool { return s != "done" }
	fmt.Println(operators.TakeWhile(pending, operators.Inclusive)(states).Collect(context.Background()))
	// Output: [queued running done] <nil>
}
