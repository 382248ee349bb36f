package peers_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
)

// S13: a test that is wrong passes. The wrong ones run in a process of their own.
func TestS13_WrongTestsFail(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestWrong$", "-test.v")
	cmd.Env = append(os.Environ(), "PEERS_WRONG=1")
	out, err := cmd.CombinedOutput()
	if err == nil {
		t.Error("the process succeeded")
	}
	for name := range wrong {
		if !strings.Contains(string(out), "--- FAIL: TestWrong/"+name+" ") {
			t.Errorf("%q passes\n%s", name, out)
		}
	}
	if !strings.Contains(string(out), "--- PASS: TestWrong/right ") {
		t.Errorf("the right test fails\n%s", out)
	}
}

var wrong = map[string]func(m *marbles.Test){
	"late-value": func(m *marbles.Test) {
		marbles.Expect(m, marbles.Text(observable.Timer(m.Time("---|")))).ToBe("---(1|)")
	},
	"never":      func(m *marbles.Test) { marbles.Expect(m, observable.Never[string]()).ToBe("-|") },
	"extra":      func(m *marbles.Test) { marbles.Expect(m, observable.Of("a", "b")).ToBe("(a|)") },
	"missing":    func(m *marbles.Test) { marbles.Expect(m, observable.Of("a")).ToBe("(ab|)") },
	"error":      func(m *marbles.Test) { marbles.Expect(m, observable.Throw[string](errBoom)).ToBe("|") },
	"unfinished": func(m *marbles.Test) { marbles.Expect(m, observable.Of("a")) },
}

// TestWrong holds tests that must fail; see TestS13_WrongTestsFail.
func TestWrong(t *testing.T) {
	if os.Getenv("PEERS_WRONG") == "" {
		t.Skip("run by TestS13_WrongTestsFail")
	}
	for name, body := range wrong {
		t.Run(name, func(t *testing.T) { marbles.Run(t, body) })
	}
	t.Run("right", func(t *testing.T) {
		marbles.Run(t, func(m *marbles.Test) { marbles.Expect(m, observable.Of("a")).ToBe("(a|)") })
	})
}
