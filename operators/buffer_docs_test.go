package operators_test

import (
	"maps"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// slicing plays an operator that makes slices on the hot row "source".
func slicing(op observable.Operator[string, []string]) marbles.Played {
	return func(d doc) stream { return marbles.Text(op(d.Hot("source"))) }
}

func init() {
	maps.Copy(diagrams, map[string]marbles.Played{
		"Buffer": slicing(operators.Buffer[string](2)),
	})
}
