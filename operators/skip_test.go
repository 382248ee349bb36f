package operators_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func TestSkip(t *testing.T) {
	bothWays(t, func() {
		for n, want := range map[int][]int{0: {1, 2, 3}, 1: {2, 3}, 2: {3}, 3: nil, 4: nil} {
			check(t, fmt.Sprintf("Skip(%d)", n), end(operators.Skip[int](n)(observable.Range(1, 3))), nil, want...)
		}
	})
}

func ExampleSkip() {
	rows := observable.Of("name,price", "tea,3", "milk,1")
	fmt.Println(operators.Skip[string](1)(rows).Collect(context.Background()))
	// Output: [tea,3 milk,1] <nil>
}
