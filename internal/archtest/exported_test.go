package archtest_test

import (
	"go/ast"
	"go/token"
	"slices"
	"testing"
)

// public lists the packages whose exported names are a promise.
var public = []string{"observable", "operators", "scheduler", "backpressure", "marbles", "marbles/conformance", "marbles/picture"}

// calledByStandardLibrary names methods that fmt, errors and slog call, without
// anybody writing the name.
var calledByStandardLibrary = []string{"Error", "Unwrap", "Is", "As", "String", "Format", "GoString", "LogValue"}

// An export is a promise, so each one is used from outside its package at
// least once: by an example, a test, or another package. Functions, types,
// constants and variables are looked for as package.Name, methods as .Name on
// whatever value; a method of an interface may be implemented instead. A type
// in the signature of an exported function is used by whoever calls that. A
// method that takes a seal is nobody's to call.
func TestExportedNamesAreUsed(t *testing.T) {
	files := sources(t)
	for _, pkg := range public {
		used := usedFromOutside(files, pkg)
		for _, file := range files {
			if file.dir() == pkg && !file.test() {
				for name := range inSignatures(file.syntax) {
					used.qualified[name] = true
				}
			}
		}
		for _, file := range files {
			if file.dir() != pkg || file.test() {
				continue
			}
			for _, e := range exports(file.syntax) {
				if !used.has(e) {
					t.Errorf("%v: %s.%s is used nowhere outside package %s: add an example or a test, or unexport it",
						fset.Position(e.at), pkg, e.title(), pkg)
				}
			}
		}
	}
}

// An export is one exported name of a package.
type export struct {
	name  string
	recv  string // the type, for a method
	iface bool   // a method of an interface
	at    token.Pos
}

func (e export) title() string {
	if e.recv == "" {
		return e.name
	}
	return e.recv + "." + e.name
}

// uses holds the names that files outside a package mention.
type uses struct{ qualified, called, implemented map[string]bool }

func (u uses) has(e export) bool {
	if e.recv == "" {
		return u.qualified[e.name]
	}
	return u.called[e.name] || e.iface && u.implemented[e.name] || slices.Contains(calledByStandardLibrary, e.name)
}

func usedFromOutside(files []source, pkg string) uses {
	used := uses{map[string]bool{}, map[string]bool{}, map[string]bool{}}
	for _, file := range files {
		if file.dir() == pkg && !file.xtest() {
			continue
		}
		imports := file.imports()
		ast.Inspect(file.syntax, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); !ok || imports[x.Name] == "" {
					used.called[n.Sel.Name] = true
				} else if imports[x.Name] == module+"/"+pkg {
					used.qualified[n.Sel.Name] = true
				}
			case *ast.FuncDecl:
				if n.Recv != nil {
					used.implemented[n.Name.Name] = true
				}
			}
			return true
		})
	}
	return used
}

func exports(file *ast.File) []export {
	var list []export
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			switch recv := receiver(decl); {
			case !decl.Name.IsExported(), sealed(decl):
			case recv == "":
				list = append(list, export{name: decl.Name.Name, at: decl.Name.Pos()})
			case ast.IsExported(recv):
				list = append(list, export{name: decl.Name.Name, recv: recv, at: decl.Name.Pos()})
			}
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				list = append(list, declared(spec)...)
			}
		}
	}
	return list
}

// declared returns the exported names of one line of a type, const or var
// declaration, the methods of an interface among them.
func declared(spec ast.Spec) []export {
	var list []export
	switch spec := spec.(type) {
	case *ast.ValueSpec:
		for _, name := range spec.Names {
			if name.IsExported() {
				list = append(list, export{name: name.Name, at: name.Pos()})
			}
		}
	case *ast.TypeSpec:
		if !spec.Name.IsExported() {
			return nil
		}
		list = append(list, export{name: spec.Name.Name, at: spec.Pos()})
		if iface, ok := spec.Type.(*ast.InterfaceType); ok {
			for _, field := range iface.Methods.List {
				for _, name := range field.Names {
					if name.IsExported() {
						list = append(list, export{name: name.Name, recv: spec.Name.Name, iface: true, at: name.Pos()})
					}
				}
			}
		}
	}
	return list
}

// receiver returns the name of a method's type, without pointer and type
// parameters; "" for a function.
func receiver(decl *ast.FuncDecl) string {
	if decl.Recv == nil {
		return ""
	}
	typ := decl.Recv.List[0].Type
	for {
		switch x := typ.(type) {
		case *ast.StarExpr:
			typ = x.X
		case *ast.IndexExpr:
			typ = x.X
		case *ast.IndexListExpr:
			typ = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

// inSignatures returns the names in the signatures of exported functions and
// methods, their own excepted.
func inSignatures(file *ast.File) map[string]bool {
	names := map[string]bool{}
	for _, decl := range file.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || !fn.Name.IsExported() {
			continue
		}
		ast.Inspect(fn.Type, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				names[id.Name] = true
			}
			return true
		})
	}
	return names
}

// sealed reports whether fn takes a Seal, which no other module can name.
func sealed(fn *ast.FuncDecl) bool {
	for _, param := range fn.Type.Params.List {
		if sel, ok := param.Type.(*ast.SelectorExpr); ok && sel.Sel.Name == "Seal" {
			return true
		}
	}
	return false
}
