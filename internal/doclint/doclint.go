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

// Check reads the Go files of the current directory and fails for each source
// and each operator whose doc comment lacks a part, has the parts in another
// order, or has no Example. exempt lists functions that are neither, although
// their types say so.
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
	funcs := pkg.Funcs
	for _, typ := range pkg.Types {
		funcs = append(funcs, typ.Funcs...)
	}
	for _, f := range funcs {
		if !makesStream(f.Decl) || slices.Contains(exempt, f.Name) {
			continue
		}
		checked++
		for _, complaint := range complaints(f) {
			t.Errorf("%s: %s: %s", fset.Position(f.Decl.Pos()), f.Name, complaint)
		}
	}
	if checked == 0 {
		t.Errorf("no source and no operator found in %s", importPath)
	}
}

func complaints(f *doc.Func) (list []string) {
	if !strings.HasPrefix(f.Doc, f.Name+" ") {
		list = append(list, "the doc comment does not begin with the name")
	}
	if !strings.Contains(f.Doc, "\n\t") {
		list = append(list, "no marble diagram")
	}
	last := -1
	for _, part := range parts {
		at := strings.Index(f.Doc, "\n"+part)
		switch {
		case at < 0:
			list = append(list, "no paragraph that begins with "+strings.TrimSpace(part))
		case at < last:
			list = append(list, strings.TrimSpace(part)+" comes too early; the order is "+strings.Join(parts, " "))
		}
		last = max(last, at)
	}
	if len(f.Examples) == 0 {
		list = append(list, "no Example"+f.Name)
	}
	return list
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
