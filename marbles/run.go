package marbles

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/sluicego/sluice/internal/marble"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// A Driver plays the script of a test: it runs body, which says what exists
// and what is expected, then lets time pass, then checks.
type Driver func(t *testing.T, body func(m *Test))

// Run runs body under each of the drivers, as a subtest; without any, under
// [Virtual] and [Live]. The body therefore runs more than once and should make
// everything it needs itself.
//
// Virtual time does not wait for goroutines. What runs on some of its own, as a
// source made by observable.Create or FromChan does, is for Live alone:
//
//	marbles.Run(t, body, marbles.Live)
//
// A test whose sources meet at one instant is worth more than one order of it:
//
//	marbles.Run(t, body, marbles.Virtual, marbles.Live, marbles.Shuffle(100))
func Run(t *testing.T, body func(m *Test), drivers ...Driver) {
	t.Helper()
	if len(drivers) > 0 {
		for _, driver := range drivers {
			driver(t, body)
		}
		return
	}
	t.Run("virtual", func(t *testing.T) {
		t.Helper()
		Virtual(t, body)
	})
	t.Run("live", func(t *testing.T) {
		t.Helper()
		Live(t, body)
	})
}

// A Test is one run of a body under one driver. Its methods are for the body
// and for what the script calls; they are not safe for concurrent use.
type Test struct {
	t       reporter
	clock   clock
	timers  *timekeeper // the clock as the expectations see it
	frame   time.Duration
	read    bool // a diagram has been read
	started bool

	script  []action // what happens at given instants, in the order of arrival
	hots    []action // the events of hot sources come after all others of their instant
	origin  time.Duration
	checks  []check
	lasts   []check  // evaluated when what was cancelled is over
	streams []stream // what the expectations record
	sources []sourceProbe
	values  []valuesUse
	ties    map[int]string // frames, and where they were declared to be ties

	expected int // how many expectations there are
	pictures int // of failures, that were kept

	ends     []func() // called once nothing of the test goes on
	releases []func() // let go of goroutines that are left nevertheless; see leftBehind
}

// A reporter is what a Test needs of a *testing.T. Tests of this package, which
// want to read a failure text, put their own in its place.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
	Logf(format string, args ...any)
	Fatalf(format string, args ...any)
	Failed() bool
}

// A clock is what a driver adds: time, and the scheduler that goes with it.
type clock interface {
	scheduler.Scheduler
	elapsed() time.Duration
	// play runs the actions at their instants, which are in order, and returns
	// when nothing is scheduled any more, or with an error that names who goes
	// on for ever.
	play(m *Test, script []action) error
	// settle returns when what was cancelled is over, as far as this clock can
	// wait for it.
	settle()
}

// An action is a step of the script.
type action struct {
	at    time.Duration // since the start of the test
	do    func()
	cause // of an event of a hot source; empty for what the test does itself
}

// A check is evaluated when everything has been played.
type check interface{ verify(m *Test) }

// A stream is a subscription of an expectation.
type stream interface {
	closed() bool         // it ended or was cancelled
	until() time.Duration // the last instant that the expectation speaks of
	abandon()
}

// A sourceProbe is a source of the test, for failure texts and leak checks.
type sourceProbe interface {
	row() marble.Row
	rows() []marble.Row
	open() int
	faults() []string
	where() string
}

// valuesUse remembers which lanes a Values map was used for.
type valuesUse struct {
	values Values
	lanes  []marble.Lane
	site   string
}

func newTest(t reporter, c clock) *Test {
	return &Test{t: t, clock: c, timers: &timekeeper{clock: c, timers: map[int]*timer{}}, frame: marble.DefaultFrame}
}

// run plays the test of body from start to end.
func (m *Test) run(body func(m *Test)) {
	m.t.Helper()
	// Whatever the exit, a failure, a FailNow in the script, a runaway: what the
	// test subscribed to must not outlive it. A bubble panics for a goroutine
	// that is left, and takes all other tests with it.
	defer m.clock.settle()
	defer m.cancel()
	body(m)
	if m.t.Failed() {
		return
	}
	m.started = true
	script := slices.Concat(m.script, m.hots)
	for i := range script {
		script[i].at += m.origin
	}
	slices.SortStableFunc(script, func(a, b action) int { return cmp.Compare(a.at, b.at) })
	if err := m.clock.play(m, script); err != nil {
		m.t.Errorf("marbles: %v", err)
		return // what was recorded is endless, or in the wrong order
	}
	stuck := m.stuck()
	for _, c := range m.checks {
		c.verify(m)
	}
	if stuck && m.t.Failed() {
		m.t.Errorf("marbles: an expectation is open, but nothing is pending: does its source run on goroutines of its own? Virtual time does not wait for them: marbles.Run(t, …, marbles.Live)")
	}
	m.verifySources()
	for _, c := range m.lasts {
		c.verify(m)
	}
	if leak := m.timers.leak(); leak != "" {
		m.t.Errorf("marbles: %s", leak)
	}
	for _, u := range m.values {
		if err := marble.Values(u.values).Unused(u.lanes...); err != nil {
			m.t.Errorf("%s: %v", u.site, err)
		}
	}
}

// stuck reports whether an expectation on virtual time waits for something that
// is neither scheduled nor a source of the test.
func (m *Test) stuck() bool {
	_, live := m.clock.(*liveClock)
	return !live && slices.ContainsFunc(m.streams, func(s stream) bool { return !s.closed() }) &&
		!slices.ContainsFunc(m.sources, func(s sourceProbe) bool { return s.open() > 0 })
}

// verifySources reports what was done to sources and not undone.
func (m *Test) verifySources() {
	m.t.Helper()
	for _, s := range m.sources {
		for _, fault := range s.faults() {
			m.t.Errorf("%s: %s: %s", s.where(), s.row().Name, fault)
		}
	}
	// A source may be open because an expectation is, which has been reported.
	// What is open after a cancel is the fault of an operator.
	m.cancel()
	m.clock.settle()
	for _, s := range m.sources {
		if n := s.open(); n > 0 {
			m.t.Errorf("%s: %s: %s left open by the test; an operator did not cancel its source", s.where(), s.row().Name, subscriptions(n))
		}
	}
}

// Context returns a ctx that carries the scheduler of this run, so that a
// pipeline written without any mention of a scheduler keeps the test's time.
func (m *Test) Context() context.Context {
	return scheduler.With(context.Background(), m.clock)
}

// Scheduler returns the scheduler of this run.
func (m *Test) Scheduler() scheduler.Scheduler { return m.clock }

// T returns the test that this run belongs to: the subtest of the driver, or
// nil if the driver did not make one of a *testing.T.
func (m *Test) T() *testing.T {
	t := m.t
	if r, ok := t.(*rehearsal); ok {
		t = r.reporter
	}
	real, _ := t.(*testing.T)
	return real
}

// Frame sets the time that one character stands for. Call it first; the
// default is a millisecond. Live runs keep instants apart that are at least a
// microsecond apart.
//
// A frame that is not positive, comes after a diagram has been read, or cannot be
// kept apart by Live, of some nanoseconds, fails the test.
func (m *Test) Frame(d time.Duration) {
	m.t.Helper()
	if d <= 0 {
		m.t.Fatalf("%s: marbles: Frame(%v): want a time above zero", site(), d)
	}
	if m.read || m.started || len(m.script)+len(m.checks) > 0 {
		m.t.Fatalf("%s: marbles: Frame(%v) after a diagram has been read; call it first", site(), d)
	}
	if live, ok := m.clock.(*liveClock); ok {
		if d%resolution != 0 {
			m.t.Fatalf("%s: marbles: Frame(%v): Live keeps microseconds apart, not nanoseconds; use a multiple of %v, or marbles.Run(t, …, marbles.Virtual)", site(), d, resolution)
		}
		live.frame = d
	}
	m.frame = d
}

// Time returns the time that a diagram shows up to its "|": Time("---|") is
// three frames.
func (m *Test) Time(diagram string) time.Duration {
	m.t.Helper()
	m.read = true
	d, err := marble.ParseTime(diagram, m.frame)
	if err != nil {
		m.t.Fatalf("%s: %v", site(), err)
	}
	return d
}

// At calls f at the start of the given frame, before any source emits in it
// and before whatever else is due then. A source that emits as soon as it is
// subscribed to does so with the subscription, in the order of the script: an
// At(0) comes before the expectations that the body makes after it.
func (m *Test) At(frame int, f func()) {
	m.t.Helper()
	if frame < 0 || f == nil || m.started {
		m.t.Fatalf("marbles: At(%d): want a frame from 0 and a function, before the test plays", frame)
	}
	m.script = append(m.script, action{at: time.Duration(frame) * m.frame, do: f})
}

// cancel cancels the subscriptions of the expectations that are still open, and
// ends the goroutines of sources.
func (m *Test) cancel() {
	defer func() {
		for _, end := range m.ends {
			end()
		}
		m.ends = nil
	}()
	for _, s := range m.streams {
		s.abandon()
	}
}

// awaited returns the instant, since the start, up to which an expectation that
// is still open may be waited for. It reports false if there is none.
func (m *Test) awaited() (until time.Duration, open bool) {
	for _, s := range m.streams {
		if !s.closed() {
			open = true
			until = max(until, m.origin+s.until()+patience*m.frame)
		}
	}
	return until, open
}

// patience is how many frames after its last marble an expectation is waited
// for, so that a failure text can tell late from never.
const patience = 100

// now is the instant on the time axis of the diagrams.
func (m *Test) now() time.Duration { return m.clock.elapsed() - m.origin }

// inBody ends the test if it is too late for what, which belongs in the body.
func (m *Test) inBody(what, how string) {
	m.t.Helper()
	if m.started {
		m.t.Fatalf("%s: marbles: %s after the test has begun to play; %s", site(), what, how)
	}
}

// parse reads a diagram or ends the test with the reason.
func (m *Test) parse(diagram string, g marble.Grammar) marble.Lane {
	m.t.Helper()
	m.read = true
	lane, err := marble.Parse(diagram, g, m.frame)
	if err != nil {
		m.t.Fatalf("%s: %v", site(), err)
	}
	return lane
}

// resolve reads a diagram of values, and the lanes of the streams among them.
func resolve[T any](m *Test, diagram string, g marble.Grammar, o options) (marble.Lane, []*InnerLane) {
	m.t.Helper()
	lane := m.parse(diagram, g)
	o.check(m, lane)
	values, inner := inners[T](m, o.values, lane)
	resolved, err := withValues[T](lane, values, o.err)
	if err != nil {
		m.t.Fatalf("%s: %v", site(), err)
	}
	if o.values != nil {
		m.use(o.values, resolved)
	}
	return resolved, inner
}

// withValues says what the marbles of a lane stand for.
func withValues[T any](lane marble.Lane, values Values, err error) (marble.Lane, error) {
	resolved, unknown := marble.Resolve[T](lane, marble.Values(values))
	for i := range resolved.Events {
		if resolved.Events[i].Kind == marble.Error {
			resolved.Events[i].Err = err
		}
	}
	return resolved, unknown
}

// use books a lane for a Values map; the same map may serve several lanes.
func (m *Test) use(v Values, lane marble.Lane) {
	for i := range m.values {
		if same(m.values[i].values, v) {
			m.values[i].lanes = append(m.values[i].lanes, lane)
			return
		}
	}
	m.values = append(m.values, valuesUse{v, []marble.Lane{lane}, site()})
}

// site returns "file:line" of the test's own call into this package.
func site() string {
	file, line := caller()
	return fmt.Sprintf("%s:%d", filepath.Base(file), line)
}

// caller returns where the test calls this package.
func caller() (file string, line int) {
	var pcs [16]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for {
		f, more := frames.Next()
		if !inPackage(f.Function) || !more {
			return f.File, f.Line
		}
	}
}

var _ observable.Subscription = (*timedSub[int])(nil)
