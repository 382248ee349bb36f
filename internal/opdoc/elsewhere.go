package opdoc

import (
	"bytes"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
)

// libraries are those whose names are listed.
var libraries = []string{"RxJS", "RxJava", "Reactor", "RxGo", "ro", "b97tsk/rx", "reactivego/rx", "go-streams"}

// A row is a name in other libraries, and what it is here.
type row struct{ name, libraries, here string }

// elsewhere adds the names in other libraries, and the compositions.
func (p *page) elsewhere(files fs.FS) {
	p.heading(2, "Names elsewhere")
	text, err := fs.ReadFile(files, "elsewhere.txt")
	if err != nil {
		p.complain("%w", err)
	}
	intro, table, _ := strings.Cut(string(text), "\n\n")
	p.add("%s\n\n| there | in | here |\n|---|---|---|\n", p.link("elsewhere.txt", intro))
	for _, r := range p.rows(table) {
		p.add("| `%s` | %s | %s |\n", r.name, r.libraries, p.link("elsewhere.txt", r.here))
	}
	p.add("\n")
	p.heading(2, "Compositions")
	p.add("What has no operator of its own. Each is an example that runs as a test: `show` prints all values, `play` each\n" +
		"with its time, which is virtual, and `at(1, 3)` emits 1 after a millisecond and 3 after three.\n\n")
	for _, c := range p.compositions {
		p.heading(3, c.title())
		p.add("%s\n\n```go\n%s\n```\n\n", p.link(c.file, c.about), c.code)
		if !p.linked[c.title()] {
			p.complain("%s: nothing refers to Example_%s", c.file, c.name)
		}
	}
}

// rows reads the table. A line has names, each with its libraries or those of
// the next that has some, and what they are here:
//
//	flatMap, mergeMap (RxJS), flatMap (RxJava Reactor) | [MergeMap]
//
// Headings, which begin with #, are for those who write it.
func (p *page) rows(table string) (rows []row) {
	for line := range strings.Lines(table) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		there, here, ok := strings.Cut(line, " | ")
		if !ok {
			p.complain("elsewhere.txt: nothing said of %s", line)
			continue
		}
		var in []string
		for _, name := range slices.Backward(strings.Split(there, ", ")) {
			name, some, ok := strings.Cut(name, " (")
			if ok {
				in = strings.Fields(strings.TrimSuffix(some, ")"))
			}
			if len(in) == 0 {
				p.complain("elsewhere.txt: no library has %s", name)
			}
			for _, l := range in {
				if !slices.Contains(libraries, l) {
					p.complain("elsewhere.txt: no library is called %s", l)
				}
			}
			rows = append(rows, row{name, strings.Join(in, ", "), here})
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		return strings.Compare(strings.ToLower(a.name), strings.ToLower(b.name))
	})
	return rows
}

// A composition is what is an operator elsewhere, made of ours: an Example.
type composition struct{ name, about, code, file string }

// title is the name in words: "round robin" for roundRobin.
func (c composition) title() string {
	var b strings.Builder
	for i, r := range c.name {
		switch {
		case i == 0:
			r = unicode.ToUpper(r)
		case unicode.IsUpper(r):
			b.WriteByte(' ')
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// readCompositions reads the Examples of this package.
func readCompositions(root string) (all []composition, err error) {
	names, err := filepath.Glob(filepath.Join(root, "internal/opdoc/*_test.go"))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, name, text, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		for _, ex := range doc.Examples(f) {
			body, ok := ex.Code.(*ast.BlockStmt)
			if !ok {
				continue // the whole file is the example
			}
			inner := text[fset.Position(body.Lbrace).Offset+1 : fset.Position(body.Rbrace).Offset]
			all = append(all, composition{strings.TrimPrefix(ex.Name, "_"), strings.TrimSpace(ex.Doc), dedent(inner), filepath.Base(name)})
		}
	}
	slices.SortFunc(all, func(a, b composition) int { return strings.Compare(a.name, b.name) })
	return all, nil
}

// dedent takes the indentation of a function's body away.
func dedent(body []byte) string {
	return string(bytes.TrimSpace(bytes.ReplaceAll(body, []byte("\n\t"), []byte("\n"))))
}
