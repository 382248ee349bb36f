package benchmarks_test

import (
	"testing"

	"github.com/samber/ro"
)

// BenchmarkW1 is a synchronous pipeline: range, filter, map, reduce.
func BenchmarkW1(b *testing.B) {
	const want = 3 * (million/2 - 1) * (million / 2)
	measure(b, "floor-loop", million, want, func() int { return loopW1(million) })
	measure(b, "floor-funcs", million, want, func() int { return funcsW1(million, even, triple, add) })
	measure(b, "floor-iterseq-opaque", million, want, func() int {
		return seqReduce(seqMap(seqFilter(seqRange(million), even), triple), 0, add)
	})
	measure(b, "ro", million, want, func() int {
		return roLast(ro.Pipe3(ro.Range(0, million),
			ro.Filter(even64), ro.Map(triple64), ro.Reduce(add64, int64(0))))
	})
	oursW1(b)
}

//go:noinline
func loopW1(n int) int {
	sum := 0
	for i := range n {
		if even(i) {
			sum += triple(i)
		}
	}
	return sum
}

// funcsW1 is the loop of a library that takes callbacks and is nothing else.
//
//go:noinline
func funcsW1(n int, keep func(int) bool, f func(int) int, reduce func(int, int) int) int {
	sum := 0
	for i := range n {
		if keep(i) {
			sum = reduce(sum, f(i))
		}
	}
	return sum
}

// roLast returns the last value of a synchronous stream.
func roLast(o ro.Observable[int64]) int {
	last := int64(0)
	o.Subscribe(ro.OnNext(func(v int64) { last = v }))
	return int(last)
}
