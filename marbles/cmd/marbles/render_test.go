package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRenderStandardInput(t *testing.T) {
	r := run(t, t.TempDir(), debounce, "render")
	wantCode(t, r, 0)
	if !strings.HasPrefix(r.out, "<svg ") || !strings.Contains(r.out, "prefers-color-scheme") {
		t.Errorf("no SVG for both preferences:\n%s", r.out)
	}
	r = run(t, t.TempDir(), debounce, "render", "-text", "-title", "Pauses", "-")
	wantCode(t, r, 0)
	equal(t, r.out, `Pauses

time           0    5    10
source         -a--bc---d--|
Debounce(2ms)  ---a---c---d|
`)
}

func TestRenderFiles(t *testing.T) {
	dir := files(t, "one.marbles", debounce, "two.marbles", "title  Two\na  -a\nMap  -b")
	r := run(t, dir, "", "render", "-theme", "dark", "-o", "one.svg", "one.marbles")
	wantCode(t, r, 0)
	if svg := content(t, dir, "one.svg"); r.out != "" || strings.Contains(svg, "prefers-color-scheme") {
		t.Errorf("not dark only:\n%s\n%s", r.out, svg)
	}
	r = run(t, dir, "", "render", "-o", "out", "one.marbles", "two.marbles")
	wantCode(t, r, 0)
	if svg := content(t, dir, "out", "two.svg"); !strings.Contains(svg, ">Two</title>") {
		t.Errorf("no title:\n%s", svg)
	}
	r = run(t, dir, "", "render", "-text", "one.marbles", "two.marbles")
	wantCode(t, r, 0)
	if !strings.Contains(r.out, "d|\n\nTwo\n") {
		t.Errorf("not one after the other:\n%s", r.out)
	}
}

func TestRenderDocComments(t *testing.T) {
	dir := files(t, "x.go", strings.Replace(goFile, "\tsource -\n", "", 1))
	r := run(t, dir, "", "render", "-text", "x.go", "Map")
	wantCode(t, r, 0)
	equal(t, r.out, "time    0\nsource  -a-b|\nMap     -A-B|\n")
	r = run(t, dir, "", "render", "-o", "all", "x.go")
	wantCode(t, r, 0)
	for _, name := range []string{"Map.svg", "Debounce.svg"} {
		if svg := content(t, dir, "all", name); !strings.Contains(svg, "</svg>") {
			t.Errorf("%s:\n%s", name, svg)
		}
	}
}

// One picture goes into a directory too, if there is one.
func TestRenderIntoDirectory(t *testing.T) {
	dir := files(t, "one.marbles", debounce)
	if err := os.Mkdir(filepath.Join(dir, "there"), 0o750); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ to, file, svg string }{
		{"there", "one.marbles", "one.svg"},
		{"new/", "one.marbles", "one.svg"},
		{"there", "-", "stdin.svg"},
	} {
		wantCode(t, run(t, dir, debounce, "render", "-o", c.to, c.file), 0)
		if svg := content(t, dir, c.to, c.svg); !strings.HasPrefix(svg, "<svg ") {
			t.Errorf("%s in %s is %q", c.file, c.to, svg)
		}
	}
}

// What cannot be done is said in one line, a diagram with its caret, and exits
// with 2.
func TestNonsense(t *testing.T) {
	dir := files(t, "bad.marbles", "a  -a-(b", "a.marbles", "a  -", "b.marbles", "b  -", "x.go", goFile, "none.go", "package x", "two.txt", "-a")
	for _, c := range []struct {
		args []string
		err  string
	}{
		{[]string{"draw"}, "marbles: there is no command \"draw\": use render, fmt or diff\n"},
		{[]string{"render", "-theme", "pink"}, "marbles render: there is no theme \"pink\": use auto, light or dark\n"},
		{[]string{"render", "none.marbles"}, "marbles render: open none.marbles: no such file or directory\n"},
		{[]string{"render", "bad.marbles"}, "marbles render: bad.marbles: line 1: row \"a\": group \"(\" is never closed: close it with \")\"\n    -a-(b\n       ^\n"},
		{[]string{"render", "a.marbles", "b.marbles"}, "marbles render: 2 pictures do not go into one file: name a directory with -o, or draw with -text\n"},
		{[]string{"render", "-o", "out", "a.marbles", "./a.marbles"}, "marbles render: two of the pictures would be out/a.svg: draw them into different directories\n"},
		{[]string{"render", "none.go"}, "marbles render: none.go: no doc comment has a diagram\n"},
		{[]string{"render", "x.go", "Map"}, "marbles render: x.go:14:1: diagram of Map: \"source -\" is no row of a diagram: write a label, two blanks or more, and a lane\n"},
		{[]string{"render", "x.go", "Map", "-text"}, "marbles render: -text is behind the file: put flags before it\n"},
		{[]string{"fmt", "bad.marbles"}, "marbles fmt: bad.marbles: line 1: row \"a\": group \"(\" is never closed: close it with \")\"\n    -a-(b\n       ^\n"},
		{[]string{"fmt", "-w"}, "marbles fmt: standard input cannot be written: name a file, or leave -w out\n"},
		{[]string{"fmt", "-a"}, "flag provided but not defined: -a\n"},
		{[]string{"diff", "-a"}, "marbles diff: the number of lanes is 1: give two, what is wanted and what came, each quoted\n"},
		{[]string{"diff", "-a", "-(a"}, "marbles diff: GOT: group \"(\" is never closed: close it with \")\"\n    -(a\n     ^\n"},
		{[]string{"diff", "-f", "two.txt"}, "marbles diff: two.txt: the number of lanes is 1: put two there, what is wanted above what came\n"},
		{[]string{"diff", "-f", "two.txt", "a", "b"}, "marbles diff: -f and lanes as arguments do not go together: leave one out\n"},
		{[]string{"diff", "-frame", "-1s", "a", "b"}, "marbles diff: the frame -1s is not above zero: give one like 10ms\n"},
	} {
		r := run(t, dir, "", c.args...)
		if r.code != 2 || r.out != "" || r.err != c.err && !(strings.HasPrefix(c.err, "flag ") && strings.HasPrefix(r.err, c.err)) {
			t.Errorf("%q: exit code %d, %q\ngot  %q\nwant %q", c.args, r.code, r.out, r.err, c.err)
		}
	}
	r := run(t, dir, "")
	if r.code != 2 || !strings.HasPrefix(r.err, "usage: ") {
		t.Errorf("no arguments: %d %q", r.code, r.err)
	}
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{{"-h"}, {"help"}, {"render", "-h"}, {"fmt", "-h"}, {"diff", "--help"}} {
		if r := run(t, t.TempDir(), "", args...); r.code != 0 || !strings.HasPrefix(r.out+r.err, "usage: marbles") {
			t.Errorf("%q: %d %q %q", args, r.code, r.out, r.err)
		}
	}
}
