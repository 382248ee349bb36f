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
		ended(t, sub, nil)
		diff(t, "active", src.active(), 0)
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
