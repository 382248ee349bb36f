package archtest_test

import (
	"go/ast"
	"path"
	"strings"
	"testing"
)

// Every operator is under contract: it stands in a table of its package's
// contract tests, or in the helper that lists the operators for several tables.
func TestEveryOperatorIsUnderContract(t *testing.T) {
	for _, pkg := range []string{"operators", "backpressure"} {
		listed := make(map[string]bool)
		for _, file := range sources(t) {
			name := path.Base(file.path)
			if file.dir() != pkg || !strings.HasSuffix(name, "contract_test.go") && name != "helper_test.go" {
				continue
			}
			eachQualified(file, func(imported, name string, _ ast.Node) {
				if imported == module+"/"+pkg {
					listed[name] = true
				}
			})
		}
		found := 0
		for _, file := range sources(t) {
			if file.dir() != pkg || file.test() {
				continue
			}
			for _, decl := range file.syntax.Decls {
				if fn, ok := decl.(*ast.FuncDecl); ok && fn.Name.IsExported() && makesStream(fn) {
					if found++; !listed[fn.Name.Name] {
						t.Errorf("%v: %s.%s is not under contract; add a row to a table in %s/contract_test.go", fset.Position(fn.Pos()), pkg, fn.Name.Name, pkg)
					}
				}
			}
		}
		if found == 0 {
			t.Errorf("no operator found in %s", pkg)
		}
	}
}

// makesStream reports whether fn returns an observable.Observable or an
// observable.Operator.
func makesStream(fn *ast.FuncDecl) bool {
	if fn.Recv != nil || fn.Type.Results == nil || len(fn.Type.Results.List) != 1 {
		return false
	}
	result := fn.Type.Results.List[0].Type
	switch x := result.(type) {
	case *ast.IndexListExpr:
		result = x.X
	case *ast.IndexExpr:
		result = x.X
	}
	sel, ok := result.(*ast.SelectorExpr)
	return ok && (sel.Sel.Name == "Observable" || sel.Sel.Name == "Operator")
}
