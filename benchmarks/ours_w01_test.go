package benchmarks_test

import (
	"testing"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func oursW1(b *testing.B) {
	b.Helper()
	const want = 3 * (million/2 - 1) * (million / 2)
	pipe := func() observable.Observable[int] {
		return observable.Pipe2(observable.Range(0, million), operators.Filter(even), operators.Map(triple))
	}
	measure(b, "ours", million, want, func() int { return forEachSum(pipe()) })
	measure(b, "ours-subscriber", million, want, func() int { return subscriberSum(pipe()) })
}
