package marble

import (
	"slices"
	"strings"
	"time"
	"unicode"
)

// An AlignedRow is a diagram to be lined up with others.
type AlignedRow struct {
	Text    string
	Grammar Grammar
	Begin   time.Duration // the instant its time counts from
}

// Align returns the texts of rows with blanks, which take no time, such that
// one instant stands in one column in all of them. Besides blanks nothing
// changes. Where blanks have a meaning that cannot be kept, or there is no
// time, a row stays as it is.
func Align(frame time.Duration, rows []AlignedRow) ([]string, error) {
	if frame == 0 {
		frame = DefaultFrame
	}
	lanes := make([][]span, len(rows))
	read := make([]Lane, len(rows))
	for i, row := range rows {
		var err error
		if lanes[i], read[i], err = spans(row, frame); err != nil {
			return nil, err
		}
	}
	out := make([]string, len(rows))
	x := columns(lanes)
	for i, row := range rows {
		out[i] = strings.Join(strings.Fields(row.Text), " ")
		text := layOut(lanes[i], x)
		again, err := Parse(text, row.Grammar, frame)
		if row.Grammar != Pull && err == nil && sameEvents(again.Events, read[i].Events) && again.End == read[i].End {
			out[i] = text
		}
	}
	return out, nil
}

// sameEvents compares what diagrams say: all but where the events stand.
func sameEvents(a, b []Event) bool {
	return slices.EqualFunc(a, b, func(a, b Event) bool {
		return a.At == b.At && a.Kind == b.Kind && a.Key == b.Key && a.N == b.N
	})
}

// A span is a marble, a group or a duration, as it stands in a diagram.
type span struct {
	text     string
	from, to time.Duration
	blank    bool // a blank stood behind it
}

// spans cuts a diagram into what must not be torn apart.
func spans(row AlignedRow, frame time.Duration) ([]span, Lane, error) {
	p, err := newParser(row.Text, row.Grammar, frame)
	if err != nil {
		return nil, Lane{}, err
	}
	var found []span
	for p.pos < len(p.text) {
		start, from, inside := p.pos, p.now, p.open >= 0
		if err := p.token(); err != nil {
			return nil, Lane{}, err
		}
		text := string(p.text[start:p.pos])
		last := len(found) - 1
		switch {
		case inside:
			found[last].text += text
			found[last].to = p.now
		case strings.TrimSpace(text) == "":
			if last >= 0 {
				found[last].blank = true
			}
		case last >= 0 && found[last].from == found[last].to: // takes no time, so it stays with what does
			found[last].text += text
			found[last].to = p.now
		default:
			found = append(found, span{text: text, from: from, to: p.now})
		}
	}
	raw := p.now
	if err := p.finish(); err != nil {
		return nil, Lane{}, err
	}
	for i := range found {
		s := &found[i]
		s.from += row.Begin - (raw - p.lane.End)
		s.to += row.Begin - (raw - p.lane.End)
		if s.duration() && i > 0 {
			s.text = " " + s.text
		}
		if s.duration() || s.blank && i+1 < len(found) && readsOn(s.text, found[i+1].text) {
			s.text += " "
		}
	}
	return found, p.lane, nil
}

// duration reports whether the span is one: those are longer than one
// character and neither a name nor a group.
func (s span) duration() bool {
	r := []rune(strings.TrimSpace(s.text))
	return len(r) > 1 && isDigit(r[0]) && unitLetter(r[len(r)-1])
}

// readsOn reports whether a, with b right behind it, may read like a duration.
func readsOn(a, b string) bool {
	last, first := []rune(a), []rune(b)
	return numeral(last[len(last)-1]) && (unicode.IsLetter(first[0]) || numeral(first[0]))
}

// columns says in which column each instant stands.
func columns(lanes [][]span) map[time.Duration]int {
	type end struct {
		from time.Duration
		wide int
	}
	ends := make(map[time.Duration][]end)
	var at []time.Duration
	for _, lane := range lanes {
		for _, s := range lane {
			at = append(at, s.from, s.to)
			if s.to > s.from {
				ends[s.to] = append(ends[s.to], end{s.from, textWidth(s.text)})
			}
		}
	}
	slices.Sort(at)
	x, column := make(map[time.Duration]int), 0
	for _, t := range slices.Compact(at) {
		for _, e := range ends[t] {
			column = max(column, x[e.from]+e.wide)
		}
		x[t] = column
	}
	return x
}

func layOut(lane []span, x map[time.Duration]int) string {
	var b strings.Builder
	width := 0
	for _, s := range lane {
		if pad := x[s.from] - width; pad > 0 {
			b.WriteString(strings.Repeat(" ", pad))
			width += pad
		}
		b.WriteString(s.text)
		width += textWidth(s.text)
	}
	return strings.TrimRight(b.String(), " ")
}
