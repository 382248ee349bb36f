package backpressure_test

import "github.com/sluicego/sluice/backpressure"

func init() {
	diagrams["Pace"] = on(backpressure.Pace[string](500, 2))
}
