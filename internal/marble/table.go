package marble

import (
	"slices"
	"strings"
	"time"
)

// A TableRow is one line of a [Table]: a lane, or the balance of one.
type TableRow struct {
	Label  string
	Events []Event
	Begin  time.Duration // where the lane starts, if not at zero
	Until  time.Duration // it is drawn at least that far
	Open   bool          // it is drawn to the end of the table
	Struck bool          // its values were dropped: each gets a ×

	// Balance makes it the row of what is owed: Events are requests, which
	// Delivered use up.
	Balance   bool
	Delivered []Event
}

// Table draws rows on one time axis, with the time above them. Under the marks,
// if there are any, stand a caret for the first and ~ for the others.
func Table(frame time.Duration, rows []TableRow, marks []time.Duration) []string {
	at := make([]Event, len(marks))
	for i, m := range marks {
		at[i].At = m
	}
	frame = Fit(frame, at)
	for _, r := range rows {
		frame = Fit(frame, append(slices.Clone(r.Events), Event{At: r.Begin}, Event{At: r.Until}))
	}
	all := make([]cells, len(rows))
	for i, r := range rows {
		all[i] = r.cells(frame)
	}
	ax := newAxis(frame, all...)
	ruler, unit := ax.ruler(frame)
	label := "time" + unit
	pad := textWidth(label)
	for _, r := range rows {
		pad = max(pad, textWidth(r.Label))
	}
	out := []string{tableLine(pad, label, ruler)}
	for i, r := range rows {
		idle := "-"
		if r.Balance {
			idle = " "
		}
		out = append(out, tableLine(pad, r.Label, ax.laneFrom(int64(r.Begin/frame), all[i], idle, r.Open)))
	}
	if len(marks) > 0 {
		out = append(out, tableLine(pad, "", markLine(ax, marks, frame)))
	}
	return out
}

func tableLine(pad int, label, text string) string {
	return strings.TrimRight(label+strings.Repeat(" ", pad-textWidth(label)+2)+text, " ")
}

func (r TableRow) cells(frame time.Duration) cells {
	if r.Balance {
		return newBalance(r.Events, r.Delivered).cells(frame)
	}
	events := sorted(r.Events)
	c := cellsOf(events, frame)
	for _, e := range events {
		if r.Struck && e.Kind == Next {
			overflow(c, int64(e.At/frame), e.token())
		}
	}
	if last := int64(r.Until/frame) - 1; last >= int64(r.Begin/frame) && c[last] == "" {
		c[last] = "-"
	}
	return c
}

// laneFrom is lane for one that begins at the frame from.
func (a *axis) laneFrom(from int64, c cells, idle string, open bool) string {
	text := a.lane(c, idle, open)
	if from <= 0 {
		return text
	}
	head := a.x(from)
	return strings.Repeat(" ", head) + skipColumns(text, head)
}

// skipColumns is text without its first n columns, which are as many characters:
// before a lane begins nothing wide is in it.
func skipColumns(text string, n int) string {
	if n >= len(text) {
		return ""
	}
	return text[n:]
}

// An Owed is the demand that is left after an instant.
type Owed struct {
	At time.Duration
	N  int64
}

// Balance is the demand that is left whenever it changes, and the values that
// nobody had requested.
func Balance(requests, delivered []Event) (owed []Owed, excess []Event) {
	b := newBalance(requests, delivered)
	for i, at := range b.at {
		owed = append(owed, Owed{at, b.owed[i]})
	}
	for _, e := range b.excess {
		excess = append(excess, *e)
	}
	return owed, excess
}

// Token is the marble as it stands in a diagram.
func (e Event) Token() string { return e.token() }

// Width is the number of columns a terminal needs for text.
func Width(text string) int { return textWidth(text) }

// Letter is the i-th of the names that are made up for values.
func Letter(i int) string { return madeUp(i) }

// TimeUnit is the unit in which times are told if frames are that long, and
// its name.
func TimeUnit(frame time.Duration) (name string, per time.Duration) {
	name, per = rulerUnit(frame)
	if name == "" {
		name = "ms"
	}
	return strings.TrimSpace(name), per
}

// FormatDuration writes d as a diagram would: in the largest unit that divides it.
func FormatDuration(d time.Duration) string { return formatDuration(d) }

// ParseWhere reads what stands in a where row, "x={a b}, y={b c}".
func ParseWhere(text string) (map[string]string, error) {
	var d Diagram
	err := d.readWhere(text)
	return d.Where, err
}
