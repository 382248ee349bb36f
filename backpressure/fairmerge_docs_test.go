package backpressure_test

import (
	"maps"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
)

func init() {
	maps.Copy(diagrams, map[string]marbles.Played{
		"FairMerge": func(d *marbles.Doc) observable.Observable[string] {
			return backpressure.FairMerge(backpressure.Bulkhead(d.Hot("a"), 4), backpressure.Bulkhead(d.Hot("b"), 4))
		},
	})
}
