package observable

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"text/tabwriter"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/site"
)

// An Inspection looks into live chains: into every subscription that is made
// with the ctx that [WithInspection] returned.
type Inspection struct {
	mu    sync.Mutex
	roots stageList   // guarded by mu, as are the children of the stages
	guard *stallGuard // nil without WithStallDetector
}

// A vantage is where in a chain a ctx is: it goes to the sources of the stage
// that is at.
type vantage struct {
	in *Inspection
	at *stage // nil at the end of the chain
}

// WithInspection returns a ctx whose subscriptions can be looked at while they
// run, and the Inspection that does it. A probe then stands below every operator
// and source, which costs some ten nanoseconds for each value and stage, and
// some hundred bytes for each subscription; without an Inspection there is
// nothing of that. It is a tool for tests and for finding out why a program
// stands still.
//
// It keeps the stages of subscriptions that are over for a while, but never
// more of them than of live ones and a few.
func WithInspection(ctx context.Context) (context.Context, *Inspection) {
	mustCtx(ctx)
	link.Inspecting.Store(true)
	in := new(Inspection)
	return context.WithValue(ctx, link.StageKey{}, vantage{in: in}), in
}

// Inspect returns what the chains look like now, stage by stage, from the
// subscriber to the sources. Signals go on meanwhile, so the numbers of two
// stages may belong to two moments.
func (in *Inspection) Inspect() Chain {
	in.mu.Lock()
	var all []entry
	in.roots.walk(0, func(s *stage, depth int) { all = append(all, entry{s, depth, s.called, s.holder}) })
	in.mu.Unlock()
	return picture(all)
}

// picture looks at each of the stages. It must not hold in.mu: an operator is
// asked what it holds, under a lock of its own.
func picture(all []entry) Chain {
	chain := make(Chain, len(all))
	for i, e := range all {
		chain[i] = e.look()
	}
	return chain
}

// An entry is a stage, where it was found, and what the mutex guards of it.
type entry struct {
	*stage
	depth  int
	called any
	holder link.Holder
}

// name looks the name up now: there are many stages, and few of them are seen.
func (e entry) name() string {
	if name, ok := e.called.(string); ok {
		return name
	}
	return site.Name(e.called)
}

// A Stage is an operator or a source of a live chain, as [Inspection.Inspect]
// has found it.
type Stage struct {
	Operator  string // what it is called: "Map", "FromSlice"
	Depth     int    // 0 next to the subscriber; the sources of a stage follow it and are one deeper
	Demand    int64  // requested of it and not delivered yet; Unbounded
	Delivered int64  // values it has emitted
	Queued    int64  // values it holds, if it is an operator of this module
	Capacity  int64  // how many it may hold; Unbounded if only memory sets a bound
	Cancelled bool   // its downstream has cancelled it
	Ended     bool   // it has completed or failed
	Err       error  // what it has failed with

	ready   int64 // how many of Queued wait for nothing but demand
	waiting bool  // it has a timer, and will go on by itself
}

// live reports whether something may still happen.
func (s Stage) live() bool { return !s.Cancelled && !s.Ended }

// A Chain is a list of stages, each followed by its sources.
type Chain []Stage

// trailing is the room that the table leaves for states which there are not.
var trailing = regexp.MustCompile(` +\n`)

// String returns a table with a line for each stage.
func (c Chain) String() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, s := range c {
		_, _ = fmt.Fprintf(w, "%s%s\tdemand %s\tdelivered %d\t%s\n", strings.Repeat("  ", s.Depth), s.Operator, amount(s.Demand), s.Delivered, s.state())
	}
	_ = w.Flush() // a Builder takes everything
	return trailing.ReplaceAllString(b.String(), "\n")
}

// state says what is special about a stage.
func (s Stage) state() string {
	var parts []string
	if s.Queued > 0 || s.Capacity > 0 {
		parts = append(parts, fmt.Sprintf("holds %d of %s", s.Queued, amount(s.Capacity)))
	}
	switch {
	case s.Err != nil:
		parts = append(parts, fmt.Sprintf("failed: %v", s.Err))
	case s.Ended:
		parts = append(parts, "completed")
	case s.Cancelled:
		parts = append(parts, "cancelled")
	}
	return strings.Join(parts, ", ")
}

// amount spells a demand.
func amount(n int64) string {
	if n == Unbounded {
		return "unbounded"
	}
	return fmt.Sprint(n)
}

// A stage is what an Inspection knows of one operator in one subscription.
type stage struct {
	in     *Inspection
	parent *stage // nil next to the subscriber

	called any         // guarded by in.mu, like the rest of these: its name, or a function inside of it
	told   bool        // called is what somebody has said, not what was guessed
	holder link.Holder // nil: it holds nothing
	below  stageList   // its sources

	feeds       *atomic.Int64 // the counter of the parent that its values add to
	fedBySource atomic.Int64  // values of the source that it was lifted over
	fedByInners atomic.Int64  // values of what it has subscribed to by itself

	asked     demand.Counter // in total
	delivered atomic.Int64
	moves     atomic.Int64 // signals of any kind, in both directions
	state     atomic.Int32 // live until it is over
	err       atomic.Pointer[error]
}

// The states of a stage.
const (
	stageLive int32 = iota
	stageEnded
	stageCancelled
)

// look is what picture does with one of them.
func (e entry) look() Stage {
	s := Stage{
		Operator: e.name(), Depth: e.depth,
		Delivered: e.delivered.Load(), Demand: e.outstanding(),
		Ended: e.state.Load() == stageEnded, Cancelled: e.state.Load() == stageCancelled,
	}
	if err := e.err.Load(); err != nil {
		s.Err = *err
	}
	if e.holder != nil {
		h := e.holder.Held(link.Seal{})
		s.Queued, s.Capacity, s.ready, s.waiting = h.Queued, h.Capacity, h.Ready, h.Waiting
		if h.Between != 0 {
			fed := &e.fedBySource
			if h.Between == link.InnersAndDown {
				fed = &e.fedByInners
			}
			s.Queued = max(fed.Load()-s.Delivered, 0)
			s.ready = s.Queued
		}
	}
	return s
}

func (s *stage) outstanding() int64 {
	asked := s.asked.Load()
	if asked == Unbounded {
		return Unbounded
	}
	return max(asked-s.delivered.Load(), 0)
}

// Call names the stage that the ctx goes to the sources of (link.Stage).
func (v vantage) Call(what any) {
	if v.at == nil {
		return
	}
	v.in.mu.Lock()
	v.at.called, v.at.told = what, true
	v.in.mu.Unlock()
}

// begun notes what the stage has given its downstream to talk to.
func (s *stage) begun(up Subscription) {
	if _, passedOn := link.Own(up).(*tapping); passedOn {
		return // it is that of the source
	}
	s.in.mu.Lock()
	defer s.in.mu.Unlock()
	s.holder = link.HolderOf(up)
}

// over ends the stage as the first signal has it.
func (s *stage) over(how int32) {
	s.moves.Add(1)
	if s.state.CompareAndSwap(stageLive, how) && s.parent == nil {
		s.in.rootOver()
	}
}

// A stageList forgets stages that are over as others come.
type stageList struct {
	all       []*stage
	compactAt int
}

// spare is how many stages that are over a list may have besides.
const spare = 16

func (l *stageList) add(s *stage) {
	if len(l.all) >= max(l.compactAt, spare) {
		kept := l.all[:0]
		for _, s := range l.all {
			if s.state.Load() == stageLive {
				kept = append(kept, s)
			}
		}
		clear(l.all[len(kept):])
		l.all, l.compactAt = kept, 2*len(kept)+spare
	}
	l.all = append(l.all, s)
}

func (l *stageList) walk(depth int, visit func(s *stage, depth int)) {
	for _, s := range l.all {
		visit(s, depth)
		s.below.walk(depth+1, visit)
	}
}

// inspected subscribes down to the source that subscribe serves, with a probe
// in between if the ctx asks for one. It tells the source of a lifted operator
// from what an operator has subscribed to by itself.
func inspected[T any](ctx context.Context, subscribe func(context.Context, Subscriber[T]), down Subscriber[T], isSource bool) {
	v, ok := ctx.Value(link.StageKey{}).(vantage)
	if !ok {
		subscribe(ctx, down)
		return
	}
	s := v.in.enter(v.at, subscribe, isSource)
	subscribe(context.WithValue(ctx, link.StageKey{}, vantage{v.in, s}), &probe[T]{down: down, stage: s})
}

// enter adds a stage below parent.
func (in *Inspection) enter(parent *stage, called any, isSource bool) *stage {
	s := &stage{in: in, parent: parent, called: called}
	switch {
	case parent == nil:
		s.feeds = new(atomic.Int64) // nobody counts
	case isSource:
		s.feeds = &parent.fedBySource
	default:
		s.feeds = &parent.fedByInners
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if parent != nil {
		parent.below.add(s)
		return s
	}
	in.roots.add(s)
	if in.guard != nil {
		in.guard.arm()
	}
	return s
}

// lifted is what Lift does in an inspected chain when wrap has made s. It names
// the stage by the function that wrap is the inside of, and reports whether the
// source is one to be shown.
func lifted(ctx context.Context, wrap, s any) (sourced bool) {
	if v, ok := ctx.Value(link.StageKey{}).(vantage); ok && v.at != nil {
		v.in.mu.Lock()
		if !v.at.told {
			v.at.called = wrap
		}
		v.in.mu.Unlock()
	}
	return !link.IsSourceless(s)
}
