package operators_test

import (
	"maps"
	"time"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// times returns a condition that is true n times.
func times(n int) func() bool {
	return func() bool {
		n--
		return n >= 0
	}
}

func init() {
	maps.Copy(diagrams, map[string]marbles.Played{
		"CatchValue":        on(operators.CatchValue("x")),
		"OnErrorComplete":   on(operators.OnErrorComplete[string]),
		"MapError":          on(operators.MapError[string](func(err error) error { return err })),
		"OnErrorResumeNext": func(d doc) stream { return operators.OnErrorResumeNext(d.Cold("a"), d.Cold("b")) },
		"OnErrorResumeNextWith": func(d doc) stream {
			return operators.OnErrorResumeNextWith(d.Cold("next"))(d.Cold("source"))
		},
		"RetryAfter": func(d doc) stream {
			delay := d.Cold("delay")
			return operators.RetryAfter[string](func(err error, attempt int) stream {
				if attempt > 1 {
					return observable.Throw[string](err)
				}
				return delay
			})(d.Cold("source"))
		},
		"RetryWhen": func(d doc) stream {
			return operators.RetryWhen[string](operators.Delay[error](3 * time.Millisecond))(d.Cold("source"))
		},
		"Repeat": func(d doc) stream { return operators.Repeat[string](2)(d.Cold("source")) },
		"RepeatAfter": func(d doc) stream {
			pause := d.Cold("pause")
			return operators.RepeatAfter[string](func(times int) stream {
				if times > 1 {
					return observable.Empty[string]()
				}
				return pause
			})(d.Cold("source"))
		},
		"RepeatWhen": func(d doc) stream {
			return operators.RepeatWhen[string](operators.Delay[struct{}](2 * time.Millisecond))(d.Cold("source"))
		},
		"While":   func(d doc) stream { return operators.While[string](times(2))(d.Cold("source")) },
		"DoWhile": func(d doc) stream { return operators.DoWhile[string](times(1))(d.Cold("source")) },
	})
}
