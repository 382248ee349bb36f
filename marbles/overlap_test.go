//go:build !race

package marbles_test

// With -race, these sources are races, which is what -race is for.

import (
	"context"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
)

// twoAtOnce breaks L3: two goroutines emit, neither waits for the other.
func twoAtOnce() observable.Observable[string] {
	return observable.Lift(func(_ context.Context, down observable.Subscriber[string]) observable.Subscriber[string] {
		return overlapper{down}
	})(observable.Of("x"))
}

type overlapper struct{ observable.Subscriber[string] }

func (o overlapper) OnNext(v string) {
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for range 50 {
				o.Subscriber.OnNext(v)
			}
		})
	}
	wg.Wait()
}

func TestSignalsThatOverlapAreNoticed(t *testing.T) {
	// On one processor the invitation to overlap is always accepted; on several, a
	// busy machine may let one goroutine end before the other one runs.
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	t.Run("by an expectation", func(t *testing.T) {
		got := strings.Join(marbles.LiveOutcome(t, func(m *marbles.Test) {
			marbles.Expect(m, twoAtOnce()).ToBe("(" + strings.Repeat("x", 100) + "|)")
		}), "\n")
		if !strings.Contains(got, "L3:") {
			t.Errorf("reported %q", got)
		}
	})
	t.Run("by a TestSubscriber", func(t *testing.T) {
		tb := &recordedTB{}
		twoAtOnce().Subscribe(t.Context(), marbles.NewTestSubscriber[string](tb, observable.Unbounded))
		if got := tb.finish(); !strings.Contains(got, "L3:") {
			t.Errorf("reported %q", got)
		}
	})
}
