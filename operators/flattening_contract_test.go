package operators_test

import (
	"testing"

	"github.com/sluicego/sluice/internal/contract"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// The operators that flatten observables of observables, or fold them, keep the
// laws of docs/protocol.md.
func TestContractOfFlatteningAll(t *testing.T) {
	one := func(n int) observable.Observable[int] { return observable.Of(n) }
	three := func(n int) observable.Observable[int] {
		return observable.Pipe1(observable.Of(n, -1, -2, -3), operators.Take[int](3))
	}
	each := func(op func(observable.Observable[observable.Observable[int]]) observable.Observable[int]) intOp {
		return func(src observable.Observable[int]) observable.Observable[int] { return op(operators.Map(three)(src)) }
	}
	sliced := func(tail ...int) intOp {
		return func(src observable.Observable[int]) observable.Observable[int] {
			return operators.Flatten(operators.Map(func(n int) []int { return append([]int{n}, tail...) })(src))
		}
	}
	folded := func(_, n int) observable.Observable[int] { return three(n) }
	// leaf and pair expand the values of the source, and nothing else.
	leaf := func(int) observable.Observable[int] { return observable.Empty[int]() }
	pair := func(n int) observable.Observable[int] {
		if n < 0 {
			return observable.Empty[int]()
		}
		return observable.Of(-1, -2)
	}
	for _, c := range []contract.Case[int]{
		{Name: "MergeAll", Op: each(operators.MergeAll[int]), Backpressure: contract.Window, Ahead: 256, Consumes: true},
		{Name: "ConcatAll", Op: each(operators.ConcatAll[int]), Backpressure: contract.Window, Ahead: 1, Consumes: true},
		{Name: "SwitchAll", Op: each(operators.SwitchAll[int]), Backpressure: contract.Everything, Consumes: true},
		{Name: "ExhaustAll", Op: each(operators.ExhaustAll[int]), Backpressure: contract.Everything, Consumes: true},
		{Name: "ExhaustMap", Op: operators.ExhaustMap(one), Backpressure: contract.Everything, Consumes: true},
		{Name: "ExhaustMap of several", Op: operators.ExhaustMap(three), Backpressure: contract.Everything, Consumes: true},
		{Name: "ConcatMapEager", Op: operators.ConcatMapEager(one, operators.Concurrency(4)), Backpressure: contract.Window, Ahead: 4, Consumes: true},
		{Name: "ConcatMapEager of several", Op: operators.ConcatMapEager(three, operators.Concurrency(2), operators.Prefetch(2)), Backpressure: contract.Window, Ahead: 2, Consumes: true},
		{Name: "Expand", Op: operators.Expand(leaf), Backpressure: contract.Window, Ahead: 128},
		{Name: "Expand, wider", Op: operators.Expand(pair, operators.Concurrency(2), operators.Prefetch(4)), Backpressure: contract.Window, Ahead: 4},
		{Name: "Flatten", Op: sliced(), Backpressure: contract.Window, Ahead: 1},
		{Name: "Flatten, longer", Op: sliced(-1, -2), Backpressure: contract.Window, Ahead: 1},
		{Name: "MergeScan", Op: operators.MergeScan(0, folded, operators.Concurrency(2), operators.Prefetch(2)), Backpressure: contract.Window, Ahead: 2, Consumes: true},
		{Name: "SwitchScan", Op: operators.SwitchScan(0, folded), Backpressure: contract.Everything, Consumes: true},
	} {
		c.Check(t)
	}
}
