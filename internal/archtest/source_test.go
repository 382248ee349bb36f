package archtest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

const (
	module = "github.com/sluicego/sluice"
	root   = "../.." // the module's folder, seen from this one
)

// A source is one Go file of the repository.
type source struct {
	path   string // slash-separated, below the root
	nested bool   // in a module of its own below the root
	syntax *ast.File
	lines  int
}

func (s source) dir() string        { return path.Dir(s.path) }
func (s source) test() bool         { return strings.HasSuffix(s.path, "_test.go") }
func (s source) in(dir string) bool { return strings.HasPrefix(s.path, dir+"/") }

// xtest reports whether the file sees its package only from outside.
func (s source) xtest() bool { return s.test() && strings.HasSuffix(s.syntax.Name.Name, "_test") }

// imports returns the import paths of the file by the name each has there.
func (s source) imports() map[string]string {
	byName := make(map[string]string)
	for _, spec := range s.syntax.Imports {
		imported, _ := strconv.Unquote(spec.Path.Value)
		name := path.Base(imported)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		byName[name] = imported
	}
	return byName
}

var fset = token.NewFileSet()

// sources parses every Go file of the repository once.
func sources(t *testing.T) []source {
	t.Helper()
	all, err := parseAll()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var parseAll = sync.OnceValues(func() ([]source, error) {
	var all []source
	var nested []string // folders with a go.mod of their own; parents come first
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if entry.IsDir() {
			if rel == "." {
				return nil
			}
			if base := entry.Name(); base == "testdata" || base == "node_modules" || strings.ContainsAny(base[:1], "._") {
				return fs.SkipDir
			}
			if _, err := os.Stat(filepath.Join(name, "go.mod")); err == nil {
				nested = append(nested, rel+"/")
			}
			return nil
		}
		if !strings.HasSuffix(rel, ".go") {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		syntax, err := parser.ParseFile(fset, rel, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		file := source{path: rel, syntax: syntax, lines: strings.Count(string(text), "\n")}
		for _, dir := range nested {
			file.nested = file.nested || strings.HasPrefix(rel, dir)
		}
		all = append(all, file)
		return nil
	})
	return all, err
})
