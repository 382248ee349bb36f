package main_test

import (
	"strings"
	"testing"
)

func TestDiff(t *testing.T) {
	dir := files(t, "want.txt", "want  -a--b|\ngot   -a---b|\n", "bare.txt", "-a--b|\n\n-a--b|")
	report := `b is 1ms late (want 4ms, got 5ms); from here on everything is shifted by +1ms

    time  0    5
    want  -a--b|
    got   -a---b|
              ^~ first difference at 4ms

    actual as marbles: "-a---b|"
`
	r := run(t, dir, "", "diff", "-svg", "diff.svg", "-a--b|", "-a---b|")
	wantCode(t, r, 1)
	equal(t, r.out, report)
	if svg := content(t, dir, "diff.svg"); !strings.Contains(svg, "b is 1ms late") {
		t.Errorf("the picture does not say it:\n%s", svg)
	}
	r = run(t, dir, "", "diff", "-f", "want.txt")
	wantCode(t, r, 1)
	equal(t, r.out, report)

	for _, args := range [][]string{
		{"-f", "bare.txt"},
		{"-a--b|", "- a - - b |"},
		{"--", "-f", "-f"},
		{"-a 20ms b|", "-a--b|", "-frame=10ms"},
	} {
		r := run(t, dir, "", append([]string{"diff"}, args...)...)
		if r.code != 0 || r.out != "" || r.err != "" {
			t.Errorf("%q: exit code %d, %q %q", args, r.code, r.out, r.err)
		}
	}
}

func TestDiffOfDemand(t *testing.T) {
	dir := t.TempDir()
	r := run(t, dir, "", "diff", "-demand", "-svg", "diff.svg", "^2-1-!", "^2--1!")
	wantCode(t, r, 1)
	if !strings.HasPrefix(r.out, "request of 1 is 1ms late (want 3ms, got 4ms)\n") {
		t.Errorf("got %s", r.out)
	}
	if svg := content(t, dir, "diff.svg"); !strings.Contains(svg, "request of 1 is 1ms late") {
		t.Errorf("the picture does not say it:\n%s", svg)
	}
	wantCode(t, run(t, dir, "", "diff", "^--!", "-demand", "^--!"), 0)

	r = run(t, dir, "", "diff", "^--!", "^-!")
	wantCode(t, r, 2)
	if !strings.Contains(r.err, "diff -demand") {
		t.Errorf("got %s", r.err)
	}
	wantCode(t, run(t, dir, "", "diff", "-svg", "hot.svg", "a-^-b|", "a-^b-|"), 1)
}
