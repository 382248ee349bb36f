package marble

import (
	"maps"
	"math"
	"slices"
	"strings"
	"time"
)

// cells says what a lane shows in each frame in which it is not idle.
type cells map[int64]string

// cellsOf lays out events, which are sorted. A group spreads over the frames
// its text takes, as the grammar has it; if the lane is busy by then, the
// whole group stands in its one frame.
func cellsOf(events []Event, frame time.Duration) cells {
	c := make(cells)
	groups := instants(events)
	for i, group := range groups {
		at := int64(group[0].At / frame)
		if len(group) == 1 {
			c[at] = group[0].token()
			continue
		}
		end := at + int64(len(group)) + 2
		if i+1 < len(groups) && int64(groups[i+1][0].At/frame) < end {
			c[at] = "[" + tokens(group) + "]"
			continue
		}
		c[at], c[end-1] = "(", ")"
		for j, e := range group {
			c[at+1+int64(j)] = e.token()
		}
	}
	return c
}

func tokens(events []Event) string {
	var b strings.Builder
	for _, e := range events {
		b.WriteString(e.token())
	}
	return b.String()
}

// An axis is the time that several lanes share. Each of its columns is one
// frame, as wide as the widest cell of any lane, or a long time in which
// nothing happens in any of them.
type axis struct {
	columns []column
	width   int
}

type column struct {
	from int64  // the first frame
	gap  string // what all lanes show, if nothing happens; "" for one frame
	x    int    // in characters
	wide int
}

func newAxis(frame time.Duration, lanes ...cells) *axis {
	widths := map[int64]int{0: 1}
	for _, lane := range lanes {
		for at, cell := range lane {
			widths[at] = max(widths[at], textWidth(cell))
		}
	}
	a := new(axis)
	busy := slices.Sorted(maps.Keys(widths))
	next := busy[0]
	for _, at := range busy {
		if idle := at - next; idle > longGap {
			gap := " " + formatDuration(time.Duration(idle)*frame) + " "
			a.add(column{from: next, gap: gap, wide: textWidth(gap)})
			next = at
		}
		for ; next < at; next++ {
			a.add(column{from: next, wide: 1})
		}
		a.add(column{from: at, wide: widths[at]})
		next = at + 1
	}
	return a
}

func (a *axis) add(c column) {
	c.x = a.width
	a.width += c.wide
	a.columns = append(a.columns, c)
}

// lane draws the cells of l, with its idle in between, from its first cell or
// from where it begins to its last cell or, if the lane is open, to the end of
// the axis. Blanks fill a column: in a diagram they take no time.
func (a *axis) lane(l line) string {
	first, last := l.from, int64(math.MinInt64)
	for at := range l.cells {
		first, last = min(first, at), max(last, at)
	}
	var b strings.Builder
	for _, col := range a.columns {
		if !l.open && col.from > last {
			break
		}
		text, busy := l.cells[col.from]
		switch {
		case col.from < first:
			text = ""
		case col.gap != "" && l.idle == "-":
			text = col.gap
		case !busy && col.gap == "":
			text = l.idle
		}
		b.WriteString(text + strings.Repeat(" ", col.wide-textWidth(text)))
	}
	return strings.TrimRight(b.String(), " ")
}

// ruler draws the time: every fifth frame and what follows a gap, where there
// is room.
func (a *axis) ruler(frame time.Duration) (text, unit string) {
	const every = 5
	unit, per := rulerUnit(frame)
	var b strings.Builder
	for i, col := range a.columns {
		tick := col.gap == "" && (col.from%every == 0 || i == 0 || a.columns[i-1].gap != "")
		if !tick || b.Len() > 0 && b.Len() >= col.x {
			continue
		}
		b.WriteString(strings.Repeat(" ", col.x-b.Len()))
		b.WriteString(formatNumber(time.Duration(col.from)*frame, per))
	}
	return b.String(), unit
}

// x is where the frame at stands.
func (a *axis) x(at int64) int {
	i, found := slices.BinarySearchFunc(a.columns, at, func(c column, at int64) int { return int(max(-1, min(1, c.from-at))) })
	switch {
	case found:
		return a.columns[i].x
	case i == 0:
		return 0
	}
	return a.columns[i-1].x
}
