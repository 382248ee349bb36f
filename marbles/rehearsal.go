package marbles

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/sluicego/sluice/internal/marble"
	"github.com/sluicego/sluice/internal/runaway"
)

// A rehearsal plays a test in one order. It keeps what the test reports, since
// what is to be said about the order comes before it.
type rehearsal struct {
	reporter
	number, most int // of the order
	choose       func(at time.Duration, ways int) int

	m       *Test
	reports []string
	told    bool // by Fatalf
	choices []choice
	tied    map[int]bool // where a Tie kept a choice from being one
}

// A choice is an instant at which several things could have come first.
type choice struct {
	at    time.Duration
	took  int
	ready []*entry
}

func (r *rehearsal) Errorf(format string, args ...any) {
	r.reports = append(r.reports, fmt.Sprintf(format, args...))
}

func (r *rehearsal) Fatalf(format string, args ...any) {
	r.reporter.Helper()
	r.Errorf(format, args...)
	r.told = true
	r.reporter.Fatalf("%s", strings.Join(r.text(), "\n"))
}

func (r *rehearsal) Failed() bool { return len(r.reports) > 0 || r.reporter.Failed() }

// failed reports whether there is something to report.
func (r *rehearsal) failed() bool { return !r.told && r.Failed() }

// play plays body. A FailNow of the body itself, or a panic, leaves it.
func (r *rehearsal) play(body func(m *Test)) {
	r.reporter.Helper()
	left := true
	defer func() {
		if left && len(r.deviations()) > 0 && r.failed() {
			r.reporter.Errorf("%s", strings.Join(r.text(), "\n"))
		}
	}()
	c := newShuffleClock()
	m := newTest(r, c)
	r.m, r.tied = m, map[int]bool{}
	c.pick = func(ready []*entry) int {
		at := c.time - m.origin
		if at < 0 {
			return 0
		}
		if frame := int(at / m.frame); m.ties[frame] != "" {
			r.tied[frame] = true
			return 0
		}
		took := r.choose(at, len(ready))
		r.choices = append(r.choices, choice{at, took, ready})
		return took
	}
	m.run(body)
	left = false
}

// report tells a failure, after finding out which part of the order it needs.
func (r *rehearsal) report(body func(m *Test)) {
	r.reporter.Helper()
	if !r.reporter.Failed() { // else the body reports by itself, and would do so again and again
		r = r.least(body)
	}
	for _, text := range r.text() {
		r.reporter.Errorf("%s", text)
	}
	switch {
	case len(r.deviations()) > 0 || len(r.reports) == 0:
	case r.number == 1:
		r.reporter.Errorf("marbles: Shuffle: this is the order of Virtual, which fails as well; no other was played")
	default:
		r.reporter.Errorf("marbles: Shuffle: the order of Virtual has passed, and fails when it is played again; the body should make everything it needs itself")
	}
}

// least returns a run that fails with as few deviations from the order of
// Virtual as are found by leaving out one after the other.
func (r *rehearsal) least(body func(m *Test)) *rehearsal {
	kept := r.plan()
	try := func(p plan) {
		again := &rehearsal{reporter: r.reporter, number: r.number, most: r.most, choose: p.replay()}
		if again.play(body); again.failed() {
			r, kept = again, p
		}
	}
	for _, at := range slices.Sorted(maps.Keys(kept)) {
		try(kept.without(at))
	}
	for _, at := range slices.Sorted(maps.Keys(kept)) {
		for i, way := range kept[at] {
			if way != 0 {
				try(kept.with(at, i, 0))
			}
		}
	}
	return r
}

// A plan is an order: the ways to take at each instant, where there is a choice.
// Where it says nothing, the first is taken.
type plan map[time.Duration][]int

func (r *rehearsal) plan() plan {
	p := plan{}
	for _, c := range r.choices {
		p[c.at] = append(p[c.at], c.took)
	}
	maps.DeleteFunc(p, func(_ time.Duration, ways []int) bool { return slices.Max(ways) == 0 })
	return p
}

func (p plan) without(at time.Duration) plan {
	p = maps.Clone(p)
	delete(p, at)
	return p
}

func (p plan) with(at time.Duration, i, way int) plan {
	p = maps.Clone(p)
	p[at] = slices.Clone(p[at])
	p[at][i] = way
	return p
}

// replay follows the plan.
func (p plan) replay() func(at time.Duration, ways int) int {
	next := map[time.Duration]int{}
	return func(at time.Duration, ways int) int {
		i := next[at]
		next[at]++
		if i >= len(p[at]) || p[at][i] >= ways { // without the others, this instant is another
			return 0
		}
		return p[at][i]
	}
}

// deviations returns the choices in which the order was not that of Virtual.
func (r *rehearsal) deviations() (list []choice) {
	for _, c := range r.choices {
		if c.took != 0 {
			list = append(list, c)
		}
	}
	return list
}

// text is what the test reports, and what the order has to do with it.
func (r *rehearsal) text() []string {
	list := r.deviations()
	if len(list) == 0 {
		return r.reports
	}
	var instants, frames, who []string
	for i, c := range list {
		if i == 0 || c.at != list[i-1].at {
			instants = append(instants, c.at.String())
			frame := fmt.Sprint(int(c.at / r.m.frame))
			if !slices.Contains(frames, frame) {
				frames = append(frames, frame)
			}
		}
		who = append(who, c.String())
	}
	told := " " + who[0] + " "
	if len(who) > 1 {
		told = "\n    " + strings.Join(who, "\n    ") + "\n"
	}
	return append([]string{fmt.Sprintf(
		"marbles: Shuffle: the result depends on the order of what happens at %s; in this run%s(order %d of at most %d). If that is how it should be, declare it: m.Tie(%s)",
		enumerate(instants), told, r.number, r.most, strings.Join(frames, ", "))}, r.reports...)
}

// String says who came before whom.
func (c choice) String() string {
	var others []string
	for i := range c.took {
		others = append(others, c.label(i))
	}
	const most = 3
	if more := len(others) - most; more > 0 {
		others = append(others[:most], fmt.Sprintf("%d more", more))
	}
	return fmt.Sprintf("%s came before %s", c.label(c.took), enumerate(others))
}

// label names what is ready, with a number if that is no name of its own.
func (c choice) label(i int) string {
	name, number, same := c.ready[i].String(), 0, 0
	for k, e := range c.ready {
		if e.String() == name {
			if same++; k <= i {
				number++
			}
		}
	}
	if same > 1 {
		name += fmt.Sprintf(", no. %d of %d,", number, same)
	}
	return name
}

// String names what happened.
func (e *entry) String() string {
	if e.name != nil {
		return e.name()
	}
	return fmt.Sprintf("the task %s, scheduled at %v", runaway.Name(e.f), e.armed)
}

// enumerate joins items as a sentence does.
func enumerate(items []string) string {
	last := len(items) - 1
	if last < 1 {
		return strings.Join(items, "")
	}
	return strings.Join(items[:last], ", ") + " and " + items[last]
}

// marbleOf is an event as failure texts quote it.
func marbleOf(e marble.Event) string {
	switch e.Kind {
	case marble.Complete:
		return `"|"`
	case marble.Error:
		return `"#"`
	default:
		return fmt.Sprintf("%q", e.Key)
	}
}
