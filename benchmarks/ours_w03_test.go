package benchmarks_test

import (
	"testing"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func oursMergeMap(b *testing.B, outer, inner, want int) {
	b.Helper()
	measure(b, "ours", outer*inner, want, func() int {
		return forEachSum(observable.Pipe1(observable.Range(0, outer), operators.MergeMap(
			func(int) observable.Observable[int] { return observable.Range(0, inner) })))
	})
}

func oursMergeMapSerialized(b *testing.B, outer, inner, want int) {
	b.Helper()
	measure(b, "ours", outer*inner, want, func() int {
		return forEachSum(observable.Pipe1(observable.Range(0, outer), operators.MergeMap(
			func(int) observable.Observable[int] { return hidden(observable.Range(0, inner)) })))
	})
}

func oursConcatMap(b *testing.B, outer, inner, want int) {
	b.Helper()
	measure(b, "ours", outer*inner, want, func() int {
		return forEachSum(observable.Pipe1(observable.Range(0, outer), operators.ConcatMap(
			func(int) observable.Observable[int] { return observable.Range(0, inner) })))
	})
}
