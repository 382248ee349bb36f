package operators_test

import (
	"testing"
	"time"

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
		{Name: "WindowTime", Op: flat(operators.WindowTime[int](200*time.Millisecond, four), 4), Ahead: 4},
		{Name: "WindowTime, the first", Op: first(2, operators.WindowTime[int](4*time.Millisecond, four)), Ahead: 4},
		{Name: "WindowTime one at a time", Op: flat(operators.WindowTime[int](300*time.Millisecond, operators.AtMost(2), four), 1), Ahead: 4},
		{Name: "WindowTime with gaps", Op: flat(operators.WindowTime[int](100*time.Millisecond, operators.Period(300*time.Millisecond), four), 4), Ahead: 4, Consumes: true},
		{Name: "WindowTime overlapping", Op: flat(operators.WindowTime[int](300*time.Millisecond, operators.Period(100*time.Millisecond), four), 4), Ahead: 4, Consumes: true, IDs: none[int]},
		{Name: "WindowWhen", Op: flat(operators.WindowWhen[int](observable.Interval(300*time.Millisecond)), 4), Ahead: 128},
		{Name: "WindowWhen at once", Op: flat(operators.WindowWhen[int](observable.Of(1, 2)), 4), Ahead: 128},
		{Name: "WindowWhen, the first", Op: first(1, operators.WindowWhen[int](observable.Interval(9*time.Millisecond))), Ahead: 128},
		{Name: "WindowUntil", Op: flat(operators.WindowUntil[int](func() observable.Observable[int] { return observable.Interval(300 * time.Millisecond) }), 4), Ahead: 128},
		{Name: "WindowToggle", Op: flat(operators.WindowToggle[int](observable.Interval(300*time.Millisecond), func(int) observable.Observable[int] { return observable.Interval(100 * time.Millisecond) }), 4), Ahead: 128, Consumes: true, IDs: none[int]},
	} {
		c.Backpressure = contract.Window
		c.Check(t)
	}
}
