package operators_test

import (
	"testing"

	"github.com/sluicego/sluice/internal/contract"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// flat subscribes to every window, at most n at a time.
func flat(windows observable.Operator[int, observable.Observable[int]], n int) intOp {
	return func(src observable.Observable[int]) observable.Observable[int] {
		return operators.MergeMap(same[observable.Observable[int]], operators.Concurrency(n), operators.Prefetch(2))(windows(src))
	}
}

// first is the flattening of the first n windows; the others are given up.
func first(n int, windows observable.Operator[int, observable.Observable[int]]) intOp {
	return flat(func(src observable.Observable[int]) observable.Observable[observable.Observable[int]] {
		return operators.Take[observable.Observable[int]](n)(windows(src))
	}, n)
}

func same[T any](v T) T { return v }

// The windows keep the laws of docs/protocol.md, seen through an operator that
// flattens them. If they overlap, a value may be delivered in one and discarded
// by what is below another, so nothing is counted.
func TestContractOfWindows(t *testing.T) {
	four := operators.Prefetch(4)
	for _, c := range []contract.Case[int]{
		{Name: "Window", Op: flat(operators.Window[int](3), 4), Ahead: 128},
		{Name: "Window one at a time", Op: flat(operators.Window[int](3, four), 1), Ahead: 4},
		{Name: "Window with gaps", Op: flat(operators.Window[int](2, operators.Step(3), four), 4), Ahead: 4, Consumes: true},
		{Name: "Window overlapping", Op: flat(operators.Window[int](3, operators.Step(2), four), 4), Ahead: 4, Consumes: true, IDs: none[int]},
		{Name: "Window, the first", Op: first(2, operators.Window[int](2, four)), Ahead: 4},
	} {
		c.Backpressure = contract.Window
		c.Check(t)
	}
}
