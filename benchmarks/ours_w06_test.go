package benchmarks_test

import (
	"testing"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func oursW6(b *testing.B, producers, each, want int) {
	b.Helper()
	measure(b, "ours", producers*each, want, func() int {
		sources := make([]observable.Observable[int], producers)
		for i := range sources {
			sources[i] = produced(each)
		}
		return forEachSum(operators.Merge(sources...))
	})
}
