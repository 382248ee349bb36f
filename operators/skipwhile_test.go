package operators_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func TestSkipWhile(t *testing.T) {
	plays(t, operators.SkipWhile(isLower), []played{
		{source: "-a-b-C-d-|", want: "-----C-d-|", subs: "^--------!"},
		{source: "-A-b-----|", want: "-A-b-----|", subs: "^--------!"},
		{source: "-a-b-----|", want: "---------|", subs: "^--------!"},
		{source: "-a-B----#", want: "---B----#", subs: "^-------!"},
		{source: "-a-B------", want: "---B------", subs: "^--------!", cancel: "^--------!"},
	})
}

func TestSkipWhileAsksNoMore(t *testing.T) {
	bothWays(t, func() {
		asked := 0
		small := func(v int) bool { asked++; return v < 3 }
		check(t, "SkipWhile", end(operators.SkipWhile(small)(observable.Of(1, 2, 3, 1))), nil, 3, 1)
		diff(t, "calls of p", asked, 3)
		asked = 0
	})
}

// Behaviour 7.
func TestBehaviour7_SkipWhileReplenishes(t *testing.T) {
	bothWays(t, func() {
		sub := marbles.NewTestSubscriber[int](t, 2)
		operators.SkipWhile(func(v int) bool { return v < 9 })(observable.Range(1, 20)).Subscribe(t.Context(), sub)
		diff(t, "values", sub.Values(), []int{9, 10})
	})
}

func ExampleSkipWhile() {
	comment := func(line string) bool { return strings.HasPrefix(line, "#") }
	lines := observable.Of("# a file", "# of mine", "one", "# two")
	all, err := operators.SkipWhile(comment)(lines).Collect(context.Background())
	fmt.Printf("%q %v\n", all, err)
	// Output: ["one" "# two"] <nil>
}
