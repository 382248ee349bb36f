package operators_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// Nil is a value like any other.
func TestPairwiseOfNil(t *testing.T) {
	bothWays(t, func() {
		one := new(int)
		got, err := operators.Pairwise(observable.Of(nil, nil, one)).Collect(t.Context())
		want := []operators.Pair[*int]{{nil, nil}, {nil, one}}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("error %v; pairs (-want +got):\n%s", err, diff)
		}
	})
}

func ExamplePairwise() {
	rises := observable.Pipe2(observable.Of(3, 5, 4),
		operators.Pairwise,
		operators.Map(func(p operators.Pair[int]) int { return p.Cur - p.Prev }))
	fmt.Println(rises.Collect(context.Background()))
	// Output: [2 -1] <nil>
}
