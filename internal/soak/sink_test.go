package soak_test

import (
	"errors"
	"sync/atomic"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// A sink is the subscriber at the end of a pipeline. It does what its script
// says and audits what it is given.
type sink struct {
	w      *world
	script script

	up        observable.Subscription // written in OnSubscribe
	ready     chan struct{}           // closed by OnSubscribe
	done      chan struct{}           // closed by the first terminal
	left      chan struct{}           // closed by the first cancel
	inside    atomic.Int32
	requested demand.Counter
	bad       atomic.Int64 // the first request that was not positive
	ended     atomic.Bool
	leaving   atomic.Bool
	settled   atomic.Bool // all that was on its way has arrived

	// Not locked, so that -race shows a signal that does not happen before the
	// next one.
	signals  int
	got      int64
	quiet    bool // it cancelled inside a signal
	panicked bool
	err      error
}

func newSink(w *world, s script) *sink {
	return &sink{
		w: w, script: s,
		ready: make(chan struct{}), done: make(chan struct{}), left: make(chan struct{}),
	}
}

func (s *sink) OnSubscribe(up observable.Subscription) {
	if s.up != nil {
		s.w.complain("L1: OnSubscribe was called twice")
		return
	}
	s.up = up
	close(s.ready)
	if s.script.first > 0 {
		s.request(s.script.first)
	}
}

// request asks for n, which is booked before anybody can answer.
func (s *sink) request(n int64) {
	if n <= 0 {
		s.bad.CompareAndSwap(0, min(n, -1))
		s.up.Request(n)
		return
	}
	s.requested.Add(n)
	s.up.Request(n)
}

func (s *sink) cancel() {
	again := s.leaving.Swap(true)
	if !again {
		close(s.left)
	}
	if !again || !s.script.inside { // a gate lets one through
		s.up.Cancel()
	}
}

// An insider is a sink that passes for one of the library's own subscribers.
type insider struct {
	link.Inside
	*sink
}

func (s *sink) subscriber() observable.Subscriber[*value] {
	if s.script.inside {
		return insider{sink: s}
	}
	return s
}

// enter books a signal; the function that it returns, that it is over.
func (s *sink) enter(what string) (leave func()) {
	var depth int32
	unseen(func() { depth = s.inside.Add(1) })
	if depth != 1 {
		s.w.complain("L3: %s overlaps another signal", what)
	}
	s.signals++
	switch {
	case s.up == nil:
		s.w.complain("L1: %s before OnSubscribe", what)
	case s.ended.Load():
		s.w.complain("L4: %s after the end", what)
	case s.quiet:
		s.w.complain("L7: %s after a Cancel on the emitting goroutine", what)
	case s.settled.Load():
		s.w.complain("L7: %s after a Cancel, when all had come to rest", what)
	}
	return func() { unseen(func() { s.inside.Add(-1) }) }
}

func (s *sink) OnNext(v *value) {
	defer s.enter("OnNext")()
	if s.panicked {
		s.w.complain("L11: OnNext after a panic in OnNext")
	}
	s.got++
	if asked := s.requested.Load(); s.got > asked {
		s.w.complain("L2: value %d of %d requested", s.got, asked)
	}
	v.delivered.Add(1)
	if s.script.again > 0 {
		s.request(s.script.again)
	}
	switch s.got {
	case s.script.cancelAt:
		s.quiet = true
		s.cancel()
	case s.script.panicAt:
		s.panicked = true
		panic(s.w.raise("the subscriber panicked"))
	}
}

func (s *sink) OnError(err error) {
	defer s.enter("OnError")()
	s.err = err
	saw(err)
	s.end()
}

func (s *sink) OnComplete() {
	defer s.enter("OnComplete")()
	s.end()
}

func (s *sink) end() {
	if !s.ended.Swap(true) {
		close(s.done)
	}
}

// problems returns what is wrong with the end that came.
func (s *sink) problems() (ps []string) {
	if s.bad.Load() != 0 && !s.ended.Load() && !s.leaving.Load() && !s.w.hostile {
		ps = append(ps, "L6: a request that is not positive did not end the stream")
	}
	if _, isBad := errors.AsType[*observable.BadRequestError](s.err); isBad && s.bad.Load() == 0 {
		ps = append(ps, "L6: a BadRequestError, and no bad request")
	}
	return ps
}
