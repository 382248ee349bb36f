package operators_test

import (
	"maps"
	"strings"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// until plays an operator that is given the hot row "o".
func until(op func(o stream) observable.Operator[string, string]) marbles.Played {
	return func(d doc) stream { return op(d.Hot("o"))(d.Hot("source")) }
}

func init() {
	maps.Copy(diagrams, map[string]marbles.Played{
		"TakeWhile…Inclusive": on(operators.TakeWhile(isLower, operators.Inclusive)),
		"TakeLast":            on(operators.TakeLast[string](2)),
		"TakeUntil":           tied(until(operators.TakeUntil[string, string]), 5), // o comes first
		"SkipWhile":           on(operators.SkipWhile(isLower)),
		"SkipLast":            on(operators.SkipLast[string](2)),
		"SkipUntil":           until(operators.SkipUntil[string, string]),
		"First":               on(operators.First[string]),
		"FirstOr":             on(operators.FirstOr("x")),
		"ElementAt":           on(operators.ElementAt[string](1)),
		"ElementAtOr":         on(operators.ElementAtOr(5, "x")),
		"Last":                on(operators.Last[string]),
		"LastOr":              on(operators.LastOr("x")),
		"Single":              on(operators.Single[string]),
		"Find":                on(operators.Find(isUpper)),
		"FindIndex":           func(d doc) stream { return marbles.Text(operators.FindIndex(isUpper)(d.Hot("source"))) },
		"IgnoreElements":      on(operators.IgnoreElements[string]),
		"Distinct":            on(operators.Distinct[string]),
		"DistinctBy":          on(operators.DistinctBy(strings.ToUpper)),
		"DistinctBy…FlushWhen(o)": until(func(o stream) observable.Operator[string, string] {
			return operators.DistinctBy(strings.ToUpper, operators.FlushWhen(o))
		}),
		"DistinctUntilChangedBy": on(operators.DistinctUntilChangedBy(strings.ToUpper)),
	})
}
