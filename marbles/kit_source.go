package marbles

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/ungated"
	"github.com/sluicego/sluice/observable"
)

// A Misbehaviour is a law that a [TestSource] breaks on request, so that a test
// can see what an operator makes of it.
type Misbehaviour int

// The ways in which a TestSource can misbehave.
const (
	Overruns         Misbehaviour = iota + 1 // emits without demand (L2)
	IgnoresCancel                            // goes on after Cancel, for ever (L7); a source may legally go on for a little
	EndsTwice                                // lets every terminal through, and values after it (L4)
	SubscribesTwice                          // calls OnSubscribe a second time (L1)
	EmitsBeforeStart                         // completes before it has called OnSubscribe (L1)
)

// A TestSource is a source driven by hand. It emits to every subscriber it has
// and records what they ask of it.
//
// It keeps the protocol unless told otherwise: a value for a subscriber that
// has not requested one ends that subscription with an error that says so, and
// nothing is emitted after Cancel or after the end. No gate stands behind it,
// so an operator under test sees exactly what the source does.
//
// All methods are safe for concurrent use, but signals to one subscriber must
// not overlap: emit from one goroutine at a time.
type TestSource[T any] struct {
	observable.Observable[T]

	how []Misbehaviour

	mu   sync.Mutex
	subs []*testSourceSub[T] // guarded by mu; in the order of subscribing, ended ones too
}

// NewTestSource returns a source that misbehaves in the given ways, and
// otherwise keeps the protocol.
func NewTestSource[T any](how ...Misbehaviour) *TestSource[T] {
	s := &TestSource[T]{how: how}
	s.Observable = ungated.New(s.subscribe)
	return s
}

func (s *TestSource[T]) subscribe(_ context.Context, down observable.Subscriber[T]) {
	sub := &testSourceSub[T]{src: s, down: down}
	s.mu.Lock()
	s.subs = append(s.subs, sub)
	s.mu.Unlock()
	if s.does(EmitsBeforeStart) {
		down.OnComplete()
	}
	down.OnSubscribe(sub)
	if s.does(SubscribesTwice) {
		again := &testSourceSub[T]{src: s, down: down, again: true}
		s.mu.Lock()
		s.subs = append(s.subs, again)
		s.mu.Unlock()
		down.OnSubscribe(again)
	}
}

// Next emits v to every subscriber.
func (s *TestSource[T]) Next(v T) {
	for _, sub := range s.live() {
		if !s.does(Overruns) && sub.asked.TrySpend(1) == 0 {
			sub.end()
			sub.down.OnError(fmt.Errorf("marbles: TestSource.Next(%v) without demand; request more, or use NewTestSource(marbles.Overruns) to break L2 on purpose", v))
			continue
		}
		sub.down.OnNext(v)
	}
}

// Error ends the stream of every subscriber with err.
func (s *TestSource[T]) Error(err error) {
	for _, sub := range s.live() {
		sub.end()
		sub.down.OnError(err)
	}
}

// Complete ends the stream of every subscriber.
func (s *TestSource[T]) Complete() {
	for _, sub := range s.live() {
		sub.end()
		sub.down.OnComplete()
	}
}

// Requested returns what the subscribers have requested in total.
func (s *TestSource[T]) Requested() int64 {
	var n int64
	for _, r := range s.Requests() {
		n = demand.Add(n, max(r, 0))
	}
	return n
}

// Requests returns every request that the source has seen, in order.
func (s *TestSource[T]) Requests() []int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []int64
	for _, sub := range s.subs {
		all = append(all, sub.requests...)
	}
	return all
}

// Cancels returns how often Cancel was called, over all subscriptions.
func (s *TestSource[T]) Cancels() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, sub := range s.subs {
		n += sub.cancels
	}
	return n
}

// Subscriptions returns how many subscriptions there have been, the second ones
// of [SubscribesTwice] among them.
func (s *TestSource[T]) Subscriptions() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.subs)
}

// Active returns how many subscriptions are neither cancelled nor ended.
func (s *TestSource[T]) Active() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, sub := range s.subs {
		if sub.cancels == 0 && !sub.ended {
			n++
		}
	}
	return n
}

func (s *TestSource[T]) does(m Misbehaviour) bool { return slices.Contains(s.how, m) }

// live returns the subscriptions that a signal goes to now.
func (s *TestSource[T]) live() []*testSourceSub[T] {
	s.mu.Lock()
	defer s.mu.Unlock()
	var live []*testSourceSub[T]
	for _, sub := range s.subs {
		if sub.again {
			continue
		}
		if (sub.cancels == 0 || s.does(IgnoresCancel)) && (!sub.ended || s.does(EndsTwice)) {
			live = append(live, sub)
		}
	}
	return live
}

type testSourceSub[T any] struct {
	src   *TestSource[T]
	down  observable.Subscriber[T]
	again bool // the second one of a subscriber, which has no signals of its own
	asked demand.Counter

	requests []int64 // guarded by src.mu, like the rest
	cancels  int
	ended    bool
}

func (s *testSourceSub[T]) Request(n int64) {
	s.src.mu.Lock()
	s.requests = append(s.requests, n)
	s.src.mu.Unlock()
	if n > 0 {
		s.asked.Add(n)
	}
}

func (s *testSourceSub[T]) Cancel() {
	s.src.mu.Lock()
	s.cancels++
	s.src.mu.Unlock()
}

func (s *testSourceSub[T]) end() {
	s.src.mu.Lock()
	s.ended = true
	s.src.mu.Unlock()
}
