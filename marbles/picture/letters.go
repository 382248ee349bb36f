package picture

import (
	"slices"
	"strings"
	"unicode"

	"github.com/sluicego/sluice/internal/marble"
)

// A legend says what stands in the marble of each value, and explains it.
type legend struct {
	marks   map[string]string // by identity
	entries []entry
}

type entry struct{ mark, text string }

// letters gives each value a mark at most width columns wide.
func (p *Picture) letters(width int) *legend {
	l := &legend{marks: make(map[string]string)}
	taken := make(map[string]bool)
	for _, e := range p.values() {
		if fits(e.Label, width) {
			taken[e.Label] = true
		}
	}
	next := 0
	for _, e := range p.values() {
		id := e.identity()
		if l.marks[id] != "" {
			continue
		}
		mark, text := e.Label, e.Text
		if !fits(mark, width) {
			if text == "" {
				text = e.Label
			}
			for mark = marble.Letter(next); taken[mark]; mark = marble.Letter(next) {
				next++
			}
			taken[mark] = true
		}
		l.marks[id] = mark
		if text != "" && text != mark {
			l.entries = append(l.entries, entry{mark, text})
		}
	}
	for _, e := range p.errors() {
		if e.Text != "" && !l.explains("#", e.Text) {
			l.entries = append(l.entries, entry{"#", e.Text})
		}
	}
	return l
}

func (l *legend) mark(e Event) string { return l.marks[e.identity()] }

func (l *legend) explains(mark, text string) bool {
	return slices.Contains(l.entries, entry{mark, text})
}

// String is a where row: "where  x={a b}".
func (l *legend) String() string {
	parts := make([]string, len(l.entries))
	for i, e := range l.entries {
		mark := e.mark
		if mark != "#" {
			mark = marble.Event{Key: mark}.Token()
		}
		parts[i] = mark + "=" + oneLine(e.text)
	}
	return strings.Join(parts, ", ")
}

// fits reports whether label can stand in a marble: visible, and narrow enough.
func fits(label string, width int) bool {
	w := marble.Width(label)
	if width == 1 { // in text, one character of whatever width
		return len([]rune(label)) == 1 && w > 0 && marble.Event{Key: label}.Token() == label
	}
	return 0 < w && w <= width && !strings.ContainsFunc(label, func(r rune) bool {
		return !unicode.IsGraphic(r) || unicode.IsSpace(r)
	})
}

// values are all values of the picture, row by row.
func (p *Picture) values() []Event { return p.eventsOf(func(k EventKind) bool { return k == Value }) }

func (p *Picture) errors() []Event { return p.eventsOf(func(k EventKind) bool { return k == Error }) }

func (p *Picture) eventsOf(kind func(EventKind) bool) (events []Event) {
	for _, r := range p.Rows {
		for _, e := range r.Events {
			if kind(e.Kind) {
				events = append(events, e)
			}
		}
	}
	return events
}

// oneLine replaces what would break a line of text.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return unicode.ReplacementChar
		}
		return r
	}, s)
}
