package benchmarks_test

import (
	"testing"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// oursW2 takes the plain subscriber as the measure, because the others are
// subscribers too; the blocking terminal also makes what it waits on.
func oursW2(b *testing.B) {
	b.Helper()
	const want = 2
	pipe := observable.Pipe2(observable.Of(1), operators.Map(inc), operators.Filter(positive))
	measure(b, "ours", 1, want, func() int { return subscriberSum(pipe) })
	measure(b, "ours-foreach", 1, want, func() int { return forEachSum(pipe) })
}
