package benchmarks_test

import (
	"testing"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func oursW10(b *testing.B, values, stages, want int) {
	b.Helper()
	measure(b, "ours", values*stages, want, func() int {
		o := observable.Range(0, values)
		for range stages {
			o = operators.Map(inc)(o)
		}
		return forEachSum(o)
	})
}
