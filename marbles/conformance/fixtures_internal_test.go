package conformance

import (
	"strings"
	"testing"
)

// A fixture is a subject with one flaw, and the check that must find it.
type fixture[S any] struct {
	check string
	flaw  string
	make  func() S
}

// races marks a flaw that the race detector finds by itself, whereupon it fails
// the test that shows that the check does.
const races = "race: "

// testFixtures runs each fixture against the check that must find it, and
// against all the others, which must neither hang nor panic.
func testFixtures[S any](t *testing.T, checks []check[S], fixtures []fixture[S]) {
	t.Helper()
	for _, c := range checks {
		t.Run(c.name, func(t *testing.T) {
			found := false
			for _, f := range fixtures {
				if raceEnabled && (f.check != c.name || strings.HasPrefix(f.flaw, races)) {
					found = found || f.check == c.name
					continue
				}
				r := play(t, 0, func(e *env) { c.run(e, f.make()) })
				switch {
				case f.check != c.name:
				case r.skipped != "":
					t.Errorf("%q was skipped: %s", f.flaw, r.skipped)
				case len(r.problems) == 0:
					t.Errorf("%q was not found", f.flaw)
				default:
					found = true
					requireWords(t, c.report(r.problems, r.signals), c.name, "law "+c.law, "seen:", "look at:")
				}
				for _, p := range r.problems {
					if strings.Contains(p, "the check panicked") {
						t.Errorf("%q: %s", f.flaw, p)
					}
				}
			}
			if !found {
				t.Error("no fixture fails this check")
			}
		})
	}
	for _, f := range fixtures {
		if !named(checks, f.check) {
			t.Errorf("%q is there for %s, which is no check", f.flaw, f.check)
		}
	}
}

// testSound runs what has no flaw.
func testSound[S any](t *testing.T, checks []check[S], sound func() S) {
	t.Helper()
	for _, c := range checks {
		if r := play(t, 0, func(e *env) { c.run(e, sound()) }); len(r.problems) > 0 {
			t.Errorf("%s", c.report(r.problems, r.signals))
		}
	}
}

func requireWords(t *testing.T, text string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("no %q in\n%s", w, text)
		}
	}
}
