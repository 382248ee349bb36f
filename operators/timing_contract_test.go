package operators_test

import (
	"testing"
	"time"

	"github.com/sluicego/sluice/internal/contract"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// The operators of time and place keep the laws of docs/protocol.md.
func TestContractOfTiming(t *testing.T) {
	soon := observable.Timer(2 * time.Millisecond)
	for _, c := range []contract.Case[int]{
		{Name: "DelaySubscription", Op: operators.DelaySubscription[int](2 * time.Millisecond)},
		{Name: "DelaySubscriptionWhen", Op: operators.DelaySubscriptionWhen[int](soon)},
		{Name: "DelaySubscriptionWhen at once", Op: operators.DelaySubscriptionWhen[int](observable.Of(1, 2))},
		{Name: "Timeout of the first", Op: operators.Timeout[int](3*time.Millisecond, operators.FirstOnly)},
		{Name: "Timeout sooner of the first", Op: operators.Timeout[int](time.Hour, operators.FirstWithin(3*time.Millisecond))},
		{Name: "TimeoutWith", Op: operators.TimeoutWith(time.Hour, observable.Of(-1, -2))},
		{Name: "TimeoutWith in the race", Op: operators.TimeoutWith(3*time.Millisecond, observable.Of(-1, -2))},
		{Name: "TapSubscribe", Op: operators.TapSubscribe[int](func() {})},
		{Name: "TapRequest", Op: operators.TapRequest[int](func(int64) {})},
		{Name: "TapCancel", Op: operators.TapCancel[int](func() {})},
	} {
		c.Backpressure = contract.OneForOne
		c.Check(t)
	}
	contract.Case[operators.Stamped[int]]{
		Name: "Timestamp", Op: operators.Timestamp[int], Backpressure: contract.OneForOne,
		IDs: func(s operators.Stamped[int]) []int { return []int{s.Value} },
	}.Check(t)
	contract.Case[operators.Spaced[int]]{
		Name: "TimeInterval", Op: operators.TimeInterval[int], Backpressure: contract.OneForOne,
		IDs: func(s operators.Spaced[int]) []int { return []int{s.Value} },
	}.Check(t)
}
