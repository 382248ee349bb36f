package contract

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/fates"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/ungated"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

var errSource = errors.New("contract: the source failed")

// A script is one random life of a subscription.
type script struct {
	values   int     // how many the source has
	end      string  // "complete", "error" or "never"
	lag      int     // values the source still emits after it is cancelled
	requests []int64 // made one after the other, a second of virtual time apart
	again    int64   // requested inside each of the first values; 0 nothing
	cancelAt int     // cancel inside the nth value; 0 never
	finish   bool    // at last request everything, to see the end
	gated    bool    // the source is an outside one, behind the gate of New
	inside   bool    // no gate stands in front of the subscriber, either
}

func drawScript(t *rapid.T) script {
	s := script{
		values:   rapid.IntRange(0, 12).Draw(t, "values"),
		end:      rapid.SampledFrom([]string{"complete", "error", "never"}).Draw(t, "end"),
		lag:      rapid.SampledFrom([]int{0, 0, 1, 3}).Draw(t, "cancel lag"),
		requests: rapid.SliceOfN(rapid.SampledFrom([]int64{1, 1, 2, 3, 5, observable.Unbounded}), 0, 6).Draw(t, "requests"),
		again:    rapid.SampledFrom([]int64{0, 0, 1, 3, 100}).Draw(t, "again"),
		cancelAt: rapid.SampledFrom([]int{0, 0, 0, 1, 2, 3}).Draw(t, "cancel at"),
		finish:   rapid.Bool().Draw(t, "finish"),
		gated:    rapid.Bool().Draw(t, "gated"),
		inside:   rapid.Bool().Draw(t, "inside"),
	}
	if s.inside {
		s.lag = 0 // what a source still emits, a gate may have to hold back
	}
	return s
}

// outcome is what a run of a script gave.
type outcome struct {
	Values []any
	Ended  bool
	Err    string
}

func (o subject) scripts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawScript(t)
		first, again := o.play(t, s, true), o.play(t, s, false) // the first to fail names the operator
		if o.ties {
			return
		}
		if d := cmp.Diff(first, again, cmp.Exporter(anyType)); d != "" {
			t.Fatalf("L10: a second subscription differs (-first +second):\n%s", d)
		}
	})
}

// play runs one subscription by the script and checks all laws on the way. Some
// are inspected, which must not change anything; then nothing may stall, either.
func (o subject) play(t *rapid.T, s script, inspect bool) outcome {
	t.Helper()
	var (
		clock = scheduler.NewVirtual()
		book  = fates.New()
		src   = &lagging{script: s, book: book}
		sub   = &auditor{o: o, book: book, again: s.again, cancelAt: s.cancelAt, inside: s.inside}
		ctx   = scheduler.With(context.Background(), clock)
	)
	ctx = observable.WithDiscard(ctx, func(v any, why observable.DiscardReason) {
		for _, id := range o.ids(v) {
			book.Discarded[id] = append(book.Discarded[id], why)
		}
	})
	ctx = observable.WithDroppedError(ctx, func(error) {})
	var chain *observable.Inspection
	if inspect {
		ctx, chain = observable.WithInspection(ctx)
	}
	o.subscribe(ctx, src.observable(), sub, s.inside)
	settle := func() {
		clock.AdvanceBy(time.Second)
		if !inspect || clock.Pending() > 0 {
			return
		}
		if e := chain.Inspect().Stall(); e != nil && e.Reason != observable.StallSource {
			sub.fail("a stall: %v", e)
		}
	}
	settle()
	for _, n := range s.requests {
		sub.request(n)
		settle()
	}
	if s.finish {
		sub.request(observable.Unbounded)
		settle()
		if !sub.ended && !sub.cancelled && s.end != "never" {
			sub.fail("L4: with everything requested and the source ended, no terminal came: the operator hangs")
		}
	}
	if !sub.ended {
		sub.cancel()
		settle()
	}
	if n := clock.Pending(); n > 0 {
		sub.fail("L12: %d timers are armed after the end", n)
	}
	sub.problems = append(sub.problems, o.upstreamProblems(src, sub)...)
	sub.problems = append(sub.problems, book.Problems(o.consumes)...)
	if len(sub.problems) > 0 {
		t.Fatalf("%s breaks the protocol:\n\t%s\nscript %+v\nproduced %v, delivered %v, discarded %v, requested upstream %v",
			o.name, join(sub.problems), s, book.Produced, book.Delivered, book.Discarded, src.requests)
	}
	return outcome{sub.values, sub.ended, fmt.Sprint(sub.err)}
}

// An auditor is the outside subscriber of a script.
type auditor struct {
	o         subject
	book      *fates.Book
	again     int64
	cancelAt  int
	inside    bool
	up        observable.Subscription
	requested int64
	depth     int
	values    []any
	ended     bool
	err       error
	cancelled bool
	problems  []string
}

func (a *auditor) OnSubscribe(up observable.Subscription) {
	if a.up != nil {
		a.fail("L1: OnSubscribe twice")
	}
	a.up = up
}

func (a *auditor) OnNext(v any) {
	if a.depth++; a.depth > 1 {
		a.fail("L3: OnNext inside OnNext")
	}
	switch {
	case a.up == nil:
		a.fail("L1: OnNext before OnSubscribe")
	case a.ended:
		a.fail("L4: OnNext after the end")
	case a.cancelled:
		a.fail("L7: OnNext after Cancel on the emitting goroutine")
	}
	a.values = append(a.values, v)
	if n := int64(len(a.values)); n > a.requested {
		a.fail("L2: %d values for %d requested", n, a.requested)
	}
	for _, id := range a.o.ids(v) {
		a.book.Delivered[id]++
	}
	if a.again > 0 && len(a.values) <= firstValues {
		a.request(a.again)
	}
	if len(a.values) == a.cancelAt {
		a.cancel()
	}
	a.depth--
}

// firstValues are those inside which more is requested.
const firstValues = 4

func (a *auditor) OnError(err error) { a.terminal(err) }
func (a *auditor) OnComplete()       { a.terminal(nil) }

func (a *auditor) terminal(err error) {
	switch {
	case a.up == nil:
		a.fail("L1: a terminal before OnSubscribe")
	case a.ended:
		a.fail("L4: a second terminal")
	case a.cancelled:
		a.fail("L7: a terminal after Cancel on the emitting goroutine")
	}
	a.ended, a.err = true, err
}

func (a *auditor) request(n int64) {
	a.requested = demand.Add(a.requested, n)
	a.up.Request(n)
}

func (a *auditor) cancel() {
	if a.inside && a.cancelled {
		return // a subscriber of the library does not cancel twice
	}
	a.cancelled = true
	a.up.Cancel()
	if !a.inside {
		a.up.Cancel() // the gate lets one through
	}
}

func (a *auditor) fail(format string, args ...any) {
	a.problems = append(a.problems, fmt.Sprintf(format, args...))
}

// lagging is a source of the integers from 1 that emits inside Request and
// notices Cancel only some values later, as the protocol allows.
type lagging struct {
	script
	book     *fates.Book
	subs     []*laggingSub
	requests []int64
}

func (l *lagging) observable() observable.Observable[int] {
	subscribe := func(_ context.Context, down observable.Subscriber[int]) {
		s := &laggingSub{src: l, down: down, lag: l.lag}
		l.subs = append(l.subs, s)
		down.OnSubscribe(s)
		s.endIfDone()
	}
	if l.gated {
		return observable.New(subscribe)
	}
	return ungated.New(subscribe)
}

type laggingSub struct {
	src     *lagging
	down    observable.Subscriber[int]
	next    func(int) bool
	at      int
	asked   int64
	ahead   int64 // the most that was ever outstanding
	lag     int
	busy    bool
	cancels int
	over    bool
}

func (s *laggingSub) Request(n int64) {
	s.src.requests = append(s.src.requests, n)
	s.asked = demand.Add(s.asked, n)
	s.ahead = max(s.ahead, s.asked)
	if s.busy || s.over {
		return
	}
	s.busy = true
	if s.next == nil {
		s.next = link.Next[int](s.down)
	}
	for s.asked > 0 && s.at < s.src.values && s.goesOn() {
		if s.asked != observable.Unbounded {
			s.asked--
		}
		s.at++
		id := len(s.src.book.Produced) + 1
		s.src.book.Produced = append(s.src.book.Produced, id)
		if !s.next(id) {
			s.asked = demand.Add(s.asked, 1)
		}
	}
	s.busy = false
	s.endIfDone()
}

func (s *laggingSub) Cancel() { s.cancels++ }

// goesOn reports whether the source emits once more.
func (s *laggingSub) goesOn() bool {
	if s.cancels > 0 {
		s.lag--
	}
	return s.lag >= 0
}

func (s *laggingSub) endIfDone() {
	if s.busy || s.over || s.at < s.src.values || s.cancels > 0 {
		return
	}
	switch s.src.end {
	case "complete":
		s.over = true
		s.down.OnComplete()
	case "error":
		s.over = true
		s.down.OnError(errSource)
	}
}

// upstreamProblems returns what the operator did wrong towards its source.
func (o subject) upstreamProblems(l *lagging, a *auditor) []string {
	var ps []string
	for i, s := range l.subs {
		if s.cancels > 1 {
			ps = append(ps, fmt.Sprintf("L7: subscription %d was cancelled %d times", i, s.cancels))
		}
		if !s.over && s.cancels == 0 {
			ps = append(ps, fmt.Sprintf("L7: subscription %d was neither cancelled nor ended", i))
		}
		if o.backpressure == Window && s.ahead > o.ahead {
			ps = append(ps, fmt.Sprintf("L13: %d requested ahead, declared %d", s.ahead, o.ahead))
		}
	}
	total := int64(0)
	for _, n := range l.requests {
		if n <= 0 {
			ps = append(ps, fmt.Sprintf("L6: the operator requested %d of its source", n))
		}
		total = demand.Add(total, n)
	}
	switch o.backpressure {
	case OneForOne:
		allowed := demand.Add(a.requested, max(int64(len(l.book.Produced)-len(a.values)), 0)) // those it swallowed
		for i := range len(l.subs) - 1 {
			allowed = demand.Add(allowed, l.subs[i].asked) // unmet, and carried over to the next subscription
		}
		if total > allowed {
			ps = append(ps, fmt.Sprintf("L2: declared one for one, but %d were requested upstream where %d were allowed", total, allowed))
		}
	case Everything:
		for _, n := range l.requests {
			if n != observable.Unbounded || len(l.requests) > len(l.subs) {
				ps = append(ps, fmt.Sprintf("declared to request everything once, but requested %v", l.requests))
				break
			}
		}
	case Window:
	default:
		ps = append(ps, "the case declares no kind of backpressure")
	}
	return ps
}

func join(lines []string) string { return strings.Join(lines, "\n\t") }

func anyType(reflect.Type) bool { return true }
