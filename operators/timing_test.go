package operators_test

import (
	"testing"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// The functions that make operators of time and place refuse what cannot work,
// and say so.
func TestTimingArguments(t *testing.T) {
	for want, f := range map[string]func(){
		"operators: DelaySubscription of a negative duration (-1ns)": func() { operators.DelaySubscription[int](-1) },
		"operators: DelayWhen with a nil function":                   func() { operators.DelayWhen[int, int](nil) },
		"operators: DelayWhen with a non-positive Concurrency (0)": func() {
			operators.DelayWhen(func(int) observable.Observable[int] { return observable.Of(1) }, operators.Concurrency(0))
		},
		"operators: TimeoutWith of a non-positive duration (0s)":  func() { operators.TimeoutWith(0, observable.Never[int]()) },
		"operators: Timeout with a non-positive FirstWithin (0s)": func() { operators.Timeout[int](1, operators.FirstWithin(0)) },
		"operators: Timeout with the unknown Deadline(7); there is FirstOnly": func() {
			operators.Timeout[int](1, operators.Deadline(7))
		},
		"operators: Timeout with a nil option; leave it out": func() { operators.Timeout[int](1, nil) },
		"operators: Timeout with FirstOnly and FirstWithin; give it the time for the first value and FirstOnly": func() {
			operators.Timeout[int](1, operators.FirstOnly, operators.FirstWithin(1))
		},
		"operators: TapSubscribe with a nil function":                     func() { operators.TapSubscribe[int](nil) },
		"operators: TapRequest with a nil function":                       func() { operators.TapRequest[int](nil) },
		"operators: TapCancel with a nil function":                        func() { operators.TapCancel[int](nil) },
		"operators: UnsubscribeOn a nil scheduler; use scheduler.Default": func() { operators.UnsubscribeOn[int](nil) },
	} {
		func() {
			defer func() { diff(t, "panic", recover(), any(want)) }()
			f()
		}()
	}
}
