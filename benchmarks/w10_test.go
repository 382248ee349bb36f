package benchmarks_test

import (
	"strconv"
	"testing"

	"github.com/samber/ro"
)

// BenchmarkW10 is a chain of maps, per value and stage. The group of one map
// also pays for the source and the end.
func BenchmarkW10(b *testing.B) {
	for _, stages := range []int{1, 10, 50} {
		b.Run(strconv.Itoa(stages), func(b *testing.B) {
			const values = million / 10
			var (
				n    = values * stages
				want = values*(values-1)/2 + n
			)
			fs := make([]func(int) int, stages)
			for i := range fs {
				fs[i] = inc
			}
			measure(b, "floor-funcs", n, want, func() int { return funcsW10(values, fs) })
			measure(b, "floor-iterseq-opaque", n, want, func() int {
				seq := seqRange(values)
				for range stages {
					seq = seqMap(seq, inc)
				}
				return seqReduce(seq, 0, add)
			})
			measure(b, "ro", n, want, func() int {
				o := ro.Range(0, values)
				for range stages {
					o = ro.Map(inc64)(o)
				}
				return roSum(o)
			})
			oursW10(b, values, stages, want)
		})
	}
}

//go:noinline
func funcsW10(n int, fs []func(int) int) int {
	sum := 0
	for v := range n {
		for _, f := range fs {
			v = f(v)
		}
		sum += v
	}
	return sum
}
