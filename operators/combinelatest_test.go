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

func ExampleCombineLatest2() {
	price, amount := observable.Of(10), observable.Of(1, 2, 3)
	all, err := operators.CombineLatest2(price, amount, func(p, n int) int { return p * n }).Collect(context.Background())
	fmt.Println(all, err)
	// Output: [10 20 30] <nil>
}

func ExampleCombineLatest() {
	all, err := operators.CombineLatest(observable.Of(1), observable.Of(10), observable.Of(100, 200)).Collect(context.Background())
	fmt.Println(all, err)
	// Output: [[1 10 100] [1 10 200]] <nil>
}

func ExampleCombineLatestWith() {
	total := operators.CombineLatestWith(observable.Of(1, 2, 3), func(price, n int) int { return price * n })
	fmt.Println(total(observable.Of(10)).Collect(context.Background()))
	// Output: [10 20 30] <nil>
}

func ExampleCombineLatestAll() {
	sources := observable.Of(observable.Of(1), observable.Of(10, 20))
	fmt.Println(operators.CombineLatestAll(sources).Collect(context.Background()))
	// Output: [[1 10] [1 20]] <nil>
}

func TestCombineLatest(t *testing.T) {
	for _, tt := range []struct{ a, b, c, want string }{
		{"-a-d-|", "--b----|", "----c|", "----{dbc}--|"},
		{"-a---d|", "--b----|", "---c-|", "---{abc}-{dbc}-|"},
		{"-a-|", "----|", "-----d-|", "-------|"}, // one never had a value
		{"|", "-b-|", "-c-|", "---|"},
		{"-a-", "--#", "----", "--#"},
		{"-a-|", "--b|", "---c-|", "---{abc}-|"},
	} {
		marbles.Run(t, func(m *marbles.Test) {
			a, b, c := marbles.Hot[string](m, tt.a), marbles.Hot[string](m, tt.b), marbles.Hot[string](m, tt.c)
			marbles.Expect(m, spelled(operators.CombineLatest(a.Observable, b.Observable, c.Observable))).Named(tt.a + " " + tt.b + " " + tt.c).ToBe(tt.want)
		})
	}
}

func TestCombineLatestOfFew(t *testing.T) {
	for name, o := range map[string]observable.Observable[[]int]{
		"none, CombineLatest":    operators.CombineLatest[int](),
		"none, CombineLatestAll": operators.CombineLatestAll(observable.Empty[observable.Observable[int]]()),
	} {
		sub := marbles.NewTestSubscriber[[]int](t, 0)
		o.Subscribe(context.Background(), sub)
		if is, err := sub.Ended(); !is || err != nil {
			t.Errorf("%s: ended %t with %v", name, is, err)
		}
	}
	all, _ := operators.CombineLatest(observable.Of(1, 2)).Collect(context.Background())
	diff(t, "one", all, [][]int{{1}, {2}})
}

// Nine sources wait in the order of arrival, each with its own window.
func TestCombineLatest9(t *testing.T) {
	src := newSources(9)
	o := func(i int) observable.Observable[int] { return src[i].Observable }
	sub := marbles.NewTestSubscriber[int](t, 0)
	operators.CombineLatest9(o(0), o(1), o(2), o(3), o(4), o(5), o(6), o(7), o(8), func(a, b, c, d, e, f, g, h, i int) int {
		return a + b + c + d + e + f + g + h + i
	}).Subscribe(context.Background(), sub)
	for i := range src {
		src[i].Next(1)
	}
	src[8].Next(10)
	src[3].Next(100)
	src[8].Next(20)
	sub.Request(observable.Unbounded)
	diff(t, "values", sub.Values(), []int{9, 18, 117, 127})
	for i := range src {
		diff(t, "requests", src[i].Requests(), []int64{32})
		src[i].Complete()
	}
	ended(t, sub, nil)
}

func TestCombineLatest2(t *testing.T) {
	src := newSources(2)
	sub := marbles.NewTestSubscriber[[2]int](t, observable.Unbounded)
	operators.CombineLatest2(src[0].Observable, src[1].Observable, pair).Subscribe(context.Background(), sub)
	src[0].Next(1)
	src[0].Next(2)
	src[1].Next(10)
	src[1].Next(11)
	src[0].Next(3)
	src[0].Complete()
	running(t, sub)
	src[1].Next(12)
	src[1].Complete()
	ended(t, sub, nil)
	diff(t, "values", sub.Values(), [][2]int{{2, 10}, {2, 11}, {3, 11}, {3, 12}})
}

// Without demand the arrivals wait in their order, as many as were asked for;
// those that give no result do not wait.
func TestCombineLatest2WithoutDemand(t *testing.T) {
	var lost discards
	src := newSources(2)
	sub := marbles.NewTestSubscriber[[2]int](t, 0)
	operators.CombineLatest2(src[0].Observable, src[1].Observable, pair).Subscribe(lost.context(), sub)
	for i := range 30 {
		src[0].Next(i)
	}
	diff(t, "requests", src[0].Requests(), []int64{32, 24})
	src[1].Next(100)
	src[0].Next(30)
	src[1].Next(101)
	diff(t, "requests", src[1].Requests(), []int64{32})
	sub.Request(2)
	diff(t, "values", sub.Values(), [][2]int{{29, 100}, {30, 100}})
	sub.Cancel()
	diff(t, "discarded", lost.got, []string{"101 cancel"})
	diff(t, "cancels", []int{src[0].Cancels(), src[1].Cancels()}, []int{1, 1})
}

func TestCombineLatest2Completion(t *testing.T) {
	t.Run("one never had a value", func(t *testing.T) {
		var lost discards
		src := newSources(2)
		sub := marbles.NewTestSubscriber[[2]int](t, 0)
		operators.CombineLatest2(src[0].Observable, src[1].Observable, pair).Subscribe(lost.context(), sub)
		src[0].Next(1)
		src[1].Complete()
		running(t, sub) // as in RxJS
		src[0].Complete()
		ended(t, sub, nil)
		diff(t, "discarded", lost.got, []string(nil)) // 1 was used
	})
	t.Run("values wait", func(t *testing.T) {
		src := newSources(2)
		sub := marbles.NewTestSubscriber[[2]int](t, 0)
		operators.CombineLatest2(src[0].Observable, src[1].Observable, pair).Subscribe(context.Background(), sub)
		src[0].Next(1)
		src[1].Next(2)
		src[0].Complete()
		src[1].Complete()
		running(t, sub)
		sub.Request(1)
		ended(t, sub, nil)
	})
}

// a is subscribed before b, and asked before b.
func TestCombineLatest2Order(t *testing.T) {
	linkedAndNot(t, func(t *testing.T) {
		all, err := operators.CombineLatest2(observable.Range(0, 100), observable.Range(0, 3), pair).Collect(context.Background())
		if err != nil {
			t.Error(err)
		}
		diff(t, "values", all, [][2]int{{99, 0}, {99, 1}, {99, 2}})
	})
}

func TestCombineLatest2Error(t *testing.T) {
	var lost discards
	src := newSources(2)
	sub := marbles.NewTestSubscriber[[2]int](t, 0)
	operators.CombineLatest2(src[0].Observable, src[1].Observable, pair).Subscribe(lost.context(), sub)
	src[0].Next(1)
	src[1].Next(2)
	src[1].Next(3)
	src[0].Error(errInner)
	ended(t, sub, errInner)
	diff(t, "discarded", lost.got, []string{"2 error", "3 error"})
	diff(t, "active", src.active(), 0)
}

func TestCombineLatest2Panic(t *testing.T) {
	src := newSources(2)
	sub := marbles.NewTestSubscriber[int](t, 9)
	operators.CombineLatest2(src[0].Observable, src[1].Observable, func(int, int) int { panic("boom") }).Subscribe(context.Background(), sub)
	src[0].Next(1)
	src[1].Next(1)
	var p *observable.PanicError
	if is, err := sub.Ended(); !is || !errors.As(err, &p) {
		t.Errorf("ended %t with %v, want a PanicError", is, err)
	}
	diff(t, "active", src.active(), 0)
}
