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

// The first value and the others, in all combinations of the options.
func TestTimeoutOptions(t *testing.T) {
	first := operators.FirstWithin(2 * time.Millisecond)
	for _, tt := range []struct {
		source, want string
		d            time.Duration
		opts         []operators.TimeoutOption
	}{
		{"--a----b|", "--a----b|", 5, []operators.TimeoutOption{first}},
		{"---a----|", "--#", 5, []operators.TimeoutOption{first}},
		{"-a------b", "-a----#", 5, []operators.TimeoutOption{first}},
		{"-a-b------", "-a-b-#", 2, []operators.TimeoutOption{operators.FirstWithin(7 * time.Millisecond)}},
		{"------a---", "------a-#", 2, []operators.TimeoutOption{operators.FirstWithin(7 * time.Millisecond)}},
		{"-------a-a---", "-------a-a-#", 2, []operators.TimeoutOption{operators.FirstWithin(7 * time.Millisecond)}},
		{"--a-------b|", "--a-------b|", 2, []operators.TimeoutOption{operators.FirstOnly}},
		{"---a-------b|", "--#", 2, []operators.TimeoutOption{operators.FirstOnly}},
		{"-|", "-|", 2, []operators.TimeoutOption{operators.FirstOnly}},
	} {
		marbles.Run(t, func(m *marbles.Test) {
			op := operators.Timeout[string](tt.d*time.Millisecond, tt.opts...)
			marbles.Expect(m, op(marbles.Hot[string](m, tt.source).Observable)).
				Named(fmt.Sprint(tt.source, tt.opts)).ToBe(tt.want)
		})
	}
}

// A source that emits while it is subscribed to has met the first deadline. The
// error says which deadline was missed.
func TestTimeoutOfTheFirst(t *testing.T) {
	clock := clock()
	on := scheduler.On(clock)
	early := operators.StartWith(1)(observable.Never[int]())
	for _, tt := range []struct {
		name   string
		o      observable.Observable[int]
		timers int
		after  time.Duration
	}{
		{"FirstOnly, met", operators.Timeout[int](time.Second, operators.FirstOnly, on)(early), 0, 0},
		{"FirstOnly, missed", operators.Timeout[int](time.Second, operators.FirstOnly, on)(observable.Never[int]()), 1, time.Second},
		{"FirstWithin, met", operators.Timeout[int](2*time.Second, operators.FirstWithin(1), on)(early), 1, 2 * time.Second},
		{"FirstWithin, missed", operators.Timeout[int](time.Second, operators.FirstWithin(3*time.Second), on)(observable.Never[int]()), 1, 3 * time.Second},
	} {
		sub := marbles.NewTestSubscriber[int](t, 1)
		tt.o.Subscribe(t.Context(), sub)
		if n := clock.Pending(); n != tt.timers {
			t.Errorf("%s: %d timers, want %d", tt.name, n, tt.timers)
		}
		clock.AdvanceBy(time.Minute)
		_, err := sub.Ended()
		timedOut, ok := errors.AsType[*operators.TimeoutError](err)
		if ok != (tt.after > 0) || ok && timedOut.After != tt.after {
			t.Errorf("%s: ended with %v, want a timeout after %v", tt.name, err, tt.after)
		}
		sub.Cancel()
	}
}

// Once the first value is there, FirstOnly needs no clock any more.
func TestTimeoutOfTheFirstOutlivesTheClock(t *testing.T) {
	loop, src := scheduler.NewEventLoop(), marbles.NewTestSource[int]()
	sub := marbles.NewTestSubscriber[int](t, 2)
	operators.Timeout[int](time.Hour, operators.FirstOnly, scheduler.On(loop))(src.Observable).Subscribe(t.Context(), sub)
	src.Next(1)
	loop.Close()
	src.Next(2)
	src.Complete()
	if ended, err := sub.Ended(); !ended || err != nil || !slices.Equal(sub.Values(), []int{1, 2}) {
		t.Errorf("got %v, ended %t with %v", sub.Values(), ended, err)
	}
}

func TestTimeoutWith(t *testing.T) {
	for _, tt := range []struct{ source, o, lane, want, subs, after string }{
		{"-a-b-|", "x|", "", "-a-b-|", "^----!", ""},
		{"-a-#", "  x|", "", "-a-#", "  ^--!", ""},
		{"-----a", "x-y|", "", "---x-y|", "^--!", "---^--!"},
		{"-a-b------c", "|", "", "-a-b--|", "^-----!", "------(^!)"},
		{"-a----b", "-#", "", "-a---#", "^---!", "----^!"},
		{"-a----b", "------x|", "", "-a--------x|", "^---!", "----^------!"}, // o has no deadline
		{"-----a", "x-y|", "^-!", "---", "^-!", ""},
		{"-----a", "x---y|", "^----!", "---x--", "^--!", "---^-!"},
	} {
		marbles.Run(t, func(m *marbles.Test) {
			src, o := marbles.Hot[string](m, tt.source), marbles.Cold[string](m, tt.o)
			e := marbles.Expect(m, operators.TimeoutWith(3*time.Millisecond, o.Observable)(src.Observable)).
				Named(tt.source + " " + tt.o)
			if tt.lane != "" {
				e = e.Demand(tt.lane)
			}
			e.ToBe(tt.want)
			src.ExpectSubscriptions(tt.subs)
			if tt.after == "" {
				o.ExpectSubscriptions()
			} else {
				o.ExpectSubscriptions(tt.after)
			}
		})
	}
}

// Behaviour 6: the fallback is asked for what the source has left unmet, and for
// what is requested later.
func TestBehaviour6_TimeoutWithCarriesDemand(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		src := marbles.Hot[string](m, " -a-b-----------")
		o := marbles.Pull[string](m, "wxyz|")
		out := operators.TimeoutWith(3*time.Millisecond, o.Observable)(src.Observable)
		marbles.Expect(m, out).Demand("(^3)------1-*").ToBe("-a-b--w---x-(yz|)")
		src.ExpectDemand("(^3)--!")
		o.ExpectDemand("------(^1)1-(*!)")
	})
}

// L9: a value against the timeout against a cancel. The value is delivered or
// late; o is cancelled if it is there.
func TestTimeoutWithRace(t *testing.T) {
	ledger := marbles.NewLedger(t)
	ctx := ledger.Context(t.Context())
	marbles.Race(1000, func(round int) ([]func(), func()) {
		clock, src := clock(), marbles.NewTestSource[*marbles.Tracked](marbles.IgnoresCancel)
		o := marbles.NewTestSource[*marbles.Tracked]()
		sub := marbles.NewTestSubscriber[*marbles.Tracked](t, 1)
		sub.Each = ledger.Deliver
		operators.TimeoutWith(time.Second, o.Observable, scheduler.On(clock))(src.Observable).Subscribe(ctx, sub.Outside())
		v := ledger.Produce()
		racers := []func(){func() { src.Next(v) }, func() { clock.AdvanceBy(time.Second) }, func() { sub.Request(2) }}
		if round%2 == 1 {
			racers = append(racers, sub.Cancel)
		}
		return racers, func() {
			if delivered := int64(len(sub.Values())); round%2 == 0 && o.Subscriptions() == 1 && delivered+o.Requested() != 3 {
				t.Errorf("%d of 3 were delivered, and o was asked for %d", delivered, o.Requested())
			}
			sub.Cancel()
			if clock.Pending() != 0 || src.Cancels() != 1 || o.Active() != 0 || o.Cancels() > 1 {
				t.Errorf("%d timers, %d cancels, %d subscriptions to o and %d cancels", clock.Pending(), src.Cancels(), o.Active(), o.Cancels())
			}
		}
	})
}

// L7: who cancels while the source is being given up gets no other one.
func TestTimeoutWithCancelledAtTheDeadline(t *testing.T) {
	clock, o := clock(), marbles.NewTestSource[int]()
	sub := marbles.NewTestSubscriber[int](t, 1)
	src := operators.Finally[int](func() { sub.Cancel() })(observable.Never[int]())
	operators.TimeoutWith(time.Second, o.Observable, scheduler.On(clock))(src).Subscribe(t.Context(), sub)
	clock.AdvanceBy(time.Second)
	if ended, _ := sub.Ended(); ended || o.Subscriptions() != 0 {
		t.Errorf("ended %t, %d subscriptions; want false and none", ended, o.Subscriptions())
	}
}

// Behaviour 29: what panics on the scheduler, subscribing to o or below it.
func TestBehaviour29_TimeoutWithPanics(t *testing.T) {
	for name, o := range map[string]observable.Observable[int]{
		"subscribing": panicsInSubscribe(), "below Range": observable.Range(2, 3), "below New": operators.Map(func(n int) int { return n + 1 })(outsideRange(3)),
	} {
		clock, sub := clock(), marbles.NewTestSubscriber[int](t, observable.Unbounded)
		out := operators.TimeoutWith(time.Second, o, scheduler.On(clock))(observable.Never[int]())
		operators.Map(explode)(out).Subscribe(t.Context(), sub)
		clock.AdvanceBy(time.Second)
		_, err := sub.Ended()
		if _, ok := errors.AsType[*observable.PanicError](err); !ok || len(sub.Values()) != 0 {
			t.Errorf("%s: got %v and %v, want a PanicError", name, sub.Values(), err)
		}
	}
}

// Behaviour 39: a scheduler that is closed before the deadline is an error; one
// that is closed after it does not matter.
func TestBehaviour39_TimeoutWithClosed(t *testing.T) {
	pool, src := scheduler.Pool(1), marbles.NewTestSource[int]()
	sub := marbles.NewTestSubscriber[int](t, 1)
	operators.TimeoutWith(time.Hour, observable.Of(1), scheduler.On(pool))(src.Observable).Subscribe(t.Context(), sub)
	pool.Close()
	<-sub.Done()
	if _, err := sub.Ended(); !errors.Is(err, scheduler.ErrClosed) || src.Cancels() != 1 {
		t.Errorf("ended with %v after %d cancels, want ErrClosed and 1", err, src.Cancels())
	}

	loop, timely := scheduler.NewEventLoop(), marbles.NewTestSubscriber[int](t, 1)
	done := make(chan struct{})
	o := operators.TapSubscribe[int](loop.Close)(observable.Timer(time.Millisecond))
	operators.TimeoutWith(time.Millisecond, o, scheduler.On(loop))(observable.Never[int]()).Subscribe(t.Context(), timely)
	go func() { defer close(done); loop.Run() }()
	<-timely.Done()
	<-done
	if _, err := timely.Ended(); err != nil || !slices.Equal(timely.Values(), []int{0}) {
		t.Errorf("closed after the deadline: got %v and %v, want [0]", timely.Values(), err)
	}
}

func ExampleTimeoutWith() {
	cached := observable.Of("yesterday's")
	o := operators.TimeoutWith(time.Millisecond, cached)(observable.Never[string]())
	fmt.Println(o.Collect(context.Background()))
	// Output: [yesterday's] <nil>
}

func ExampleFirstWithin() {
	slow := operators.DelaySubscription[int](200 * time.Millisecond)(observable.Range(1, 3))
	patient := operators.Timeout[int](100*time.Millisecond, operators.FirstWithin(time.Minute))(slow)
	fmt.Println(patient.Collect(context.Background()))
	// Output: [1 2 3] <nil>
}
