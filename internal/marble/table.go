package marble

import (
	"fmt"
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
	// Delivered use up, and × stands where there was no demand.
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
		l := line{cells: all[i], idle: idle, open: r.Open, from: int64(r.Begin / frame)}
		out = append(out, tableLine(pad, r.Label, ax.lane(l)))
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
		b := newBalance(r.Events, r.Delivered)
		c := b.cells(frame)
		for _, e := range b.excess {
			at := int64(e.At / frame)
			c[at] = "×"
			if _, next := c[at+1]; next {
				c[at] += " "
			}
		}
		return c
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

// Name is what a value is called in a picture, and what it is in full if that
// says more.
func (e Event) Name() (label, text string) {
	text = runeText(e.Value)
	if text == "" {
		text = fmt.Sprint(e.Value)
	}
	switch {
	case e.Key == "":
		return text, ""
	case e.Value == nil || text == e.Key || nameOf(e.Value) == e.Key:
		return e.Key, ""
	}
	return e.Key, text
}

// Difference returns what the report says first, and the instants it is about;
// no instants stand for no difference.
func (r *Report) Difference() (text string, at []time.Duration) {
	d, _ := r.difference()
	for _, e := range d.Edits {
		at = append(at, e.At())
	}
	if streams := nestedIn(d); len(streams) > 0 {
		deepest := streams[len(streams)-1]
		at[0] = deepest.start + deepest.diff.At()
	}
	if r.Problem != "" {
		return r.Problem, slices.Insert(at, 0, r.ProblemAt)
	}
	return d.Text, at
}

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
