package marble

import (
	"errors"
	"fmt"
	goparser "go/parser"
	"go/token"
	"maps"
	"slices"
	"strings"
	"unicode"
)

// A Role is what a row of a doc comment's diagram shows.
type Role uint8

// The roles. The label decides: "request" (or "demand"), "subs" and "where"
// are fixed; the operator's row is the one that starts with the name of the
// function; rows above it are sources, rows below it further outputs. If no
// row has the function's name, the last one is the operator's.
const (
	Source   Role = iota // what the operator consumes
	Operator             // what it emits
	Output               // a second thing it emits
	Requests             // what its subscriber requests; with a name, what it requests of that source
	Lifetime             // when it subscribes to the named source
	Where                // which value a letter stands for
)

// A DocRow is one line of a diagram in a doc comment.
type DocRow struct {
	Role  Role
	Label string
	Of    string // the source a Requests or Lifetime row is about, or ""
	Text  string // what follows the label
	Lane  Lane   // Text, read; not for Where rows
	Pos   token.Position
}

// A Diagram is a marble diagram in the doc comment of a function, a method or a
// variable, or of a type, where it counts as one of the constructor NewT:
//
//	source         -a--bc---d--|
//	Debounce(2ms)  ---a---c---d|
//
// A tab, a label, at least two blanks, a lane. The row "where" is a list of
// letters and the text, as of fmt.Sprint, of the values they stand for:
//
//	where  x={a b}, y={b c}
type Diagram struct {
	Func  string // "Debounce", or "Subject.Next" for a method
	Pos   token.Position
	Rows  []DocRow
	Where map[string]string
}

// RowsOf returns the rows with the given role, in order.
func (d Diagram) RowsOf(role Role) (rows []DocRow) {
	for _, r := range d.Rows {
		if r.Role == role {
			rows = append(rows, r)
		}
	}
	return rows
}

// Result is the row of the operator.
func (d Diagram) Result() DocRow { return d.RowsOf(Operator)[0] }

// Diagrams reads the diagrams in the doc comments of a Go file. The source is
// read from the file, unless src is a string, a []byte or an io.Reader. The
// error joins one for each diagram that cannot be read, with its position;
// the other diagrams are returned.
func Diagrams(file string, src any) ([]Diagram, error) {
	fset := token.NewFileSet()
	f, err := goparser.ParseFile(fset, file, src, goparser.ParseComments|goparser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var found []Diagram
	var errs []error
	for _, c := range documented(f) {
		for _, block := range codeBlocks(fset, c.doc) {
			d := Diagram{Func: c.name, Pos: block[0].pos}
			if !d.owns(block) {
				continue
			}
			err := d.read(block)
			if c.group {
				err = d.errorf(d.Pos, "whose it is cannot be told: move it to the comment of one declaration")
			}
			if err != nil {
				errs = append(errs, err)
				continue
			}
			found = append(found, d)
		}
	}
	return found, errors.Join(errs...)
}

// owns tells diagrams from other code: a row is labelled "source", or with the
// name of the function.
func (d *Diagram) owns(block []docLine) bool {
	return slices.ContainsFunc(block, func(l docLine) bool {
		label, _, ok := strings.Cut(l.text, "  ")
		return ok && (label == "source" || d.names(label))
	})
}

// names reports whether label is the function's name, perhaps with a receiver
// and arguments: "Take", "Take(2)", "s.Next(v)".
func (d *Diagram) names(label string) bool {
	head := label
	if i := strings.IndexAny(label, "([ "); i >= 0 {
		head = label[:i]
	}
	return lastPart(head) == lastPart(d.Func)
}

func lastPart(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

func (d *Diagram) read(block []docLine) error {
	for _, l := range block {
		label, text, ok := strings.Cut(l.text, "  ")
		if !ok {
			return d.errorf(l.pos, "%q is no row of a diagram: write a label, two blanks or more, and a lane", l.text)
		}
		row := DocRow{Label: label, Text: strings.TrimSpace(text), Pos: l.pos}
		row.Role, row.Of = roleOf(label)
		d.Rows = append(d.Rows, row)
	}
	if err := d.findOperator(); err != nil {
		return err
	}
	for i := range d.Rows {
		if err := d.readRow(&d.Rows[i]); err != nil {
			return err
		}
	}
	return d.checkNames()
}

func (d *Diagram) errorf(pos token.Position, format string, args ...any) error {
	return fmt.Errorf("%s: diagram of %s: %w", pos, d.Func, fmt.Errorf(format, args...))
}

// roleOf knows the labels that are fixed; other rows are sources for now.
func roleOf(label string) (role Role, of string) {
	first, of, _ := strings.Cut(label, " ")
	switch first {
	case "request", "demand":
		return Requests, of
	case "subs":
		return Lifetime, of
	case "where":
		return Where, ""
	}
	return Source, ""
}

func (d *Diagram) findOperator() error {
	op := -1
	for i, r := range d.Rows {
		if r.Role == Source && (op < 0 || !d.names(d.Rows[op].Label)) {
			op = i
		}
	}
	if op < 0 || d.Rows[op].Label == "source" {
		return d.errorf(d.Pos, "it has no row of the operator: label one %s", d.Func)
	}
	for i := range d.Rows {
		switch r := &d.Rows[i]; {
		case i == op:
			r.Role = Operator
		case r.Role == Source && i > op:
			r.Role = Output
		}
	}
	return nil
}

func (d *Diagram) readRow(r *DocRow) (err error) {
	switch r.Role {
	case Source:
		r.Lane, err = Parse(r.Text, Hot, DefaultFrame)
	case Operator, Output:
		r.Lane, err = Parse(r.Text, Expect, DefaultFrame)
	case Requests:
		r.Lane, err = Parse(r.Text, Demand, DefaultFrame)
	case Lifetime:
		r.Lane, err = Parse(r.Text, Subs, DefaultFrame)
	case Where:
		err = d.readWhere(r.Text)
	}
	if err != nil {
		return d.errorf(r.Pos, "row %q: %w", r.Label, err)
	}
	return nil
}

// readWhere reads "x={a b}, y={b c}".
func (d *Diagram) readWhere(text string) error {
	if d.Where == nil {
		d.Where = make(map[string]string)
	}
	for _, part := range splitList(text) {
		letter, value, ok := strings.Cut(part, "=")
		key := bare(strings.TrimSpace(letter))
		switch {
		case !ok || key == "" || value == "":
			return fmt.Errorf("marbles: %q names no value: write letter=value, and separate by commas", part)
		case d.Where[key] != "":
			return fmt.Errorf("marbles: %q is named twice: remove one", key)
		}
		d.Where[key] = value
	}
	return nil
}

// splitList cuts text at the commas that are in no bracket and no quotes.
func splitList(text string) (parts []string) {
	depth, quoted, start := 0, false, 0
	for i, r := range text {
		switch {
		case r == '"':
			quoted = !quoted
		case quoted:
		case strings.ContainsRune("([{", r):
			depth++
		case strings.ContainsRune(")]}", r):
			depth--
		case r == ',' && depth == 0:
			parts = append(parts, strings.TrimSpace(text[start:i]))
			start = i + 1
		}
	}
	return append(parts, strings.TrimFunc(text[start:], unicode.IsSpace))
}

// checkNames refuses names of marbles that are in no row.
func (d *Diagram) checkNames() error {
	drawn := make(map[string]bool)
	for _, r := range d.Rows {
		for _, e := range r.Lane.Events {
			drawn[e.Key] = drawn[e.Key] || e.Kind == Next
		}
	}
	for _, key := range slices.Sorted(maps.Keys(d.Where)) {
		if !drawn[key] {
			return d.errorf(d.Pos, "where names %q, which is in none of the rows: remove it", key)
		}
	}
	return nil
}
