package marbles

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/sluicego/sluice/observable"
)

// A Tracked value knows its fate: it is delivered once, or discarded once (L9).
type Tracked struct {
	ID int // counts from 1 in the order of production
}

// String returns "#" and the ID.
func (v *Tracked) String() string { return fmt.Sprintf("#%d", v.ID) }

// A Ledger produces [Tracked] values and books what becomes of them. Its
// methods are safe for concurrent use.
type Ledger struct {
	mu        sync.Mutex
	produced  []*Tracked                         // guarded by mu, like the rest
	delivered map[int]int                        // by ID
	discarded map[int][]observable.DiscardReason // by ID
}

// NewLedger returns an empty ledger. When the test ends, every value must have
// been delivered or discarded, exactly once; what is wrong fails the test.
func NewLedger(tb testing.TB) *Ledger {
	tb.Helper()
	l := &Ledger{delivered: map[int]int{}, discarded: map[int][]observable.DiscardReason{}}
	tb.Cleanup(func() {
		tb.Helper()
		for _, p := range l.Problems() {
			tb.Errorf("marbles: Ledger: %s", p)
		}
	})
	return l
}

// Produce returns a new value.
func (l *Ledger) Produce() *Tracked {
	l.mu.Lock()
	defer l.mu.Unlock()
	v := &Tracked{ID: len(l.produced) + 1}
	l.produced = append(l.produced, v)
	return v
}

// Deliver books v as delivered.
func (l *Ledger) Deliver(v *Tracked) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.delivered[v.ID]++
}

// Context returns a ctx whose discard hook books the Tracked values it is given.
func (l *Ledger) Context(ctx context.Context) context.Context {
	return observable.WithDiscard(ctx, func(v any, why observable.DiscardReason) {
		if tracked, ok := v.(*Tracked); ok {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.discarded[tracked.ID] = append(l.discarded[tracked.ID], why)
		}
	})
}

// Discarded returns how many values were discarded for the given reason.
func (l *Ledger) Discarded(why observable.DiscardReason) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, reasons := range l.discarded {
		if slices.Contains(reasons, why) {
			n++
		}
	}
	return n
}

// Problems returns a sentence for every value that has not exactly one fate.
func (l *Ledger) Problems() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var problems []string
	for _, v := range l.produced {
		got, gone := l.delivered[v.ID], l.discarded[v.ID]
		if got+len(gone) != 1 {
			problems = append(problems, fmt.Sprintf("L9: %v of %d was delivered %d times and discarded %d times %v, want one of the two, once", v, len(l.produced), got, len(gone), gone))
		}
	}
	return problems
}
