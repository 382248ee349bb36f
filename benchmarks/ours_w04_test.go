package benchmarks_test

import (
	"testing"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

// oursW4 also hops from a range: what most programs have, and faster, since
// the range follows the requests to the consumer's goroutine.
func oursW4(b *testing.B, inFlight, want int) {
	b.Helper()
	hop := operators.ObserveOn[int](scheduler.Default, operators.Prefetch(inFlight))
	measure(b, "ours", million, want, func() int { return forEachSum(hop(produced(million))) })
	measure(b, "ours-from-a-range", million, want, func() int {
		return forEachSum(hop(observable.Range(0, million)))
	})
}
