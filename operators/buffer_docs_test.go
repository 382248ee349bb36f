package operators_test

import (
	"maps"
	"time"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// slicing plays an operator that makes slices on the hot row "source".
func slicing(op observable.Operator[string, []string]) marbles.Played {
	return func(d doc) stream { return marbles.Text(op(d.Hot("source"))) }
}

func init() {
	maps.Copy(diagrams, map[string]marbles.Played{
		"Buffer":     slicing(operators.Buffer[string](2)),
		"BufferTime": slicing(operators.BufferTime[string](4 * time.Millisecond)),
		"BufferWhen": func(d doc) stream {
			return marbles.Text(operators.BufferWhen[string](d.Hot("o"))(d.Hot("source")))
		},
		"BufferUntil": func(d doc) stream {
			closing := d.Cold("f()")
			return marbles.Text(operators.BufferUntil[string](func() stream { return closing })(d.Hot("source")))
		},
		"BufferToggle": func(d doc) stream {
			closing := d.Cold("closing")
			toggle := operators.BufferToggle[string](d.Hot("openings"), func(string) stream { return closing })
			return marbles.Text(toggle(d.Hot("source")))
		},
	})
}
