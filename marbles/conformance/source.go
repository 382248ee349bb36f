package conformance

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/sluicego/sluice/observable"
)

// A SourceConfig says what [Source] needs to know of the source under test.
type SourceConfig[T any] struct {
	// New returns an observable that emits exactly n values and completes. For
	// math.MaxInt64 it emits as many as it can. It is called for each check,
	// and what it returns is subscribed to as often as MaxSubscribers allows.
	New func(n int64) observable.Observable[T]
	// NewFailed returns an observable that fails before its first value,
	// without being asked for one. If it is nil, what is checked with it is
	// skipped.
	NewFailed func() observable.Observable[T]
	// NewPanicking returns an observable of a few values whose cleanup panics
	// when the subscription is cancelled. If it is nil, that is skipped.
	NewPanicking func() observable.Observable[T]

	// MaxElements is the most values that New can be asked for; 0 is any number,
	// -1 is none at all.
	MaxElements int64
	// NeverCompletes says that New ignores n and goes on for ever.
	NeverCompletes bool
	// RecursionBound is how often an OnNext may be inside another one of the
	// same subscription; 0 is 1, which is what the protocol asks for.
	RecursionBound int
	// MaxSubscribers is how many an observable has at the same time, or ever, if
	// that is bounded: the next one is refused with an error. 0 is any number.
	MaxSubscribers int
	// Once says that an observable is used up by its first subscriber, as one
	// made of a channel is: those after it get what is left.
	Once bool
	// Multicast says that the subscribers of an observable see one stream, and not
	// one each: those who join late miss what has been.
	Multicast bool

	// Settle is how long to wait, in real time, for a signal that must not come;
	// one that has to come is given longer. Set it if goroutines work for the
	// source that it does not start by itself, such as those of a network: by
	// default a check runs in a testing/synctest bubble, where waiting costs
	// nothing.
	Settle time.Duration
	// Skip gives the reason for each check that is not to run, by its name.
	Skip map[string]string
}

// Source checks that a source keeps the rules of Reactive Streams, and the laws
// of this module. Each rule is a subtest, named after it: run
// TestTicks/1.01_NeverMoreThanRequested to see one.
//
// Source panics if New is nil or a number is negative that must not be.
func Source[T any](t *testing.T, c SourceConfig[T]) {
	t.Helper()
	runAll(t, sourceChecks, c.erased(), c.Settle, c.Skip)
}

func (c SourceConfig[T]) erased() *source {
	if c.New == nil {
		panic("conformance: a SourceConfig without New")
	}
	if c.MaxElements < -1 || c.RecursionBound < 0 || c.MaxSubscribers < 0 || c.Settle < 0 {
		panic("conformance: a SourceConfig with a negative number")
	}
	s := &source{
		open:        func(n int64) stream { return erase(c.New(n)) },
		max:         c.MaxElements,
		endless:     c.NeverCompletes,
		bound:       int64(max(c.RecursionBound, 1)),
		subscribers: c.MaxSubscribers,
		once:        c.Once,
		shared:      c.Multicast,
	}
	if c.NewFailed != nil {
		s.failed = func() stream { return erase(c.NewFailed()) }
	}
	if c.NewPanicking != nil {
		s.panicking = func() stream { return erase(c.NewPanicking()) }
	}
	return s
}

// sourceChecks are all that Source runs.
var sourceChecks = slices.Concat(publisherChecks, sharingChecks, requestChecks, cancelChecks)

// A source is a SourceConfig without its type.
type source struct {
	open        func(n int64) stream
	failed      func() stream
	panicking   func() stream
	max         int64
	endless     bool
	bound       int64
	subscribers int
	once        bool
	shared      bool
}

// of returns a stream of n values that completes, or skips the check.
func (s *source) of(e *env, n int64) stream {
	if s.endless {
		e.skip("the source never completes (NeverCompletes)")
	}
	return s.atLeast(e, n)
}

// atLeast returns a stream of n values or more, or skips the check.
func (s *source) atLeast(e *env, n int64) stream {
	if most := max(s.max, 0); s.max != 0 && n > most {
		e.skip("it takes %d values, and the source has at most %d (MaxElements)", n, most)
	}
	return s.open(n)
}

// failing returns a stream that fails, or skips the check.
func (s *source) failing(e *env) stream {
	if s.failed == nil {
		e.skip("it takes a source that fails; set NewFailed")
	}
	return s.failed()
}

func erase[T any](o observable.Observable[T]) stream {
	return func(ctx context.Context, down observable.Subscriber[any]) {
		if down == nil {
			o.Subscribe(ctx, nil)
			return
		}
		o.Subscribe(ctx, boxer[T]{down})
	}
}

// A boxer passes values of T on.
type boxer[T any] struct{ observable.Subscriber[any] }

func (b boxer[T]) OnNext(v T) { b.Subscriber.OnNext(v) }
