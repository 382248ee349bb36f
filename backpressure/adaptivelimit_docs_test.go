package backpressure_test

import "github.com/sluicego/sluice/backpressure"

func init() { diagrams["AdaptiveLimit"] = on(backpressure.AdaptiveLimit[string](6 * ms)) }
