package operators_test

import (
	"testing"

	"github.com/sluicego/sluice/operators"
)

// The functions that make operators of time and place refuse what cannot work,
// and say so.
func TestTimingArguments(t *testing.T) {
	for want, f := range map[string]func(){
		"operators: DelaySubscription of a negative duration (-1ns)": func() { operators.DelaySubscription[int](-1) },
		"operators: TapSubscribe with a nil function":                func() { operators.TapSubscribe[int](nil) },
		"operators: TapRequest with a nil function":                  func() { operators.TapRequest[int](nil) },
		"operators: TapCancel with a nil function":                   func() { operators.TapCancel[int](nil) },
	} {
		func() {
			defer func() { diff(t, "panic", recover(), any(want)) }()
			f()
		}()
	}
}
