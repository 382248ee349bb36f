package conformance

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// How long a check waits, in the time of a bubble, which costs nothing.
const (
	patience = 10 * time.Minute // for a signal that has to come
	silence  = time.Second      // for one that must not
	linger   = 3 * patience     // for what is over to notice that
)

// realPatience is by how much longer a check waits, in real time, for a signal
// that has to come than for one that must not: it goes on when that is there.
const realPatience = 100

// hurry is how often a check looks for what most often is there at once, before
// it sets a timer.
const hurry = 3

// An env is one run of a check: what it looks at, what it finds, and the time
// it has. The problems are collected; whoever runs the check reports them, so
// that no check can forget to.
type env struct {
	ctx    context.Context //nolint:containedctx // an env is a call: of a check, with which the ctx is done
	cancel context.CancelFunc
	settle time.Duration // in real time; 0 in a bubble
	clock  *scheduler.Virtual

	hostile bool // the source breaks the rules on purpose

	mu       sync.Mutex
	signals  []signal // guarded by mu, like the rest
	unlogged int
	problems []string
	late     []any // discarded as late
	dropped  []error
	cleanups []func()
}

func newEnv(settle time.Duration) *env {
	e := &env{settle: settle}
	ctx, cancel := context.WithCancel(context.Background())
	ctx = observable.WithDiscard(ctx, func(v any, why observable.DiscardReason) {
		e.log("discarded %v: %v", v, why)
		if why == observable.DiscardLate {
			e.mu.Lock()
			e.late = append(e.late, v)
			e.mu.Unlock()
		}
	})
	ctx = observable.WithDroppedError(ctx, func(err error) {
		e.log("dropped error: %v", firstLine(err))
		e.mu.Lock()
		e.dropped = append(e.dropped, err)
		e.mu.Unlock()
		var p *observable.ProtocolError
		if errors.As(err, &p) && !e.hostile {
			e.fail("%v", err) // a gate held it back from the subscriber
		}
	})
	e.ctx, e.cancel = ctx, cancel
	return e
}

// virtually puts the subscriptions on a virtual clock, which knows what is
// pending on it.
func (e *env) virtually() {
	e.clock = scheduler.NewVirtual()
	e.ctx = scheduler.With(e.ctx, e.clock)
}

// discardedLate returns how many values were produced for nobody.
func (e *env) discardedLate() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.late)
}

// wasDropped reports whether target came to the hook of WithDroppedError.
func (e *env) wasDropped(target error) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.ContainsFunc(e.dropped, func(err error) bool { return errors.Is(err, target) })
}

// stopped is what a check panics with that cannot go on.
type stopped struct{ skip string }

// fail records a problem.
func (e *env) fail(format string, args ...any) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p := strings.TrimPrefix(fmt.Sprintf(format, args...), "marbles: ")
	if len(e.problems) < maxProblems {
		e.problems = append(e.problems, p)
	}
}

const maxProblems = 5

// stop records a problem and ends the check. Only the check itself may call it.
func (e *env) stop(format string, args ...any) {
	e.fail(format, args...)
	panic(stopped{})
}

// skip ends the check because it does not apply.
func (e *env) skip(format string, args ...any) {
	panic(stopped{skip: fmt.Sprintf(format, args...)})
}

// log notes a signal, for the text of a failure: the first ones.
func (e *env) log(format string, args ...any) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.signals) < maxSignals {
		e.signals = append(e.signals, signal{format, args})
	} else {
		e.unlogged++
	}
}

const maxSignals = 40

// A signal is an entry of the log. It is a text only when one is needed.
type signal struct {
	format string
	args   []any
}

func (s signal) String() string { return fmt.Sprintf(s.format, s.args...) }

// do calls f on a goroutine of its own and waits until it has returned.
func (e *env) do(what string, f func()) {
	if !e.wait(e.start(what, f)) {
		e.stop("%s did not return", what)
	}
}

// start calls f on a goroutine of its own. A panic of f is a problem.
func (e *env) start(what string, f func()) (returned <-chan struct{}) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		e.contained(what, f)()
	}()
	return done
}

// contained returns f without its panic, which is a problem.
func (e *env) contained(what string, f func()) func() {
	return func() {
		defer func() {
			if v := recover(); v != nil {
				e.fail("%s panicked: %v", what, v)
			}
		}()
		f()
	}
}

// race runs marbles.Race for as many rounds as there are to be, until there is
// a problem.
func (e *env) race(setup func() (racers []func(), check func())) { e.raceFor(rounds(), setup) }

func (e *env) raceFor(rounds int, setup func() (racers []func(), check func())) {
	for range rounds {
		racers, check := setup()
		for i, r := range racers {
			racers[i] = e.contained("one of several calls at once", r)
		}
		e.do("one of several calls at once", func() {
			marbles.Race(1, func(int) ([]func(), func()) { return racers, nil })
		})
		check()
		if e.audit(); e.troubled() {
			return
		}
	}
}

func (e *env) troubled() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.problems) > 0
}

// audit asks the subscribers what they have noticed.
func (e *env) audit() {
	for _, f := range e.cleanups {
		f()
	}
	e.cleanups = nil
}

// wait reports whether ch was closed or sent to in time.
func (e *env) wait(ch <-chan struct{}) bool {
	for d := silence; e.clock != nil && d < patience; d *= 2 {
		e.pass(d)
		select {
		case <-ch:
			return true
		default:
		}
	}
	for range hurry {
		select {
		case <-ch:
			return true
		default:
			runtime.Gosched()
		}
	}
	d := patience
	if e.settle > 0 {
		d = realPatience * e.settle
	}
	timeout := time.NewTimer(d)
	defer timeout.Stop()
	select {
	case <-ch:
		return true
	case <-timeout.C:
		return false
	}
}

// quiet gives everything that is still to come the time to come.
func (e *env) quiet() {
	d := e.settle
	if d == 0 {
		d = silence
	}
	e.pass(d)
	time.Sleep(d)
	if e.settle == 0 {
		synctest.Wait()
	}
}

// pass lets the virtual clock, if there is one, do what is due.
func (e *env) pass(d time.Duration) {
	if e.clock == nil {
		return
	}
	if e.settle == 0 {
		synctest.Wait()
	}
	e.clock.AdvanceBy(d)
	if e.settle == 0 {
		synctest.Wait()
	}
}

// close ends what the check has begun, and runs the audits. In a bubble it gives
// goroutines that sleep the time to notice, since that stands still afterwards.
func (e *env) close() {
	e.cancel()
	if e.settle == 0 {
		time.Sleep(linger)
		synctest.Wait()
	}
	e.pass(silence)
	e.audit()
}

// leftBehind returns the stacks of the bubble's goroutines that the check has
// started and that still run. In real time they cannot be told from others.
func (e *env) leftBehind() (left []string) {
	if e.settle > 0 {
		return nil
	}
	buf := make([]byte, 1<<20)
	stacks := strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n")
	_, bubble, ok := strings.Cut(header(stacks[0]), "synctest bubble ")
	if !ok {
		return nil
	}
	for _, s := range stacks[1:] { // the first is this one
		if strings.HasSuffix(header(s), "synctest bubble "+bubble) && !strings.Contains(s, "testing/synctest.") {
			left = append(left, s)
		}
	}
	return left
}

func header(stack string) string {
	h, _, _ := strings.Cut(stack, "\n")
	return h
}

// A tb is the env as the testing.TB of what package marbles has for tests.
type tb struct {
	testing.TB
	e *env
}

func (t tb) Helper() {}

func (t tb) Cleanup(f func()) { t.e.cleanups = append(t.e.cleanups, f) }

func (t tb) Errorf(format string, args ...any) { t.e.fail(format, args...) }

// firstLine leaves out the stack of a panic.
func firstLine(err error) string {
	s, _, _ := strings.Cut(err.Error(), "\n")
	return s
}
