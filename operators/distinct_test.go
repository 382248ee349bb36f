package operators_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func TestDistinctUntilChanged(t *testing.T) {
	bothWays(t, func() {
		for _, tt := range []struct{ values, want []int }{
			{nil, nil},
			{[]int{0}, []int{0}}, // the first value counts, also if it is zero
			{[]int{0, 0, 1, 1, 0, 2}, []int{0, 1, 0, 2}},
		} {
			got := end(operators.DistinctUntilChanged(observable.FromSlice(tt.values)))
			check(t, fmt.Sprintf("DistinctUntilChanged of %v", tt.values), got, nil, tt.want...)
		}
	})
}

// The comparison is with the value emitted last, not with the one seen last.
func TestDistinctUntilChangedFuncComparesWithEmitted(t *testing.T) {
	bothWays(t, func() {
		near := operators.DistinctUntilChangedFunc(func(before, v int) bool { return v-before < 3 })
		check(t, "DistinctUntilChangedFunc", end(near(observable.Range(0, 8))), nil, 0, 3, 6)
	})
}

// L11: two values of an interface type that cannot be compared.
func TestDistinctUntilChangedPanics(t *testing.T) {
	o := operators.DistinctUntilChanged(observable.Of[any]([]int{1}, []int{1}))
	got := end(operators.Map(func(any) int { return 0 })(o))
	if !got.panics {
		t.Errorf("got error %v, want a PanicError", got.err)
	}
}

func ExampleDistinctUntilChanged() {
	states := observable.Of("on", "on", "off", "on")
	fmt.Println(observable.Pipe1(states, operators.DistinctUntilChanged).Collect(context.Background()))
	// Output: [on off on] <nil>
}

func ExampleDistinctUntilChangedFunc() {
	names := operators.DistinctUntilChangedFunc(strings.EqualFold)(observable.Of("Go", "GO", "C"))
	fmt.Println(names.Collect(context.Background()))
	// Output: [Go C] <nil>
}
