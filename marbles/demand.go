package marbles

import (
	"fmt"
	"slices"
	"time"

	"github.com/sluicego/sluice/internal/marble"
	"github.com/sluicego/sluice/observable"
)

// ExpectSubscriptions says when each subscription to the source begins ("^")
// and ends ("!"), by a cancel or a terminal, in the order of subscribing. No
// lanes means that nobody subscribes.
func (s *Source[T]) ExpectSubscriptions(lanes ...string) {
	s.m.t.Helper()
	s.check(lifetimes, marble.Subs, "ExpectSubscriptions", lanes)
}

// ExpectDemand says what the subscribers request of the source and when, one
// lane for each subscription. Several requests of one instant count as their
// sum; [Source.ExpectRequests] keeps them apart.
//
//	src.ExpectDemand("(^4)--3--3--!")
func (s *Source[T]) ExpectDemand(lanes ...string) {
	s.m.t.Helper()
	s.check(sums, marble.Demand, "ExpectDemand", lanes)
}

// ExpectRequests is ExpectDemand, but says how demand is split: "(^13)" is one
// request of 1 and then one of 3, and not the same as "(^4)".
func (s *Source[T]) ExpectRequests(lanes ...string) {
	s.m.t.Helper()
	s.check(requests, marble.Demand, "ExpectRequests", lanes)
}

// ExpectOutstanding says that no subscriber ever has more than n values
// requested and not yet received. For an operator that should keep its source in
// check, that is the whole point, whatever the lanes are.
//
// It takes no lane: a source that is never asked for anything passes.
func (s *Source[T]) ExpectOutstanding(n int64) {
	s.m.t.Helper()
	if n < 0 || n == observable.Unbounded {
		s.m.t.Fatalf("%s: marbles: ExpectOutstanding(%d): want a bound, from 0", site(), n)
	}
	s.m.inBody("ExpectOutstanding", "say it in the body")
	s.m.checks = append(s.m.checks, &outstandingCheck{name: s.name, site: site(), rows: s.rows, ledgers: s.ledgers, most: n})
}

// check registers lanes of the subscriptions to s.
func (s *probed) check(what comparing, g marble.Grammar, function string, lanes []string) {
	s.m.t.Helper()
	s.m.inBody(function, "say it in the body")
	c := &subscriptionsCheck{src: s, name: s.name, site: site(), ledgers: s.ledgers, frame: s.m.frame, what: what, lanes: writtenBy(function, 0, lanes...)}
	for _, lane := range lanes {
		c.want = append(c.want, s.m.parse(lane, g).Events)
	}
	s.m.checks = append(s.m.checks, c)
}

// An outstandingCheck compares the demand that a source owes with a bound.
type outstandingCheck struct {
	name, site string
	rows       func() []marble.Row
	ledgers    func() []ledger
	most       int64
}

func (c *outstandingCheck) verify(m *Test) {
	m.t.Helper()
	for i, l := range c.ledgers() {
		if l.most <= c.most {
			continue
		}
		r := &marble.Report{
			Where: c.site, Name: fmt.Sprintf("demand %d of %s", i+1, c.name), Frame: m.frame,
			Rows:      append(c.rows(), marble.Row{Name: "sent", Events: l.sent}, marble.Row{Name: "demand", Events: l.events, Of: "sent"}),
			RowsOnly:  true,
			Problem:   fmt.Sprintf("%s outstanding, at most %d allowed", count(l.most), c.most),
			ProblemAt: l.mostAt,
		}
		m.report(r)
	}
}

// count is an amount of requested values.
func count(n int64) string {
	if n == observable.Unbounded {
		return "unbounded demand"
	}
	return fmt.Sprintf("%d requested values", n)
}

// A ledger is what is known of one subscription to a source.
type ledger struct {
	events []marble.Event // of a demand lane
	sent   []marble.Event // the signals that came; the values used up the demand
	most   int64          // the most that was outstanding
	mostAt time.Duration
}

// ledgers returns what is known of each subscription, up to now.
func (s *probed) ledgers() []ledger {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]ledger, len(s.subs))
	for i, j := range s.subs {
		j.mu.Lock()
		all[i] = j.ledger
		all[i].events, all[i].sent = slices.Clone(j.events), slices.Clone(j.sent)
		j.mu.Unlock()
	}
	return all
}
