package backpressure_test

import (
	"maps"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
)

func init() {
	maps.Copy(diagrams, map[string]marbles.Played{
		"Pace":           on(backpressure.Pace[string](500, 2)),
		"SampleFraction": on(backpressure.SampleFraction[string](0.5, backpressure.Seed(1))),
		"BufferTimeout": func(d *marbles.Doc) observable.Observable[string] {
			return marbles.Text(backpressure.BufferTimeout[string](2, 4*ms)(d.Hot("source")))
		},
	})
}
