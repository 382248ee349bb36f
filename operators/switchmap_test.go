package operators_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func ExampleSwitchMap() {
	search := func(text string) observable.Observable[string] { return observable.Of("results for " + text) }
	all, err := observable.Pipe1(observable.Of("g", "go"), operators.SwitchMap(search)).Collect(context.Background())
	fmt.Printf("%q %v\n", all, err)
	// Output: ["results for g" "results for go"] <nil>
}

func TestBehaviour6_SwitchMapCarriesDemand(t *testing.T) {
	var lost discards
	outer, inner := marbles.NewTestSource[int](), newSources(3)
	sub := marbles.NewTestSubscriber[int](t, 5)
	operators.SwitchMap(inner.pick)(outer.Observable).Subscribe(lost.context(), sub)
	diff(t, "outer requests", outer.Requests(), []int64{observable.Unbounded})
	outer.Next(1)
	inner[0].Next(10)
	inner[0].Next(11)
	outer.Next(2)
	diff(t, "cancels of the old inner", inner[0].Cancels(), 1)
	diff(t, "requests of the new inner", inner[1].Requests(), []int64{3}) // what is unmet
	inner[1].Next(20)
	sub.Request(2)
	diff(t, "requests of the new inner", inner[1].Requests(), []int64{3, 2})
	inner[1].Complete()
	outer.Next(3)
	diff(t, "requests of the third inner", inner[2].Requests(), []int64{4})
	outer.Complete()
	running(t, sub)
	inner[2].Next(30)
	inner[2].Complete()
	ended(t, sub, nil)
	diff(t, "values", sub.Values(), []int{10, 11, 20, 30})
	diff(t, "discarded", lost.got, []string(nil))
}

func TestSwitchMapDiscardsLateValues(t *testing.T) {
	var lost discards
	outer, late := marbles.NewTestSource[int](), marbles.NewTestSource[int](marbles.IgnoresCancel)
	sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
	f := func(v int) observable.Observable[int] {
		if v == 1 {
			return late.Observable
		}
		return observable.Never[int]()
	}
	operators.SwitchMap(f)(outer.Observable).Subscribe(lost.context(), sub)
	outer.Next(1)
	late.Next(10)
	outer.Next(2)
	late.Next(11)
	late.Complete()
	late.Error(errInner)
	diff(t, "values", sub.Values(), []int{10})
	diff(t, "discarded", lost.got, []string{"11 late"})
	running(t, sub)
	sub.Cancel()
}

// The downstream makes the source emit: the switch waits for OnNext to return,
// and the newest value wins.
func TestSwitchMapReentrantly(t *testing.T) {
	linkedAndNot(t, func(t *testing.T) {
		var lost discards
		var calls []int
		outer := marbles.NewTestSource[int]()
		sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
		sub.Each = func(v int) {
			if v == 11 {
				outer.Next(2)
				outer.Next(3)
				outer.Complete()
				diff(t, "calls of f while the downstream is busy", calls, []int{1})
			}
		}
		f := func(v int) observable.Observable[int] {
			calls = append(calls, v)
			return observable.Range(10*v, 4)
		}
		operators.SwitchMap(f)(outer.Observable).Subscribe(lost.context(), sub)
		outer.Next(1)
		diff(t, "calls of f", calls, []int{1, 3})
		diff(t, "values", sub.Values(), []int{10, 11, 30, 31, 32, 33})
		diff(t, "discarded", lost.got, []string{"2 filtered"})
		ended(t, sub, nil)
	})
}

func TestSwitchMapError(t *testing.T) {
	for _, from := range []string{"source", "inner"} {
		t.Run(from, func(t *testing.T) {
			outer, inner := marbles.NewTestSource[int](), newSources(1)
			sub := marbles.NewTestSubscriber[int](t, 2)
			operators.SwitchMap(inner.pick)(outer.Observable).Subscribe(context.Background(), sub)
			outer.Next(1)
			if from == "source" {
				outer.Error(errInner)
			} else {
				inner[0].Error(errInner)
			}
			ended(t, sub, errInner)
			diff(t, "active", outer.Active()+inner.active(), 0)
		})
	}
}

func TestSwitchMapCancel(t *testing.T) {
	outer, inner := marbles.NewTestSource[int](), newSources(1)
	sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
	sub.Each = func(int) { sub.CancelInside() }
	operators.SwitchMap(inner.pick)(outer.Observable).Subscribe(context.Background(), sub)
	outer.Next(1)
	inner[0].Next(1)
	inner[0].Next(2)
	outer.Next(1)
	diff(t, "values", sub.Values(), []int{1})
	diff(t, "cancels", []int{outer.Cancels(), inner[0].Cancels()}, []int{1, 1})
}
