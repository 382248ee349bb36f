package operators_test

import (
	"maps"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/operators"
)

func init() {
	maps.Copy(diagrams, map[string]marbles.Played{
		"CatchValue":        on(operators.CatchValue("x")),
		"OnErrorComplete":   on(operators.OnErrorComplete[string]),
		"MapError":          on(operators.MapError[string](func(err error) error { return err })),
		"OnErrorResumeNext": func(d doc) stream { return operators.OnErrorResumeNext(d.Cold("a"), d.Cold("b")) },
		"OnErrorResumeNextWith": func(d doc) stream {
			return operators.OnErrorResumeNextWith(d.Cold("next"))(d.Cold("source"))
		},
	})
}
