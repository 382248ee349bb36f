package marbles_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// reports fails unless body is refused with a text that has each part in it.
func reports(t *testing.T, body func(m *marbles.Test), parts ...string) {
	t.Helper()
	got := strings.Join(marbles.Outcome(body), "\n")
	for _, part := range parts {
		if !strings.Contains(got, part) {
			t.Errorf("the report lacks %q:\n%s", part, got)
		}
	}
}

// passes fails if body reports anything.
func passes(t *testing.T, body func(m *marbles.Test)) {
	t.Helper()
	if got := marbles.Outcome(body); len(got) > 0 {
		t.Errorf("unexpected report:\n%s", strings.Join(got, "\n"))
	}
}

func TestOneValuesMapForEachLane(t *testing.T) {
	v := marbles.Values{"a": "x"}
	t.Run("a source refuses a second map", func(t *testing.T) {
		reports(t, func(m *marbles.Test) { marbles.Cold[string](m, "a|", marbles.Values{"z": "zz"}, v) },
			"options_test.go:", "a second Values", "put all keys into one map")
	})
	t.Run("an expectation refuses a second map", func(t *testing.T) {
		reports(t, func(m *marbles.Test) {
			marbles.Expect(m, observable.Of("x"), marbles.Values{"q": "zz"}).ToBe("(a|)", v)
		}, "options_test.go:", "a second Values")
	})
	t.Run("the same map may be given twice", func(t *testing.T) {
		passes(t, func(m *marbles.Test) { marbles.Expect(m, observable.Of("x"), v).ToBe("(a|)", v) })
	})
	t.Run("ToEqual refuses a map", func(t *testing.T) {
		reports(t, func(m *marbles.Test) { marbles.Expect(m, observable.Of("x"), v).ToEqual(observable.Of("x")) },
			"options_test.go:", "ToEqual has no diagram")
	})
}

func TestErrNamesAnErrorThatIsInTheLane(t *testing.T) {
	broken := errors.New("broken")
	failed := observable.Throw[string](broken)
	for name, tt := range map[string]struct {
		body func(m *marbles.Test)
		want string
	}{
		"a source refuses Err(nil)": {
			func(m *marbles.Test) { marbles.Cold[string](m, "-#", marbles.Err(nil)) },
			"Err(nil) names no error",
		},
		"an expectation refuses Err(nil)": {
			func(m *marbles.Test) { marbles.Expect(m, failed).ToBe("#", marbles.Err(nil)) },
			"Err(nil) names no error",
		},
		"a source without # refuses Err": {
			func(m *marbles.Test) { marbles.Hot[string](m, "-a|", marbles.Err(broken)) },
			`Err("broken") is what "#" stands for, but "-a|" has none`,
		},
		"an expectation without # refuses Err": {
			func(m *marbles.Test) { marbles.Expect(m, failed, marbles.Err(broken)).ToBe("-a|") },
			`but "-a|" has none`,
		},
		"a second Err is refused": {
			func(m *marbles.Test) { marbles.Expect(m, failed, marbles.Err(broken)).ToBe("#", marbles.Err(io.EOF)) },
			`Err("EOF") would replace Err("broken")`,
		},
		"ToEqual refuses Err": {
			func(m *marbles.Test) { marbles.Expect(m, failed, marbles.Err(broken)).ToEqual(failed) },
			"ToEqual has no diagram",
		},
	} {
		t.Run(name, func(t *testing.T) { reports(t, tt.body, "options_test.go:", tt.want) })
	}
}

func TestHashStandsForNoPanic(t *testing.T) {
	broken := errors.New("broken")
	panicking := func(m *marbles.Test, v any) observable.Observable[string] {
		return operators.Map(func(string) string { panic(v) })(marbles.Cold[string](m, "-a-#").Observable)
	}
	t.Run("a panic is named", func(t *testing.T) {
		reports(t, func(m *marbles.Test) { marbles.Expect(m, panicking(m, "boom")).ToBe("-#") },
			`out1: "#" does not stand for a panic, and this is one, at options_test.go:92: boom (`, " ^ here at 1ms")
	})
	t.Run("so is the panic of the runtime", func(t *testing.T) {
		reports(t, func(m *marbles.Test) {
			out := operators.Map(func(s string) string { return s[2:] })(marbles.Cold[string](m, "-a-#").Observable)
			marbles.Expect(m, out).ToBe("---#")
		}, "and this is one, at options_test.go:", ": runtime error: slice bounds out of range [2:1]")
	})
	t.Run("so is one where no error is expected", func(t *testing.T) {
		reports(t, func(m *marbles.Test) { marbles.Expect(m, panicking(m, "boom")).ToBe("-|") },
			`with error *observable.PanicError("sluice: panic in a callback: boom") at options_test.go:92`)
	})
	t.Run("Err may name it", func(t *testing.T) {
		marbles.Run(t, func(m *marbles.Test) {
			marbles.Expect(m, panicking(m, broken)).ToBe("-#", marbles.Err(broken))
		})
	})
	t.Run("any other error is taken", func(t *testing.T) {
		marbles.Run(t, func(m *marbles.Test) {
			marbles.Expect(m, observable.Throw[string](broken)).ToBe("#")
		})
	})
}
