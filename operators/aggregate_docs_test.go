package operators_test

import (
	"errors"
	"maps"
	"strconv"
	"strings"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// text plays an operator of letters with any result on the hot row "source".
func text[R any](op observable.Operator[string, R]) marbles.Played {
	return func(d doc) stream { return marbles.Text(op(d.Hot("source"))) }
}

func backwards(a, b string) int { return strings.Compare(b, a) }

// anything reads the digits of a row as numbers.
func anything(d doc) observable.Observable[any] {
	return operators.Map(func(s string) any {
		if n, err := strconv.Atoi(s); err == nil {
			return n
		}
		return s
	})(d.Hot("source"))
}

// parsing is an addition that fails for a letter.
func parsing(sum int, s string) (int, error) {
	n, err := strconv.Atoi(s)
	return sum + n, err
}

func init() {
	maps.Copy(diagrams, map[string]marbles.Played{
		"Reduce":    numbers(operators.Reduce(0, func(sum, n int) int { return sum + n })),
		"ReduceErr": text(operators.ReduceErr(0, parsing)),
		"ScanErr":   text(operators.ScanErr(0, parsing)),
		"ToSlice":   text(operators.ToSlice[string]),
		"ToMap":     text(operators.ToMap(func(s string) (string, string) { return s, s + s })),
		"Count":     text(operators.Count[string]),
		"Sum":       numbers(operators.Sum[int]),
		"Average":   numbers(operators.Average[int]),
		"Min":       numbers(operators.Min[int]),
		"Max":       numbers(operators.Max[int]),
		"MinFunc":   on(operators.MinFunc(backwards)),
		"MaxFunc":   on(operators.MaxFunc(backwards)),
		"Every":     text(operators.Every(isLower)),
		"Some":      text(operators.Some(isUpper)),
		"Contains":  text(operators.Contains("b")),
		"IsEmpty":   text(operators.IsEmpty[string]),

		"SequenceEqual": func(d doc) stream {
			return marbles.Text(operators.SequenceEqual(d.Hot("o"))(d.Hot("source")))
		},
		"SequenceEqualFunc": func(d doc) stream {
			return marbles.Text(operators.SequenceEqualFunc(d.Hot("o"), strings.EqualFold)(d.Hot("source")))
		},

		"DefaultIfEmpty": on(operators.DefaultIfEmpty("x")),
		"SwitchIfEmpty": func(d doc) stream {
			return operators.SwitchIfEmpty(d.Cold("o"))(d.Hot("source"))
		},
		"ThrowIfEmpty": on(operators.ThrowIfEmpty[string](errors.New("nothing"))),

		"FilterMap": text(operators.FilterMap(func(s string) (int, bool) {
			n, err := strconv.Atoi(s)
			return n, err == nil
		})),
		"OfType":    func(d doc) stream { return operators.OfType[any, string]()(anything(d)) },
		"Cast":      func(d doc) stream { return operators.Cast[any, string]()(anything(d)) },
		"MapTo":     on(operators.MapTo[string]("x")),
		"Enumerate": text(operators.Enumerate[string]),

		"Sort":     on(operators.Sort[string]),
		"SortFunc": on(operators.SortFunc(backwards)),
		"Reverse":  on(operators.Reverse[string]),

		"Materialize": text(operators.Materialize[string]),
		"Dematerialize": func(d doc) stream {
			return operators.Dematerialize(operators.Map(notification)(d.Hot("source")))
		},
	})
}

// notification reads a signal as a diagram shows it.
func notification(s string) operators.Notification[string] {
	if s == "|" {
		return operators.Notification[string]{Kind: operators.KindComplete}
	}
	return operators.Notification[string]{Kind: operators.KindNext, Value: s}
}
