package marbles

import (
	"context"
	"iter"
	"time"

	"github.com/sluicego/sluice/internal/marble"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// Seq returns an iterator that takes the time of the diagram, from the start of
// each loop over it: a value comes at its instant, or at once if the body of the
// loop has taken longer. The loop ends at "|"; without one it waits for the end
// of the test. An iterator has no errors, so "#" is refused, and so is an
// [Overflow]: nothing comes before the body is ready. It is for [Live] tests
// only.
func Seq[T any](m *Test, diagram string, opts ...SourceOption) iter.Seq[T] {
	m.t.Helper()
	f := newFeed[T](m, "Seq", diagram, marble.Cold, opts)
	f.refuse(marble.Error, `an iterator has no errors; end it with "|", or yield values that hold one`)
	for _, opt := range opts {
		if _, ok := opt.(Overflow); ok {
			m.t.Fatalf("%s: marbles: Seq of %q: a loop gets no value before it is ready for it; remove the Overflow", f.site, diagram)
		}
	}
	return func(yield func(T) bool) {
		start := scheduler.Default.Now()
		for _, e := range f.lane.Events {
			if !sleep(e.At-scheduler.Default.Now().Sub(start), f.quit) {
				return
			}
			if e.Kind == marble.Complete || !yield(valueOf[T](e)) {
				return
			}
		}
		<-f.quit
	}
}

// sleep waits for d. It reports false if quit was closed first.
func sleep(d time.Duration, quit <-chan struct{}) bool {
	if d <= 0 {
		return !isClosed(quit)
	}
	over := make(chan struct{})
	defer scheduler.Default.After(d, func() { close(over) })()
	select {
	case <-over:
		return true
	case <-quit:
		return false
	}
}

// ExpectSeq begins an expectation about a loop over seq, which runs on a
// goroutine of its own. The demand lane is the pace of the loop: its body waits
// until its value is requested, and breaks after "!" with the next value. It is
// for [Live] tests only.
func ExpectSeq[T any](m *Test, seq iter.Seq[T], opts ...Option) *Expectation[T] {
	m.t.Helper()
	m.needsLive("ExpectSeq")
	return Expect(m, observable.Create(func(_ context.Context, emit observable.Emitter[T]) error {
		for v := range seq {
			if !emit.Next(v) {
				break
			}
		}
		return nil
	}), opts...)
}
