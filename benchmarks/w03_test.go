package benchmarks_test

import (
	"fmt"
	"iter"
	"testing"

	"github.com/samber/ro"
)

// BenchmarkW3 flattens: for each outer value the callback makes a range, as
// user code does, and the values of all of them are added up. The serialized
// groups hide from the operator that the inner streams emit where they are
// subscribed, so that it must guard against values from other goroutines.
func BenchmarkW3(b *testing.B) {
	for _, shape := range []struct{ outer, inner int }{{1000, 1000}, {100_000, 10}} {
		var (
			n    = shape.outer * shape.inner
			want = shape.outer * (shape.inner * (shape.inner - 1) / 2)
			last = int64(shape.inner)
		)
		floor := func(b *testing.B) {
			measure(b, "floor-iterseq-opaque", n, want, func() int {
				return seqReduce(seqFlatMap(seqRange(shape.outer),
					func(int) iter.Seq[int] { return seqRange(shape.inner) }), 0, add)
			})
		}
		inner := func(int64) ro.Observable[int64] { return ro.Range(0, last) }
		merge := func(b *testing.B) {
			measure(b, "ro", n, want, func() int {
				return roSum(ro.Pipe1(ro.Range(0, int64(shape.outer)), ro.MergeMap(inner)))
			})
		}
		concat := func(b *testing.B) {
			measure(b, "ro", n, want, func() int {
				return roSum(ro.Pipe1(ro.Range(0, int64(shape.outer)), ro.FlatMap(inner)))
			})
		}
		name := func(op string) string { return fmt.Sprintf("%s-%dx%d", op, shape.outer, shape.inner) }
		b.Run(name("mergeMap"), func(b *testing.B) {
			floor(b)
			merge(b)
			oursMergeMap(b, shape.outer, shape.inner, want)
		})
		b.Run(name("mergeMap-serialized"), func(b *testing.B) {
			floor(b)
			merge(b) // ro makes no difference
			oursMergeMapSerialized(b, shape.outer, shape.inner, want)
		})
		b.Run(name("concatMap"), func(b *testing.B) {
			floor(b)
			concat(b)
			oursConcatMap(b, shape.outer, shape.inner, want)
		})
	}
}
