package marbles

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// A TestSubscriber records the signals of one subscription and audits them:
// order (L1), demand (L2), overlap and recursion (L3), one end (L4), silence
// after a cancel on the emitting goroutine (L7). What it finds fails the test
// when that ends, whether or not anybody asks.
//
// No gate stands in front of it, so that it sees what the chain really does.
// To test the gate as well, hand the chain [TestSubscriber.Outside].
type TestSubscriber[T any] struct {
	link.Inside

	// Each, if set, is called with every value, inside OnNext. Set it before
	// subscribing.
	Each func(v T)
	// Start is requested in OnSubscribe; 0 requests nothing.
	Start int64

	overlap overlap
	end     chan struct{} // closed by the first terminal

	mu         sync.Mutex
	sub        observable.Subscription // guarded by mu, like the rest
	requested  int64
	early      []int64 // requests from before OnSubscribe
	values     []T
	late       []T // after Cancel
	err        error
	ended      bool
	cancelled  bool
	quiet      bool // cancelled from inside a signal: nothing may follow
	emitting   bool // Each is being called
	violations []string
}

// NewTestSubscriber returns a subscriber that requests start in OnSubscribe;
// observable.Unbounded takes everything, 0 waits for [TestSubscriber.Request].
func NewTestSubscriber[T any](tb testing.TB, start int64) *TestSubscriber[T] {
	tb.Helper()
	s := &TestSubscriber[T]{Start: start, end: make(chan struct{})}
	tb.Cleanup(func() {
		tb.Helper()
		for _, v := range s.Violations() {
			tb.Errorf("marbles: TestSubscriber: %s", v)
		}
	})
	return s
}

// Outside returns s as a subscriber that is not the library's, so that
// Subscribe puts its gate in front of it.
func (s *TestSubscriber[T]) Outside() observable.Subscriber[T] { return outside[T]{s} }

// outside hides the mark of link.Inside.
type outside[T any] struct{ s *TestSubscriber[T] }

func (o outside[T]) OnSubscribe(sub observable.Subscription) { o.s.OnSubscribe(sub) }
func (o outside[T]) OnNext(v T)                              { o.s.OnNext(v) }
func (o outside[T]) OnError(err error)                       { o.s.OnError(err) }
func (o outside[T]) OnComplete()                             { o.s.OnComplete() }

// OnSubscribe keeps the subscription, requests Start, and does what was asked
// for too early.
func (s *TestSubscriber[T]) OnSubscribe(sub observable.Subscription) {
	s.mu.Lock()
	if s.sub != nil {
		s.violate("L1: OnSubscribe was called twice")
		s.mu.Unlock()
		return
	}
	s.sub = sub
	start, early, cancelled := s.Start, s.early, s.cancelled
	s.early = nil
	s.requested = demand.Add(s.requested, max(start, 0))
	s.mu.Unlock()
	if start > 0 {
		sub.Request(start)
	}
	for _, n := range early {
		sub.Request(n)
	}
	if cancelled {
		sub.Cancel()
	}
}

// OnNext records v. What it writes first is not locked, so that -race shows a
// signal that does not happen before the next one.
func (s *TestSubscriber[T]) OnNext(v T) {
	s.enter("OnNext")
	defer s.overlap.leave()
	s.mu.Lock()
	switch {
	case s.sub == nil:
		s.violate("L1: OnNext(%v) before OnSubscribe", v)
	case s.ended:
		s.violate("L4: OnNext(%v) after the end", v)
	case s.quiet:
		s.violate("L7: OnNext(%v) after a Cancel on the emitting goroutine", v)
	}
	if s.cancelled {
		s.late = append(s.late, v)
	} else {
		s.values = append(s.values, v)
	}
	if n := int64(len(s.values) + len(s.late)); n > s.requested {
		s.violate("L2: OnNext(%v) is value %d of %d requested", v, n, s.requested)
	}
	each := s.Each
	s.mu.Unlock()
	if each != nil {
		s.setEmitting(true)
		defer s.setEmitting(false)
		each(v)
	}
}

func (s *TestSubscriber[T]) setEmitting(yes bool) {
	s.mu.Lock()
	s.emitting = yes
	s.mu.Unlock()
}

// OnError records err.
func (s *TestSubscriber[T]) OnError(err error) {
	s.enter("OnError")
	defer s.overlap.leave()
	s.terminal(fmt.Sprintf("OnError(%v)", err), err)
}

// OnComplete records the completion.
func (s *TestSubscriber[T]) OnComplete() {
	s.enter("OnComplete")
	defer s.overlap.leave()
	s.terminal("OnComplete", nil)
}

func (s *TestSubscriber[T]) terminal(what string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.sub == nil:
		s.violate("L1: %s before OnSubscribe", what)
	case s.ended:
		s.violate("L4: %s after the end", what)
		return
	case s.quiet:
		s.violate("L7: %s after a Cancel on the emitting goroutine", what)
	}
	s.ended, s.err = true, err
	close(s.end)
}

// Request asks for n more; before OnSubscribe, once that has come.
func (s *TestSubscriber[T]) Request(n int64) {
	s.mu.Lock()
	sub := s.sub
	if n > 0 {
		s.requested = demand.Add(s.requested, n)
	}
	if sub == nil {
		s.early = append(s.early, n)
	}
	s.mu.Unlock()
	if sub != nil {
		sub.Request(n)
	}
}

// Cancel cancels the subscription. Called inside Each, on the goroutine that
// emits, it makes every later signal a violation; called elsewhere, it allows
// for the one in flight. Before OnSubscribe, it cancels once that has come.
func (s *TestSubscriber[T]) Cancel() {
	s.mu.Lock()
	sub := s.sub
	s.cancelled = true
	if s.emitting && insideOnNext() {
		s.quiet = true
	}
	s.mu.Unlock()
	if sub != nil {
		sub.Cancel()
	}
}

// cancelsFreely says that a second Cancel is no fault: a subscriber may call it
// as often as it likes (L5). It is an operator that passes on one only (L7).
func (s *TestSubscriber[T]) cancelsFreely() {}

// CancelInside is Cancel for a test that knows it runs on the emitting
// goroutine: from now on no signal may follow (L7).
func (s *TestSubscriber[T]) CancelInside() {
	s.mu.Lock()
	s.quiet = true
	s.mu.Unlock()
	s.Cancel()
}

// Values returns what was delivered before a Cancel.
func (s *TestSubscriber[T]) Values() []T {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.values)
}

// Late returns what was delivered after a Cancel.
func (s *TestSubscriber[T]) Late() []T {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.late)
}

// Ended reports whether a terminal came, and the error if it was one.
func (s *TestSubscriber[T]) Ended() (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ended, s.err
}

// Done is closed when a terminal has come.
func (s *TestSubscriber[T]) Done() <-chan struct{} { return s.end }

// Violations returns the laws that were broken so far, each as a sentence that
// starts with the law's number.
func (s *TestSubscriber[T]) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.violations)
}

// enter notices signals that overlap, from whatever goroutine.
func (s *TestSubscriber[T]) enter(signal string) {
	if !s.overlap.enter() {
		s.mu.Lock()
		s.violate("L3: %s while another signal was being delivered", signal)
		s.mu.Unlock()
	}
}

// insideOnNext reports whether its caller was called by a TestSubscriber's
// OnNext: of all goroutines, only on the one that emits. It tells a Cancel
// inside Each from one that happens to come at the same moment.
func insideOnNext() bool {
	var pcs [64]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for {
		f, more := frames.Next()
		if inPackage(f.Function) && strings.Contains(f.Function, "TestSubscriber") && strings.HasSuffix(f.Function, ".OnNext") {
			return true
		}
		if !more {
			return false
		}
	}
}

// violate is called with mu held.
func (s *TestSubscriber[T]) violate(format string, args ...any) {
	s.violations = append(s.violations, fmt.Sprintf(format, args...))
}
