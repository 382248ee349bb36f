// Package apidoc reads the doc comments of the sources, operators, subjects and
// terminals of a package: for the test that holds them to their template, and
// for the page that is made of them.
package apidoc

import (
	"go/ast"
	"go/doc"
	"go/format"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
)

// Parts is what a doc comment has after its diagram, in this order.
var Parts = []string{"Demand: ", "Errors: ", "Discards: ", "Scheduler: "}

// A Package is one that has been read.
type Package struct {
	*doc.Package
	Items []Item
}

// An Item is a source, an operator, a subject or a terminal.
type Item struct {
	Name     string // as its comment begins: Map, Subject, Collect
	Call     string // as it is called: Map, NewSubject, Observable.Collect
	Doc      string
	Pos      token.Position
	Examples int
	Decls    []string // without bodies: a function, or a type's constructors and methods
}

// Read reads the Go files in the folder dir, the tests for their examples.
func Read(dir, importPath string) (*Package, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range names {
		f, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	pkg, err := doc.NewFromFiles(fset, files, importPath)
	if err != nil {
		return nil, err
	}
	return &Package{pkg, reader{fset}.items(pkg)}, nil
}

// Part returns where in a doc comment the paragraph begins that has the given
// start, or -1.
func Part(doc, start string) int { return strings.Index(doc, "\n"+start) }

type reader struct{ fset *token.FileSet }

// items returns the sources and operators, which make a stream, the subjects,
// which are types that embed one, and the terminals, which are its methods.
func (r reader) items(pkg *doc.Package) (items []Item) {
	for _, typ := range pkg.Types {
		if embedsStream(typ.Decl) {
			items = append(items, r.typeItems(typ)...)
			continue
		}
		for _, f := range typ.Funcs {
			if makesStream(f.Decl) {
				items = append(items, r.funcItem(f))
			}
		}
		if typ.Name == "Observable" {
			for _, m := range typ.Methods {
				it := r.funcItem(m)
				it.Call = "Observable." + m.Name
				items = append(items, it)
			}
		}
	}
	for _, f := range pkg.Funcs {
		if makesStream(f.Decl) {
			items = append(items, r.funcItem(f))
		}
	}
	return items
}

func (r reader) funcItem(f *doc.Func) Item {
	return Item{f.Name, f.Name, f.Doc, r.fset.Position(f.Decl.Pos()), len(f.Examples), []string{r.text(f.Decl)}}
}

// typeItems returns the type, and each of its constructors that is documented
// by the template itself. One that is not is what the type is called by.
func (r reader) typeItems(typ *doc.Type) (items []Item) {
	it := Item{typ.Name, typ.Name, typ.Doc, r.fset.Position(typ.Decl.Pos()), len(typ.Examples), nil}
	for _, f := range typ.Funcs {
		if Part(f.Doc, Parts[0]) >= 0 {
			items = append(items, r.funcItem(f))
		} else {
			it.Call = f.Name
			it.Decls = append(it.Decls, r.text(f.Decl))
		}
		it.Examples += len(f.Examples)
	}
	if len(it.Decls) == 0 {
		it.Decls = append(it.Decls, r.text(typ.Decl))
	}
	for _, m := range typ.Methods {
		it.Decls = append(it.Decls, r.text(m.Decl))
	}
	return append(items, it)
}

func (r reader) text(decl ast.Decl) string {
	var b strings.Builder
	if err := format.Node(&b, r.fset, decl); err != nil {
		panic(err) // it was parsed from a file
	}
	return b.String()
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
