package operators_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sluicego/sluice/internal/doclint"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func TestDocs(t *testing.T) { doclint.Check(t, "github.com/sluicego/sluice/operators") }

// Every diagram in a doc comment of the package runs (L15: also unlinked).
func TestDiagrams(t *testing.T) { doclint.Play(t, diagrams, "../docs/pictures/operators") }

type (
	stream = observable.Observable[string]
	doc    = *marbles.Doc
)

// tied says that what a diagram shows in some frames depends on which of its
// rows comes first there.
func tied(played marbles.Played, frames ...int) marbles.Played {
	return func(d doc) stream {
		d.Test().Tie(frames...)
		return played(d)
	}
}

// on plays an operator of letters on the hot row "source".
func on(op observable.Operator[string, string]) marbles.Played {
	return func(d doc) stream { return op(d.Hot("source")) }
}

// numbers plays an operator of numbers on the hot row "source".
func numbers[R any](op observable.Operator[int, R]) marbles.Played {
	return func(d doc) stream { return marbles.Text(op(operators.MapErr(strconv.Atoi)(d.Hot("source")))) }
}

var (
	isUpper = func(s string) bool { return s == strings.ToUpper(s) }
	isLower = func(s string) bool { return s == strings.ToLower(s) }
)

var diagrams = map[string]marbles.Played{
	"Map":    on(operators.Map(strings.ToUpper)),
	"Filter": on(operators.Filter(isUpper)),
	"MapErr": on(operators.MapErr(func(s string) (string, error) {
		n, err := strconv.Atoi(s)
		return strconv.Itoa(2 * n), err
	})),
	"Scan":                     numbers(operators.Scan(0, func(sum, n int) int { return sum + n })),
	"Take":                     on(operators.Take[string](2)),
	"TakeWhile":                on(operators.TakeWhile(isLower)),
	"Skip":                     on(operators.Skip[string](2)),
	"DistinctUntilChanged":     on(operators.DistinctUntilChanged[string]),
	"DistinctUntilChangedFunc": on(operators.DistinctUntilChangedFunc(strings.EqualFold)),
	"Pairwise":                 func(d doc) stream { return marbles.Text(operators.Pairwise(d.Hot("source"))) },
	"Tap":                      on(operators.Tap(func(string) {})),
	"TapError":                 on(operators.TapError[string](func(error) {})),
	"TapComplete":              on(operators.TapComplete[string](func() {})),
	"Finally":                  on(operators.Finally[string](func() {})),
	"Checkpoint":               on(operators.Checkpoint[string]("orders")),
	"StartWith":                on(operators.StartWith("x", "y")),
	"Catch": func(d doc) stream {
		fallback := d.Cold("fallback")
		return operators.Catch(func(error) stream { return fallback })(d.Hot("source"))
	},
	"Retry":       func(d doc) stream { return operators.Retry[string](1)(d.Cold("source")) },
	"ObserveOn":   func(d doc) stream { return operators.ObserveOn[string](d.Test().Scheduler())(d.Hot("source")) },
	"SubscribeOn": func(d doc) stream { return operators.SubscribeOn[string](d.Test().Scheduler())(d.Hot("source")) },
	"Delay":       on(operators.Delay[string](2 * time.Millisecond)),
	"Timeout":     on(operators.Timeout[string](3 * time.Millisecond)),
}
