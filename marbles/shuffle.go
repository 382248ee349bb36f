package marbles

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/sluicego/sluice/internal/marble"
)

// Shuffle returns a driver that plays a test on virtual time in up to n orders
// of what happens at one instant, and requires the same of each. It finds the
// operator, or the test, that only works because one thing happens to come
// before another.
//
// The first order is that of [Virtual]; a test that fails in it is reported as
// Virtual does. The others are drawn at random, with the same seed in each run,
// and none is played twice. If there are n orders at most, all are played. The
// body runs once for each, and should do the same each time.
//
// What is permuted is what nothing puts into an order: hot sources against each
// other, subscriptions to cold sources against each other, and the tasks that
// operators schedule. In their order stay the events of one source, or of one
// subscription to a cold source; the tasks of one scheduler.Worker; a task and
// what it schedules; and what the test does itself (At, subscribe, request,
// cancel), which comes first in its instant. What is before the start, in a hot
// source with a "^", keeps its order too.
//
// A result that depends on the order fails the test, which names who came
// before whom. If that is how it should be, say so with [Test.Tie].
//
// Shuffle panics if n is less than 1.
func Shuffle(n int) Driver {
	if n < 1 {
		panic(fmt.Sprintf("marbles: Shuffle(%d); it needs at least one order to play", n))
	}
	return func(t *testing.T, body func(m *Test)) {
		t.Helper()
		shuffle(t, n, body)
	}
}

// Tie declares that the result depends, on purpose, on the order of what happens
// in these frames: two keys whose quiet time ends at one instant, say, come out
// in the order in which their timers run. There [Shuffle] keeps the order of
// [Virtual]; the other drivers always do. A frame in which no order had a choice
// fails the test, so that no declaration outlives its reason.
func (m *Test) Tie(frames ...int) {
	m.t.Helper()
	m.inBody("Tie", "call it in the body")
	for _, frame := range frames {
		if frame < 0 {
			m.t.Fatalf("%s: marbles: Tie(%d): want frames from 0; before the start, nothing is permuted", site(), frame)
		}
		if m.ties == nil {
			m.ties = map[int]string{}
		}
		m.ties[frame] = site()
	}
}

// after schedules an event of a source.
func (m *Test) after(d time.Duration, why cause, f func()) (stop func() bool) {
	if c, ok := m.clock.(*shuffleClock); ok {
		return c.after(d, why, f)
	}
	return m.clock.After(d, f)
}

// causeOf names an event of a subscription to a cold source.
func (s *probed) causeOf(sub *journal, e marble.Event) cause {
	return cause{sub, func() string {
		name := s.name + " " + marbleOf(e)
		s.mu.Lock()
		defer s.mu.Unlock()
		if len(s.subs) > 1 {
			name += fmt.Sprintf(" of subscription %d", slices.Index(s.subs, sub)+1)
		}
		return name
	}}
}

// shuffle plays body in up to n orders.
func shuffle(t reporter, n int, body func(m *Test)) {
	t.Helper()
	x := &explorer{rand: rand.New(rand.NewPCG(1, 1))}
	needless := map[int]string{} // ties
	for i := range n {
		w := x.walk()
		r := &rehearsal{reporter: t, number: i + 1, most: n, choose: w.choose}
		r.play(body)
		x.played(w)
		if r.failed() {
			r.report(body)
		}
		if t.Failed() {
			return
		}
		if i == 0 {
			maps.Copy(needless, r.m.ties)
		}
		maps.DeleteFunc(needless, func(frame int, _ string) bool { return r.tied[frame] })
		if x.root.done {
			break
		}
	}
	for _, frame := range slices.Sorted(maps.Keys(needless)) {
		t.Errorf("%s: marbles: Tie(%d): nothing is permuted there; remove it", needless[frame], frame)
	}
}

// An explorer knows which orders have been played.
type explorer struct {
	root branch
	rand *rand.Rand
	any  bool // order has been played, so that the next is drawn
}

// A branch is a choice in the tree of all orders.
type branch struct {
	ways []*branch // what follows each way; nil until it was taken
	done bool      // all that follows has been played
}

// A walk is one order: a way from the root to a leaf.
type walk struct {
	*explorer
	path []*branch // the last has no choice yet
}

func (x *explorer) walk() *walk { return &walk{x, []*branch{&x.root}} }

// choose takes one of the ways that have not been explored to their ends. The
// first walk takes the first ways.
func (w *walk) choose(_ time.Duration, ways int) int {
	b := w.path[len(w.path)-1]
	if len(b.ways) != ways { // new, or the body does not do the same each time
		b.ways = make([]*branch, ways)
	}
	way := 0
	if w.any {
		var open []int
		for i, next := range b.ways {
			if next == nil || !next.done {
				open = append(open, i)
			}
		}
		if len(open) > 0 {
			way = open[w.rand.IntN(len(open))]
		}
	}
	if b.ways[way] == nil {
		b.ways[way] = &branch{}
	}
	w.path = append(w.path, b.ways[way])
	return way
}

// played books a walk that has come to its end.
func (x *explorer) played(w *walk) {
	x.any = true
	w.path[len(w.path)-1].done = true
	for _, b := range slices.Backward(w.path[:len(w.path)-1]) {
		b.done = !slices.ContainsFunc(b.ways, func(next *branch) bool { return next == nil || !next.done })
	}
}
