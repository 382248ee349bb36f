package main_test

import (
	"strings"
	"testing"
)

const (
	ragged = "source  -a--bc---d--|\nDebounce(2ms)   ---a-- -c---d|\n"
	even   = "source         -a--bc---d--|\nDebounce(2ms)  ---a---c---d|\n"
)

func TestFormatDiagramFile(t *testing.T) {
	r := run(t, t.TempDir(), ragged, "fmt")
	wantCode(t, r, 0)
	equal(t, r.out, even)

	dir := files(t, "a.marbles", ragged, "b.marbles", even)
	r = run(t, dir, "", "fmt", "-d", "a.marbles", "b.marbles")
	wantCode(t, r, 1)
	equal(t, r.out, `a.marbles:1
-source  -a--bc---d--|
+source         -a--bc---d--|
a.marbles:2
-Debounce(2ms)   ---a-- -c---d|
+Debounce(2ms)  ---a---c---d|
`)
	equal(t, content(t, dir, "a.marbles"), ragged)

	r = run(t, dir, "", "fmt", "-w", "a.marbles", "b.marbles")
	wantCode(t, r, 0)
	equal(t, r.out, "")
	equal(t, content(t, dir, "a.marbles"), even)

	r = run(t, dir, "", "fmt", "-d", "a.marbles", "b.marbles")
	wantCode(t, r, 0)
	equal(t, r.out, "")
}

func TestFormatMarkdown(t *testing.T) {
	before := "# A\n\n```marbles\n" + ragged + "```\n\n```go\n" + ragged + "```\n\n````text\n```marbles\n" + ragged + "```\n````\n\n- x\n\n  ~~~marbles\n  a  -\n  Map   -\n  ~~~\n"
	after := strings.Replace(before, ragged, even, 1)
	after = strings.Replace(after, "  a  -\n  Map   -", "  a    -\n  Map  -", 1)
	dir := files(t, "x.md", before, "crlf.md", strings.ReplaceAll(before, "\n", "\r\n"), "mixed.md", "\ufeff# A\n```marbles\na   -\r\nMap  -\n```\r\n", "bad.md", "\n```marbles\n\na  (\n```\n")
	r := run(t, dir, "", "fmt", "x.md")
	wantCode(t, r, 0)
	equal(t, r.out, after)
	r = run(t, dir, "", "fmt", "crlf.md")
	wantCode(t, r, 0)
	equal(t, r.out, strings.ReplaceAll(after, "\n", "\r\n"))
	r = run(t, dir, "", "fmt", "mixed.md")
	wantCode(t, r, 0)
	equal(t, r.out, "\ufeff# A\n```marbles\na    -\r\nMap  -\n```\r\n")
	r = run(t, dir, "", "fmt", "bad.md")
	wantCode(t, r, 2)
	equal(t, r.err, "marbles fmt: bad.md: in the block that starts at line 2, line 2: row \"a\": group \"(\" is never closed: close it with \")\"\n    (\n    ^\n")
}

func TestFormatGo(t *testing.T) {
	before := strings.Replace(goFile, "\tsource -\n", "", 1)
	dir := files(t, "x.go", before)
	r := run(t, dir, "", "fmt", "x.go")
	wantCode(t, r, 0)
	after := strings.Replace(before, "//\tsource     -a--bc---d--|\n//\tDebounce(2ms)  ---a---[cC]---d|",
		"//\tsource         -a--bc--   -d--|\n//\tDebounce(2ms)  ---a---[cC]---d|", 1)
	equal(t, r.out, after)
}
