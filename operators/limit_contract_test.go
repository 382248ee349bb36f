package operators_test

import (
	"testing"

	"github.com/sluicego/sluice/internal/contract"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// The operators that choose values by their place, or by what was seen before,
// keep the laws of docs/protocol.md.
func TestContractOfLimits(t *testing.T) {
	small := func(n int) bool { return n < 3 }
	large := func(n int) bool { return n > 3 }
	third := func(n int) int { return n / 3 }
	never, fires := observable.Never[int](), observable.Of(-1)

	for _, c := range []contract.Case[int]{
		{Name: "TakeWhile inclusive", Op: operators.TakeWhile(small, operators.Inclusive), Consumes: true},
		{Name: "TakeUntil", Op: operators.TakeUntil[int](never)},
		{Name: "SkipWhile", Op: operators.SkipWhile(small), Consumes: true},
		{Name: "SkipLast", Op: operators.SkipLast[int](2), Consumes: true},
		{Name: "SkipUntil", Op: operators.SkipUntil[int](fires)},
		{Name: "SkipUntil the end", Op: operators.SkipUntil[int](never), Consumes: true},
		{Name: "Distinct", Op: operators.Distinct[int]},
		{Name: "DistinctBy", Op: operators.DistinctBy(third), Consumes: true},
		{Name: "DistinctBy flushed", Op: operators.DistinctBy(third, operators.FlushWhen(never)), Consumes: true},
		{Name: "DistinctUntilChangedBy", Op: operators.DistinctUntilChangedBy(third), Consumes: true},
	} {
		c.Backpressure = contract.OneForOne
		c.Check(t)
	}
	for _, c := range []contract.Case[int]{
		{Name: "First", Op: operators.First[int]},
		{Name: "FirstOr", Op: operators.FirstOr(-1)},
		{Name: "ElementAt", Op: operators.ElementAt[int](2), Consumes: true},
		{Name: "ElementAtOr", Op: operators.ElementAtOr(2, -1), Consumes: true},
		{Name: "Find", Op: operators.Find(large), Consumes: true},
		{Name: "FindIndex", Op: operators.FindIndex(large), Consumes: true, IDs: func(int) []int { return nil }},
	} {
		c.Backpressure, c.Ahead = contract.Window, 1
		c.Check(t)
	}
	for _, c := range []contract.Case[int]{
		{Name: "TakeLast", Op: operators.TakeLast[int](3), Consumes: true},
		{Name: "TakeLast of many", Op: operators.TakeLast[int](100)},
		{Name: "Last", Op: operators.Last[int], Consumes: true},
		{Name: "LastOr", Op: operators.LastOr(-1), Consumes: true},
		{Name: "Single", Op: operators.Single[int], Consumes: true},
		{Name: "IgnoreElements", Op: operators.IgnoreElements[int], Consumes: true},
	} {
		c.Backpressure = contract.Everything
		c.Check(t)
	}
}
