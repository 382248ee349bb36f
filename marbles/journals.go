package marbles

import (
	"fmt"
	"slices"
	"time"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/marble"
)

// A subscriptionsCheck compares the journals of a source with lanes.
type subscriptionsCheck struct {
	src        sourceProbe
	name, site string
	ledgers    func() []ledger
	want       [][]marble.Event
	what       comparing
	frame      time.Duration
	lanes      written
}

// A comparing says what of the subscriptions a check compares.
type comparing int

const (
	lifetimes comparing = iota // when they begin and end
	sums                       // and what was requested at each instant
	requests                   // and how that was split
)

func (c *subscriptionsCheck) verify(m *Test) {
	m.t.Helper()
	if updating() && c.failed() && m.update(c.site, c.redraw) {
		return
	}
	lines := c.lines()
	ledgers := c.ledgers()
	if got := len(ledgers); got != len(c.want) {
		first := lines[min(got, len(c.want))] // the one that is missing, or too many
		m.report(&marble.Report{
			Where: c.site, Name: c.name, Frame: c.frame, Rows: c.src.rows(), Checks: lines,
			Want: first.Want, Got: first.Got,
			Problem:   fmt.Sprintf("%s, want %d", subscriptions(got), len(c.want)),
			ProblemAt: start(slices.Concat(first.Want, first.Got)),
			Actual:    c.actual(),
		})
		return
	}
	for i, line := range lines {
		r := &marble.Report{
			Where: c.site, Name: c.label(i), Frame: c.frame, Rows: c.src.rows(),
			Want: line.Want, Got: line.Got,
		}
		if c.what != lifetimes {
			r.Rows, r.Owed = withSent(r.Rows, ledgers[i].sent), ledgers[i].sent
		}
		if r.Failed() {
			m.report(r)
		}
	}
}

func values(events []marble.Event) []marble.Event {
	return slices.DeleteFunc(slices.Clone(events), func(e marble.Event) bool { return e.Kind != marble.Next })
}

// subscriptions is a number of them.
func subscriptions(n int) string {
	if n == 1 {
		return "1 subscription"
	}
	return fmt.Sprintf("%d subscriptions", n)
}

// failed reports whether there is anything to report.
func (c *subscriptionsCheck) failed() bool {
	return len(c.ledgers()) != len(c.want) || slices.ContainsFunc(c.lines(), func(l marble.Check) bool {
		return marble.Compare(l.Want, l.Got, nil).Class != marble.Same
	})
}

func (c *subscriptionsCheck) label(i int) string {
	what := "subscription"
	if c.what != lifetimes {
		what = "demand"
	}
	return fmt.Sprintf("%s %d of %s", what, i+1, c.name)
}

// lines tells the check in the failure texts of others: one line for each
// subscription, wanted or made.
func (c *subscriptionsCheck) lines() (lines []marble.Check) {
	got := c.ledgers()
	n := max(len(got), len(c.want))
	for i := range n {
		line := marble.Check{Name: "subs " + c.name}
		if c.what != lifetimes {
			line.Name = "demand " + c.name
		}
		if n > 1 {
			line.Name += fmt.Sprintf(" %d", i+1)
		}
		if i < len(c.want) {
			line.Want = c.compared(implied(c.want[i]))
		}
		if i < len(got) {
			line.Got = c.compared(got[i].events)
		}
		lines = append(lines, line)
	}
	return lines
}

// compared leaves out what is not compared. The requests of a sum may come
// anywhere in their instant.
func (c *subscriptionsCheck) compared(events []marble.Event) []marble.Event {
	switch c.what {
	case lifetimes:
		return slices.DeleteFunc(slices.Clone(events), isRequest)
	case sums:
		return marble.SumRequests(events)
	default:
		return events
	}
}

// withSent adds a row of the values that a subscription was given, unless a row
// of the source shows the same.
func withSent(rows []marble.Row, sent []marble.Event) []marble.Row {
	for _, row := range rows {
		if marble.Compare(values(row.Events), values(sent), nil).Class == marble.Same {
			return rows
		}
	}
	return append(slices.Clone(rows), marble.Row{Name: "sent", Events: sent})
}

// implied adds what a demand lane means where it does not say it: without "^" the
// subscription is at the start, and without a number it is unbounded.
func implied(lane []marble.Event) []marble.Event {
	if len(lane) == 0 {
		return lane
	}
	lane = slices.Clone(lane)
	if !slices.ContainsFunc(lane, isSubscribe) {
		lane = slices.Insert(lane, 0, marble.Event{Kind: marble.Subscribe})
	}
	if !slices.ContainsFunc(lane, isRequest) {
		lane = slices.Insert(lane, 1, marble.Event{At: lane[0].At, Kind: marble.Request, N: demand.Unbounded})
	}
	return lane
}

func isSubscribe(e marble.Event) bool { return e.Kind == marble.Subscribe }

func isRequest(e marble.Event) bool { return e.Kind == marble.Request }

// start is the instant of the first event of a lane, if it has one.
func start(lane []marble.Event) time.Duration {
	if len(lane) == 0 {
		return 0
	}
	return lane[0].At
}

// rows draws the source for a failure text. The time of a cold source is that
// of its subscription, so it has a row for each instant of subscribing. A pull
// source has none of its own; its rows show what was taken from it, and when.
func (s *probed) rows() (rows []marble.Row) {
	const most = 4
	row, ledgers := s.row(), s.ledgers()
	if len(ledgers) == 0 {
		row.Note += ", never subscribed to"
	}
	if s.lane.Grammar == marble.Hot || len(ledgers) == 0 {
		return []marble.Row{row}
	}
	var firsts []int // the first subscription of each instant
	for i := range ledgers {
		if i == 0 || start(ledgers[i].events) != start(ledgers[i-1].events) {
			firsts = append(firsts, i)
		}
	}
	for _, i := range firsts[:min(len(firsts), most)] {
		r := row
		if len(firsts) > 1 {
			r.Name += fmt.Sprintf(" %d", i+1)
		}
		if s.lane.Grammar == marble.Pull {
			r.Events, r.Note = ledgers[i].sent, fmt.Sprintf("pull %q", s.lane.Text)
			rows = append(rows, r)
			continue
		}
		r.Events = slices.Clone(row.Events)
		for k := range r.Events {
			r.Events[k].At += start(ledgers[i].events)
		}
		rows = append(rows, r)
	}
	if more := len(firsts) - most; more > 0 {
		rows[most-1].Note += fmt.Sprintf(", and %d more", more)
	}
	return rows
}
