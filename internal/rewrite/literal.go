package rewrite

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// arguments finds what to edit so that a call has other arguments.
func (f *file) arguments(c Call, now []string) ([]edit, error) {
	src, err := f.parse()
	if err != nil {
		return nil, err
	}
	args := src.arguments(c)
	if args == nil {
		return nil, fmt.Errorf("no call of %s is found there with %s", c.Function, quoted(c.Texts))
	}
	if len(c.Texts) != len(now) {
		return src.all(args, c.Texts, now)
	}
	var edits []edit
	for i, text := range now {
		if text == c.Texts[i] {
			continue
		}
		e, err := src.literal(args.texts[i], c.Texts[i], text)
		if err != nil {
			return nil, err
		}
		edits = append(edits, e)
	}
	return edits, nil
}

// A source is a file that has been parsed.
type source struct {
	file   *file
	fset   *token.FileSet
	syntax *ast.File
}

func (f *file) parse() (*source, error) {
	fset := token.NewFileSet()
	syntax, err := parser.ParseFile(fset, f.path, f.before, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("the source cannot be parsed: %w", err)
	}
	return &source{file: f, fset: fset, syntax: syntax}, nil
}

// arguments are those of a call that hold texts, or the empty place for them.
type arguments struct {
	texts    []ast.Expr
	from, to int
}

// arguments finds a call, and in it what may be changed. A call may spread over
// lines; which of them the compiler says is not laid down, so that of its name is
// only preferred.
func (s *source) arguments(c Call) (found *arguments) {
	best := -1
	ast.Inspect(s.syntax, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || nameOf(call.Fun) != c.Function || len(call.Args) < c.Skip+len(c.Texts) {
			return true
		}
		first, last := s.fset.Position(call.Pos()).Line, s.fset.Position(call.End()).Line
		if c.Line < first || c.Line > last {
			return true
		}
		texts := call.Args[c.Skip : c.Skip+len(c.Texts)]
		// The arguments that are literals say which call it is, if a line has several.
		score := 0
		for i, text := range c.Texts {
			if value, ok := stringOf(texts[i]); ok {
				if value != text {
					return true
				}
				score += 2
			}
		}
		if s.fset.Position(nameEnd(call.Fun)).Line == c.Line {
			score++
		}
		if score > best {
			best, found = score, &arguments{texts: texts, from: s.offset(call.Lparen) + 1, to: s.offset(call.Rparen)}
			if len(texts) > 0 {
				found.from, found.to = s.offset(texts[0].Pos()), s.offset(texts[len(texts)-1].End())
			}
		}
		return true
	})
	return found
}

// literal is the edit that makes an argument mean text.
func (s *source) literal(arg ast.Expr, old, text string) (edit, error) {
	if _, ok := stringOf(arg); ok {
		return s.replace(arg.(*ast.BasicLit), text), nil
	}
	// A variable: of a table, perhaps. One literal in the file may be its origin.
	origins := s.origins(old)
	switch len(origins) {
	case 0:
		return edit{}, fmt.Errorf("the argument is no string literal, and %w is %q", errElsewhere, old)
	case 1:
		return s.replace(origins[0], text), nil
	}
	return edit{}, fmt.Errorf("the argument is no string literal, and %d literals in the file are %q", len(origins), old)
}

// all is the edit that makes a call have other arguments, more or fewer of
// them.
func (s *source) all(args *arguments, old, now []string) ([]edit, error) {
	for _, arg := range args.texts {
		if _, ok := stringOf(arg); !ok {
			return nil, fmt.Errorf("the call needs %d diagrams and has %d, some of which are no string literals", len(now), len(old))
		}
	}
	return []edit{{from: args.from, to: args.to, text: quoted(now)}}, nil
}

func (s *source) replace(lit *ast.BasicLit, text string) edit {
	written := strconv.Quote(text)
	if lit.Value[0] == '`' && strconv.CanBackquote(text) {
		written = "`" + text + "`"
	}
	return edit{from: s.offset(lit.Pos()), to: s.offset(lit.End()), text: written}
}

func (s *source) offset(p token.Pos) int { return s.fset.Position(p).Offset }

// line finds what to edit in a line.
func (f *file) line(line int, text, now string) ([]edit, error) {
	lines := bytes.SplitAfter(f.before, []byte("\n"))
	if line < 1 || line > len(lines) {
		return nil, fmt.Errorf("there is no line %d", line)
	}
	shown := bytes.TrimRight(lines[line-1], " \t\r\n")
	if !bytes.HasSuffix(shown, []byte(text)) {
		return nil, fmt.Errorf("line %d does not end with %q", line, text)
	}
	from := len(bytes.Join(lines[:line-1], nil)) + len(shown) - len(text)
	return []edit{{from: from, to: from + len(text), text: now}}, nil
}

// nameOf is the name of the function or method that is called.
func nameOf(fun ast.Expr) string {
	switch fun := fun.(type) {
	case *ast.Ident:
		return fun.Name
	case *ast.SelectorExpr:
		return fun.Sel.Name
	case *ast.IndexExpr:
		return nameOf(fun.X)
	case *ast.IndexListExpr:
		return nameOf(fun.X)
	}
	return ""
}

// nameEnd is where the name of what is called ends.
func nameEnd(fun ast.Expr) token.Pos {
	switch fun := fun.(type) {
	case *ast.IndexExpr:
		return nameEnd(fun.X)
	case *ast.IndexListExpr:
		return nameEnd(fun.X)
	}
	return fun.End()
}

// stringOf is the value of a string literal.
func stringOf(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	value, err := strconv.Unquote(lit.Value)
	return value, err == nil
}

func quoted(texts []string) string {
	all := slices.Clone(texts)
	for i := range all {
		all[i] = strconv.Quote(all[i])
	}
	return strings.Join(all, ", ")
}
