package operators_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func TestScan(t *testing.T) {
	bothWays(t, func() {
		sums := operators.Scan(100, func(sum, v int) int { return sum + v })
		check(t, "Scan", end(sums(observable.Range(1, 4))), nil, 101, 103, 106, 110)
		check(t, "Scan, subscribed again (L10)", end(sums(observable.Range(1, 2))), nil, 101, 103)
		check(t, "Scan of nothing", end(sums(observable.Empty[int]())), nil)
		check(t, "Scan of a failure", end(sums(observable.Throw[int](errTest))), errTest)
	})
}

func ExampleScan() {
	balance := operators.Scan(100, func(sum, booking int) int { return sum + booking })
	fmt.Println(balance(observable.Of(-30, +5)).Collect(context.Background()))
	// Output: [70 75] <nil>
}
