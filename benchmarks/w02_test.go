package benchmarks_test

import (
	"testing"

	"github.com/samber/ro"
)

// BenchmarkW2 is one subscription to a pipeline that was built before: one
// value, map, filter.
func BenchmarkW2(b *testing.B) {
	const want = 2
	measure(b, "floor-4-allocations", 1, want, fourStages)
	seq := seqFilter(seqMap(seqOf(1), inc), positive)
	measure(b, "floor-iterseq-opaque", 1, want, func() int { return seqReduce(seq, 0, add) })
	pipe := ro.Pipe2(ro.Just(int64(1)), ro.Map(inc64), ro.Filter(positive64))
	measure(b, "ro", 1, want, func() int { return roSum(pipe) })
	oursW2(b)
}

// A stage is what a subscription must hold for one source, operator or
// subscriber: its downstream, its callback and a little state.
type stage struct {
	down *stage
	f    func(int) int
	up   any
	sum  int
}

// fourStages allocates source, map, filter and subscriber, links them and
// passes one value through.
func fourStages() int {
	end := newStage(nil, nil)
	for s := newStage(newStage(newStage(end, nil), inc), nil); s != nil; s = s.down {
		v := 1
		if s.f != nil {
			v = s.f(v)
		}
		end.sum = max(end.sum, v)
	}
	return end.sum
}

//go:noinline
func newStage(down *stage, f func(int) int) *stage { return &stage{down: down, f: f} }

// roSum returns the sum of a synchronous stream.
func roSum(o ro.Observable[int64]) int {
	sum := int64(0)
	o.Subscribe(ro.OnNext(func(v int64) { sum += v }))
	return int(sum)
}
