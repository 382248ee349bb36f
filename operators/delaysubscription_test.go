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

func TestDelaySubscription(t *testing.T) {
	for _, tt := range []struct{ source, lane, want, subs string }{
		{"a-b|", "^------", "--a-b|", "--^--!"},
		{"|", "   ^------", "--|", "   --(^!)"},
		{"#", "   ^------", "--#", "   --(^!)"},
		{"a-b-", "^---!", " --a-", " --^-!"},
		{"a---", "^!", "    --", ""},
		{"a-b|", "-^----", "---a-b|", "---^--!"},
	} {
		marbles.Run(t, func(m *marbles.Test) {
			src := marbles.Cold[string](m, tt.source)
			marbles.Expect(m, operators.DelaySubscription[string](2*time.Millisecond)(src.Observable)).
				Named(tt.source + " " + tt.lane).Demand(tt.lane).ToBe(tt.want)
			if tt.subs == "" {
				src.ExpectSubscriptions()
			} else {
				src.ExpectSubscriptions(tt.subs)
			}
		})
	}
}

// The first value of the notifier or its end is the moment, whichever comes
// first; its error is the end.
func TestDelaySubscriptionWhen(t *testing.T) {
	for _, tt := range []struct{ notifier, want, subs, notified string }{
		{"--x-y|", "--a-b|", "--^--!", "^-!"},
		{"--|", "   --a-b|", "--^--!", "^-!"},
		{"|", "     a-b|", "  ^--!", "  (^!)"},
		{"--(x|)", "--a-b|", "--^--!", "^-!"},
		{"--(x#)", "--a-b|", "--^--!", "^-!"},
		{"--#", "   --#", "   ", "      ^-!"},
	} {
		marbles.Run(t, func(m *marbles.Test) {
			src, o := marbles.Cold[string](m, "a-b|"), marbles.Cold[string](m, tt.notifier)
			marbles.Expect(m, operators.DelaySubscriptionWhen[string](o.Observable)(src.Observable)).
				Named(tt.notifier).ToBe(tt.want)
			if o.ExpectSubscriptions(tt.notified); tt.want == "   --#" {
				src.ExpectSubscriptions()
			} else {
				src.ExpectSubscriptions(tt.subs)
			}
		})
	}
	marbles.Run(t, func(m *marbles.Test) { // a notifier that never comes
		src, o := marbles.Cold[string](m, "a-b|"), marbles.Cold[string](m, "---")
		marbles.Expect(m, operators.DelaySubscriptionWhen[string](o.Observable)(src.Observable)).
			Demand("  ^--!").ToBe("---")
		o.ExpectSubscriptions("^--!")
		src.ExpectSubscriptions()
	})
}

// What is requested before the source is there is requested then, in one.
func TestDelaySubscriptionRemembersRequests(t *testing.T) {
	for _, of := range postponed() {
		o, src, come := of.make()
		sub := marbles.NewTestSubscriber[int](t, 2)
		o.Subscribe(t.Context(), sub)
		sub.Request(3)
		if src.Subscriptions() != 0 {
			t.Fatalf("%s: subscribed before its time", of.name)
		}
		come()
		sub.Request(1)
		if got, want := src.Requests(), []int64{5, 1}; !slices.Equal(got, want) {
			t.Errorf("%s: requested %v, want %v", of.name, got, want)
		}
		sub.Cancel()
		if src.Cancels() != 1 {
			t.Errorf("%s: %d cancels, want 1", of.name, src.Cancels())
		}
	}
}

// A postponement waits for its source until come is called.
type postponement struct {
	name string
	make func() (o observable.Observable[int], src *marbles.TestSource[int], come func())
}

func postponed() []postponement {
	return []postponement{
		{"DelaySubscription", func() (observable.Observable[int], *marbles.TestSource[int], func()) {
			clock, src := clock(), marbles.NewTestSource[int]()
			return operators.DelaySubscription[int](time.Second, scheduler.On(clock))(src.Observable), src,
				func() { clock.AdvanceBy(time.Second) }
		}},
		{"DelaySubscriptionWhen", func() (observable.Observable[int], *marbles.TestSource[int], func()) {
			o, src := marbles.NewTestSource[string](), marbles.NewTestSource[int]()
			return operators.DelaySubscriptionWhen[int](o.Observable)(src.Observable), src,
				func() { o.Next("now") }
		}},
	}
}

// A request, a cancel and the moment at once: upstream is cancelled if it is
// subscribed to, and never twice.
func TestDelaySubscriptionRace(t *testing.T) {
	for _, of := range postponed() {
		marbles.Race(300, func(int) ([]func(), func()) {
			o, src, come := of.make()
			sub := marbles.NewTestSubscriber[int](t, 1)
			o.Subscribe(t.Context(), sub.Outside())
			return []func(){sub.Cancel, come, func() { sub.Request(1) }}, func() {
				if src.Active() != 0 || src.Cancels() > 1 {
					t.Errorf("%s: %d subscriptions left, %d cancels", of.name, src.Active(), src.Cancels())
				}
			}
		})
	}
}

// Behaviour 39: a scheduler that is closed meanwhile is an error; an error of
// the notifier after the cancel goes to the hook (L16).
func TestBehaviour39_DelaySubscriptionClosed(t *testing.T) {
	loop := scheduler.NewEventLoop() // nobody runs it
	sub := marbles.NewTestSubscriber[int](t, 1)
	operators.DelaySubscription[int](time.Hour, scheduler.On(loop))(observable.Of(1)).Subscribe(t.Context(), sub)
	loop.Close()
	<-sub.Done()
	if _, err := sub.Ended(); !errors.Is(err, scheduler.ErrClosed) {
		t.Errorf("ended with %v, want ErrClosed", err)
	}

	var dropped []error
	ctx := observable.WithDroppedError(t.Context(), func(err error) { dropped = append(dropped, err) })
	o := marbles.NewTestSource[int](marbles.IgnoresCancel)
	late := marbles.NewTestSubscriber[int](t, 1)
	operators.DelaySubscriptionWhen[int](o.Observable)(observable.Of(1)).Subscribe(ctx, late)
	late.Cancel()
	o.Error(errTest)
	if ended, _ := late.Ended(); ended || len(dropped) != 1 || !errors.Is(dropped[0], errTest) {
		t.Errorf("ended %t, dropped %v; want false and the error", ended, dropped)
	}
}

// Behaviour 29: subscribing to the source panics, when the moment has come; or
// subscribing to the notifier does.
func TestBehaviour29_DelaySubscriptionPanics(t *testing.T) {
	for name, o := range map[string]observable.Observable[int]{
		"source":   operators.DelaySubscriptionWhen[int](observable.Of("now"))(panicsInSubscribe()),
		"notifier": operators.DelaySubscriptionWhen[int](panicsInSubscribe())(observable.Range(1, 3)),
	} {
		if got := end(o); !got.panics || len(got.values) != 0 {
			t.Errorf("%s: got %v and %v, want a PanicError", name, got.values, got.err)
		}
	}
}

func ExampleDelaySubscription() {
	o := operators.DelaySubscription[int](time.Millisecond)(observable.Range(1, 3))
	fmt.Println(o.Collect(context.Background()))
	// Output: [1 2 3] <nil>
}

func ExampleDelaySubscriptionWhen() {
	ready := operators.TapComplete[int](func() { fmt.Println("ready") })(observable.Empty[int]())
	o := operators.DelaySubscriptionWhen[int](ready)(observable.Range(1, 3))
	fmt.Println(o.Collect(context.Background()))
	// Output:
	// ready
	// [1 2 3] <nil>
}
