package operators_test

import (
	"fmt"
	"testing"

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
		{Name: "OnErrorResumeNextWith", Op: operators.OnErrorResumeNextWith(observable.Of(-1, -2))},
	} {
		c.Backpressure = contract.OneForOne
		c.Check(t)
	}
}
