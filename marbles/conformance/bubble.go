package conformance

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A result is what a check found.
type result struct {
	problems []string
	signals  []string
	skipped  string // why, if it does not apply
}

// runAll runs the checks of a suite on s, each as a subtest.
func runAll[S any](t *testing.T, checks []check[S], s S, settle time.Duration, skip map[string]string) {
	t.Helper()
	for name := range skip {
		if !named(checks, name) {
			t.Errorf("conformance: Skip names %q, which is no check of this suite", name)
		}
	}
	for _, c := range checks {
		t.Run(c.name, func(t *testing.T) {
			if why, ok := skip[c.name]; ok {
				t.Skipf("conformance: %s (%s) is skipped: %s", c.name, c.cited(), why)
			}
			var found result
			t.Cleanup(func() {
				if len(found.problems) > 0 {
					t.Errorf("conformance: %s", c.report(found.problems, found.signals))
				}
			})
			found = play(t, settle, func(e *env) { c.run(e, s) })
			if found.skipped != "" && len(found.problems) == 0 {
				t.Skipf("conformance: %s (%s) does not apply: %s", c.name, c.cited(), found.skipped)
			}
		})
	}
}

func named[S any](checks []check[S], name string) bool {
	for _, c := range checks {
		if c.name == name {
			return true
		}
	}
	return false
}

// play runs one check, in a bubble unless it has to settle in real time.
func play(t *testing.T, settle time.Duration, run func(e *env)) (r result) {
	t.Helper()
	if settle > 0 {
		playIn(newEnv(settle), run, &r)
		return r
	}
	defer func() {
		// A goroutine that is blocked for ever makes the bubble panic.
		if v := recover(); v != nil {
			r.problems = append(r.problems, fmt.Sprintf("goroutines are left behind (L12): %v", v))
		}
	}()
	synctest.Test(t, func(*testing.T) { playIn(newEnv(0), run, &r) })
	return r
}

func playIn(e *env, run func(e *env), r *result) {
	defer func() {
		v := recover()
		if s, ok := v.(stopped); ok {
			r.skipped = s.skip
		} else if v != nil {
			e.fail("the check panicked: %v", v)
		}
		e.close()
		e.mu.Lock()
		defer e.mu.Unlock()
		if r.problems = e.problems; len(r.problems) == 0 {
			return
		}
		for _, s := range e.signals {
			r.signals = append(r.signals, s.String())
		}
		if e.unlogged > 0 {
			r.signals = append(r.signals, fmt.Sprintf("… and %d more", e.unlogged))
		}
	}()
	run(e)
}

// inShort shortens a list of stacks for a failure.
func inShort(stack string) string {
	lines := strings.SplitN(stack, "\n", maxLines+1)
	return strings.Join(lines[:min(len(lines), maxLines)], "\n")
}

const maxLines = 9
