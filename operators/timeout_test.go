package operators_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

// Behaviour 38: a value in the very instant of the deadline is in time.
func TestBehaviour38_Timeout(t *testing.T) {
	for _, tt := range []struct {
		source, want, subs string
		err                []marbles.Option
	}{
		{"-a-b-|", "-a-b-|", "^----!", nil},
		{"---a--b--|", "---a--b--|", "^--------!", nil},
		{"-a-b------c", "-a-b--#", "^-----!", []marbles.Option{marbles.Err(operators.ErrTimeout)}},
		{"-----a", "---#", "^--!", []marbles.Option{marbles.Err(operators.ErrTimeout)}},
		{"-a-#", "-a-#", "^--!", []marbles.Option{marbles.Err(marbles.ErrMarble)}},
	} {
		marbles.Run(t, func(m *marbles.Test) {
			src := marbles.Hot[string](m, tt.source)
			marbles.Expect(m, operators.Timeout[string](3*time.Millisecond)(src.Observable)).
				Named(tt.source).ToBe(tt.want, tt.err...)
			src.ExpectSubscriptions(tt.subs)
		})
	}
}

// The clock runs without demand, too; and the timer is one, which values do not
// touch.
func TestTimeoutTimer(t *testing.T) {
	clock, src := clock(), marbles.NewTestSource[int]()
	sub := marbles.NewTestSubscriber[int](t, 10)
	operators.Timeout[int](10*time.Millisecond, scheduler.On(clock))(src.Observable).Subscribe(t.Context(), sub)
	for v := range 10 {
		src.Next(v)
		clock.AdvanceBy(9 * time.Millisecond)
		if n := clock.Pending(); n != 1 {
			t.Fatalf("%d timers after %d values", n, v+1)
		}
	}
	clock.AdvanceBy(time.Millisecond)
	_, err := sub.Ended()
	var timedOut *operators.TimeoutError
	if !errors.As(err, &timedOut) || timedOut.After != 10*time.Millisecond || !errors.Is(err, operators.ErrTimeout) {
		t.Errorf("ended with %v, want a TimeoutError after 10ms", err)
	}
	if clock.Pending() != 0 || src.Cancels() != 1 {
		t.Errorf("%d timers, %d cancels; want none and 1", clock.Pending(), src.Cancels())
	}
}

// The clock stands still while a value is being dealt with.
func TestTimeoutWaitsForTheSubscriber(t *testing.T) {
	clock, src := clock(), marbles.NewTestSource[int]()
	sub := marbles.NewTestSubscriber[int](t, 2)
	sub.Each = func(int) { clock.AdvanceBy(time.Hour) }
	operators.Timeout[int](time.Second, scheduler.On(clock))(src.Observable).Subscribe(t.Context(), sub)
	src.Next(1)
	if ended, err := sub.Ended(); ended {
		t.Fatalf("ended with %v while the value was being dealt with", err)
	}
	clock.AdvanceBy(time.Second)
	if _, err := sub.Ended(); !errors.Is(err, operators.ErrTimeout) {
		t.Errorf("ended with %v, want a timeout", err)
	}
}

// Behaviour 19, L9: a value against the timeout against a cancel. One terminal
// at most, and the value is delivered or late.
func TestTimeoutRace(t *testing.T) {
	ledger := marbles.NewLedger(t)
	ctx := observable.WithDroppedError(ledger.Context(t.Context()), func(error) {}) // of the loser
	marbles.Race(1000, func(round int) ([]func(), func()) {
		clock, src := clock(), marbles.NewTestSource[*marbles.Tracked](marbles.IgnoresCancel)
		sub := marbles.NewTestSubscriber[*marbles.Tracked](t, observable.Unbounded)
		sub.Each = ledger.Deliver
		operators.Timeout[*marbles.Tracked](time.Second, scheduler.On(clock))(src.Observable).Subscribe(ctx, sub.Outside())
		v := ledger.Produce()
		racers := []func(){func() { src.Next(v) }, func() { clock.AdvanceBy(time.Second) }}
		if round%2 == 1 {
			racers = append(racers, sub.Cancel)
		}
		return racers, func() {
			sub.Cancel()
			if clock.Pending() != 0 || src.Cancels() != 1 {
				t.Errorf("%d timers, %d cancels; want none and 1", clock.Pending(), src.Cancels())
			}
		}
	})
}

// Behaviour 2: a bad request inside a value waits for it.
func TestBehaviour2_BadRequestInsideTimeout(t *testing.T) {
	s := &badRequester{n: -1}
	ctx := scheduler.With(t.Context(), clock())
	operators.Timeout[int](time.Second)(observable.Range(0, 3)).Subscribe(ctx, s)
	if bad, ok := errors.AsType[*observable.BadRequestError](s.err); !ok || bad.N != -1 || s.signals != 2 {
		t.Errorf("%d signals, error %v", s.signals, s.err)
	}
}

// Behaviour 29.
func TestBehaviour29_PanicBelowTimeout(t *testing.T) {
	clock := clock()
	for from, src := range map[string]observable.Observable[int]{"Range": observable.Range(1, 3), "New": outsideRange(3)} {
		o := operators.Map(explode)(operators.Timeout[int](time.Second, scheduler.On(clock))(src))
		if got := end(o); !got.panics || len(got.values) != 1 || clock.Pending() != 0 {
			t.Errorf("%s: got %v and %v, %d timers", from, got.values, got.err, clock.Pending())
		}
	}
}

func ExampleTimeout() {
	_, err := operators.Timeout[int](time.Millisecond)(observable.Never[int]()).Collect(context.Background())
	fmt.Println(err)
	fmt.Println(errors.Is(err, operators.ErrTimeout))
	// Output:
	// operators: Timeout: no value within 1ms
	// true
}
