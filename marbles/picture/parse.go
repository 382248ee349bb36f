package picture

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/sluicego/sluice/internal/marble"
)

// Parse reads a picture from its text form, which the package comment
// describes. The error names the line, and points at the marble that cannot
// be read. Blank lines are skipped.
func Parse(text string) (*Picture, error) {
	p := &parser{picture: new(Picture)}
	for n, line := range strings.Split(strings.TrimPrefix(text, byteOrder), "\n") {
		if err := p.line(n+1, strings.TrimSpace(line)); err != nil {
			return nil, fmt.Errorf("line %d: %w", n+1, err)
		}
	}
	if len(p.rows) == 0 {
		return nil, fmt.Errorf(`marbles: there is no lane in the picture: write a label, two blanks or more, and a lane like -a-b-|`)
	}
	p.findOperator()
	for i := range p.rows {
		if err := p.lane(&p.rows[i]); err != nil {
			return nil, fmt.Errorf("line %d: row %q: %w", p.rows[i].line, p.rows[i].label, err)
		}
	}
	return p.picture, p.finish()
}

// byteOrder is the mark with which some editors begin a file.
const byteOrder = "\ufeff"

// A parser reads the lines first, then the lanes, as the frame and the
// operator's row have to be known for these.
type parser struct {
	picture *Picture
	rows    []textRow
	where   map[string]string
}

type textRow struct {
	line        int
	label, text string
	row         Row
	grammar     marble.Grammar
	operator    bool
}

func (p *parser) line(n int, line string) error {
	if line == "" {
		return nil
	}
	if !utf8.ValidString(line) {
		return fmt.Errorf("marbles: the line is not valid UTF-8: write it in UTF-8")
	}
	label, text := cutLabel(line)
	if text == "" {
		return fmt.Errorf("marbles: %q is no row: write a label, two blanks or more, and a lane", line)
	}
	switch label {
	case "title":
		p.picture.Title = text
		return nil
	case "note":
		p.picture.Rows = append(p.picture.Rows, Row{Kind: Note, Label: text})
		return nil
	case "frame":
		return p.frame(text)
	case "where":
		return p.readWhere(text)
	}
	r := textRow{line: n, label: label, text: text}
	r.row, r.grammar = rowOf(label)
	p.rows = append(p.rows, r)
	return nil
}

// cutLabel cuts a line at the first two blanks, or at a tab.
func cutLabel(line string) (label, text string) {
	i := strings.Index(line, "  ")
	if t := strings.IndexByte(line, '\t'); t >= 0 && (i < 0 || t < i) {
		i = t
	}
	first, rest, _ := strings.Cut(line, " ")
	if first == "where" && strings.Contains(line[:max(i, 0)], "=") { // blanks in what a letter stands for
		return first, strings.TrimSpace(rest)
	}
	if i < 0 {
		if first == "title" || first == "frame" || first == "note" || first == "where" {
			return first, strings.TrimSpace(rest)
		}
		return line, ""
	}
	return line[:i], strings.TrimSpace(line[i:])
}

// rowOf says what a label stands for.
func rowOf(label string) (Row, marble.Grammar) {
	first, of, two := strings.Cut(label, " ")
	switch {
	case first == "request" && !two:
		return Row{Kind: Demand}, marble.Demand
	case first == "demand":
		return Row{Kind: Demand, Of: of}, marble.Demand
	case first == "subs":
		return Row{Kind: Lifetime, Of: of}, marble.Subs
	case first == "dropped":
		return Row{Kind: Dropped, Of: of}, marble.Expect
	case first == "inner" && two:
		return Row{Kind: Inner, Of: of}, marble.Expect
	case first == "hot" && two:
		return Row{Label: of, Note: first}, marble.Hot
	case first == "cold" && two:
		return Row{Label: of, Note: first}, marble.Cold
	case first == "pull" && two:
		return Row{Label: of, Note: first}, marble.Pull
	}
	return Row{Label: label}, marble.Hot
}

func (p *parser) frame(text string) error {
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		return fmt.Errorf("marbles: frame %q is no duration above zero: write one like 10ms", text)
	}
	p.picture.Frame = d
	return nil
}

func (p *parser) readWhere(text string) error {
	where, err := marble.ParseWhere(text)
	if err != nil {
		return err
	}
	if p.where == nil {
		p.where = where
		return nil
	}
	maps.Copy(p.where, where)
	return nil
}

// findOperator makes the row of the operator, and those below it, outputs.
func (p *parser) findOperator() {
	op, called, last, lanes := -1, -1, -1, 0
	for i, r := range p.rows {
		if r.row.Kind != Input {
			continue
		}
		lanes++
		if r.row.Note != "" { // it says it is a source
			continue
		}
		last = i
		first, _ := utf8.DecodeRuneInString(r.label)
		switch {
		case op < 0 && unicode.IsUpper(first):
			op = i
		case called < 0 && strings.Contains(r.label, "("):
			called = i
		}
	}
	if op < 0 {
		op = called
	}
	boxed := op >= 0 || lanes > 1
	if op < 0 {
		op = last
	}
	for i := range p.rows {
		r := &p.rows[i]
		if r.row.Kind != Input || r.row.Note != "" || i < op || op < 0 {
			continue
		}
		r.row.Kind, r.grammar = Output, marble.Expect
		r.operator = i == op && boxed
	}
}

// lane reads the lane of a row and adds the row to the picture.
func (p *parser) lane(r *textRow) error {
	lane, err := marble.Parse(r.text, r.grammar, p.picture.frame())
	if err != nil {
		return err
	}
	row := r.row
	row.Until, row.timeless = lane.End, r.grammar == marble.Pull
	for i, e := range lane.Events {
		at := e.At
		if r.grammar == marble.Pull { // no time: one after the other
			at = time.Duration(i) * p.picture.frame()
		}
		row.Events = append(row.Events, Event{At: at, Kind: eventKinds[e.Kind], Label: e.Key, N: e.N})
	}
	if r.operator {
		p.picture.Rows = append(p.picture.Rows, Row{Kind: Operator, Label: row.Label})
		row.Label = ""
	}
	p.picture.Rows = append(p.picture.Rows, row)
	return nil
}

var eventKinds = [...]EventKind{
	marble.Next: Value, marble.Complete: Complete, marble.Error: Error,
	marble.Subscribe: Subscribe, marble.Cancel: Cancel, marble.Request: Request,
}

// finish names the values, and puts inner streams where their values are.
func (p *parser) finish() error {
	used := make(map[string]bool)
	rows := p.picture.Rows
	for i := range rows {
		for j := range rows[i].Events {
			e := &rows[i].Events[j]
			key := e.Label
			if e.Kind == Error {
				key = "#"
			}
			if e.Kind == Error || e.Kind == Value {
				e.Text, used[key] = p.where[key], true
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(p.where)) {
		if !used[key] {
			return fmt.Errorf("marbles: where names %q, which is in none of the rows: remove it", key)
		}
	}
	return p.shift()
}

// shift moves each inner stream to the instant of the value that stands for
// it. An inner stream in an inner stream moves after the outer one.
func (p *parser) shift() error {
	rows := p.picture.Rows
	moved := make([]bool, len(rows))
	var move func(i int, above []int) error
	move = func(i int, above []int) error {
		if rows[i].Kind != Inner || moved[i] {
			return nil
		}
		if slices.Contains(above, i) {
			return fmt.Errorf("marbles: the stream %q is a value of itself: name its values otherwise", rows[i].Of)
		}
		parent, _ := p.picture.parent(i)
		if parent < 0 {
			return fmt.Errorf("marbles: row %q is the stream of a value that is in none of the rows: add it to one", "inner "+rows[i].Of)
		}
		if err := move(parent, append(above, i)); err != nil {
			return err
		}
		_, at := p.picture.parent(i)
		for j := range rows[i].Events {
			rows[i].Events[j].At += at
		}
		rows[i].Until += at
		moved[i] = true
		return nil
	}
	for i := range rows {
		if err := move(i, nil); err != nil {
			return err
		}
		if r := rows[i]; r.Kind != Inner && r.Of != "" && p.picture.find(r.Of) < 0 && !p.named(r.Of) {
			return fmt.Errorf("marbles: row %q is about %q, which is none of the rows: correct the name", p.picture.textLabel(r), r.Of)
		}
	}
	return nil
}

// named makes rows about the operator's label ones about its output, which has
// none of its own.
func (p *parser) named(label string) bool {
	op := p.picture.operator()
	if op < 0 || p.picture.Rows[op].Label != label {
		return false
	}
	for i := range p.picture.Rows {
		if p.picture.Rows[i].Of == label {
			p.picture.Rows[i].Of = ""
		}
	}
	return true
}
