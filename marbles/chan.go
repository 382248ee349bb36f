package marbles

import (
	"github.com/sluicego/sluice/internal/marble"
	"github.com/sluicego/sluice/observable"
)

// Chan returns a channel without a buffer, on which a goroutine sends the values
// of the diagram at their instants. "|" closes it. A channel carries no errors,
// so "#" is refused. It is for [Live] tests only.
//
// The goroutine waits for its receiver, as a sender does: what is received late
// comes late, and in order. An [Overflow] says otherwise: with [Drop] a value is
// given up if no receiver is ready, with [Latest] if a newer one comes before it
// is received, and with [Fail] a value that finds no receiver fails the test.
// [Buffer] is the default.
func Chan[T any](m *Test, diagram string, opts ...SourceOption) <-chan T {
	m.t.Helper()
	f := newFeed[T](m, "Chan", diagram, marble.Hot, opts)
	f.refuse(marble.Error, `a channel carries no errors; close it with "|", or send values that hold one`)
	ch := make(chan T)
	closed := false // touched by the goroutine of the feed, then by the test's
	f.hand = func(v T, replaced <-chan struct{}) {
		if f.overflow == Drop || f.overflow == Fail {
			f.try(ch, v)
			return
		}
		select {
		case ch <- v:
		case <-replaced:
		case <-f.quit:
		}
	}
	f.end = func() { close(ch); closed = true }
	m.releases = append(m.releases, func() {
		if !closed {
			f.end()
		}
	})
	f.script()
	return ch
}

// try sends v if a receiver is ready.
func (f *feed[T]) try(ch chan<- T, v T) {
	select {
	case ch <- v:
	default:
		if f.overflow == Fail {
			f.mu.Lock()
			f.miss(v)
			f.mu.Unlock()
		}
	}
}

// ExpectChan begins an expectation about what comes out of ch; that it is closed
// is a "|". The demand lane says when the test receives and how many, as in
// "1--1--!"; without one it always does. That ch is closed shows to a receiver
// only: with "2", after two values, nobody looks. It is for [Live] tests only.
func ExpectChan[T any](m *Test, ch <-chan T, opts ...Option) *Expectation[T] {
	m.t.Helper()
	m.needsLive("ExpectChan")
	if ch == nil {
		m.t.Fatalf("%s: marbles: ExpectChan of a nil channel, on which nothing ever comes; make it before", site())
	}
	m.releases = append(m.releases, func() { drain(ch) })
	return Expect(m, observable.FromChan(ch), opts...)
}

// drain receives what there is.
func drain[T any](ch <-chan T) {
	for {
		select {
		case _, ok := <-ch:
			if ok {
				continue
			}
		default:
		}
		return
	}
}
