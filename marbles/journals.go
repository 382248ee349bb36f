package marbles

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/marble"
)

// A subscriptionsCheck compares the journals of a source with lanes.
type subscriptionsCheck struct {
	src, site string
	journals  func() [][]marble.Event
	want      [][]marble.Event
	requests  bool // compare what was requested, too
	frame     time.Duration
}

func (c *subscriptionsCheck) verify(m *Test) {
	m.t.Helper()
	got := c.journals()
	if len(got) != len(c.want) {
		m.t.Errorf("%s: %s: %d subscriptions, want %d%s", c.site, c.src, len(got), len(c.want), c.draw(got))
		return
	}
	for i := range got {
		r := &marble.Report{
			Where: c.site, Name: c.label(i), Frame: c.frame,
			Want: c.compared(implied(c.want[i])), Got: c.compared(got[i]),
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
	return fmt.Sprintf("%s %d of %s", what, i+1, c.src)
}

// compared leaves out what is not compared. Requests count as the sum of their
// instant, wherever in it they came.
func (c *subscriptionsCheck) compared(events []marble.Event) []marble.Event {
	if !c.requests {
		return slices.DeleteFunc(slices.Clone(events), isRequest)
	}
	return marble.SumRequests(events)
}

// draw lists journals as lanes that can be pasted into the test.
func (c *subscriptionsCheck) draw(journals [][]marble.Event) string {
	var b strings.Builder
	for _, j := range journals {
		fmt.Fprintf(&b, "\n    %q", marble.Print(c.compared(j), c.frame))
	}
	return b.String()
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
