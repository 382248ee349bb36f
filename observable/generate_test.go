package observable_test

import (
	"testing"

	"github.com/sluicego/sluice/observable"
)

func ExampleGenerate() {
	type pair struct{ a, b int }
	fibonacci := observable.Generate(pair{0, 1}, func(p pair) (int, pair, bool) {
		return p.a, pair{p.b, p.a + p.b}, p.a < 50
	})
	show(fibonacci)
	// Output: [0 1 1 2 3 5 8 13 21 34] <nil>
}

func TestGenerateStepsOnDemand(t *testing.T) {
	steps := 0
	p := subscribe(t.Context(), observable.Generate(0, func(i int) (int, int, bool) {
		steps++
		return i, i + 1, i < 2
	}), 2)
	p.expectLive(t, 0, 1)
	if steps != 2 {
		t.Errorf("%d steps", steps)
	}
	p.up.Request(1)
	p.expectComplete(t, 0, 1)
}

func TestGenerateLate(t *testing.T) {
	var l ledger
	p := newProbe[int](0)
	observable.Generate(0, func(i int) (int, int, bool) {
		if i == 1 {
			p.up.Cancel() // as if from elsewhere
		}
		return i, i + 1, true
	}).Subscribe(l.context(t.Context()), p)
	p.up.Request(observable.Unbounded)
	p.expectLive(t, 0)
	l.expect(t, entry{1, observable.DiscardLate})
}
