package operators_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

// The time is that of the ctx's scheduler, and an interval begins with the
// subscription.
func TestTimestamps(t *testing.T) {
	at := func(s operators.Spaced[string]) string { return fmt.Sprintf("%s@%v", s.Value, s.After) }
	for _, tt := range []struct{ source, lane, stamps, spaces string }{
		{"a---b|", "^-----", "{a@0s}---{b@4ms}|", "{a@0s}---{b@4ms}|"},
		{"--a-b#", "-^----", "---{a@3ms}-{b@5ms}#", "---{a@2ms}-{b@2ms}#"},
		{"--(ab)|", "^------", "--({a@2ms}{b@2ms})|", "--({a@2ms}{b@0s})|"},
		{"|", "^", "|", "|"},
		{"--", "^-!", "---", "---"},
	} {
		marbles.Run(t, func(m *marbles.Test) {
			begin, src := m.Scheduler().Now(), marbles.Cold[string](m, tt.source)
			marbles.Expect(m, operators.Map(at)(operators.Map(since(begin))(operators.Timestamp(src.Observable)))).
				Named("Timestamp of " + tt.source).Demand(tt.lane).ToBe(tt.stamps)
			marbles.Expect(m, operators.Map(at)(operators.TimeInterval(src.Observable))).
				Named("TimeInterval of " + tt.source).Demand(tt.lane).ToBe(tt.spaces)
		})
	}
}

// Two subscriptions have intervals of their own (L10).
func TestTimeIntervalsAreApart(t *testing.T) {
	clock, src := clock(), marbles.NewTestSource[string]()
	ctx := scheduler.With(t.Context(), clock)
	var subs []*marbles.TestSubscriber[operators.Spaced[string]]
	for range 2 {
		sub := marbles.NewTestSubscriber[operators.Spaced[string]](t, observable.Unbounded)
		operators.TimeInterval(src.Observable).Subscribe(ctx, sub)
		subs = append(subs, sub)
		clock.AdvanceBy(time.Second)
	}
	src.Next("a")
	for i, want := range []time.Duration{2 * time.Second, time.Second} {
		if got := subs[i].Values(); !slices.Equal(got, []operators.Spaced[string]{{After: want, Value: "a"}}) {
			t.Errorf("subscription %d got %v, want a after %v", i, got, want)
		}
	}
	src.Complete()
}

func ExampleTimestamp() {
	clock := scheduler.NewVirtual()
	work := operators.Tap(func(n int) { clock.AdvanceBy(time.Duration(n) * time.Second) }) // takes its time
	stamped, _ := operators.Timestamp(work(observable.Of(3, 4))).Collect(scheduler.With(context.Background(), clock))
	for _, s := range stamped {
		fmt.Println(s.At.Format(time.TimeOnly), s.Value)
	}
	// Output:
	// 00:00:03 3
	// 00:00:07 4
}

func ExampleTimeInterval() {
	clock := scheduler.NewVirtual()
	work := operators.Tap(func(n int) { clock.AdvanceBy(time.Duration(n) * time.Second) }) // takes its time
	spaced, _ := operators.TimeInterval(work(observable.Of(3, 4))).Collect(scheduler.With(context.Background(), clock))
	for _, s := range spaced {
		fmt.Println(s.Value, "after", s.After)
	}
	// Output:
	// 3 after 3s
	// 4 after 4s
}
