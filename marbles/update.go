package marbles

import (
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"

	"github.com/sluicego/sluice/internal/marble"
	"github.com/sluicego/sluice/internal/rewrite"
	"github.com/sluicego/sluice/observable"
)

// A test that is run with -marbles.update takes what came for what is expected,
// and writes the diagrams in its source anew. So does -update, if the test binary
// has such a flag, as many have for golden files; this package cannot define it,
// because a second definition would panic.
const (
	updateFlag   = "marbles.update"
	goldenUpdate = "update"
)

func init() {
	flag.Bool(updateFlag, false, "rewrite the marble diagrams in the test source as what the observables did")
}

func updating() bool {
	return slices.ContainsFunc([]string{updateFlag, goldenUpdate}, func(name string) bool {
		f := flag.Lookup(name)
		return f != nil && f.Value.String() == "true"
	})
}

// rewritten are the sources that this run has changed.
var rewritten rewrite.Files

// written is where a test has written diagrams: as the arguments of a call, or
// at the end of a line of a doc comment.
type written struct {
	call rewrite.Call
	line bool
}

// writtenBy is the test's call of function, with diagrams as arguments after
// some others.
func writtenBy(function string, skip int, diagrams ...string) written {
	file, line := caller()
	return written{call: rewrite.Call{Path: file, Line: line, Function: function, Skip: skip, Texts: diagrams}}
}

// rewrite puts other diagrams there. They keep the blanks that line them up.
func (w written) rewrite(diagrams []string) error {
	for i, old := range w.call.Texts[:min(len(w.call.Texts), len(diagrams))] {
		indent := old[:len(old)-len(strings.TrimLeft(old, " "))]
		diagrams[i] = indent + diagrams[i]
	}
	if w.line {
		return rewritten.Line(w.call.Path, w.call.Line, w.call.Texts[0], diagrams[0])
	}
	return rewritten.Arguments(w.call, diagrams)
}

// update has the diagrams of a failed expectation rewritten, if that is asked
// for. It reports whether there is nothing left to report.
func (m *Test) update(site string, rewrite func() error) bool {
	m.t.Helper()
	if !updating() {
		return false
	}
	if err := rewrite(); err != nil {
		m.t.Errorf("%s: marbles: the diagram cannot be rewritten: %v", site, err)
		return false
	}
	m.t.Logf("%s: marbles: the diagram was rewritten", site)
	return true
}

// A drawing is a diagram of values that can be drawn anew.
type drawing struct {
	written
	want   []marble.Event
	reread func(diagram string) (marble.Lane, error)
}

// draw is the drawing of a lane that has been resolved.
func draw[T any](m *Test, lane marble.Lane, o options, at written) drawing {
	m.t.Helper()
	return drawing{written: at, want: lane.Events, reread: rereading[T](m, o.err, func(lane marble.Lane) Values {
		values, _ := inners[T](m, o.values, lane)
		return values
	})}
}

// rereading reads a diagram whose marbles stand for values, and whose "#" for err.
func rereading[T any](m *Test, err error, values func(marble.Lane) Values) func(string) (marble.Lane, error) {
	return func(diagram string) (marble.Lane, error) {
		lane, malformed := marble.Parse(diagram, marble.Expect, m.frame)
		if malformed != nil {
			return lane, malformed
		}
		return withValues[T](lane, values(lane), err)
	}
}

// redraw writes got into the source. If what differs is only what streams among
// the values do, their diagrams are drawn anew, and this one is right.
func (m *Test) redraw(d drawing, got []marble.Event) error {
	if marble.Compare(d.want, got, streamsAlike).Class == marble.Same {
		return m.redrawStreams(d.want, got)
	}
	legend := marble.NewLegend(nil, d.want)
	diagram := marble.Print(legend.Literal(legend.Name(got)), m.frame)
	lane, err := d.reread(diagram)
	switch {
	case err != nil:
		return fmt.Errorf("what came needs other Values: %w", err)
	case slices.ContainsFunc(got, isPanic):
		return errors.New(`it ended with a panic, for which "#" does not stand`)
	case marble.Compare(lane.Events, got, nil).Class != marble.Same:
		return fmt.Errorf("as %q it would mean something else: the test's Frame, Values or Err do not fit it", diagram)
	}
	return d.rewrite([]string{diagram})
}

// redrawStreams draws the streams among values anew that are not as expected.
func (m *Test) redrawStreams(want, got []marble.Event) error {
	for i := range want {
		w, ok := want[i].Value.(*marble.Stream)
		if !ok || marble.Equal(w, got[i].Value) {
			continue
		}
		lane := m.innerOf(w)
		if err := m.redraw(lane.drawing, got[i].Value.(*marble.Stream).Events); err != nil {
			return err
		}
	}
	return nil
}

// innerOf returns the Inner that a stream is of.
func (m *Test) innerOf(s *marble.Stream) *InnerLane {
	i := slices.IndexFunc(m.checks, func(c check) bool {
		l, ok := c.(*InnerLane)
		return ok && l.stream == s
	})
	return m.checks[i].(*InnerLane)
}

// streamsAlike compares values, but takes any two streams for the same.
func streamsAlike(want, got any) bool {
	_, wantStream := want.(*marble.Stream)
	_, gotStream := got.(*marble.Stream)
	return wantStream && gotStream || marble.Equal(want, got)
}

func isPanic(e marble.Event) bool {
	var p *observable.PanicError
	return e.Kind == marble.Error && errors.As(e.Err, &p)
}

// redraw writes what the subscribers did into the source.
func (c *subscriptionsCheck) redraw() error { return c.lanes.rewrite(c.actual()) }

// actual are the diagrams of what the subscribers did.
func (c *subscriptionsCheck) actual() []string {
	diagrams := []string{}
	for _, l := range c.ledgers() {
		diagrams = append(diagrams, marble.Print(unimplied(c.compared(l.events)), c.frame))
	}
	return diagrams
}

// unimplied leaves out the unbounded request that a lane without a number means.
func unimplied(lane []marble.Event) []marble.Event {
	asks := 0
	for _, e := range lane {
		if e.Kind == marble.Request {
			asks++
		}
	}
	if asks == 1 && len(lane) > 1 && lane[1].N == observable.Unbounded && lane[1].At == lane[0].At {
		return slices.Delete(slices.Clone(lane), 1, 2)
	}
	return lane
}
