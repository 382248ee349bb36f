package picture_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sluicego/sluice/internal/golden"
	"github.com/sluicego/sluice/marbles/picture"
)

func TestFormat(t *testing.T) {
	files, err := filepath.Glob("testdata/*.marbles")
	if err != nil || len(files) == 0 {
		t.Fatalf("no diagrams: %v", err)
	}
	var b strings.Builder
	for _, file := range files {
		before, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		after, err := picture.Format(string(before))
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if again, err := picture.Format(after); err != nil || again != after {
			t.Errorf("%s: formatted twice it is (%v)\n%s\nand once\n%s", file, err, again, after)
		}
		same(t, string(before), after)
		b.WriteString(after + "\n")
	}
	golden.Check(t, "formatted.txt", b.String())
}

// same compares what two texts mean.
func same(t interface {
	Helper()
	Fatalf(string, ...any)
}, before, after string,
) {
	t.Helper()
	a, err := picture.Parse(before)
	if err != nil {
		t.Fatalf("%v\n%s", err, before)
	}
	b, err := picture.Parse(after)
	if err != nil {
		t.Fatalf("%v\n%s", err, after)
	}
	if string(a.SVG()) != string(b.SVG()) {
		t.Fatalf("the meaning changed:\n%s\n%s\n%s", before, after, cmp.Diff(a.Text(), b.Text()))
	}
}

// Whatever the text, there is a picture or an error.
func TestParseAnything(t *testing.T) {
	label := rapid.SampledFrom([]string{
		"title", "frame", "where", "note", "request", "demand a", "demand", "subs b", "subs", "dropped a",
		"inner a", "inner b", "inner", "hot a", "cold b", "pull a", "a", "b", "Map(f)", "Take", "\t", "", "x y", "hot",
	})
	token := rapid.SampledFrom([]string{"-", "a", "b", "|", "#", "^", "!", "1", "*", "(", ")", "[ab]", "{b}", " 20ms ", "10ms", "a=x", ", ", "世"})
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		for range rapid.IntRange(0, 6).Draw(t, "rows") {
			b.WriteString(label.Draw(t, "label") + "  " + strings.Join(rapid.SliceOfN(token, 0, 6).Draw(t, "lane"), "") + "\n")
		}
		p, err := picture.Parse(b.String())
		if err != nil {
			return
		}
		elements(t, p.SVG())
		after, err := picture.Format(b.String())
		if err != nil {
			t.Fatalf("%v\n%s", err, b.String())
		}
		same(t, b.String(), after)
	})
}

func TestFormatKeepsTheMeaning(t *testing.T) {
	token := rapid.SampledFrom([]string{"-", "--", "a", "5", "m", "s", " ", " 20ms ", "(ab)", "[ab]", "[ a b]", "{name}", "{5m}", "世", ".", "1"})
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		for _, label := range []string{"source", "hot x", "Map(f)"} {
			lane := strings.TrimSpace(strings.Join(rapid.SliceOfN(token, 1, 10).Draw(t, label), ""))
			if lane == "" {
				lane = "-"
			}
			if label == "hot x" && rapid.Bool().Draw(t, "origin") {
				lane += "^-a"
			}
			b.WriteString(label + "  " + lane + "\n")
		}
		b.WriteString("demand x  ^2--3(1!)\n")
		if _, err := picture.Parse(b.String()); err != nil {
			return // tokens may join to something that is refused
		}
		after, err := picture.Format(b.String())
		if err != nil {
			t.Fatalf("%v\n%s", err, b.String())
		}
		same(t, b.String(), after)
	})
}

// Some editors begin a file with a byte order mark, and a value may have blanks
// in it.
func TestFormatKeepsMarkAndBlanks(t *testing.T) {
	const text = "\ufeffsource   -a-b|\nTake(2)  -a-b|\nwhere    a={1  2}, b=x"
	for _, given := range []string{text, "\ufeffsource  -a-b|\nTake(2)  -a-b|\nwhere a={1  2}, b=x"} {
		after, err := picture.Format(given)
		if err != nil || after != text {
			t.Errorf("%q, %v, want %q", after, err, text)
		}
		p, err := picture.Parse(after)
		if err != nil || p.Rows[0].Label != "source" || p.Rows[0].Events[0].Text != "{1  2}" {
			t.Errorf("%+v, %v", p, err)
		}
	}
}
