package marbles

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/sluicego/sluice/internal/marble"
	"github.com/sluicego/sluice/observable"
)

// An Expectation is what a test says about an observable. Until one of its
// To… methods is called it is unfinished, and fails the test.
type Expectation[T any] struct {
	obs observable.Observable[T]
	expectation
}

// An expectation is what of an Expectation does not depend on its type, and so is
// compiled once.
type expectation struct {
	m      *Test
	name   string
	site   string
	opts   options
	script []marble.Event // subscribe, requests, cancel
	rec    *recorder
	want   marble.Lane
	other  *recorder // of ToEqual
	done   bool      // a To… method was called
	drawn  drawing   // the diagram of ToBe
}

// Expect begins an expectation about obs. The test subscribes to it at the
// start, or where its demand lane says so, with unbounded demand unless the
// lane says otherwise. The subscription must have ended when the test does.
func Expect[T any](m *Test, obs observable.Observable[T], opts ...Option) *Expectation[T] {
	m.t.Helper()
	m.inBody("Expect", "call it in the body")
	m.expected++
	e := &Expectation[T]{obs: obs, expectation: expectation{
		m: m, site: site(),
		name:   fmt.Sprintf("out%d", m.expected),
		opts:   expectOptions(options{}, opts),
		script: takeAll(),
	}}
	m.checks = append(m.checks, &e.expectation)
	return e
}

// Named gives the expectation the name it has in failure texts.
func (e *Expectation[T]) Named(name string) *Expectation[T] {
	e.name = name
	return e
}

// Demand says when the test subscribes, what it requests, and when it cancels:
// "(^2)---1---!".
func (e *Expectation[T]) Demand(lane string) *Expectation[T] {
	e.m.t.Helper()
	if e.done {
		e.m.t.Fatalf("%s: marbles: Demand after ToBe; the script comes first: Expect(…).Demand(%q).ToBe(…)", site(), lane)
	}
	e.script = e.m.parse(lane, marble.Demand).Events
	return e
}

// ToBe says what the observable does, as a diagram.
func (e *Expectation[T]) ToBe(diagram string, opts ...Option) {
	e.m.t.Helper()
	e.finish()
	e.opts = expectOptions(e.opts, opts)
	var lanes []*InnerLane
	e.want, lanes = resolve[T](e.m, diagram, marble.Expect, e.opts)
	e.drawn = draw[T](e.m, e.want, e.opts, writtenBy("ToBe", 0, diagram))
	e.rec = play(e.m, e.obs, e.script)
	e.rec.last = e.want.End
	e.rec.looks = watching{on: lanes != nil, lanes: lanes}
}

// ToEqual says that the observable does what other does, under the same demand.
// Streams among the values are subscribed to, and must do the same, too.
func (e *Expectation[T]) ToEqual(other observable.Observable[T]) {
	e.m.t.Helper()
	e.finish()
	e.rec = play(e.m, e.obs, e.script)
	e.other = play(e.m, other, e.script)
	e.rec.looks.on, e.other.looks.on = true, true
}

func (e *expectation) finish() {
	e.m.t.Helper()
	if e.done {
		e.m.t.Fatalf("%s: marbles: a second ToBe for one Expect", site())
	}
	e.done = true
}

// play puts a subscription into the script and returns its recorder.
func play[T any](m *Test, obs observable.Observable[T], lane []marble.Event) *recorder {
	r := newRecorder(m)
	m.script = append(m.script, r.steps(subscribing(r, obs), lane)...)
	return r
}

// check is part of the interface that Test evaluates.
func (e *expectation) verify(m *Test) {
	m.t.Helper()
	if !e.done {
		m.t.Errorf("%s: %s: this Expect was never finished; add .ToBe(\"…\")", e.site, e.name)
		return
	}
	want := e.want.Events
	if e.other != nil {
		if e.opts.values != nil || e.opts.named {
			m.t.Errorf("%s: %s: ToEqual has no diagram, so there is nothing for Values and Err to explain; remove them", e.site, e.name)
		}
		want = e.other.events()
	}
	got := e.rec.events()
	got = got[:min(len(got), len(want)+shown)]
	legend := marble.NewLegend(nil, e.want.Events)
	r := &marble.Report{
		Where: e.site, Name: e.name, Frame: m.frame,
		Want: legend.Name(want), Got: legend.Name(got), Legend: legend, Equal: marble.Equal,
	}
	r.Problem, r.ProblemAt = e.rec.problem()
	if r.Problem == "" {
		r.Problem, r.ProblemAt = e.panicked(got)
	}
	for _, s := range m.sources {
		r.Rows = append(r.Rows, s.rows()...)
	}
	for _, c := range m.checks {
		if c, ok := c.(*subscriptionsCheck); ok {
			r.Checks = append(r.Checks, c.lines()...)
		}
	}
	if e.scripted() {
		r.Rows = append(r.Rows, marble.Row{Name: "demand", Events: e.script, Of: "got"})
	}
	if r.Failed() {
		if e.other != nil || r.Problem != "" || !m.update(e.site, func() error { return m.redraw(e.drawn, e.rec.events()) }) {
			m.report(r)
			return
		}
	}
	if which, open := e.rec.open(); open {
		what, lane := "", "Expect(…)"
		if which != "" {
			what, lane = " "+which+" is", "Inner(…)"
		}
		m.t.Errorf("%s: %s:%s still open when the test ended; end the source, or cancel with a demand lane: %s.Demand(\"^---!\")", e.site, e.name, what, lane)
		e.rec.abandon()
	}
}

// panicked says so if the error that a "#" would take is a panic. A mistake in
// the code under test, such as a nil pointer, must not pass for the error that
// the test is about.
func (e *expectation) panicked(got []marble.Event) (problem string, at time.Duration) {
	if e.opts.named || !slices.ContainsFunc(e.want.Events, isError) {
		return "", 0
	}
	for _, g := range got {
		var p *observable.PanicError
		if g.Kind == marble.Error && errors.As(g.Err, &p) {
			return fmt.Sprintf(`"#" does not stand for a panic, and this is one%s: %v (to expect it, name what the code panics with by Err)`, placeOf(p), p.Value), g.At
		}
	}
	return "", 0
}

// placeOf is where a panic was, ", at x.go:12".
func placeOf(p *observable.PanicError) string {
	place := marble.PanicPlace(string(p.Stack))
	if place == "" {
		return ""
	}
	return ", at " + place
}

// shown is how many events beyond the expected ones a failure text draws.
const shown = 100

// scripted reports whether the test wrote a demand lane of its own.
func (e *expectation) scripted() bool {
	return len(e.script) != 2 || e.script[0].At != 0 || e.script[1].N != observable.Unbounded
}
