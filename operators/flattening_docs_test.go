package operators_test

import (
	"maps"
	"strings"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// all plays an operator of observables, which are the rows that the values of
// the source name.
func all(op func(observable.Observable[stream]) stream) marbles.Played {
	return func(d doc) stream { return op(operators.Map(byName(d))(d.Hot("source"))) }
}

func init() {
	maps.Copy(diagrams, map[string]marbles.Played{
		"MergeAll":       all(operators.MergeAll[string]),
		"ConcatAll":      all(operators.ConcatAll[string]),
		"SwitchAll":      all(operators.SwitchAll[string]),
		"ExhaustAll":     all(operators.ExhaustAll[string]),
		"ExhaustMap":     func(d doc) stream { return operators.ExhaustMap(byName(d))(d.Hot("source")) },
		"ConcatMapEager": func(d doc) stream { return operators.ConcatMapEager(byName(d))(d.Hot("source")) },
		"Expand":         func(d doc) stream { return operators.Expand(byName(d))(d.Hot("source")) },
		"Flatten": func(d doc) stream {
			fields := func(s string) []string { return strings.Fields(strings.Trim(s, "{}")) }
			return operators.Flatten(operators.Map(fields)(d.Hot("source")))
		},
		"MergeScan": func(d doc) stream {
			return marbles.Text(operators.MergeScan(0, added(byName(d)))(d.Hot("source")))
		},
		"SwitchScan": func(d doc) stream {
			return marbles.Text(operators.SwitchScan(0, added(byName(d)))(d.Hot("source")))
		},
	})
}
