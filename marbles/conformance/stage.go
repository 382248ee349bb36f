package conformance

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/observable"
)

// A stage is a source that is driven by hand, for a subscriber under test.
type stage struct {
	*env
	p       *player
	seen    *report
	changed chan struct{}
	over    <-chan struct{} // closed when a terminal has returned
	end     func()          // ends the ctx of a terminal

	mu        sync.Mutex
	down      observable.Subscriber[any] // guarded by mu, like the rest
	requested int64
	cancels   int
	ended     bool
	faults    []string
}

// newStage puts the subscriber on a stage and waits until it is subscribed.
func (p *player) newStage(e *env) *stage {
	s := &stage{env: e, p: p, changed: make(chan struct{}, 1)}
	s.seen = &report{e: e, changed: s.changed}
	ctx, end := context.WithCancel(e.ctx)
	s.end = end
	e.log("Subscribe")
	if p.attach != nil {
		s.over = e.start("the terminal", func() {
			defer s.expectPanic()
			p.attach(ctx, s)
		})
	} else {
		s.take(p.bare(s))
	}
	if !s.await(func() bool { return s.subscriber() != nil }) {
		e.stop("it did not subscribe")
	}
	if p.trigger != nil {
		e.do("TriggerRequest", func() { p.trigger(s) })
	}
	return s
}

// expectPanic contains what a terminal panics with because the probe did.
func (s *stage) expectPanic() {
	s.seen.mu.Lock()
	rude := s.seen.rude
	s.seen.mu.Unlock()
	if rude {
		if v := recover(); v != nil {
			s.log("the terminal panicked")
			s.seen.end(errDeliberate)
		}
	}
}

// take subscribes down.
func (s *stage) take(down observable.Subscriber[any]) {
	s.do("OnSubscribe", func() { down.OnSubscribe(s) })
	s.mu.Lock()
	s.down = down
	s.mu.Unlock()
	hint(s.changed)
}

func (s *stage) subscriber() observable.Subscriber[any] {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.down
}

func (s *stage) Request(n int64) {
	s.log("Request(%d)", n)
	s.mu.Lock()
	if n <= 0 {
		s.fault(fmt.Sprintf("L6: Request(%d)", n))
	}
	s.requested = demand.Add(s.requested, max(n, 0))
	s.misplaced("Request")
	s.mu.Unlock()
	hint(s.changed)
}

func (s *stage) Cancel() {
	s.log("Cancel")
	s.mu.Lock()
	s.cancels++
	s.misplaced("Cancel")
	s.mu.Unlock()
	hint(s.changed)
}

// misplaced records a call inside a terminal; one after it has no effect. mu is
// held.
func (s *stage) misplaced(what string) {
	if s.ended && inside("(*stage).finish") {
		s.fault("rule 2.3: " + what + " inside OnError or OnComplete")
	}
}

func (s *stage) fault(text string) { s.faults = append(s.faults, text) }

func (s *stage) audit() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.faults {
		s.fail("%s", f)
	}
}

// inside reports whether a function whose name ends in suffix is among its
// callers, which is the case on this goroutine only.
func inside(suffix string) bool {
	var pcs [128]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for {
		f, more := frames.Next()
		if strings.HasSuffix(f.Function, suffix) {
			return true
		}
		if !more {
			return false
		}
	}
}

// emit calls OnNext with the elements from…to-1.
func (s *stage) emit(from, to int) {
	down := s.subscriber()
	for i := from; i < to; i++ {
		s.log("OnNext(%v)", s.p.element(i))
		s.do("OnNext", func() { down.OnNext(s.p.element(i)) })
	}
}

// finish ends the stream.
//
//go:noinline
func (s *stage) finish(err error) {
	s.mu.Lock()
	s.ended = true
	down := s.down
	s.mu.Unlock()
	if err != nil {
		s.log("OnError(%v)", err)
		down.OnError(err)
	} else {
		s.log("OnComplete")
		down.OnComplete()
	}
}

func (s *stage) ends(err error) { s.do("the terminal signal", func() { s.finish(err) }) }

// await waits until cond is true, which may change whenever the subscriber does
// something.
func (s *stage) await(cond func() bool) bool {
	for !cond() {
		if !s.wait(s.changed) {
			return cond()
		}
	}
	return true
}

// asked waits until the subscriber has requested n values in all.
func (s *stage) asked(n int64) {
	enough := func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.requested >= n
	}
	if !s.await(enough) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.stop("%d values were requested, want %d or more", s.requested, n)
	}
}

// cancelled waits for the cancel.
func (s *stage) cancelled() {
	if !s.await(func() bool { return s.count() > 0 }) {
		s.stop("the source was not cancelled")
	}
}

func (s *stage) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cancels
}

// reached waits until the probe has seen n values.
func (s *stage) reached(n int) {
	if !s.await(func() bool { got, _ := s.seen.got(); return got >= n }) {
		got, _ := s.seen.got()
		s.stop("%d values reached the probe, want %d", got, n)
	}
}

// finished waits until the probe has seen the end, which is the one that was
// sent.
func (s *stage) finished(want error) {
	if !s.await(func() bool { _, ends := s.seen.got(); return ends > 0 }) {
		s.stop("the end did not reach the probe")
	}
	s.quiet()
	s.seen.mu.Lock()
	defer s.seen.mu.Unlock()
	if s.seen.ends != 1 || !errors.Is(s.seen.err, want) {
		s.stop("the probe saw %d ends, the last one %v, want %v", s.seen.ends, s.seen.err, want)
	}
}

// control returns the hand on the subscriber, or skips the check.
func (s *stage) control() (request func(int64), cancel func()) {
	held := func() bool {
		s.seen.mu.Lock()
		defer s.seen.mu.Unlock()
		return s.seen.request != nil
	}
	s.quiet()
	if !held() {
		s.skip("it takes a hand on the subscriber (Probe.Control)")
	}
	s.seen.mu.Lock()
	defer s.seen.mu.Unlock()
	req, can := s.seen.request, s.seen.cancel
	return func(n int64) {
			s.log("make it request %d", n)
			s.do("the request of the subscriber", func() { req(n) })
		}, func() {
			s.log("make it cancel")
			s.do("the cancel of the subscriber", can)
		}
}
