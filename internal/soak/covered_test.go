package soak_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sluicego/sluice/internal/apidoc"
)

// absent are the operators that are in no pipeline, and why.
var absent = map[string]string{
	"Connectable": "a type: Publish and Replay make one",
}

func init() {
	for _, name := range []string{"CombineLatest", "ForkJoin", "Zip"} {
		for arity := 4; arity <= 9; arity++ {
			absent[fmt.Sprint(name, arity)] = "generated from the same template as that of two and three"
		}
	}
}

// Every operator is in a catalogue, and so in some of the pipelines.
func TestEveryOperatorIsInTheCatalogue(t *testing.T) {
	used := mentioned(t)
	for _, name := range []string{"operators", "backpressure"} {
		pkg, err := apidoc.Read("../../"+name, "github.com/sluicego/sluice/"+name)
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range pkg.Items {
			call := strings.TrimPrefix(item.Call, "Observable.")
			switch why, isAbsent := absent[call]; {
			case isAbsent && used[name+"."+call]:
				t.Errorf("%s.%s is in the catalogue, and among those that are not: %s", name, call, why)
			case !isAbsent && !used[name+"."+call]:
				t.Errorf("%s.%s is in no pipeline: add it to the catalogue of its family, or to absent with the reason", name, call)
			}
		}
	}
}

// mentioned returns what the catalogues take from other packages, as
// package.Name.
func mentioned(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("catalogue_*_test.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no catalogues: %v", err)
	}
	used := map[string]bool{}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if pkg, ok := sel.X.(*ast.Ident); ok {
					used[pkg.Name+"."+sel.Sel.Name] = true
				}
			}
			return true
		})
	}
	return used
}
