package operators_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func ExamplePartition() {
	even, odd := operators.Partition(observable.Range(1, 6), func(n int) bool { return n%2 == 0 })
	fmt.Println(even.Collect(context.Background()))
	fmt.Println(odd.Collect(context.Background()))
	// Output:
	// [2 4 6] <nil>
	// [1 3 5] <nil>
}

// Each side has a subscription of its own.
func TestPartitionSubscribesTwice(t *testing.T) {
	src := marbles.NewTestSource[int]()
	yes, no := operators.Partition(src.Observable, func(n int) bool { return n > 2 })
	high, low := marbles.NewTestSubscriber[int](t, 1), marbles.NewTestSubscriber[int](t, observable.Unbounded)
	yes.Subscribe(context.Background(), high)
	no.Subscribe(context.Background(), low)
	for i := range 4 {
		src.Next(i)
	}
	high.Cancel()
	src.Next(2)
	src.Complete()
	diff(t, "high", high.Values(), []int{3})
	diff(t, "low", low.Values(), []int{0, 1, 2, 2})
	ended(t, low, nil)
	diff(t, "subscriptions", src.Subscriptions(), 2)
}
