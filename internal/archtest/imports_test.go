package archtest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

// A rule says what one package may import of this module.
type rule struct {
	code []string // in its code
	test []string // in its tests, besides that

	// helper: no package's code imports it, only tests do, so that its code
	// may import what tests may.
	helper bool
}

// The ground: packages with no vocabulary of the library in them, free for
// everybody to use. Each says what it stands on itself.
var ground = map[string]rule{
	"internal/arbiter": {code: []string{"internal/demand"}},
	"internal/demand":  {},
	"internal/fault":   {},
	"internal/link":    {},
	"internal/option":  {},
	"internal/queue":   {},
	"internal/runaway": {},
	"internal/serial":  {},
	"internal/site":    {},
}

// The graph above the ground: what each package may import besides the ground.
// A pattern that ends in /* stands for all packages below it. docs/architecture.md
// draws the same graph.
var graph = map[string]rule{
	"scheduler":  {},
	"observable": {code: []string{"scheduler"}, test: []string{"marbles", "operators", "internal/*"}},

	// Siblings: none of them knows the others, in their code.
	"operators":    {code: []string{"observable", "scheduler", "internal/side"}, test: []string{"backpressure", "marbles", "marbles/*", "internal/*"}},
	"backpressure": {code: []string{"observable", "scheduler", "internal/side"}, test: []string{"marbles", "marbles/*", "internal/*"}},
	"marbles":      {code: []string{"observable", "scheduler", "internal/marble", "internal/rewrite", "internal/sketch", "internal/ungated"}, test: []string{"operators", "backpressure", "internal/*"}},

	"internal/marble":          {test: []string{"internal/golden"}},
	"internal/rewrite":         {},
	"internal/sketch":          {code: []string{"internal/marble", "marbles/picture"}, test: []string{"internal/golden"}},
	"marbles/picture":          {code: []string{"internal/marble"}, test: []string{"internal/golden"}},
	"marbles/cmd/marbles":      {code: []string{"internal/marble", "internal/sketch", "marbles/picture"}},
	"internal/side":            {code: []string{"observable"}},
	"marbles/conformance/rxjs": {test: []string{"backpressure", "observable", "operators", "scheduler"}},
	"marbles/conformance":      {code: []string{"marbles", "observable", "scheduler", "internal/fates", "internal/ungated"}, test: []string{"operators", "backpressure", "internal/*"}},

	"internal/archtest": {},
	"internal/contract": {code: []string{"marbles", "observable", "scheduler", "internal/fates", "internal/ungated"}, test: []string{"backpressure"}, helper: true},
	"internal/apidoc":   {},
	"internal/doclint":  {code: []string{"marbles", "internal/apidoc"}, helper: true},
	"internal/ungated":  {code: []string{"observable"}},
	"internal/fates":    {code: []string{"observable"}},
	"internal/gen":      {code: []string{"internal/opdoc"}},
	"internal/opdoc":    {code: []string{"internal/apidoc"}, test: []string{"observable", "operators", "scheduler", "backpressure"}},
	"internal/golden":   {helper: true},
	"internal/rxgo":     {helper: true},
	"internal/soak":     {test: []string{"backpressure", "marbles", "observable", "operators", "scheduler", "internal/apidoc", "internal/ungated"}},

	// Tests only, written as users write: the public packages.
	"internal/peers": {test: []string{"internal/rxgo", "observable", "operators", "scheduler", "backpressure", "marbles"}},

	// Examples are written as users write: the public packages only.
	"examples/*": {code: []string{"observable", "operators", "scheduler", "backpressure", "marbles", "marbles/*"}},
}

// testModules are the only modules the library depends on, in tests only.
var testModules = []string{"github.com/google/go-cmp", "go.uber.org/goleak", "pgregory.net/rapid"}

func TestImports(t *testing.T) {
	for _, pkg := range packages(t) {
		name := strings.TrimPrefix(pkg.ImportPath, module+"/")
		allowed, known := ruleFor(name)
		if !known {
			t.Errorf("%s: not in the graph; add it to this test and to docs/architecture.md", name)
			continue
		}
		for _, imported := range pkg.Imports {
			if rel, ours := strings.CutPrefix(imported, module+"/"); ours {
				if !matches(allowed.code, rel) {
					t.Errorf("%s must not import %s", name, rel)
				}
			} else if !standard(imported) && !(allowed.helper && forTests(imported)) {
				t.Errorf("%s imports %s: nothing outside the standard library, except in tests", name, imported)
			}
		}
		for _, imported := range slices.Concat(pkg.TestImports, pkg.XTestImports) {
			if rel, ours := strings.CutPrefix(imported, module+"/"); ours {
				if rel != name && !matches(allowed.code, rel) && !matches(allowed.test, rel) {
					t.Errorf("%s: its tests must not import %s", name, rel)
				}
			} else if !standard(imported) && !forTests(imported) {
				t.Errorf("%s: its tests import %s, which is not one of %s", name, imported, strings.Join(testModules, ", "))
			}
		}
	}
}

// Examples in modules of their own are not among the packages of this one.
func TestExamplesImportNothingInternal(t *testing.T) {
	for _, file := range sources(t) {
		if !file.in("examples") {
			continue
		}
		for _, imported := range file.imports() {
			if strings.HasPrefix(imported, module+"/internal/") {
				t.Errorf("%s imports %s: examples use what users can", file.path, imported)
			}
		}
	}
}

// ruleFor returns the rule for a package, with the ground added to what it may import.
func ruleFor(name string) (r rule, known bool) {
	if r, known = ground[name]; known {
		return r, true
	}
	r, known = graph[name]
	for dir := path.Dir(name); !known && dir != "."; dir = path.Dir(dir) {
		r, known = graph[dir+"/*"]
	}
	if known && !strings.HasPrefix(name, "examples/") {
		r.code = slices.Clone(r.code)
		for g := range ground {
			r.code = append(r.code, g)
		}
	}
	return r, known
}

func matches(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		below, all := strings.CutSuffix(p, "*")
		return p == name || all && strings.HasPrefix(name, below)
	})
}

// standard reports whether an import path is one of the standard library's:
// the only ones whose first element has no dot.
func standard(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".")
}

// forTests reports whether an import path belongs to one of the test modules.
func forTests(imported string) bool {
	return slices.ContainsFunc(testModules, func(m string) bool { return imported == m || strings.HasPrefix(imported, m+"/") })
}

type goPackage struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
}

// packages asks the go command, which knows about build constraints. What does
// not compile is listed all the same (-e): that is for the compiler to report.
func packages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-e", "-json=ImportPath,Imports,TestImports,XTestImports", "./...")
	cmd.Dir = root
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.Bytes())
	}
	var list []goPackage
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var pkg goPackage
		if err := dec.Decode(&pkg); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		list = append(list, pkg)
	}
}
