package operators_test

import (
	"testing"

	"github.com/sluicego/sluice/internal/contract"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// The flattening and joining operators keep the laws of docs/protocol.md.
func TestContractOfFlattening(t *testing.T) {
	one := func(n int) observable.Observable[int] { return observable.Of(n) }
	// three emits n itself and two values of its own, asynchronously to a
	// flattening operator, since Take hands itself down.
	three := func(n int) observable.Observable[int] {
		return observable.Pipe1(observable.Of(n, -1, -2, -3), operators.Take[int](3))
	}
	with := func(o observable.Observable[int]) intOp {
		return func(src observable.Observable[int]) observable.Observable[int] {
			return operators.Merge(src, o)
		}
	}
	for _, c := range []contract.Case[int]{
		{Name: "MergeMap", Op: operators.MergeMap(one, operators.Concurrency(4)), Backpressure: contract.Window, Ahead: 4, Consumes: true},
		{Name: "MergeMap of several", Op: operators.MergeMap(three, operators.Concurrency(2), operators.Prefetch(2)), Backpressure: contract.Window, Ahead: 2, Consumes: true},
		{Name: "MergeMap of any number", Op: operators.MergeMap(three, operators.Concurrency(operators.Unlimited)), Backpressure: contract.Everything, Consumes: true},
		{Name: "Merge", Op: with(observable.Of(-1, -2, -3)), Backpressure: contract.Window, Ahead: 128},
		{Name: "ConcatMap", Op: operators.ConcatMap(one), Backpressure: contract.Window, Ahead: 1, Consumes: true},
		{Name: "ConcatMap of several", Op: operators.ConcatMap(three), Backpressure: contract.Window, Ahead: 1, Consumes: true},
		{Name: "SwitchMap", Op: operators.SwitchMap(one), Backpressure: contract.Everything, Consumes: true},
		{Name: "SwitchMap of several", Op: operators.SwitchMap(three), Backpressure: contract.Everything, Consumes: true},
		{Name: "Concat", Backpressure: contract.OneForOne, Op: func(src observable.Observable[int]) observable.Observable[int] {
			return operators.Concat(src, observable.Of(-1, -2))
		}},
		{Name: "Zip2", Backpressure: contract.Window, Ahead: 32, Op: func(src observable.Observable[int]) observable.Observable[int] {
			return operators.Zip2(src, observable.Range(-100, 100), func(a, _ int) int { return a })
		}},
		{Name: "Zip2 with the shorter", Backpressure: contract.Window, Ahead: 32, Op: func(src observable.Observable[int]) observable.Observable[int] {
			return operators.Zip2(observable.Range(-4, 4), src, func(_, b int) int { return b })
		}},
		{Name: "CombineLatest2", Backpressure: contract.Window, Ahead: 32, Consumes: true, Op: func(src observable.Observable[int]) observable.Observable[int] {
			return operators.CombineLatest2(src, observable.Of(-1), func(a, _ int) int { return a })
		}},
		{Name: "Share", Op: operators.Share[int], Backpressure: contract.Window, Ahead: 128},
	} {
		c.Check(t)
	}
}
