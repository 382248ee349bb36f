package soak_test

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/sluicego/sluice/observable"
)

const ms = time.Millisecond

// A script is what the subscriber of a pipeline does, and what is done to it.
type script struct {
	first    int64   // requested inside OnSubscribe
	again    int64   // requested inside each OnNext
	requests []asked // by another goroutine
	// The end that the subscriber makes of it; if none, everything is requested
	// at last, and an end has to come.
	cancelAt    int64         // inside the nth value
	cancelAfter time.Duration // by another goroutine; -1: not
	byContext   bool          // by the ctx
	panicAt     int64         // in the nth value
	inside      bool          // it passes for one of the library's own, and no gate guards it
	closeAfter  time.Duration // when the scheduler is closed; -1: not
}

// asked is a request that is made after a pause.
type asked struct {
	after time.Duration
	n     int64
}

func (b *builder) script() script {
	s := script{cancelAfter: -1, closeAfter: -1}
	s.first = b.oneOf(0, 0, 1, 3, 8, observable.Unbounded, observable.Unbounded, observable.Unbounded)
	s.again = b.oneOf(0, 0, 1, 1, 2)
	for range b.r.IntN(6) {
		s.requests = append(s.requests, asked{b.moment(), b.oneOf(1, 1, 2, 5, 20, observable.Unbounded)})
	}
	// A gate would see to bad requests, and to the ctx.
	ways := 16
	if s.inside = b.r.IntN(3) == 0 && !b.w.hostile; s.inside {
		ways = 14
	}
	switch b.r.IntN(ways) {
	case 0, 1, 2:
		s.cancelAt = 1 + b.r.Int64N(8)
	case 3, 4:
		s.cancelAfter = b.moment()
	case 5:
		s.panicAt, b.w.panics = 1+b.r.Int64N(8), true
	case 14:
		s.cancelAfter, s.byContext = b.moment(), true
	case 15:
		s.requests = append(s.requests, asked{b.moment(), b.oneOf(0, -1, math.MinInt64)})
	}
	if b.w.clock.close != nil && b.r.IntN(2) == 0 {
		s.closeAfter = b.moment()
	}
	return s
}

// moment is a time that is often that of something else.
func (b *builder) moment() time.Duration {
	return time.Duration(b.oneOf(0, 0, 1, 2, 3, 5, 8, 13, 40)) * ms
}

// oneOf draws one of some numbers.
func (b *builder) oneOf(ns ...int64) int64 { return ns[b.r.IntN(len(ns))] }

func (s script) String() string {
	var parts []string
	add := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	if s.inside {
		add("inside")
	}
	add("request %s at first", amount(s.first))
	if s.again > 0 {
		add("%d in each value", s.again)
	}
	for _, r := range s.requests {
		add("after %v %s", r.after, amount(r.n))
	}
	add("at last unbounded")
	if s.cancelAt > 0 {
		add("cancel in value %d", s.cancelAt)
	}
	if s.cancelAfter >= 0 && s.byContext {
		add("end the ctx after %v", s.cancelAfter)
	} else if s.cancelAfter >= 0 {
		add("cancel after %v", s.cancelAfter)
	}
	if s.panicAt > 0 {
		add("panic in value %d", s.panicAt)
	}
	if s.closeAfter >= 0 {
		add("close the scheduler after %v", s.closeAfter)
	}
	return strings.Join(parts, ", ")
}

func amount(n int64) string {
	if n == observable.Unbounded {
		return "unbounded"
	}
	return fmt.Sprint(n)
}
