package operators_test

import (
	"maps"
	"time"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/operators"
)

func init() {
	maps.Copy(diagrams, map[string]marbles.Played{
		"DelayWhen": func(d doc) stream { return operators.DelayWhen(byName(d))(d.Hot("source")) },
		"DelaySubscription": func(d doc) stream {
			return operators.DelaySubscription[string](3 * time.Millisecond)(d.Cold("source"))
		},
		"DelaySubscriptionWhen": func(d doc) stream {
			return operators.DelaySubscriptionWhen[string](d.Hot("o"))(d.Cold("source"))
		},
		"Timeout…FirstWithin(1ms)": on(operators.Timeout[string](3*time.Millisecond, operators.FirstWithin(time.Millisecond))),
		"Timeout…FirstOnly":        on(operators.Timeout[string](3*time.Millisecond, operators.FirstOnly)),
		"TimeoutWith": func(d doc) stream {
			return operators.TimeoutWith(3*time.Millisecond, d.Cold("o"))(d.Hot("source"))
		},
		"TapSubscribe": on(operators.TapSubscribe[string](func() {})),
		"TapRequest":   on(operators.TapRequest[string](func(int64) {})),
		"TapCancel":    on(operators.TapCancel[string](func() {})),
		"UnsubscribeOn": func(d doc) stream {
			return operators.UnsubscribeOn[string](d.Test().Scheduler())(d.Hot("source"))
		},
		"Timestamp": func(d doc) stream {
			stamped := operators.Timestamp(d.Hot("source"))
			return marbles.Text(operators.Map(since(d.Test().Scheduler().Now()))(stamped))
		},
		"TimeInterval": func(d doc) stream { return marbles.Text(operators.TimeInterval(d.Hot("source"))) },
	})
}

// since makes a time stamp the time that has passed since begin.
func since(begin time.Time) func(operators.Stamped[string]) operators.Spaced[string] {
	return func(s operators.Stamped[string]) operators.Spaced[string] {
		return operators.Spaced[string]{After: s.At.Sub(begin), Value: s.Value}
	}
}
