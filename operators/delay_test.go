package operators_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

// Behaviour 38: what happens at the same instant, and the end.
func TestBehaviour38_Delay(t *testing.T) {
	for _, tt := range []struct{ source, want string }{
		{"-a--b|", "---a--(b|)"},
		{"-a---|", "---a-|"}, // the end is not delayed as such
		{"-a-(b|)", "---a-(b|)"},
		{"-a-|", "---(a|)"},
		{"(abc)---|", "--[abc]-----|"},
		{"-a-a-a|", "---a-a-(a|)"}, // due in the instant in which the next arrives
		{"|", "|"},
		{"-a#", "--#"},
		{"-a--#", "---a#"},
	} {
		marbles.Run(t, func(m *marbles.Test) {
			marbles.Expect(m, operators.Delay[string](2*time.Millisecond)(marbles.Hot[string](m, tt.source).Observable)).
				Named(tt.source).ToBe(tt.want)
		})
	}
}

// Delay(0) moves values to the scheduler.
func TestDelayZero(t *testing.T) {
	clock, sub := clock(), marbles.NewTestSubscriber[int](t, observable.Unbounded)
	operators.Delay[int](0, scheduler.On(clock))(observable.Range(1, 3)).Subscribe(t.Context(), sub)
	if got := sub.Values(); got != nil {
		t.Errorf("got %v before the scheduler ran", got)
	}
	clock.AdvanceBy(0)
	if got := sub.Values(); !slices.Equal(got, []int{1, 2, 3}) {
		t.Errorf("got %v, want [1 2 3]", got)
	}
}

// Requests pass one for one, and one timer serves all values.
func TestDelayDemandAndTimer(t *testing.T) {
	clock, src := clock(), marbles.NewTestSource[int]()
	sub := marbles.NewTestSubscriber[int](t, 100)
	operators.Delay[int](time.Second, scheduler.On(clock))(src.Observable).Subscribe(t.Context(), sub)
	for v := range 100 {
		src.Next(v)
		clock.AdvanceBy(time.Millisecond)
		if n := clock.Pending(); n != 1 {
			t.Fatalf("%d timers for %d values", n, v+1)
		}
	}
	if got, want := src.Requests(), []int64{100}; !slices.Equal(got, want) {
		t.Errorf("requested %v, want %v", got, want)
	}
	clock.AdvanceBy(time.Second)
	if n := len(sub.Values()); n != 100 || clock.Pending() != 0 {
		t.Errorf("%d values and %d timers, want 100 and none", n, clock.Pending())
	}
	sub.Cancel()
}

// Behaviours 15 and 38: a cancel inside a value is the end; what is held is
// discarded and the timer is gone.
func TestBehaviour15_DelayCancelInsideOnNext(t *testing.T) {
	clock, src, ledger := clock(), marbles.NewTestSource[*marbles.Tracked](), marbles.NewLedger(t)
	sub := marbles.NewTestSubscriber[*marbles.Tracked](t, observable.Unbounded)
	sub.Each = func(v *marbles.Tracked) {
		ledger.Deliver(v)
		sub.CancelInside()
	}
	ctx := ledger.Context(t.Context())
	operators.Delay[*marbles.Tracked](time.Second, scheduler.On(clock))(src.Observable).Subscribe(ctx, sub)
	for range 3 {
		src.Next(ledger.Produce())
	}
	clock.AdvanceBy(time.Second)
	if n := ledger.Discarded(observable.DiscardCancel); n != 2 || clock.Pending() != 0 || src.Cancels() != 1 {
		t.Errorf("%d discarded, %d timers, %d cancels; want 2, 0, 1", n, clock.Pending(), src.Cancels())
	}
}

// Behaviour 29: a panic below, on the scheduler.
func TestBehaviour29_PanicBelowDelay(t *testing.T) {
	clock, src, ledger := clock(), marbles.NewTestSource[*marbles.Tracked](), marbles.NewLedger(t)
	sub := marbles.NewTestSubscriber[*marbles.Tracked](t, observable.Unbounded)
	sub.Each = func(v *marbles.Tracked) {
		ledger.Deliver(v)
		panic("boom")
	}
	operators.Delay[*marbles.Tracked](time.Second, scheduler.On(clock))(src.Observable).Subscribe(ledger.Context(t.Context()), sub)
	src.Next(ledger.Produce())
	src.Next(ledger.Produce())
	clock.AdvanceBy(time.Second)
	_, err := sub.Ended()
	if _, ok := errors.AsType[*observable.PanicError](err); !ok || ledger.Discarded(observable.DiscardError) != 1 || src.Cancels() != 1 {
		t.Errorf("ended with %v, %d discarded, %d cancels; want a PanicError, 1, 1", err, ledger.Discarded(observable.DiscardError), src.Cancels())
	}
}

// Behaviour 39: a scheduler that is closed ends what waits for it.
func TestBehaviour39_ClockClosed(t *testing.T) {
	for name, op := range map[string]func(s scheduler.Scheduler) observable.Operator[int, int]{
		"Delay": func(s scheduler.Scheduler) observable.Operator[int, int] {
			return operators.Delay[int](time.Hour, scheduler.On(s))
		},
		"Timeout": func(s scheduler.Scheduler) observable.Operator[int, int] {
			return operators.Timeout[int](time.Hour, scheduler.On(s))
		},
	} {
		pool, src := scheduler.Pool(1), marbles.NewTestSource[int]()
		sub := marbles.NewTestSubscriber[int](t, 1)
		op(pool)(src.Observable).Subscribe(t.Context(), sub)
		src.Next(1)
		pool.Close()
		<-sub.Done()
		if _, err := sub.Ended(); !errors.Is(err, scheduler.ErrClosed) || src.Cancels() != 1 {
			t.Errorf("%s: ended with %v after %d cancels, want ErrClosed and 1", name, err, src.Cancels())
		}
	}
}

func ExampleDelay() {
	o := operators.Delay[string](time.Millisecond)(observable.Of("a", "b"))
	fmt.Println(o.Collect(context.Background()))
	// Output: [a b] <nil>
}
