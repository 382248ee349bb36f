package rewrite

import (
	"errors"
	"fmt"
	"go/ast"
	"path/filepath"
	"slices"
)

// errElsewhere is the error of a text that no literal of the file is.
var errElsewhere = errors.New("no literal in the file")

// plays are the functions whose diagrams say what is played, and when: what was
// expected is none of them.
var plays = []string{"Hot", "Cold", "Pull", "Chan", "Seq", "Call", "Time", "Demand"}

// origins are the literals that could be where text comes from.
func (s *source) origins(text string) (found []*ast.BasicLit) {
	played := map[ast.Expr]bool{}
	ast.Inspect(s.syntax, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && slices.Contains(plays, nameOf(call.Fun)) {
			for _, arg := range call.Args {
				played[arg] = true
			}
		}
		if e, ok := n.(ast.Expr); ok && !played[e] {
			if value, ok := stringOf(e); ok && value == text {
				found = append(found, e.(*ast.BasicLit))
			}
		}
		return true
	})
	return found
}

// elsewhere puts now in place of old, the argument of a helper that is in another
// file of the tests than path.
func (s *Files) elsewhere(path, old, now string) error {
	others, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*_test.go"))
	if err != nil {
		return err
	}
	found, in := 0, ""
	for _, other := range others {
		if other == path {
			continue
		}
		err := s.change(other, func(f *file) ([]edit, error) {
			src, err := f.parse()
			if err != nil {
				return nil, err
			}
			if n := len(src.origins(old)); n > 0 {
				found, in = found+n, other
			}
			return nil, nil
		})
		if err != nil {
			return err
		}
	}
	switch found {
	case 0:
		return fmt.Errorf("the argument is no string literal, and no literal in the tests of the folder is %q", old)
	case 1:
	default:
		return fmt.Errorf("the argument is no string literal, and %d literals in the other tests of the folder are %q", found, old)
	}
	return s.change(in, func(f *file) ([]edit, error) {
		src, err := f.parse()
		if err != nil {
			return nil, err
		}
		return []edit{src.replace(src.origins(old)[0], now)}, nil
	})
}
