package marbles

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/marble"
	"github.com/sluicego/sluice/internal/ungated"
	"github.com/sluicego/sluice/observable"
)

// A Source is an observable that plays a diagram and remembers its
// subscriptions. It embeds its Observable: src.Observable goes into a pipe.
type Source[T any] struct {
	observable.Observable[T]
	probed
}

// A probed is what of a Source does not depend on its type, and so is compiled
// once.
type probed struct {
	m    *Test
	name string
	note string
	site string
	lane marble.Lane
	opts options

	mu   sync.Mutex
	subs []*journal // guarded by mu; in the order of subscribing
}

// A journal is what one subscriber asked of a source and was given, and whether
// it still listens.
type journal struct {
	mu     sync.Mutex
	ledger          // guarded by mu, like the rest
	owed   int64    // the demand that is outstanding
	faults []string // the laws that the subscriber broke
	closed bool
}

// fault books a broken law.
func (j *journal) fault(at time.Duration, format string, args ...any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.faults = append(j.faults, fmt.Sprintf("at %v, ", at)+fmt.Sprintf(format, args...))
}

func (j *journal) note(at time.Duration, kind marble.Kind, n int64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed {
		return
	}
	j.events = append(j.events, marble.Event{At: at, Kind: kind, N: n})
	j.closed = kind == marble.Cancel
	if j.owed = demand.Add(j.owed, max(n, 0)); j.owed > j.most {
		j.most, j.mostAt = j.owed, at
	}
}

// deliver books a signal that is being delivered.
func (j *journal) deliver(at time.Duration, e marble.Event) {
	j.mu.Lock()
	defer j.mu.Unlock()
	e.At = at
	j.sent = append(j.sent, e)
	if e.Kind == marble.Next && j.owed != demand.Unbounded {
		j.owed--
	}
}

// newSource reads the diagram and registers the source with the test.
func newSource[T any](m *Test, diagram string, g marble.Grammar, note string, opts []SourceOption) *Source[T] {
	m.t.Helper()
	o := sourceOptions(opts)
	s := &Source[T]{probed: probed{
		m: m, note: note, opts: o, site: site(),
		name: fmt.Sprintf("src%d", len(m.sources)+1),
	}}
	s.lane, _ = resolve[T](m, diagram, g, o)
	m.sources = append(m.sources, s)
	return s
}

// Hot returns a source with a time of its own: it plays its diagram from the
// start of the test (or so that "^" is at the start), whoever listens.
func Hot[T any](m *Test, diagram string, opts ...SourceOption) *Source[T] {
	m.t.Helper()
	m.inBody("Hot", "make it in the body, where its time begins")
	s := newSource[T](m, diagram, marble.Hot, "hot", opts)
	var (
		mu    sync.Mutex
		subs  []*timedSub[T] // guarded by mu; the live ones
		ended *marble.Event  // guarded by mu; the terminal that has been
	)
	m.playHot(s.lane, func(e marble.Event) cause {
		return cause{s, func() string { return s.name + " " + marbleOf(e) }}
	}, func(e marble.Event) {
		mu.Lock()
		if e.Kind != marble.Next {
			ended = &e
		}
		subs = slices.DeleteFunc(subs, (*timedSub[T]).over)
		to := slices.Clone(subs)
		mu.Unlock()
		for _, sub := range to {
			sub.signal(e)
		}
	})
	s.Observable = ungated.New(func(ctx context.Context, down observable.Subscriber[T]) {
		sub := s.newSub(ctx, down)
		mu.Lock()
		last := ended
		if last == nil {
			subs = append(subs, sub)
		}
		mu.Unlock()
		down.OnSubscribe(sub)
		if last != nil {
			sub.signal(*last) // as a subject does, for whoever comes late
		}
	})
	return s
}

// playHot puts the events of a lane with a time of its own behind the script.
func (m *Test) playHot(lane marble.Lane, why func(e marble.Event) cause, do func(e marble.Event)) {
	for _, e := range lane.Events {
		if e.Kind == marble.Subscribe {
			continue // the "^" has done its work: instants are counted from it
		}
		m.origin = max(m.origin, -e.At)
		m.hots = append(m.hots, action{e.At, func() { do(e) }, why(e)})
	}
}

// Cold returns a source that plays its diagram anew for each subscriber, from
// the instant of subscribing.
func Cold[T any](m *Test, diagram string, opts ...SourceOption) *Source[T] {
	m.t.Helper()
	s := newSource[T](m, diagram, marble.Cold, "cold", opts)
	s.Observable = ungated.New(func(ctx context.Context, down observable.Subscriber[T]) {
		sub := s.newSub(ctx, down)
		down.OnSubscribe(sub)
		var stops []func() bool
		for _, e := range s.lane.Events {
			if sub.over() {
				break
			}
			// At zero, too, it is a task of its own, as in RxJS: subscribing stays silent.
			stops = append(stops, m.after(e.At, s.causeOf(sub.journal, e), func() { sub.signal(e) }))
		}
		sub.onEnd(func() {
			for _, stop := range stops {
				stop()
			}
		})
	})
	return s
}

// Pull returns a source without a time of its own: it emits the values of its
// diagram in order, as they are requested, on the goroutine that requests. The
// diagram holds values and an end, "abc|".
func Pull[T any](m *Test, diagram string, opts ...SourceOption) *Source[T] {
	m.t.Helper()
	s := newSource[T](m, diagram, marble.Pull, "pull", opts)
	s.Observable = ungated.New(func(ctx context.Context, down observable.Subscriber[T]) {
		sub := s.newSub(ctx, down)
		sub.overflow = Buffer
		sub.queue = append(sub.queue, s.lane.Events...)
		down.OnSubscribe(sub)
		sub.wake()
	})
	return s
}

// Named gives the source the name it has in failure texts; the default is
// src1, src2, … in the order of making.
func (s *Source[T]) Named(name string) *Source[T] {
	s.name = name
	return s
}

// newSub makes the subscription and books it.
func (s *Source[T]) newSub(ctx context.Context, down observable.Subscriber[T]) *timedSub[T] {
	j := &journal{}
	s.mu.Lock()
	s.subs = append(s.subs, j)
	s.mu.Unlock()
	j.note(s.m.now(), marble.Subscribe, 0)
	return &timedSub[T]{
		down: down, journal: j, now: s.m.now, overflow: s.opts.overflow, name: s.name,
		discard: observable.DiscardFrom(ctx),
	}
}

// faults returns the laws that subscribers broke, as sentences.
func (s *probed) faults() (all []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, j := range s.subs {
		j.mu.Lock()
		all = append(all, j.faults...)
		j.mu.Unlock()
	}
	return all
}

func (s *probed) where() string { return s.site }

func (s *probed) row() marble.Row {
	return marble.Row{Name: s.name, Note: s.note, Events: s.lane.Events}
}

// open returns how many subscriptions are neither cancelled nor ended.
func (s *probed) open() int {
	n := 0
	for _, l := range s.ledgers() {
		if !slices.ContainsFunc(l.events, func(e marble.Event) bool { return e.Kind == marble.Cancel }) {
			n++
		}
	}
	return n
}
