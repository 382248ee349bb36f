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
	journals   func() [][]marble.Event
	want       [][]marble.Event
	requests   bool // compare what was requested, too
	frame      time.Duration
}

func (c *subscriptionsCheck) verify(m *Test) {
	m.t.Helper()
	lines := c.lines()
	if got := len(c.journals()); got != len(c.want) {
		first := lines[min(got, len(c.want))] // the one that is missing, or too many
		m.t.Errorf("%s", &marble.Report{
			Where: c.site, Name: c.name, Frame: c.frame, Rows: c.src.rows(), Checks: lines,
			Want: first.Want, Got: first.Got,
			Problem:   fmt.Sprintf("%d subscriptions, want %d", got, len(c.want)),
			ProblemAt: start(slices.Concat(first.Want, first.Got)),
		})
		return
	}
	for i, line := range lines {
		r := &marble.Report{
			Where: c.site, Name: c.label(i), Frame: c.frame, Rows: c.src.rows(),
			Want: line.Want, Got: line.Got,
		}
		if r.Failed() {
			m.t.Errorf("%s", r)
		}
	}
}

func (c *subscriptionsCheck) label(i int) string {
	what := "subscription"
	if c.requests {
		what = "demand"
	}
	return fmt.Sprintf("%s %d of %s", what, i+1, c.name)
}

// lines tells the check in the failure texts of others: one line for each
// subscription, wanted or made.
func (c *subscriptionsCheck) lines() (lines []marble.Check) {
	got := c.journals()
	n := max(len(got), len(c.want))
	for i := range n {
		line := marble.Check{Name: "subs " + c.name}
		if c.requests {
			line.Name = "demand " + c.name
		}
		if n > 1 {
			line.Name += fmt.Sprintf(" %d", i+1)
		}
		if i < len(c.want) {
			line.Want = c.compared(implied(c.want[i]))
		}
		if i < len(got) {
			line.Got = c.compared(got[i])
		}
		lines = append(lines, line)
	}
	return lines
}

// compared leaves out what is not compared. Requests count as the sum of their
// instant, wherever in it they came.
func (c *subscriptionsCheck) compared(events []marble.Event) []marble.Event {
	if !c.requests {
		return slices.DeleteFunc(slices.Clone(events), isRequest)
	}
	return marble.SumRequests(events)
}

// implied adds the unbounded request that a demand lane without a number means.
func implied(lane []marble.Event) []marble.Event {
	if len(lane) == 0 || slices.ContainsFunc(lane, isRequest) {
		return lane
	}
	all := marble.Event{At: lane[0].At, Kind: marble.Request, N: demand.Unbounded}
	return slices.Insert(slices.Clone(lane), 1, all)
}

func isRequest(e marble.Event) bool { return e.Kind == marble.Request }

// start is the instant of the first event of a lane, if it has one.
func start(lane []marble.Event) time.Duration {
	if len(lane) == 0 {
		return 0
	}
	return lane[0].At
}

// rows draws the source for a failure text. The time of a cold source is that
// of its subscription, so it has a row for each instant of subscribing.
func (s *Source[T]) rows() (rows []marble.Row) {
	const most = 4
	row, journals := s.row(), s.journals()
	if len(journals) == 0 {
		row.Note += ", never subscribed to"
	}
	if s.lane.Grammar != marble.Cold || len(journals) == 0 {
		return []marble.Row{row}
	}
	var firsts []int // the first subscription of each instant
	for i := range journals {
		if i == 0 || start(journals[i]) != start(journals[i-1]) {
			firsts = append(firsts, i)
		}
	}
	for _, i := range firsts[:min(len(firsts), most)] {
		r := row
		if len(firsts) > 1 {
			r.Name += fmt.Sprintf(" %d", i+1)
		}
		r.Events = slices.Clone(row.Events)
		for k := range r.Events {
			r.Events[k].At += start(journals[i])
		}
		rows = append(rows, r)
	}
	if more := len(firsts) - most; more > 0 {
		rows[most-1].Note += fmt.Sprintf(", and %d more", more)
	}
	return rows
}
