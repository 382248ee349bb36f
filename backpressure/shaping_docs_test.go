package backpressure_test

import (
	"maps"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/marbles"
)

func init() {
	maps.Copy(diagrams, map[string]marbles.Played{
		"Pace":           on(backpressure.Pace[string](500, 2)),
		"SampleFraction": on(backpressure.SampleFraction[string](0.5, backpressure.Seed(1))),
	})
}
