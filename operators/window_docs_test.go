package operators_test

import (
	"maps"
	"time"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// windowed plays an operator that makes windows on the hot row "source".
func windowed(op observable.Operator[string, observable.Observable[string]]) marbles.Played {
	return func(d doc) stream { return windowsOf(op(d.Hot("source"))) }
}

func init() {
	maps.Copy(diagrams, map[string]marbles.Played{
		"Window":     windowed(operators.Window[string](2)),
		"WindowTime": windowed(operators.WindowTime[string](4 * time.Millisecond)),
		"WindowWhen": func(d doc) stream { return windowsOf(operators.WindowWhen[string](d.Hot("o"))(d.Hot("source"))) },
		"WindowUntil": func(d doc) stream {
			o := d.Cold("f()")
			return windowsOf(operators.WindowUntil[string](func() stream { return o })(d.Hot("source")))
		},
		"WindowToggle": func(d doc) stream {
			openings, o := d.Hot("openings"), d.Cold("closing")
			return windowsOf(operators.WindowToggle[string](openings, func(string) stream { return o })(d.Hot("source")))
		},
	})
}
