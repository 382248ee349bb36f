package marble

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Row is a lane that explains a failure: a source, or what was requested.
type Row struct {
	Name   string // "src"
	Note   string // printed behind the lane: "cold"
	Events []Event

	// Of makes the row a demand lane: the name of the row, or "got", whose
	// values use up the demand. The balance is drawn under it.
	Of string
}

// A Check is another expectation of the same test, told in one line.
type Check struct {
	Name      string // "subs src"
	Want, Got []Event
}

// A Report is the text of a failed expectation.
type Report struct {
	Where string        // "debounce_test.go:42"; may be empty
	Name  string        // what the expectation is about: "out"
	Frame time.Duration // zero is [DefaultFrame]

	Rows   []Row   // drawn above what was wanted
	Checks []Check // told below
	Want   []Event
	Got    []Event
	Owed   []Event                  // if Got is a demand lane: the values that used it up, for the balance under it
	Legend *Legend                  // what named Got; may be nil
	Equal  func(want, got any) bool // as for [Compare]

	// Problem, if set, is a fault that comparing lanes cannot show, such as a
	// value after Cancel. It happened at ProblemAt and is told first.
	Problem   string
	ProblemAt time.Duration

	// RowsOnly is for a Problem that is not about a lane that was wanted.
	RowsOnly bool

	// Actual, if not nil, are the diagrams to paste, where Got is only one of them.
	Actual []string
}

// Failed reports whether there is anything to tell.
func (r *Report) Failed() bool {
	d, _ := r.difference()
	return d.Class != Same || r.Problem != ""
}

// Class is the class of the first difference. Same stands for none.
func (r *Report) Class() Class {
	d, _ := r.difference()
	return d.Class
}

// String draws the lanes on a common time axis, with a caret at the first
// difference and fainter marks at later ones.
func (r *Report) String() string {
	d, balances := r.difference()
	text, marks := r.Difference()
	streams := nestedIn(d)
	caption := "first difference"
	if r.Problem != "" {
		caption = "here"
	}

	var b strings.Builder
	b.WriteString(joinColon(r.Where, r.Name, text) + "\n\n")
	for _, line := range r.table(balances, streams, marks, caption) {
		b.WriteString(line + "\n")
	}
	for i, line := range r.footnotes(d) {
		if i == 0 {
			b.WriteString("\n")
		}
		b.WriteString("    " + line + "\n")
	}
	return b.String()
}

func joinColon(parts ...string) string {
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	return strings.Join(parts, ": ")
}

// difference compares the lanes and the demand; what happened first counts.
func (r *Report) difference() (Difference, []balance) {
	d := Compare(r.Want, r.Got, r.Equal)
	balances := make([]balance, len(r.Rows))
	for i, row := range r.Rows {
		if row.Of == "" {
			continue
		}
		b := newBalance(row.Events, r.eventsOf(row.Of))
		balances[i] = b
		if e := b.firstExcess(); e != nil && (len(d.Edits) == 0 || e.At <= d.At()) {
			d.Class = Exceeded
			d.Text = fmt.Sprintf("%s at %v exceeds the demand (%d requested, %d delivered)", noun(e), e.At, b.requested, b.requested+1)
			d.Edits = slices.Insert(d.Edits, 0, Edit{Got: e})
		}
	}
	return d, balances
}

func (r *Report) eventsOf(name string) []Event {
	for _, row := range r.Rows {
		if row.Name == name && row.Of == "" {
			return row.Events
		}
	}
	if name == "got" {
		return r.Got
	}
	panic(fmt.Sprintf("marbles: a report with a demand row of %q, which is none of its rows", name))
}

// A line of the table; label and lane are separate until all are known.
type line struct {
	label, note string
	cells       cells
	idle        string
	open        bool
	from        int64 // the frame in which the lane begins, unless a cell is earlier
}

// table draws the lanes, the time above them and the marks below.
func (r *Report) table(balances []balance, streams []nested, marks []time.Duration, caption string) []string {
	frame := r.frame()
	lines := append(r.lines(balances, frame), streamLines(streams, frame)...)
	all := make([]cells, len(lines))
	for i, l := range lines {
		all[i] = l.cells
	}
	ax := newAxis(frame, all...)
	ruler, unit := ax.ruler(frame)
	label := "time" + unit

	pad := max(len(label), r.labelWidth())
	for _, l := range lines {
		pad = max(pad, textWidth(l.label))
	}
	out := []string{row(pad, label, ruler)}
	for _, l := range lines {
		text := ax.lane(l)
		if l.note != "" {
			text += strings.Repeat(" ", ax.width-textWidth(text)+8) + l.note
		}
		out = append(out, row(pad, l.label, text))
	}
	if len(marks) == 0 {
		return out
	}
	return append(out, row(pad, "", markLine(ax, marks, frame)+fmt.Sprintf(" %s at %v", caption, marks[0])))
}

func row(pad int, label, text string) string {
	return "    " + label + strings.Repeat(" ", pad-textWidth(label)+2) + text
}

// labelWidth is what the checks, which are told below, need for their names.
func (r *Report) labelWidth() (n int) {
	for _, c := range r.Checks {
		n = max(n, textWidth(c.Name))
	}
	return n
}

// frame is one in which every lane can be drawn.
func (r *Report) frame() time.Duration {
	frame := Fit(fitStreams(fitStreams(r.Frame, r.Want), r.Got), r.Owed)
	for _, row := range r.Rows {
		frame = Fit(frame, row.Events)
	}
	return Fit(frame, []Event{{At: r.ProblemAt}})
}

func (r *Report) lines(balances []balance, frame time.Duration) (lines []line) {
	excess := make(map[string][]*Event)
	for i, row := range r.Rows {
		excess[row.Of] = append(excess[row.Of], balances[i].excess...)
	}
	add := func(name, note string, events []Event) {
		events = sorted(events)
		c := cellsOf(events, frame)
		for _, e := range excess[name] {
			overflow(c, int64(e.At/frame), e.token())
		}
		lines = append(lines, line{label: name, note: note, cells: c, idle: "-", open: !closed(events)})
	}
	for i, row := range r.Rows {
		add(row.Name, row.Note, row.Events)
		if row.Of != "" {
			lines = append(lines, line{label: "owed", cells: balances[i].cells(frame), idle: " "})
		}
	}
	if r.RowsOnly {
		return lines
	}
	add("want", "", r.Want)
	add("got", "", r.Got)
	if r.Owed != nil {
		lines = append(lines, line{label: "owed", cells: newBalance(r.Got, r.Owed).cells(frame), idle: " "})
	}
	return lines
}

// closed reports whether nothing more was to come in a lane.
func closed(events []Event) bool {
	return slices.ContainsFunc(events, func(e Event) bool { return e.Kind.ends() || e.Kind == Cancel })
}

// overflow marks the event token, which stands at or, in a group, behind at.
func overflow(c cells, at int64, token string) {
	for cell, ok := c[at]; ok; cell, ok = c[at] {
		if before, after, found := strings.Cut(cell, token); found && !strings.HasPrefix(after, "×") {
			c[at] = before + token + "×" + after
			return
		}
		at++
	}
}

// markLine is ^ under the first mark and ~ under the others.
func markLine(ax *axis, marks []time.Duration, frame time.Duration) string {
	text := []rune(strings.Repeat(" ", ax.width))
	for i, at := range slices.Backward(marks) {
		mark := '~'
		if i == 0 {
			mark = '^'
		}
		text[ax.x(int64(at/frame))] = mark
	}
	return strings.TrimRight(string(text), " ")
}

// footnotes are the lines below the table.
func (r *Report) footnotes(d Difference) (lines []string) {
	pad := r.labelWidth() + 2
	for _, c := range r.Checks {
		verdict := "ok"
		if diff := Compare(c.Want, c.Got, r.Equal); diff.Class != Same {
			verdict = diff.Text
		}
		lines = append(lines, fmt.Sprintf("%s%swant %s   got %s   %s", c.Name, strings.Repeat(" ", pad-textWidth(c.Name)),
			Print(c.Want, r.Frame), Print(c.Got, r.Frame), verdict))
	}
	if text := r.Legend.String(); text != "" {
		lines = append(lines, text)
	}
	if r.RowsOnly {
		return lines
	}
	edits := d.Edits
	if d.Class == WrongEnd {
		edits = edits[1:] // the sentence has said it all
	}
	lines = append(lines, explanations(edits)...)

	return append(lines, r.actual())
}

// actual is the line to paste.
func (r *Report) actual() string {
	if r.Actual != nil {
		all := make([]string, len(r.Actual))
		for i, lane := range r.Actual {
			all[i] = strconv.Quote(lane)
		}
		return "actual as marbles: " + cmp.Or(strings.Join(all, ", "), "no lanes at all")
	}
	got := r.Got
	if r.Legend != nil {
		got = r.Legend.Literal(got)
	}
	label := "actual as marbles"
	if fit := Fit(r.Frame, got); fit != Fit(r.Frame, nil) {
		label = fmt.Sprintf("%s (frame %v)", label, fit)
	}
	return label + ": " + strconv.Quote(Print(got, r.Frame))
}

// explanations of the first edits; the later ones rarely help.
func explanations(edits []Edit) (lines []string) {
	const most = 3
	for _, e := range edits {
		if len(lines) >= most*4 {
			break
		}
		head := fmt.Sprintf("at %v", e.At())
		for _, text := range explain(e) {
			lines = append(lines, head+"  "+text)
			head = strings.Repeat(" ", len(head))
		}
	}
	return lines
}

// rulerUnit is the unit of the ruler: milliseconds, if frames are whole ones.
func rulerUnit(frame time.Duration) (label string, per time.Duration) {
	switch {
	case frame%time.Second == 0:
		return " s", time.Second
	case frame%time.Millisecond == 0:
		return "", time.Millisecond
	case frame%time.Microsecond == 0:
		return " us", time.Microsecond
	}
	return " ns", time.Nanosecond
}

func formatNumber(d, per time.Duration) string { return strconv.FormatInt(int64(d/per), 10) }
