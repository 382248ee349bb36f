package operators_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func ExampleForkJoin() {
	all, err := operators.ForkJoin(observable.Of(1, 2, 3), observable.Of(10)).Collect(context.Background())
	fmt.Println(all, err)
	// Output: [[3 10]] <nil>
}

func TestForkJoin(t *testing.T) {
	for _, tt := range []struct{ a, b, want, subs string }{
		{"-a-c-|", "--b----|", "-------({cb}|)", "^------!"},
		{"-a-c-|", "--b|", "-----({cb}|)", "^--!"},
		{"-a-|", "----|", "----|", "^---!"},
		{"-|", "--b--|", "-|", "^!"}, // at once: it never had a value
		{"-a-|", "--b-#", "----#", "^---!"},
		{"(c|)", "(b|)", "({cb}|)", "(^!)"},
	} {
		marbles.Run(t, func(m *marbles.Test) {
			a, b := marbles.Cold[string](m, tt.a), marbles.Cold[string](m, tt.b)
			marbles.Expect(m, spelled(operators.ForkJoin(a.Observable, b.Observable))).Named(tt.a + " " + tt.b).ToBe(tt.want)
			b.ExpectSubscriptions(tt.subs)
		})
	}
}

// The slice waits for demand, and so does the completion.
func TestForkJoinDemand(t *testing.T) {
	src := newSources(2)
	sub := marbles.NewTestSubscriber[int](t, 0)
	operators.ForkJoin2(src[0].Observable, src[1].Observable, func(a, b int) int { return a + b }).Subscribe(context.Background(), sub)
	for i := range src {
		diff(t, "requests", src[i].Requests(), []int64{observable.Unbounded})
		src[i].Next(1)
		src[i].Next(10)
		src[i].Complete()
	}
	running(t, sub)
	diff(t, "values", sub.Values(), []int(nil))
	sub.Request(1)
	diff(t, "values", sub.Values(), []int{20})
	ended(t, sub, nil)
}

// Of each source the last value so far is held, and nothing else.
func TestForkJoinDiscards(t *testing.T) {
	for _, tt := range []struct {
		how  string
		want []string
	}{
		{"cancel", []string{"2 cancel", "12 cancel", "3 late"}},
		{"error", []string{"2 error", "12 error", "3 late"}},
		{"empty", []string{"2 cancel", "12 cancel", "3 late"}},
	} {
		var lost discards
		src := sources{marbles.NewTestSource[int](marbles.IgnoresCancel), marbles.NewTestSource[int](), marbles.NewTestSource[int]()}
		sub := marbles.NewTestSubscriber[[]int](t, 1)
		operators.ForkJoin(src[0].Observable, src[1].Observable, src[2].Observable).Subscribe(lost.context(), sub)
		for i := range 2 {
			src[i].Next(10*i + 1)
			src[i].Next(10*i + 2)
		}
		switch tt.how {
		case "cancel":
			sub.Cancel()
		case "error":
			src[2].Error(errInner)
			ended(t, sub, errInner)
		case "empty":
			src[2].Complete()
			ended(t, sub, nil)
		}
		src[0].Next(3)
		diff(t, tt.how, lost.got, tt.want)
		diff(t, "cancels", []int{src[0].Cancels(), src[1].Cancels()}, []int{1, 1})
	}
}

func TestForkJoinNothing(t *testing.T) {
	sub := marbles.NewTestSubscriber[[]int](t, 0)
	operators.ForkJoin[int]().Subscribe(context.Background(), sub)
	ended(t, sub, nil)
}

func TestForkJoinPanic(t *testing.T) {
	sub := marbles.NewTestSubscriber[int](t, 1)
	one := observable.Of(1)
	operators.ForkJoin2(one, one, func(int, int) int { panic("boom") }).Subscribe(context.Background(), sub)
	var p *observable.PanicError
	if is, err := sub.Ended(); !is || !errors.As(err, &p) {
		t.Errorf("ended %t with %v, want a PanicError", is, err)
	}
}
