package backpressure_test

import (
	"strconv"
	"testing"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/internal/doclint"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
)

func TestDocs(t *testing.T) { doclint.Check(t, "github.com/sluicego/sluice/backpressure") }

// Every diagram in a doc comment of the package runs (L15: also unlinked).
func TestDiagrams(t *testing.T) { doclint.Play(t, diagrams, "../docs/pictures/backpressure") }

// on plays an operator on the hot row "source".
func on(op observable.Operator[string, string]) marbles.Played {
	return func(d *marbles.Doc) observable.Observable[string] { return op(d.Hot("source")) }
}

// cue is the function that returns the cold row "f" for every value.
func cue(d *marbles.Doc) func(string) observable.Observable[string] {
	f := d.Cold("f")
	return func(string) observable.Observable[string] { return f }
}

var diagrams = map[string]marbles.Played{
	"OnBackpressureBuffer": on(backpressure.OnBackpressureBuffer[string](2)),
	"OnBackpressureDrop":   on(backpressure.OnBackpressureDrop[string]()),
	"OnBackpressureLatest": on(backpressure.OnBackpressureLatest[string]()),
	"OnBackpressureError":  on(backpressure.OnBackpressureError[string]),
	"OnBackpressureBlock":  on(backpressure.OnBackpressureBlock[string](2)),
	"OnBackpressureReduce": on(backpressure.OnBackpressureReduce(func(acc, v string) string {
		a, _ := strconv.Atoi(acc)
		b, _ := strconv.Atoi(v)
		return strconv.Itoa(a + b)
	})),
	"LimitRate": on(backpressure.LimitRate[string](4, 3)),
	"Debounce":  on(backpressure.Debounce[string](2 * ms)),
	"Sample":    on(backpressure.Sample[string](3 * ms)),
	"Throttle":  on(backpressure.Throttle[string](3 * ms)),

	"Audit": on(backpressure.Audit[string](3 * ms)),
	"AuditWhen": func(d *marbles.Doc) observable.Observable[string] {
		return backpressure.AuditWhen(cue(d))(d.Hot("source"))
	},
	"DebounceWhen": func(d *marbles.Doc) observable.Observable[string] {
		return backpressure.DebounceWhen(cue(d))(d.Hot("source"))
	},
	"ThrottleWhen": func(d *marbles.Doc) observable.Observable[string] {
		return backpressure.ThrottleWhen(cue(d))(d.Hot("source"))
	},
	"SampleWhen": func(d *marbles.Doc) observable.Observable[string] {
		return backpressure.SampleWhen[string](d.Hot("o"))(d.Hot("source"))
	},

	"Throttle…Trailing":          on(backpressure.Throttle[string](3*ms, backpressure.Trailing)),
	"Throttle…Leading, Trailing": on(backpressure.Throttle[string](3*ms, backpressure.Leading, backpressure.Trailing)),
}
