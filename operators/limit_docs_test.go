package operators_test

import (
	"maps"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/operators"
)

func init() {
	maps.Copy(diagrams, map[string]marbles.Played{
		"TakeWhile…Inclusive": on(operators.TakeWhile(isLower, operators.Inclusive)),
		"TakeLast":            on(operators.TakeLast[string](2)),
		"SkipWhile":           on(operators.SkipWhile(isLower)),
		"SkipLast":            on(operators.SkipLast[string](2)),
	})
}
