package conformance

import (
	"context"
	"fmt"
	"sync"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/observable"
)

// A feed is the helper source of an operator under test. It emits the first n
// elements as they are requested, then ends. It keeps the rules, and notices
// what the operator does to it against them.
type feed struct {
	e       *env
	element func(i int) any
	n       int64
	err     error // at the end; nil completes
	endless bool  // there is no end
	async   bool  // it emits on goroutines of its own, else inside Request

	// racing says that others call at the same time. A drain that runs on the
	// goroutine of a terminal may then carry out what they have asked for, which
	// rule 2.3 does not mean.
	racing bool

	mu       sync.Mutex
	subs     []*feeding // guarded by mu, like the rest
	produced int
	faults   []string
}

// A feeding is one subscription to a feed. It forgets its subscriber when it is
// over.
type feeding struct {
	*feed
	down     observable.Subscriber[any] // guarded by mu, like the rest
	asked    int64
	at       int64
	busy     bool
	ending   bool // the terminal is being delivered
	over     bool // the terminal has been delivered
	requests int
	cancels  int
}

func (f *feed) subscribe(_ context.Context, down observable.Subscriber[any]) {
	s := &feeding{feed: f, down: down}
	s.busy = true // until OnSubscribe has returned
	f.mu.Lock()
	f.subs = append(f.subs, s)
	f.mu.Unlock()
	down.OnSubscribe(s)
	f.mu.Lock()
	s.busy = false
	f.mu.Unlock()
	s.wake()
}

func (s *feeding) Request(n int64) {
	s.mu.Lock()
	s.requests++
	if n <= 0 {
		s.fault("L6: the operator requested %d of its source", n)
	}
	if s.ending && !s.racing && inside("(*feeding).finish") {
		s.fault("rule 2.3: Request(%d) inside a terminal of the same subscription", n)
	}
	s.asked = demand.Add(s.asked, max(n, 0))
	s.mu.Unlock()
	s.wake()
}

func (s *feeding) Cancel() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cancels++; s.cancels > 1 {
		s.fault("L7: the source was cancelled %d times", s.cancels)
	}
	if s.ending && !s.racing && inside("(*feeding).finish") {
		s.fault("rule 2.3: Cancel inside a terminal of the same subscription")
	}
	if !s.busy {
		s.down = nil
	}
}

// fault is called with mu.
func (s *feeding) fault(format string, args ...any) {
	s.faults = append(s.faults, fmt.Sprintf(format, args...))
}

// wake emits what is due, unless that is under way.
func (s *feeding) wake() {
	s.mu.Lock()
	idle := !s.busy && s.due()
	if idle {
		s.busy = true
	}
	s.mu.Unlock()
	switch {
	case !idle:
	case s.async:
		go s.run()
	default:
		s.run()
	}
}

// due reports whether there is something to emit. It is called with mu.
func (s *feeding) due() bool {
	if s.over || s.cancels > 0 {
		return false
	}
	return s.asked > 0 && s.at < s.n || s.at == s.n && !s.endless
}

// run emits until nothing is due.
func (s *feeding) run() {
	done := false
	defer func() {
		if !done { // somebody panicked or left; the subscription is over
			s.mu.Lock()
			s.over, s.busy, s.down = true, false, nil
			s.mu.Unlock()
		}
	}()
	for s.step() {
	}
	done = true
}

// step emits one signal and reports whether there was one to emit.
func (s *feeding) step() bool {
	s.mu.Lock()
	if !s.due() {
		s.busy = false
		if s.over || s.cancels > 0 {
			s.down = nil
		}
		s.mu.Unlock()
		return false
	}
	down, i := s.down, s.at
	if i == s.n {
		s.ending = true
		s.mu.Unlock()
		s.finish(down)
		s.mu.Lock()
		s.ending, s.over = false, true
		s.mu.Unlock()
		return true
	}
	if s.at++; s.asked != observable.Unbounded {
		s.asked--
	}
	s.produced++
	s.mu.Unlock()
	down.OnNext(s.element(int(i)))
	return true
}

// finish is what Request and Cancel look for.
//
//go:noinline
func (s *feeding) finish(down observable.Subscriber[any]) {
	if s.err != nil {
		down.OnError(s.err)
	} else {
		down.OnComplete()
	}
}

// audit records the faults of the operator, and how its subscriptions to the
// source came to their end: with ended, each must have.
func (f *feed) audit(ended bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, p := range f.faults {
		f.e.fail("%s", p)
	}
	f.faults = nil
	for i, s := range f.subs {
		if ended && !s.over && s.cancels == 0 {
			f.e.fail("L7: subscription %d to the source was neither cancelled nor ended", i+1)
		}
	}
}

// state returns how many subscriptions there were, how many are live, and how
// many requests and cancels they have seen.
func (f *feed) state() (subs, live, requests, cancels int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range f.subs {
		if !s.over && s.cancels == 0 {
			live++
		}
		requests += s.requests
		cancels += s.cancels
	}
	return len(f.subs), live, requests, cancels
}
