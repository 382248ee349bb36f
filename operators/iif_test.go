package operators_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func ExampleIif() {
	cached := true
	o := operators.Iif(func() bool { return cached }, observable.Of("from the cache"), observable.Of("from the network"))
	fmt.Println(o.Collect(context.Background()))
	// Output: [from the cache] <nil>
}

func ExampleCase() {
	shop := "nl"
	prices := operators.Case(func() string { return shop }, map[string]observable.Observable[int]{
		"nl": observable.Of(10, 12),
		"be": observable.Of(11),
	}, observable.Empty[int]())
	fmt.Println(prices.Collect(context.Background()))
	// Output: [10 12] <nil>
}

// What is subscribed to is decided anew for each subscriber.
func TestIif(t *testing.T) {
	first := true
	o := operators.Iif(func() bool { first = !first; return !first }, observable.Of(1), observable.Of(2))
	check(t, "first", end(o), nil, 1)
	check(t, "second", end(o), nil, 2)
	if got := end(operators.Iif(func() bool { panic("boom") }, observable.Of(1), observable.Of(2))); !got.panics {
		t.Errorf("a panic of cond gave %+v", got)
	}
}

func TestCase(t *testing.T) {
	key := 1
	cases := map[int]observable.Observable[int]{1: observable.Of(10), 2: observable.Of(20)}
	o := operators.Case(func() int { return key }, cases, observable.Of(99))
	delete(cases, 2) // too late
	for _, tt := range []struct{ key, want int }{{1, 10}, {2, 20}, {3, 99}} {
		key = tt.key
		check(t, fmt.Sprint("case ", key), end(o), nil, tt.want)
	}
	if got := end(operators.Case(func() int { panic("boom") }, cases, observable.Of(1))); !got.panics {
		t.Errorf("a panic of key gave %+v", got)
	}
}
