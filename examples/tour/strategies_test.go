package main_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"strconv"
	"testing"
)

// The code that the tour shows is the code that it runs.
func TestCodeIsShownAsWritten(t *testing.T) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "strategies.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	ast.Inspect(file, func(n ast.Node) bool {
		lit, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		fields := make(map[string]ast.Expr)
		for _, elt := range lit.Elts {
			if kv, ok := elt.(*ast.KeyValueExpr); ok {
				fields[kv.Key.(*ast.Ident).Name] = kv.Value
			}
		}
		code, ok := fields["code"].(*ast.BasicLit)
		if !ok {
			return true
		}
		shown, err := strconv.Unquote(code.Value)
		if err != nil {
			t.Fatal(err)
		}
		var run bytes.Buffer
		if err := printer.Fprint(&run, fset, fields["policy"]); err != nil {
			t.Fatal(err)
		}
		if shown != run.String() {
			t.Errorf("%v: shown is %s, run is %s", fset.Position(code.Pos()), shown, run.String())
		}
		compared++
		return true
	})
	if compared != len(promises) {
		t.Errorf("%d strategies found, want %d", compared, len(promises))
	}
}
