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

func TestFind(t *testing.T) {
	plays(t, operators.Find(isUpper), []played{
		{source: "-a-B-C-|", want: "---(B|)", subs: "^--!"},
		{source: "-a-b---|", want: "-------|", subs: "^------!"},
		{source: "-a-b---#", want: "-------#", subs: "^------!"},
		{source: "-a------", want: "--------", subs: "^------!", cancel: "^------!"},
	})
}

func TestFindIndex(t *testing.T) {
	index := func(src stream) stream { return marbles.Text(operators.FindIndex(isUpper)(src)) }
	plays(t, index, []played{
		{source: "-a-B-C-|", want: "---(1|)", subs: "^--!"},
		{source: "-A------", want: "-(0|)", subs: "^!"},
		{source: "-a-b---#", want: "-------#", subs: "^------!"},
		{source: "-a------", want: "--------", subs: "^------!", cancel: "^------!"},
	})
}

// Behaviour 10: that there is none is a value like any other.
func TestFindIndexOfNone(t *testing.T) {
	bothWays(t, func() {
		none := operators.FindIndex(func(v int) bool { return v < 0 })
		check(t, "FindIndex", end(none(observable.Range(0, 9))), nil, -1)
		check(t, "FindIndex of nothing", end(none(observable.Empty[int]())), nil, -1)
	})
}

func ExampleFind() {
	long := func(s string) bool { return len(s) > 1 }
	fmt.Println(operators.Find(long)(observable.Of("a", "bc", "de")).Collect(context.Background()))
	// Output: [bc] <nil>
}

func ExampleFindIndex() {
	comment := func(line string) bool { return strings.HasPrefix(line, "#") }
	lines := observable.Of("one", "two", "# end")
	fmt.Println(operators.FindIndex(comment)(lines).Collect(context.Background()))
	// Output: [2] <nil>
}
