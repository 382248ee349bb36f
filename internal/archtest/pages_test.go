package archtest_test

import (
	"go/ast"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A page is what is written for people: README.md and what is in docs. The
// decisions are not among them, which speak of what there was, or might be.
type page struct{ path, text string }

func pages(t *testing.T) []page {
	t.Helper()
	names, err := filepath.Glob(root + "/docs/*.md")
	if err != nil || len(names) == 0 {
		t.Fatalf("no page found in docs: %v", err)
	}
	var all []page
	for _, name := range append(names, root+"/README.md", root+"/CONTRIBUTING.md") {
		all = append(all, page{path: name, text: read(t, name)})
	}
	return all
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// qualified is a name of a public package, perhaps with one of its methods or
// fields: operators.Map, observable.Observable.Chan.
var qualified = regexp.MustCompile(`\b(` + strings.Join(public, "|") + `)\.([A-Z]\w*)(?:\.([A-Z]\w*))?`)

// A page may name only what there is.
func TestPagesNameWhatExists(t *testing.T) {
	exist := make(map[string]bool) // "operators.Map", "operators.Connectable.Connect"
	for _, file := range sources(t) {
		if !slices.Contains(public, file.dir()) || file.test() {
			continue
		}
		for _, e := range exports(file.syntax) {
			exist[file.dir()+"."+e.title()] = true
		}
	}
	found := 0
	for _, page := range pages(t) {
		for _, m := range qualified.FindAllStringSubmatch(page.text, -1) {
			name := m[1] + "." + m[2]
			if m[3] != "" {
				name += "." + m[3]
			}
			if found++; !exist[name] {
				t.Errorf("%s: there is no %s", page.path, name)
			}
		}
	}
	if found == 0 {
		t.Error("no page names anything")
	}
}

// fenced is a block of Go in a page.
var fenced = regexp.MustCompile("(?s)```go\n(.*?)```")

// The code in a page is a part of some file that is compiled and tested, line by
// line, however far it is indented there. Signatures have no body to run; the
// page of operators, which is generated, shows those.
func TestPagesShowCodeThatRuns(t *testing.T) {
	var code []string
	for _, file := range sources(t) {
		code = append(code, flush(read(t, root+"/"+file.path)))
	}
	for _, page := range pages(t) {
		if path.Base(page.path) == "operators.md" {
			continue
		}
		for _, m := range fenced.FindAllStringSubmatch(page.text, -1) {
			shown := flush(m[1])
			if !slices.ContainsFunc(code, func(c string) bool { return strings.Contains(c, shown) }) {
				t.Errorf("%s: no file has these lines; copy them from the test that runs them:\n%s", page.path, m[1])
			}
		}
	}
}

// drawn is a diagram in a page.
var drawn = regexp.MustCompile("(?s)```marbles\n(.*?)```")

// A diagram in a page is one of a doc comment, where it is played. The page of
// operators is made from those.
func TestPagesShowDiagramsThatRun(t *testing.T) {
	var comments []string
	for _, file := range sources(t) {
		comments = append(comments, flush(strings.ReplaceAll(read(t, root+"/"+file.path), "\n//\t", "\n")))
	}
	found := 0
	for _, page := range pages(t) {
		for _, m := range drawn.FindAllStringSubmatch(page.text, -1) {
			found++
			shown := flush(m[1])
			if !slices.ContainsFunc(comments, func(c string) bool { return strings.Contains(c, shown) }) {
				t.Errorf("%s: no doc comment has this diagram; copy it from the one that is played:\n%s", page.path, m[1])
			}
		}
	}
	if found == 0 {
		t.Error("no page shows a diagram")
	}
}

// behaviour is a test that is named for the number of a behaviour.
var behaviour = regexp.MustCompile(`\bTestBehaviour(\d+)_\w+`)

// Of the forty behaviours by which an implementation of demand is told from a
// toy, each has a test; docs/backpressure.md names some, which must exist.
func TestBehavioursHaveTests(t *testing.T) {
	tests, numbers := make(map[string]bool), make(map[string]bool)
	for _, file := range sources(t) {
		if !file.test() {
			continue
		}
		for _, decl := range file.syntax.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if m := behaviour.FindStringSubmatch(fn.Name.Name); m != nil {
				tests[m[0]], numbers[m[1]] = true, true
			}
		}
	}
	for n := 1; n <= 40; n++ {
		if !numbers[strconv.Itoa(n)] {
			t.Errorf("behaviour %d has no test; name it TestBehaviour%d_…", n, n)
		}
	}
	for _, page := range pages(t) {
		for _, name := range behaviour.FindAllString(page.text, -1) {
			if !tests[name] {
				t.Errorf("%s: there is no test %s", page.path, name)
			}
		}
	}
}

// flush returns the lines of text without their indentation, one newline before
// and after each.
func flush(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString("\n" + strings.TrimSpace(line) + "\n")
	}
	return b.String()
}

// docs/from-rxgo.md has a word to say about every name of RxGo v2.5.0, which
// testdata/rxgo.txt lists: its functions, types, constants and methods.
func TestFromRxGoIsComplete(t *testing.T) {
	text := read(t, root+"/docs/from-rxgo.md")
	mentioned := make(map[string]bool)
	for _, span := range regexp.MustCompile("`[^`\n]+`").FindAllString(text, -1) {
		for _, word := range regexp.MustCompile(`\w+`).FindAllString(span, -1) {
			mentioned[word] = true
		}
	}
	for name := range strings.FieldsSeq(read(t, "testdata/rxgo.txt")) {
		if !mentioned[name] {
			t.Errorf("docs/from-rxgo.md does not mention `%s`", name)
		}
	}
}

// image is a picture in a page.
var image = regexp.MustCompile(`!\[[^\]]+\]\(([^)]+)\)`)

// The pictures of pages exist, and each that a test draws of a diagram is in a
// page, but for those of a family by arity, which are shown by the first.
func TestPagesShowThePicturesThereAre(t *testing.T) {
	shown := make(map[string]bool)
	for _, page := range pages(t) {
		for _, m := range image.FindAllStringSubmatch(page.text, -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			file := path.Join(path.Dir(page.path), m[1])
			shown[file] = true
			if _, err := os.Stat(file); err != nil {
				t.Errorf("%s: there is no picture %s", page.path, m[1])
			}
		}
	}
	files, err := filepath.Glob(root + "/docs/pictures/*/*.svg")
	if err != nil || len(files) == 0 {
		t.Fatalf("no picture found: %v", err)
	}
	for _, file := range files {
		if name := strings.TrimSuffix(path.Base(file), ".svg"); !shown[file] && !strings.ContainsAny(name, "3456789") {
			t.Errorf("no page shows %s", file)
		}
	}
}
