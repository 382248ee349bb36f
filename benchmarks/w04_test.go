package benchmarks_test

import (
	"strconv"
	"testing"

	"github.com/samber/ro"
)

// BenchmarkW4 moves values from one goroutine to another, with at most 128 or
// 1024 of them in flight.
func BenchmarkW4(b *testing.B) {
	const want = million * (million - 1) / 2
	for _, inFlight := range []int{128, 1024} {
		b.Run(strconv.Itoa(inFlight), func(b *testing.B) {
			measure(b, "floor-channel", million, want, func() int { return hopChannel(million, inFlight) })
			measure(b, "floor-ring", million, want, func() int { return hopRing(million, inFlight) })
			measure(b, "floor-mutex-swap", million, want, func() int { return hopSwap(million, inFlight) })
			measure(b, "ro", million, want, func() int {
				return roWaitSum(ro.Pipe1(ro.Range(0, million), ro.ObserveOn[int64](inFlight)))
			})
			oursW4(b, inFlight, want)
		})
	}
}

// roWaitSum returns the sum of a stream that ends on another goroutine.
func roWaitSum(o ro.Observable[int64]) int {
	sum, done := int64(0), make(chan struct{})
	o.Subscribe(ro.NewObserver(
		func(v int64) { sum += v },
		func(err error) { panic(err) },
		func() { close(done) },
	))
	<-done
	return int(sum)
}
