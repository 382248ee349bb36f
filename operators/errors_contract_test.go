package operators_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/sluicego/sluice/internal/contract"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// The operators that go on after an end keep the laws of docs/protocol.md.
func TestContractOfErrors(t *testing.T) {
	for _, c := range []contract.Case[int]{
		{Name: "CatchValue", Op: operators.CatchValue(-1)},
		{Name: "OnErrorComplete", Op: operators.OnErrorComplete[int]},
		{Name: "MapError", Op: operators.MapError[int](func(err error) error { return fmt.Errorf("mapped: %w", err) })},
		{Name: "OnErrorResumeNext", Op: func(src observable.Observable[int]) observable.Observable[int] {
			return operators.OnErrorResumeNext(src, observable.Of(-1, -2))
		}},
		{Name: "Retry with a Backoff", Op: operators.Retry[int](2, operators.Backoff(time.Millisecond, time.Second))},
		{Name: "RetryAfter", Op: operators.RetryAfter[int](func(err error, attempt int) observable.Observable[int] {
			if attempt > 2 {
				return observable.Throw[int](err)
			}
			return observable.Timer(time.Duration(attempt) * time.Millisecond)
		})},
		{Name: "RetryWhen", Op: operators.RetryWhen[int](operators.Take[error](3))},
		{Name: "RetryWhen later", Op: operators.RetryWhen[int](func(errs observable.Observable[error]) observable.Observable[error] {
			return observable.Pipe2(errs, operators.Take[error](3), operators.Delay[error](time.Millisecond))
		})},
		{Name: "Repeat", Op: operators.Repeat[int](3)},
		{Name: "RepeatAfter", Op: operators.RepeatAfter[int](func(times int) observable.Observable[int] {
			if times > 2 {
				return observable.Empty[int]()
			}
			return observable.Timer(time.Millisecond)
		})},
		{Name: "RepeatWhen", Op: operators.RepeatWhen[int](operators.Take[struct{}](2))},
		{Name: "RepeatWhen later", Op: operators.RepeatWhen[int](func(completions observable.Observable[struct{}]) observable.Observable[struct{}] {
			return observable.Pipe2(completions, operators.Take[struct{}](2), operators.Delay[struct{}](time.Millisecond))
		})},
		{Name: "While", Op: freshly(func() intOp { return operators.While[int](times(3)) })},
		{Name: "DoWhile", Op: freshly(func() intOp { return operators.DoWhile[int](times(2)) })},
		{Name: "OnErrorResumeNextWith", Op: operators.OnErrorResumeNextWith(observable.Of(-1, -2))},
	} {
		c.Backpressure = contract.OneForOne
		c.Check(t)
	}
}

// freshly assembles an operator with state for each subscription.
func freshly(make func() intOp) intOp {
	return func(src observable.Observable[int]) observable.Observable[int] {
		return observable.Defer(func(context.Context) observable.Observable[int] { return make()(src) })
	}
}
