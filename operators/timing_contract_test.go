package operators_test

import (
	"fmt"
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
		{Name: "UnsubscribeOn", Op: onClock(operators.UnsubscribeOn[int])},
	} {
		c.Backpressure = contract.OneForOne
		c.Check(t)
	}
	for name, delay := range map[string]func(int) observable.Observable[int]{
		"at once": func(int) observable.Observable[int] { return observable.Of(1, 2) },
		"later":   func(n int) observable.Observable[int] { return observable.Timer(time.Duration(n%3) * time.Millisecond) },
		"never":   func(int) observable.Observable[int] { return observable.Empty[int]() },
		"of all kinds": func(n int) observable.Observable[int] {
			return []observable.Observable[int]{
				observable.Timer(10 * time.Millisecond), observable.Of(1), observable.Empty[int](), soon, observable.Range(0, 9),
			}[n%5]
		},
	} {
		for _, window := range []operators.Concurrency{1, 4} {
			contract.Case[int]{
				Name: fmt.Sprintf("DelayWhen of %d, %s", window, name), Op: operators.DelayWhen(delay, window),
				Backpressure: contract.Window, Ahead: int64(window),
			}.Check(t)
		}
		contract.Case[int]{
			Name: "DelayWhen of any number, " + name, Op: operators.DelayWhen(delay, operators.Concurrency(operators.Unlimited)),
			Backpressure: contract.Everything,
		}.Check(t)
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
