package operators_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// The functions that make the operators that go on after an end refuse what
// cannot work, and say so.
func TestArgumentsOfErrors(t *testing.T) {
	for want, f := range map[string]func(){
		"operators: Catch with a nil option":      func() { operators.Catch(never, nil) },
		"operators: CatchValue with a nil option": func() { operators.CatchValue(1, nil) },
		"operators: MapError with a nil function": func() { operators.MapError[int](nil) },
		"operators: MapError with a nil option":   func() { operators.MapError[int](sameError, nil) },

		"operators: Retry with a nil option":                                         func() { operators.Retry[int](1, nil) },
		"operators: Retry with the unknown RetryMode(7)":                             func() { operators.Retry[int](1, operators.RetryMode(7)) },
		"operators: RetryIf with a nil predicate":                                    func() { operators.RetryIf(nil) },
		"operators: Backoff with a negative min (-1ns)":                              func() { operators.Backoff(-1, 1) },
		"operators: Backoff with a min (2s) that is more than the max (1s)":          func() { operators.Backoff(2*time.Second, time.Second) },
		"operators: Backoff from 0s does not get to the max (1s); begin with more":   func() { operators.Backoff(0, time.Second) },
		"operators: Backoff with a nil option":                                       func() { operators.Backoff(1, 1, nil) },
		"operators: Jitter with a fraction of 1.5; it is at least 0 and at most 1":   func() { operators.Jitter(1.5) },
		"operators: Jitter with a fraction of -0.5":                                  func() { operators.Jitter(-0.5) },
		"operators: Jitter with a fraction of NaN":                                   func() { operators.Jitter(math.NaN()) },
		"operators: JitterFrom with a fraction of 2; it is at least 0 and at most 1": func() { operators.JitterFrom(2, rand.Float64) },
		"operators: JitterFrom with a nil function":                                  func() { operators.JitterFrom(0.5, nil) },
		"operators: RetryAfter with a nil function":                                  func() { operators.RetryAfter[int, int](nil) },
		"operators: RetryAfter with a nil option":                                    func() { operators.RetryAfter[int](afterAttempt, nil) },
		"operators: RetryWhen with a nil function":                                   func() { operators.RetryWhen[int, int](nil) },
		"operators: RetryWhen with a nil option":                                     func() { operators.RetryWhen[int](operators.Take[error](1), nil) },

		"operators: Repeat of a negative count (-1)": func() { operators.Repeat[int](-1) },
		"operators: RepeatAfter with a nil function": func() { operators.RepeatAfter[int, int](nil) },
		"operators: RepeatWhen with a nil function":  func() { operators.RepeatWhen[int, int](nil) },
		"operators: While with a nil function":       func() { operators.While[int](nil) },
		"operators: DoWhile with a nil function":     func() { operators.DoWhile[int](nil) },
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.HasPrefix(got, want) {
					t.Errorf("panicked with %q, want %q", got, want)
				}
			}()
			f()
		}()
	}
}

func sameError(err error) error { return err }

func never(error) observable.Observable[int] { return observable.Never[int]() }

func afterAttempt(error, int) observable.Observable[int] { return observable.Never[int]() }
