package operators_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// Behaviour 7: unlinked, each value that is dropped is another request.
func TestFilterRequests(t *testing.T) {
	defer link.Disable()()
	src := marbles.NewTestSource[int]()
	third := operators.Filter(func(v int) bool { return v%3 == 0 })
	third(src.Observable).Subscribe(t.Context(), marbles.NewTestSubscriber[int](t, 2))
	for v := range 6 {
		src.Next(v + 1)
	}
	if got, want := src.Requests(), []int64{2, 1, 1, 1, 1}; !slices.Equal(got, want) {
		t.Errorf("requested %v, want %v", got, want)
	}
}

func ExampleFilter() {
	even := operators.Filter(func(n int) bool { return n%2 == 0 })(observable.Range(1, 6))
	fmt.Println(even.Collect(context.Background()))
	// Output: [2 4 6] <nil>
}
