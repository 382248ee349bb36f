package operators_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// What is known before the end is emitted before the end, and the source is
// cancelled.
func TestAggregatesInTime(t *testing.T) {
	upper := func(s string) bool { return isUpper(s) }
	for _, test := range []struct {
		name, source, want, subscribed string
		op                             func(stream) stream
	}{
		{"Count", "-a-b-|", "-----(2|)", "^----!", shown(operators.Count[string])},
		{"Count of nothing", "-----|", "-----(0|)", "^----!", shown(operators.Count[string])},
		{"Count of what fails", "-a-b-#", "-----#", "^----!", shown(operators.Count[string])},
		{"Min of nothing", "-----|", "-----|", "^----!", shown(operators.Min[string])},
		{"Every", "-A-b-C-|", "---(n|)", "^--!", shown(operators.Every(upper))},
		{"Every, all", "-A-B-|", "-----(y|)", "^----!", shown(operators.Every(upper))},
		{"Some", "-a-B-C-|", "---(y|)", "^--!", shown(operators.Some(upper))},
		{"Some, none", "-a-b-|", "-----(n|)", "^----!", shown(operators.Some(upper))},
		{"Contains", "-a-B-C-|", "---(y|)", "^--!", shown(operators.Contains("B"))},
		{"IsEmpty", "---|", "---(y|)", "^--!", shown(operators.IsEmpty[string])},
		{"IsEmpty, not", "-a-|", "-(n|)", "^!", shown(operators.IsEmpty[string])},
		{"DefaultIfEmpty, not", "-a-|", "-a-|", "^--!", operators.DefaultIfEmpty("x")},
		{"ThrowIfEmpty, not", "-a-|", "-a-|", "^--!", operators.ThrowIfEmpty[string](errTest)},
		{"Sort", "-c-a-b-|", "-------(abc|)", "^------!", operators.Sort[string]},
		{"Reverse of what fails", "-c-a-b-#", "-------#", "^------!", operators.Reverse[string]},
		{"ToSlice of nothing", "---|", "---(e|)", "^--!", shown(operators.ToSlice[string])},
	} {
		t.Run(test.name, func(t *testing.T) {
			marbles.Run(t, func(m *marbles.Test) {
				src := marbles.Cold[string](m, test.source)
				marbles.Expect(m, test.op(src.Observable)).ToBe(test.want)
				src.ExpectSubscriptions(test.subscribed)
			})
		})
	}
}

// shown writes the outcome of op as one letter.
func shown[R any](op observable.Operator[string, R]) func(stream) stream {
	return func(src stream) stream {
		return operators.Map(func(r R) string {
			switch text := fmt.Sprint(r); text {
			case "true":
				return "y"
			case "false":
				return "n"
			case "[]":
				return "e"
			default:
				return text
			}
		})(op(src))
	}
}

// The outcome waits for demand, the completion with it, and an error does not.
func TestAggregatesWaitForDemand(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		src := marbles.Cold[string](m, "-a-b-|")
		marbles.Expect(m, shown(operators.Count[string])(src.Observable)).Demand("--------2").ToBe("--------(2|)")
		src.ExpectDemand("(^*)-!")
	})
	marbles.Run(t, func(m *marbles.Test) {
		src := marbles.Cold[string](m, "-b-a-|")
		marbles.Expect(m, operators.Sort(src.Observable)).Demand("-------1-1").ToBe("-------a-(b|)")
	})
	marbles.Run(t, func(m *marbles.Test) {
		src := marbles.Cold[string](m, "-a-b-#")
		marbles.Expect(m, operators.Reverse(src.Observable)).Demand("--------1").ToBe("-----#")
	})
}

// The comparison goes to the end of both, and stops where it is decided.
func TestSequenceEqual(t *testing.T) {
	for _, test := range []struct{ name, a, b, want, subscribed string }{
		{"equal", "-a-b-|", "--a-b--|", "-------(y|)", "^----!"},
		{"another value", "-a-b---|", "--a-c--|", "----(n|)", "^---!"},
		{"the source is shorter", "-a-|", "-ab---|", "---(n|)", "^--!"},
		{"the source is longer", "-ab---|", "-a-|", "---(n|)", "^--!"},
		{"a value after the other has ended", "-a----b|", "-a-|", "------(n|)", "^-----!"},
		{"nothing and nothing", "--|", "---|", "---(y|)", "^-!"},
		{"the source fails", "-a-#", "-a--|", "---#", "^--!"},
		{"the other fails", "-a----|", "-a-#", "---#", "^--!"},
	} {
		t.Run(test.name, func(t *testing.T) {
			marbles.Run(t, func(m *marbles.Test) {
				a, b := marbles.Cold[string](m, test.a), marbles.Cold[string](m, test.b)
				marbles.Expect(m, shown(operators.SequenceEqual(b.Observable))(a.Observable)).ToBe(test.want)
				a.ExpectSubscriptions(test.subscribed)
			})
		})
	}
}

// A sum of the values would overflow; their mean does not.
func TestAverageOfLargeValues(t *testing.T) {
	mean, err := operators.Average(observable.Of(math.MaxInt64, math.MaxInt64)).FirstValue(t.Context())
	if err != nil || mean != math.MaxInt64 {
		t.Errorf("got %v and %v, want %v", mean, err, float64(math.MaxInt64))
	}
}

func TestCastError(t *testing.T) {
	_, err := operators.Cast[any, error]()(observable.Of[any](1)).Collect(t.Context())
	if c, ok := errors.AsType[*operators.CastError](err); !ok || c.Value != 1 || c.Want != "error" {
		t.Errorf("got %v, want a CastError about the 1", err)
	}
}

// A notification that is none ends the stream with an error that says so.
func TestDematerializeRefusesWhatIsNoNotification(t *testing.T) {
	for _, n := range []operators.Notification[int]{{}, {Kind: operators.KindError}, {Kind: 9}} {
		_, err := operators.Dematerialize(observable.Of(n)).Collect(t.Context())
		if err == nil || !strings.Contains(err.Error(), "make it with Materialize") {
			t.Errorf("%v: ended with %v, want an error about it", n, err)
		}
	}
}

func TestNotificationString(t *testing.T) {
	for kind, want := range map[operators.NotificationKind]string{
		operators.KindNext: "7", operators.KindError: "#(test)", operators.KindComplete: "|", 9: "NotificationKind(9)",
	} {
		if got := (operators.Notification[int]{Kind: kind, Value: 7, Err: errTest}).String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// Materialize holds the end until it is requested.
func TestMaterializeWaitsForDemand(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		src := marbles.Cold[string](m, "-a-|")
		kinds := operators.Map(func(n operators.Notification[string]) string { return n.Kind.String()[:1] })
		marbles.Expect(m, kinds(operators.Materialize(src.Observable))).Demand("1----1").ToBe("-n---(c|)")
	})
}

func TestAggregatesRefuseNil(t *testing.T) {
	for name, f := range map[string]func(){
		"Reduce":            func() { operators.Reduce[int](0, nil) },
		"ReduceErr":         func() { operators.ReduceErr[int](0, nil) },
		"ScanErr":           func() { operators.ScanErr[int](0, nil) },
		"ToMap":             func() { operators.ToMap[int, int, int](nil) },
		"MinFunc":           func() { operators.MinFunc[int](nil) },
		"MaxFunc":           func() { operators.MaxFunc[int](nil) },
		"SortFunc":          func() { operators.SortFunc[int](nil) },
		"Every":             func() { operators.Every[int](nil) },
		"Some":              func() { operators.Some[int](nil) },
		"SequenceEqualFunc": func() { operators.SequenceEqualFunc[int](observable.Of(1), nil) },
		"ThrowIfEmpty":      func() { operators.ThrowIfEmpty[int](nil) },
		"FilterMap":         func() { operators.FilterMap[int, int](nil) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if text := fmt.Sprint(recover()); !strings.HasPrefix(text, "operators: "+name+" with a nil") {
					t.Errorf("panicked with %q", text)
				}
			}()
			f()
		})
	}
}

// A panic of a function ends the stream.
func TestAggregatesPanic(t *testing.T) {
	boom := func(int, int) int { panic("boom") }
	sub := marbles.NewTestSubscriber[int](t, 1)
	operators.Reduce(0, boom)(observable.Range(1, 3)).Subscribe(t.Context(), sub.Outside())
	_, err := sub.Ended()
	if p, ok := errors.AsType[*observable.PanicError](err); !ok || p.Value != "boom" {
		t.Errorf("ended with %v, want the panic", err)
	}
}
