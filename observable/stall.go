package observable

import (
	"context"
	"fmt"
	"time"

	"github.com/sluicego/sluice/scheduler"
)

// A StallReason says why a stage that has been asked for values delivers none.
type StallReason int

// The reasons for a stall. All but StallSource are the mark of an operator that
// has lost count; a source may just have nothing to say.
const (
	StallHeld    StallReason = iota + 1 // it holds values
	StallUnasked                        // it has asked none of its sources for more
	StallUnended                        // its sources are over, and it is not
	StallSource                         // it is a source, and is silent
)

var stallReasons = [...]string{
	"",
	"it holds %d values and delivers none",
	"it asks its sources for nothing",
	"its sources are over, and it does not end",
	"it is the source, and is silent",
}

// A StallError is a chain in which nothing moves though its subscriber has asked
// for more, and the stage that is to blame.
type StallError struct {
	Stage  Stage
	Reason StallReason
	Chain  Chain         // as it was then
	Still  time.Duration // how long nothing has moved; 0 if nobody has measured
}

// Error names the operator, says what it has and does not do, and shows the
// chain.
func (e *StallError) Error() string {
	still := ""
	if e.Still > 0 {
		still = fmt.Sprintf(" for %v", e.Still)
	}
	why := stallReasons[e.Reason]
	if e.Reason == StallHeld {
		why = fmt.Sprintf(why, e.Stage.Queued)
	}
	return fmt.Sprintf("sluice: nothing has moved%s: %s has been asked for values (%s), but %s\n%v", still, e.Stage.Operator, amount(e.Stage.Demand), why, e.Chain)
}

// Stall reports the stage that keeps the chain from going on, if there is one:
// the subscriber has asked for values, and following that demand towards the
// sources comes to an end here. It is for a moment at which everything that is
// to happen has happened; in between, what a goroutine is about to deliver looks
// like a stall.
func (c Chain) Stall() *StallError {
	for i := 0; i < len(c); i = c.next(i) {
		if e, _ := c.stall(i); e != nil {
			return e
		}
	}
	return nil
}

// next returns the index of the stage that follows stage i and its sources.
func (c Chain) next(i int) int {
	for j := i + 1; j < len(c); j++ {
		if c[j].Depth <= c[i].Depth {
			return j
		}
	}
	return len(c)
}

// stall follows the demand of stage i. If there is some, and nobody is to blame,
// then somebody waits for a timer.
func (c Chain) stall(i int) (e *StallError, waits bool) {
	s := c[i]
	if !s.live() || s.Demand == 0 {
		return nil, false
	}
	blame := func(why StallReason) (*StallError, bool) { return &StallError{Stage: s, Reason: why, Chain: c}, false }
	switch {
	case s.ready > 0:
		return blame(StallHeld)
	case s.waiting:
		return nil, true
	}
	var (
		sources = i+1 < len(c) && c[i+1].Depth > s.Depth
		live    bool
		silent  *StallError
	)
	for j := i + 1; j < c.next(i); j = c.next(j) {
		if !c[j].live() {
			continue
		}
		live = true
		e, goesOn := c.stall(j)
		waits = waits || goesOn
		switch {
		case e == nil:
		case e.Reason == StallSource:
			silent = e
		default:
			return e, false
		}
	}
	switch {
	case waits:
		return nil, true
	case silent != nil:
		return silent, false
	case live:
		return blame(StallUnasked)
	case sources:
		return blame(StallUnended)
	default:
		return blame(StallSource)
	}
}

// WithStallDetector returns a ctx whose subscriptions are watched: if one has
// asked for values, and none of its stages has seen a signal for as long as
// after, report is called with what the chain looks like and who is to blame. It
// is called again only after something has moved. An operator that waits for its
// timer, a Debounce or a Pace, is not to blame. But a subject to which nothing
// happens looks like a stall, and so does an Interval of an hour ([StallSource]).
//
// It is an aid for finding faults, with the cost of [WithInspection]. It has one
// timer, on the scheduler of ctx, while a subscription is live.
//
// WithStallDetector panics if after is not positive or report is nil.
func WithStallDetector(ctx context.Context, after time.Duration, report func(*StallError)) context.Context {
	switch {
	case after <= 0:
		panic(fmt.Sprintf("observable: WithStallDetector after a duration that is not positive (%v)", after))
	case report == nil:
		panic("observable: WithStallDetector with a nil function")
	}
	ctx, in := WithInspection(ctx)
	in.guard = &stallGuard{in: in, after: after, report: report, clock: scheduler.From(ctx), seen: map[*stage]lastMove{}}
	return ctx
}

// A stallGuard looks at the roots of an inspection every now and then. What it
// has is guarded by the mutex of the inspection.
type stallGuard struct {
	in     *Inspection
	after  time.Duration
	report func(*StallError)
	clock  scheduler.Scheduler
	stop   func() bool // of the timer; nil if none runs
	seen   map[*stage]lastMove
}

// A lastMove is when the signals of a root and its sources were so many.
type lastMove struct {
	moves    int64
	at       time.Time
	reported bool
}

// arm sets the timer, unless it runs. It looks four times within the time, so a
// stall is reported a quarter late at most. Called with in.mu, as the schedulers
// allow.
func (g *stallGuard) arm() {
	if g.stop == nil {
		g.stop = g.clock.After(max(g.after/4, 1), g.look)
	}
}

// rootOver stops the timer with the last subscription.
func (in *Inspection) rootOver() {
	in.mu.Lock()
	defer in.mu.Unlock()
	if g := in.guard; g != nil && g.stop != nil && !in.live() {
		g.stop()
		g.stop = nil
	}
}

// live reports whether a subscription is. Called with mu.
func (in *Inspection) live() bool {
	for _, s := range in.roots.all {
		if s.state.Load() == stageLive {
			return true
		}
	}
	return false
}

// look is what the timer runs.
func (g *stallGuard) look() {
	in := g.in
	in.mu.Lock()
	g.stop = nil
	var (
		still [][]entry
		now   = g.clock.Now()
		seen  = map[*stage]lastMove{}
	)
	for _, root := range in.roots.all {
		if root.state.Load() != stageLive {
			continue
		}
		entries, moves := root.tree()
		last, known := g.seen[root]
		switch {
		case !known || last.moves != moves:
			last = lastMove{moves: moves, at: now}
		case !last.reported && now.Sub(last.at) >= g.after:
			last.reported = true
			still = append(still, entries)
		}
		seen[root] = last
		g.arm()
	}
	g.seen = seen
	in.mu.Unlock()
	for _, entries := range still {
		if e := picture(entries).Stall(); e != nil {
			e.Still = g.after
			g.report(e)
		}
	}
}

// tree returns the stage and its sources, and how many signals they have seen.
// Called with in.mu.
func (s *stage) tree() (entries []entry, moves int64) {
	list := stageList{all: []*stage{s}}
	list.walk(0, func(s *stage, depth int) {
		entries = append(entries, entry{s, depth, s.called, s.holder})
		moves += s.moves.Load()
	})
	return entries, moves
}
