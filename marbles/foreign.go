package marbles

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/sluicego/sluice/internal/marble"
)

// Code that knows nothing of observables is tested by what it is made of:
// channels, iterators and calls that play a diagram (Chan, Seq, Call), and
// expectations about those that it offers (ExpectChan, ExpectSeq, ExpectCalls,
// ExpectStage). Each expectation makes an observable of what it is about; the
// rest is as everywhere.

// needsLive ends a test that is not played live.
func (m *Test) needsLive(what string) {
	m.t.Helper()
	if _, live := m.clock.(*liveClock); !live {
		m.t.Fatalf("%s: marbles: %s is for code with goroutines of its own, for which virtual time does not wait; play the test live only: marbles.Run(t, …, marbles.Live)", site(), what)
	}
	m.inBody(what, "call it in the body")
}

// A feed plays a diagram to code under test.
type feed[T any] struct {
	m          *Test
	what       string // "Chan"
	name, site string
	lane       marble.Lane
	overflow   Overflow
	quit       chan struct{} // closed when the test is over

	// hand deals with a value, on the goroutine of the feed. It may give up when
	// replaced is closed, or quit.
	hand func(v T, replaced <-chan struct{})
	end  func() // deals with "|"

	mu       sync.Mutex
	queue    []marble.Event // guarded by mu, like the rest; what waits for its turn
	busy     bool           // the goroutine is at it
	replaced chan struct{}  // closed when what is in hand has been replaced
	missed   []string       // values for which nobody was ready
}

// newFeed reads the diagram and registers the feed, which is a source in failure
// texts.
func newFeed[T any](m *Test, what, diagram string, g marble.Grammar, opts []SourceOption) *feed[T] {
	m.t.Helper()
	m.needsLive(what)
	o := sourceOptions(append([]SourceOption{Buffer}, opts...))
	f := &feed[T]{
		m: m, what: what, site: site(), overflow: o.overflow, quit: make(chan struct{}),
		name: fmt.Sprintf("src%d", len(m.sources)+1),
	}
	f.lane, _ = resolve[T](m, diagram, g, o)
	m.sources = append(m.sources, f)
	m.ends = append(m.ends, func() { close(f.quit) })
	return f
}

// refuse ends the test if the diagram has an event that the feed cannot tell.
func (f *feed[T]) refuse(kind marble.Kind, why string) {
	f.m.t.Helper()
	if slices.ContainsFunc(f.lane.Events, func(e marble.Event) bool { return e.Kind == kind }) {
		f.m.t.Fatalf("%s: marbles: %s of %q: %s", f.site, f.what, f.lane.Text, why)
	}
}

// script puts the events into the script, where they come after what the test
// does itself.
func (f *feed[T]) script() {
	f.m.playHot(f.lane, func(marble.Event) cause { return cause{lane: f} }, f.offer)
}

// offer is the step of an event.
func (f *feed[T]) offer(e marble.Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.busy && e.Kind == marble.Next {
		switch f.overflow {
		case Drop:
			return
		case Fail:
			f.miss(e.Value)
			return
		case Latest:
			f.queue = f.queue[:0]
			close(f.replaced)
			f.replaced = make(chan struct{})
		case Buffer:
		}
	}
	f.queue = append(f.queue, e)
	if !f.busy {
		f.busy, f.replaced = true, make(chan struct{})
		go f.run()
	}
}

// run deals with what waits, until nothing does.
func (f *feed[T]) run() {
	for {
		f.mu.Lock()
		if len(f.queue) == 0 || isClosed(f.quit) {
			f.busy = false
			f.mu.Unlock()
			return
		}
		e, replaced := f.queue[0], f.replaced
		f.queue = f.queue[1:]
		f.mu.Unlock()
		if e.Kind != marble.Next {
			f.end()
			continue
		}
		f.hand(valueOf[T](e), replaced)
	}
}

// miss books a value for which nobody was ready. mu is held.
func (f *feed[T]) miss(v any) {
	f.missed = append(f.missed, fmt.Sprintf("at %v, nobody was ready for %v", f.m.now(), v))
}

// valueOf returns the value of an event, which Resolve has checked; a nil
// interface is the zero T.
func valueOf[T any](e marble.Event) T {
	v, _ := e.Value.(T)
	return v
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func (f *feed[T]) row() marble.Row {
	return marble.Row{Name: f.name, Note: strings.ToLower(f.what), Events: f.lane.Events}
}

func (f *feed[T]) rows() []marble.Row { return []marble.Row{f.row()} }
func (f *feed[T]) open() int          { return 0 }
func (f *feed[T]) where() string      { return f.site }

func (f *feed[T]) faults() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.missed)
}
