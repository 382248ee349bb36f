// Command hello is the program of the README: a ticker of 1,000 events a
// second, and a consumer that manages ten.
package main

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

func main() {
	var delivered, dropped atomic.Int64
	ctx := observable.WithDiscard(context.Background(), func(any, observable.DiscardReason) { dropped.Add(1) })

	readings := observable.Pipe2(
		observable.Interval(time.Millisecond),    // a producer that does not wait,
		operators.Take[int](500),                 // for half a second
		backpressure.OnBackpressureLatest[int](), // keep the newest reading only
	)
	onConsumer := operators.ObserveOn[int](scheduler.Default, operators.Prefetch(1))

	err := onConsumer(readings).ForEach(ctx, func(int) error {
		time.Sleep(100 * time.Millisecond) // a consumer that takes its time
		delivered.Add(1)
		return nil
	})
	fmt.Printf("%d delivered, %d dropped, %d in all; error: %v\n",
		delivered.Load(), dropped.Load(), delivered.Load()+dropped.Load(), err)
}
