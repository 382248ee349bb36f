package operators_test

import (
	"maps"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// windowed plays an operator that makes windows on the hot row "source".
func windowed(op observable.Operator[string, observable.Observable[string]]) marbles.Played {
	return func(d doc) stream { return windowsOf(op(d.Hot("source"))) }
}

func init() {
	maps.Copy(diagrams, map[string]marbles.Played{
		"Window": windowed(operators.Window[string](2)),
	})
}
