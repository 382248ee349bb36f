package picture

import (
	"fmt"
	"strings"
	"time"

	"github.com/sluicego/sluice/internal/marble"
)

// Format lines up the rows of the text form: all lanes start in one column, and
// one instant stands in one column in all lanes. Only blanks change, and no
// row changes its meaning. Blank lines stay, and so does white space at the
// start of a line.
func Format(text string) (string, error) {
	if rest, marked := strings.CutPrefix(text, byteOrder); marked {
		after, err := Format(rest)
		return byteOrder + after, err
	}
	lines := strings.Split(text, "\n")
	frame := time.Duration(0)
	var rows []formatted
	inner := false
	for n, line := range lines {
		label, lane := cutLabel(strings.TrimSpace(line))
		if lane == "" && label == "" {
			continue
		}
		if lane == "" {
			return "", fmt.Errorf("line %d: marbles: %q is no row: write a label, two blanks or more, and a lane", n+1, label)
		}
		f := formatted{line: n, label: label, text: lane}
		switch label {
		case "frame":
			p := parser{picture: new(Picture)}
			if err := p.frame(lane); err != nil {
				return "", fmt.Errorf("line %d: %w", n+1, err)
			}
			frame = p.picture.Frame
		case "title", "note", "where":
		default:
			var row Row
			row, f.aligned.Grammar = rowOf(label)
			f.lane, f.inner, f.aligned.Text = true, row.Kind == Inner, lane
			inner = inner || f.inner
		}
		rows = append(rows, f)
	}
	if inner {
		p, err := Parse(text)
		if err != nil {
			return "", err
		}
		begin(rows, p)
	}
	if err := align(rows, frame); err != nil {
		return "", err
	}
	pad := 0
	for _, r := range rows {
		pad = max(pad, marble.Width(r.label))
	}
	for _, r := range rows {
		line := lines[r.line]
		indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
		lines[r.line] = indent + r.label + strings.Repeat(" ", pad-marble.Width(r.label)+2) + r.text
	}
	return strings.Join(lines, "\n"), nil
}

// A formatted row keeps its line.
type formatted struct {
	line        int
	label, text string
	lane, inner bool
	aligned     marble.AlignedRow
}

// begin sets where inner streams begin.
func begin(rows []formatted, p *Picture) {
	n := 0
	for i, r := range p.Rows {
		if r.Kind != Inner {
			continue
		}
		for ; !rows[n].inner; n++ {
		}
		_, rows[n].aligned.Begin = p.parent(i)
		n++
	}
}

func align(rows []formatted, frame time.Duration) error {
	var lanes []marble.AlignedRow
	for _, r := range rows {
		if r.lane {
			lanes = append(lanes, r.aligned)
		}
	}
	texts, err := marble.Align(frame, lanes)
	if err != nil {
		return lineOf(rows, frame, err)
	}
	for i := range rows {
		if rows[i].lane {
			rows[i].text, texts = texts[0], texts[1:]
		}
	}
	return nil
}

// lineOf says which of the rows it is that cannot be read.
func lineOf(rows []formatted, frame time.Duration, err error) error {
	for _, r := range rows {
		if r.lane {
			if _, own := marble.Parse(r.text, r.aligned.Grammar, frame); own != nil {
				return fmt.Errorf("line %d: row %q: %w", r.line+1, r.label, own)
			}
		}
	}
	return err
}
