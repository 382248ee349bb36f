package marble

import (
	"go/ast"
	"go/token"
	"strings"
)

// A docComment is one that may hold diagrams.
type docComment struct {
	name  string // what it is about
	doc   *ast.CommentGroup
	group bool // it is about a whole group, type ( … )
}

// documented returns the doc comments of functions, methods, variables and
// types, in the order of the file. That of a type counts as its constructor's.
func documented(f *ast.File) (comments []docComment) {
	add := func(name string, doc *ast.CommentGroup, group bool) {
		if name != "" && doc != nil {
			comments = append(comments, docComment{name, doc, group})
		}
	}
	for _, decl := range f.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			add(funcName(decl), decl.Doc, false)
		case *ast.GenDecl:
			grouped := decl.Lparen.IsValid()
			if grouped {
				add("a group", decl.Doc, true)
			}
			for _, spec := range decl.Specs {
				name, doc := specName(spec)
				if !grouped {
					doc = decl.Doc
				}
				add(name, doc, false)
			}
		}
	}
	return comments
}

// specName returns what a diagram in the comment of spec is about, or "", and
// the comment it has within a group.
func specName(spec ast.Spec) (string, *ast.CommentGroup) {
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		return "New" + spec.Name.Name, spec.Doc
	case *ast.ValueSpec:
		return spec.Names[0].Name, spec.Doc
	}
	return "", nil
}

// funcName is "F", or "T.M" for a method.
func funcName(fn *ast.FuncDecl) string {
	if fn.Recv == nil || len(fn.Recv.List) == 0 {
		return fn.Name.Name
	}
	typ := fn.Recv.List[0].Type
	for {
		switch t := typ.(type) {
		case *ast.StarExpr:
			typ = t.X
		case *ast.IndexExpr:
			typ = t.X
		case *ast.IndexListExpr:
			typ = t.X
		case *ast.Ident:
			return t.Name + "." + fn.Name.Name
		default:
			return fn.Name.Name
		}
	}
}

type docLine struct {
	text string
	pos  token.Position
}

// codeBlocks are the indented parts of a doc comment.
func codeBlocks(fset *token.FileSet, doc *ast.CommentGroup) (blocks [][]docLine) {
	open := false
	for _, l := range docLines(fset, doc) {
		text := strings.TrimSpace(l.text)
		code := text != "" && strings.HasPrefix(l.text, "\t")
		if code && !open {
			blocks = append(blocks, nil)
		}
		open = code
		if code {
			last := len(blocks) - 1
			blocks[last] = append(blocks[last], docLine{text, l.pos})
		}
	}
	return blocks
}

// docLines are the lines of a doc comment without what makes them a comment.
func docLines(fset *token.FileSet, doc *ast.CommentGroup) (lines []docLine) {
	for _, c := range doc.List {
		if text, ok := strings.CutPrefix(c.Text, "//"); ok {
			lines = append(lines, docLine{text, fset.Position(c.Slash)})
			continue
		}
		at := c.Slash + token.Pos(len("/*"))
		block := strings.Split(strings.TrimSuffix(strings.TrimPrefix(c.Text, "/*"), "*/"), "\n")
		indent := commonIndent(block)
		for _, text := range block {
			lines = append(lines, docLine{strings.TrimPrefix(text, indent), fset.Position(at)})
			at += token.Pos(len(text) + 1)
		}
	}
	return lines
}

// commonIndent is the white space that all lines start with, as those of a
// /* */ comment in a group do; blank lines do not count.
func commonIndent(lines []string) string {
	indent, found := "", false
	for _, l := range lines {
		text := strings.TrimLeft(l, " \t")
		if text == "" {
			continue
		}
		own := l[:len(l)-len(text)]
		if !found {
			indent, found = own, true
		}
		for !strings.HasPrefix(own, indent) {
			indent = indent[:len(indent)-1]
		}
	}
	return indent
}
