package operators_test

import (
	"maps"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/operators"
)

// byName returns the cold row of a diagram that a value names.
func byName(d doc) func(string) stream {
	rows := map[string]stream{"a": d.Cold("a"), "b": d.Cold("b")}
	return func(name string) stream { return rows[name] }
}

func plus(a, b string) string { return a + b }

func init() {
	maps.Copy(diagrams, map[string]marbles.Played{
		"MergeMap":       func(d doc) stream { return operators.MergeMap(byName(d))(d.Hot("source")) },
		"Merge":          func(d doc) stream { return operators.Merge(d.Hot("a"), d.Hot("b")) },
		"ConcatMap":      func(d doc) stream { return operators.ConcatMap(byName(d))(d.Hot("source")) },
		"Concat":         func(d doc) stream { return operators.Concat(d.Cold("a"), d.Cold("b")) },
		"SwitchMap":      func(d doc) stream { return operators.SwitchMap(byName(d))(d.Hot("source")) },
		"Zip2":           func(d doc) stream { return operators.Zip2(d.Hot("a"), d.Hot("b"), plus) },
		"CombineLatest2": func(d doc) stream { return operators.CombineLatest2(d.Hot("a"), d.Hot("b"), plus) },
		"Share":          on(operators.Share[string]),
	})
}
