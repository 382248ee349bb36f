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

// Behaviours 6 and 10: the given values need demand too, and the source is
// asked for the rest.
func TestBehaviour10_StartWithObeysDemand(t *testing.T) {
	bothWays(t, func() {
		src := marbles.NewTestSource[int]()
		sub := marbles.NewTestSubscriber[int](t, 0)
		operators.StartWith(1, 2)(src.Observable).Subscribe(t.Context(), sub)
		for _, tt := range []struct {
			request int64
			want    []int
			asked   []int64
		}{
			{0, nil, nil},
			{1, []int{1}, nil},
			{4, []int{1, 2}, []int64{3}},
			{2, []int{1, 2}, []int64{3, 2}},
		} {
			if tt.request > 0 {
				sub.Request(tt.request)
			}
			if !slices.Equal(sub.Values(), tt.want) || !slices.Equal(src.Requests(), tt.asked) {
				t.Fatalf("after a request of %d: values %v, requested %v; want %v and %v", tt.request, sub.Values(), src.Requests(), tt.want, tt.asked)
			}
		}
	})
}

func TestStartWithNothing(t *testing.T) {
	check(t, "StartWith()", end(operators.StartWith[int]()(observable.Range(1, 2))), nil, 1, 2)
	check(t, "StartWith of a failure", end(operators.StartWith(1)(observable.Throw[int](errTest))), errTest, 1)
}

func ExampleStartWith() {
	o := operators.StartWith("loading")(observable.Of("ready"))
	fmt.Println(o.Collect(context.Background()))
	// Output: [loading ready] <nil>
}

// The given values need demand, and so does the completion that follows them.
func TestEndWith(t *testing.T) {
	for _, tt := range []struct{ source, demand, want string }{
		{"-a-b-|", "^", "-a-b-(xy|)"},
		{"|", "^", "(xy|)"},
		{"-a-#", "^", "-a-#"},
		{"-a-|", "(^1)----1--1", "-a------x--(y|)"},
		{"-a---", "^----!", "-a---"},
	} {
		marbles.Run(t, func(m *marbles.Test) {
			src := marbles.Hot[string](m, tt.source)
			marbles.Expect(m, operators.EndWith("x", "y")(src.Observable)).Named(tt.source).Demand(tt.demand).ToBe(tt.want)
		})
	}
	check(t, "EndWith()", end(operators.EndWith[int]()(observable.Range(1, 2))), nil, 1, 2)
}

func ExampleEndWith() {
	o := operators.EndWith("that is all")(observable.Of("one", "two"))
	fmt.Println(o.Collect(context.Background()))
	// Output: [one two that is all] <nil>
}
