package operators_test

import (
	"maps"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/operators"
)

func init() {
	maps.Copy(diagrams, map[string]marbles.Played{
		"TakeWhile…Inclusive": on(operators.TakeWhile(isLower, operators.Inclusive)),
	})
}
