package operators_test

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/sluicego/sluice/internal/contract"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

type intOp = observable.Operator[int, int]

// Every operator of the package keeps the laws of docs/protocol.md.
func TestContract(t *testing.T) {
	odd := func(n int) bool { return n%2 == 1 }
	same := func(n int) int { return n }

	for _, c := range []contract.Case[int]{
		{Name: "Map", Op: operators.Map(same)},
		{Name: "Filter", Op: operators.Filter(odd), Consumes: true},
		{Name: "Take", Op: operators.Take[int](3)},
		{Name: "TakeWhile", Op: operators.TakeWhile(func(n int) bool { return n < 4 }), Consumes: true},
		{Name: "Skip", Op: operators.Skip[int](2), Consumes: true},
		{Name: "DistinctUntilChanged", Op: operators.DistinctUntilChanged[int]},
		{Name: "DistinctUntilChangedFunc", Op: operators.DistinctUntilChangedFunc(func(a, b int) bool { return a/2 == b/2 }), Consumes: true},
		{Name: "Scan", Op: operators.Scan(0, func(_, n int) int { return n })},
		{Name: "Tap", Op: operators.Tap(func(int) {})},
		{Name: "TapError", Op: operators.TapError[int](func(error) {})},
		{Name: "TapComplete", Op: operators.TapComplete[int](func() {})},
		{Name: "Finally", Op: operators.Finally[int](func() {})},
		{Name: "Checkpoint", Op: operators.Checkpoint[int]("here")},
	} {
		c.Backpressure = contract.OneForOne
		c.Check(t)
	}

	contract.Case[string]{
		Name: "Map to another type", Op: operators.Map(strconv.Itoa), Backpressure: contract.OneForOne,
		IDs: func(s string) []int { n, _ := strconv.Atoi(s); return []int{n} },
	}.Check(t)
	contract.Case[int]{
		Name: "MapErr", Backpressure: contract.OneForOne, Consumes: true,
		Op: operators.MapErr(func(n int) (int, error) {
			if n == 4 {
				return 0, errors.New("four")
			}
			return n, nil
		}),
	}.Check(t)
	contract.Case[operators.Pair[int]]{
		Name: "Pairwise", Op: operators.Pairwise[int], Backpressure: contract.OneForOne, Consumes: true,
		IDs: func(p operators.Pair[int]) []int { return []int{p.Cur} }, // Prev has been delivered before
	}.Check(t)

	for _, c := range []contract.Case[int]{
		{Name: "Catch", Op: operators.Catch(func(error) observable.Observable[int] { return observable.Of(-1, -2) })},
		{Name: "Retry", Op: operators.Retry[int](2)},
		{Name: "StartWith", Op: operators.StartWith(-1, -2)},
		{Name: "SubscribeOn", Op: onClock(operators.SubscribeOn[int])},
		{Name: "Delay", Op: operators.Delay[int](2 * time.Millisecond)},
		{Name: "Timeout", Op: operators.Timeout[int](time.Hour)},
		{Name: "Timeout in the race", Op: operators.Timeout[int](3 * time.Millisecond), Consumes: true},
	} {
		c.Backpressure = contract.OneForOne
		c.Check(t)
	}
	contract.Case[int]{
		Name: "ObserveOn", Backpressure: contract.Window, Ahead: 4,
		Op: onClock(func(s scheduler.Scheduler) intOp { return operators.ObserveOn[int](s, operators.Prefetch(4)) }),
	}.Check(t)
}

// onClock makes an operator that takes its scheduler as an argument use the
// one of the ctx, which is the contract's clock.
func onClock(make func(scheduler.Scheduler) intOp) intOp {
	return func(src observable.Observable[int]) observable.Observable[int] {
		return observable.Defer(func(ctx context.Context) observable.Observable[int] {
			return make(scheduler.From(ctx))(src)
		})
	}
}
