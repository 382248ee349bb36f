package marbles_test

import (
	"strings"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/operators"
)

func TestTieKeepsTheOrderOfVirtual(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		a, b := marbles.Hot[string](m, "-a-c|"), marbles.Hot[string](m, "-b-d----|")
		marbles.Expect(m, operators.Merge(a.Observable, b.Observable)).ToBe("-[ab]-[cd]----|")
		m.Tie(1, 3)
	}, marbles.Virtual, marbles.Live, marbles.Shuffle(100))
}

func TestTieIsChecked(t *testing.T) {
	hots := func(m *marbles.Test) {
		a, b := marbles.Hot[string](m, "-a-|"), marbles.Hot[string](m, "-b--|")
		marbles.Expect(m, operators.Merge(a.Observable, b.Observable)).ToBe("-[ab]--|")
	}
	for name, tt := range map[string]struct {
		body func(m *marbles.Test)
		want string
	}{
		"a frame without a choice": {
			func(m *marbles.Test) { hots(m); m.Tie(1, 5) },
			"tie_test.go:0: marbles: Tie(5): nothing is permuted there; remove it",
		},
		"a frame before the start": {
			func(m *marbles.Test) { m.Tie(-1) },
			"tie_test.go:0: marbles: Tie(-1): want frames from 0; before the start, nothing is permuted",
		},
		"too late": {
			func(m *marbles.Test) { hots(m); m.At(0, func() { m.Tie(1) }) },
			"tie_test.go:0: marbles: Tie after the test has begun to play; call it in the body",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := marbles.ShuffleOutcome(20, tt.body)
			if len(got) != 1 || withoutLine(got[0]) != tt.want {
				t.Errorf("reported %q, want %q", got, tt.want)
			}
		})
	}
}

// withoutLine replaces the line number in "x_test.go:12: …" by 0.
func withoutLine(text string) string {
	file, rest, _ := strings.Cut(text, ".go:")
	return file + ".go:0" + strings.TrimLeft(rest, "0123456789")
}
