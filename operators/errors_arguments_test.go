package operators_test

import (
	"fmt"
	"strings"
	"testing"

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
