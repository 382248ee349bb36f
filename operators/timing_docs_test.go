package operators_test

import (
	"maps"
	"time"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/operators"
)

func init() {
	maps.Copy(diagrams, map[string]marbles.Played{
		"DelaySubscription": func(d doc) stream {
			return operators.DelaySubscription[string](3 * time.Millisecond)(d.Cold("source"))
		},
		"DelaySubscriptionWhen": func(d doc) stream {
			return operators.DelaySubscriptionWhen[string](d.Hot("o"))(d.Cold("source"))
		},
	})
}
