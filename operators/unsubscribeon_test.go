package operators_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

func TestUnsubscribeOn(t *testing.T) {
	for _, tt := range []struct{ source, lane, want, subs string }{
		{"-a-b-|", "^", "-a-b-|", "^----!"},
		{"-a-#", "^", "-a-#", "^--!"},
		{"-a-b-|", "^--!", "-a--", "^--!"},
		{"----", "^--!", "----", "^--!"},
		{"|", "^", "|", "(^!)"},
	} {
		marbles.Run(t, func(m *marbles.Test) {
			src := marbles.Hot[string](m, tt.source)
			marbles.Expect(m, operators.UnsubscribeOn[string](m.Scheduler())(src.Observable)).
				Named(tt.source + " " + tt.lane).Demand(tt.lane).ToBe(tt.want)
			src.ExpectSubscriptions(tt.subs)
		})
	}
}

// L7, L9: from the cancel on nothing is delivered, although the source goes on
// until the task. That is not needed if the source has ended by then.
func TestUnsubscribeOnWaitsForTheTask(t *testing.T) {
	bothWays(t, func() {
		for _, end := range []string{"", "complete", "error"} {
			clock, src, ledger := clock(), marbles.NewTestSource[*marbles.Tracked](), marbles.NewLedger(t)
			var dropped []error
			ctx := observable.WithDroppedError(ledger.Context(t.Context()), func(err error) { dropped = append(dropped, err) })
			sub := marbles.NewTestSubscriber[*marbles.Tracked](t, 3)
			sub.Each = func(v *marbles.Tracked) {
				ledger.Deliver(v)
				sub.CancelInside()
				sub.Request(5)
			}
			operators.UnsubscribeOn[*marbles.Tracked](clock)(src.Observable).Subscribe(ctx, sub)
			src.Next(ledger.Produce())
			src.Next(ledger.Produce())
			if src.Cancels() != 0 || clock.Pending() != 1 {
				t.Errorf("%d cancels and %d tasks, want none and 1", src.Cancels(), clock.Pending())
			}
			cancels := 0
			switch end {
			case "complete":
				src.Complete()
			case "error":
				src.Error(errTest)
			default:
				cancels = 1
			}
			clock.AdvanceBy(0)
			if src.Cancels() != cancels || src.Requested() != 3 || ledger.Discarded(observable.DiscardLate) != 1 {
				t.Errorf("%q: %d cancels, %d requested, %d late; want %d, 3 and 1", end, src.Cancels(), src.Requested(), ledger.Discarded(observable.DiscardLate), cancels)
			}
			if (len(dropped) == 1) != (end == "error") {
				t.Errorf("%q: dropped %v", end, dropped)
			}
		}
	})
}

// Behaviour 39: a scheduler that is closed does not keep the source.
func TestBehaviour39_UnsubscribeOnClosed(t *testing.T) {
	loop, src := scheduler.NewEventLoop(), marbles.NewTestSource[int]()
	gone := make(chan struct{}, 2)
	watched := operators.Finally[int](func() { gone <- struct{}{} })(src.Observable)
	o := operators.UnsubscribeOn[int](loop)(watched) // nobody runs the loop
	queued := marbles.NewTestSubscriber[int](t, 1)
	o.Subscribe(t.Context(), queued)
	queued.Cancel()
	if src.Cancels() != 0 {
		t.Error("cancelled before the task ran")
	}
	loop.Close()
	<-gone

	closed := marbles.NewTestSubscriber[int](t, 1)
	o.Subscribe(t.Context(), closed)
	closed.Cancel()
	if src.Cancels() != 2 {
		t.Errorf("%d cancels, want 2, the second where Cancel was called", src.Cancels())
	}
}

// Behaviour 2: what a bad request cancels is cancelled on the scheduler, too.
func TestBehaviour2_BadRequestBelowUnsubscribeOn(t *testing.T) {
	clock, src, s := clock(), marbles.NewTestSource[int](), &badRequester{n: -1}
	operators.UnsubscribeOn[int](clock)(src.Observable).Subscribe(t.Context(), s)
	src.Next(1)
	if bad, ok := errors.AsType[*observable.BadRequestError](s.err); !ok || bad.N != -1 || src.Cancels() != 0 {
		t.Errorf("error %v after %d cancels", s.err, src.Cancels())
	}
	clock.AdvanceBy(0)
	if src.Cancels() != 1 {
		t.Errorf("%d cancels, want 1", src.Cancels())
	}
}

// Behaviour 29: a panic below is the end even if there was a cancel between; a
// panic of the source at the cancel goes to the hook.
func TestBehaviour29_UnsubscribeOnPanics(t *testing.T) {
	bothWays(t, func() {
		clock := clock()
		for from, src := range map[string]observable.Observable[int]{"Range": observable.Range(1, 3), "New": outsideRange(3)} {
			got := end(operators.Map(explode)(operators.UnsubscribeOn[int](clock)(src)))
			if !got.panics || len(got.values) != 1 {
				t.Errorf("%s: got %v and %v, want a panic after 1", from, got.values, got.err)
			}
			boom := operators.Map(func(v int) int { panic(v) })
			got = end(boom(operators.Take[int](1)(operators.UnsubscribeOn[int](clock)(src))))
			if !got.panics {
				t.Errorf("%s, below Take: got %v", from, got.err)
			}
			clock.AdvanceBy(0)
		}
	})
	var dropped []error
	ctx := observable.WithDroppedError(t.Context(), func(err error) { dropped = append(dropped, err) })
	clock, sub := clock(), marbles.NewTestSubscriber[int](t, 1)
	src := operators.TapCancel[int](func() { panic("boom") })(observable.Never[int]())
	operators.UnsubscribeOn[int](clock)(src).Subscribe(ctx, sub)
	sub.Cancel()
	clock.AdvanceBy(0)
	if len(dropped) != 1 {
		t.Errorf("dropped %v, want the panic", dropped)
	}
}

// Values, an end, a cancel and the task at once: upstream is cancelled once,
// unless it has ended.
func TestUnsubscribeOnRace(t *testing.T) {
	ledger := marbles.NewLedger(t)
	ctx := observable.WithDroppedError(ledger.Context(t.Context()), func(error) {})
	marbles.Race(500, func(round int) ([]func(), func()) {
		clock, src := clock(), marbles.NewTestSource[*marbles.Tracked](marbles.IgnoresCancel)
		sub := marbles.NewTestSubscriber[*marbles.Tracked](t, 2)
		sub.Each = ledger.Deliver
		operators.UnsubscribeOn[*marbles.Tracked](clock)(src.Observable).Subscribe(ctx, sub.Outside())
		emit := func() {
			src.Next(ledger.Produce())
			if round%2 == 0 {
				src.Complete()
			}
		}
		return []func(){emit, sub.Cancel, func() { clock.AdvanceBy(0) }}, func() {
			clock.AdvanceBy(0)
			if n := src.Cancels(); n > 1 || n == 0 && round%2 == 1 || clock.Pending() != 0 {
				t.Errorf("%d cancels, %d tasks", n, clock.Pending())
			}
		}
	})
}

func ExampleUnsubscribeOn() {
	screen := scheduler.NewEventLoop() // the goroutine that may close a window
	window := operators.Finally[int](func() {
		fmt.Println("close the window")
		screen.Close()
	})(observable.Range(1, 100))
	o := observable.Pipe2(window, operators.UnsubscribeOn[int](screen), operators.Take[int](2))
	fmt.Println(o.Collect(context.Background()))
	screen.Run()
	// Output:
	// [1 2] <nil>
	// close the window
}
