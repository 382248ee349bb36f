// Package doclint holds sources and operators to the template of their doc
// comments, and plays the diagrams in them. Only tests import it.
package doclint

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// parts is what a doc comment has, in this order.
var parts = []string{"Demand: ", "Errors: ", "Discards: ", "Scheduler: "}

// Check reads the Go files of the current directory and fails for each source,
// operator, subject and terminal whose doc comment lacks a part, has the parts
// in another order, or has no Example. exempt lists functions and methods that
// are none of these, although their types say so.
func Check(t *testing.T, importPath string, exempt ...string) {
	t.Helper()
	fset := token.NewFileSet()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, name := range names {
		f, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	pkg, err := doc.NewFromFiles(fset, files, importPath)
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, it := range items(pkg) {
		if slices.Contains(exempt, it.name) {
			continue
		}
		checked++
		for _, complaint := range it.complaints() {
			t.Errorf("%s: %s: %s", fset.Position(it.pos), it.name, complaint)
		}
	}
	if checked == 0 {
		t.Errorf("no source and no operator found in %s", importPath)
	}
}

// An item is something that is documented by the template.
type item struct {
	name, doc string
	pos       token.Pos
	examples  int
}

// items returns the sources and operators, which make a stream, the subjects,
// which are types that embed one, and the terminals, which are its methods.
func items(pkg *doc.Package) (all []item) {
	funcs := pkg.Funcs
	for _, typ := range pkg.Types {
		funcs = append(funcs, typ.Funcs...)
		if embedsStream(typ.Decl) {
			it := item{name: typ.Name, doc: typ.Doc, pos: typ.Decl.Pos(), examples: len(typ.Examples)}
			for _, constructor := range typ.Funcs {
				it.examples += len(constructor.Examples)
			}
			all = append(all, it)
		}
		if typ.Name == "Observable" {
			for _, m := range typ.Methods {
				all = append(all, item{m.Name, m.Doc, m.Decl.Pos(), len(m.Examples)})
			}
		}
	}
	for _, f := range funcs {
		if makesStream(f.Decl) {
			all = append(all, item{f.Name, f.Doc, f.Decl.Pos(), len(f.Examples)})
		}
	}
	return all
}

func (it item) complaints() (list []string) {
	words := strings.Fields(it.doc)
	if len(words) < 2 || words[0] != it.name && words[1] != it.name { // "Map …", "A Subject …"
		list = append(list, "the doc comment does not begin with the name")
	}
	if !strings.Contains(it.doc, "\n\t") {
		list = append(list, "no diagram and no code")
	}
	last := -1
	for _, part := range parts {
		at := strings.Index(it.doc, "\n"+part)
		switch {
		case at < 0:
			list = append(list, "no paragraph that begins with "+strings.TrimSpace(part))
		case at < last:
			list = append(list, strings.TrimSpace(part)+" comes too early; the order is "+strings.Join(parts, " "))
		}
		last = max(last, at)
	}
	if it.examples == 0 {
		list = append(list, "no Example of "+it.name)
	}
	return list
}

// embedsStream reports whether decl is of a struct that embeds an Observable.
func embedsStream(decl *ast.GenDecl) bool {
	for _, spec := range decl.Specs {
		typ, ok := spec.(*ast.TypeSpec)
		if !ok {
			continue
		}
		if fields, ok := typ.Type.(*ast.StructType); ok {
			for _, field := range fields.Fields.List {
				if x, ok := field.Type.(*ast.IndexExpr); ok && len(field.Names) == 0 && typeName(x.X) == "Observable" {
					return true
				}
			}
		}
	}
	return false
}

// makesStream reports whether fn returns an Observable or an Operator.
func makesStream(fn *ast.FuncDecl) bool {
	if fn.Recv != nil || fn.Type.Results == nil || len(fn.Type.Results.List) != 1 {
		return false
	}
	name := ""
	switch x := fn.Type.Results.List[0].Type.(type) {
	case *ast.IndexListExpr:
		name = typeName(x.X)
	case *ast.IndexExpr:
		name = typeName(x.X)
	}
	return name == "Observable" || name == "Operator"
}

func typeName(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.Ident:
		return x.Name
	case *ast.SelectorExpr:
		return x.Sel.Name
	}
	return ""
}
