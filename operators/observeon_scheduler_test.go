package operators_test

import (
	"errors"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

// Behaviour 39: a scheduler that is closed, before or after, is an error, and
// no value is lost track of.
func TestBehaviour39_ObserveOnClosed(t *testing.T) {
	for name, closesFirst := range map[string]bool{"before": true, "after": false} {
		loop, ledger := scheduler.NewEventLoop(), marbles.NewLedger(t) // nobody runs the loop
		// A loop that is closed before may end the stream before it has asked for
		// anything; the last value has to arrive then, too.
		src := marbles.NewTestSource[*marbles.Tracked](marbles.IgnoresCancel, marbles.Overruns)
		sub := marbles.NewTestSubscriber[*marbles.Tracked](t, 1)
		if closesFirst {
			loop.Close()
		}
		operators.ObserveOn[*marbles.Tracked](loop)(src.Observable).Subscribe(ledger.Context(t.Context()), sub)
		if !closesFirst {
			src.Next(ledger.Produce())
			loop.Close()
		}
		<-sub.Done()
		src.Next(ledger.Produce())
		if _, err := sub.Ended(); !errors.Is(err, scheduler.ErrClosed) || src.Cancels() > 1 {
			t.Errorf("closed %s: ended with %v after %d cancels, want ErrClosed", name, err, src.Cancels())
		}
	}
}

// Behaviour 39: after its share of values a task lets others run.
func TestBehaviour39_ObserveOnYields(t *testing.T) {
	const share = 1024
	clock := clock()
	n, seen := 0, -1
	sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
	sub.Each = func(int) {
		if n++; n == 1 {
			clock.Schedule(func() { seen = n })
		}
	}
	operators.ObserveOn[int](clock, operators.Prefetch(3*share))(observable.Range(0, 2*share+1)).Subscribe(t.Context(), sub)
	clock.AdvanceBy(0)
	if n != 2*share+1 || seen != share {
		t.Errorf("%d values, another task ran after %d; want %d and %d", n, seen, 2*share+1, share)
	}
}
