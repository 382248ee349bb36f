package marbles_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// forgetsTimers breaks L12: it arms timers and does not stop them.
func forgetsTimers(arm func(s scheduler.Scheduler)) observable.Operator[string, string] {
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[string]) observable.Subscriber[string] {
		arm(scheduler.From(ctx))
		return down
	})
}

func tick() {}

func TestTimersThatAreLeftFailTheTest(t *testing.T) {
	for name, tt := range map[string]struct {
		arm  func(s scheduler.Scheduler)
		want []string
	}{
		"a timer": {
			func(s scheduler.Scheduler) { s.After(time.Hour, tick) },
			[]string{"L12:", "timers, 1 in number", "due at 1h0m0s: ", "marbles_test.tick (", "timers_test.go:"},
		},
		"timers of a worker": {
			func(s scheduler.Scheduler) {
				w := s.Worker()
				for range 7 {
					w.After(time.Second, tick)
				}
			},
			[]string{"L12:", "timers, 7 in number", "due at 1s: ", "and 2 more"},
		},
		"a timer that is over before the rest": {
			func(s scheduler.Scheduler) { s.After(time.Millisecond, tick) },
			nil,
		},
		"a timer that was stopped": {
			func(s scheduler.Scheduler) { s.After(time.Hour, tick)() },
			nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			body := func(m *marbles.Test) {
				src := marbles.Cold[string](m, "a-|")
				marbles.Expect(m, forgetsTimers(tt.arm)(src.Observable)).ToBe("a-|")
			}
			for driver, reports := range map[string][]string{"virtual": marbles.Outcome(body), "live": marbles.LiveOutcome(t, body)} {
				got := strings.Join(reports, "\n")
				if (got == "") != (len(tt.want) == 0) {
					t.Errorf("%s: reported %q", driver, got)
				}
				for _, want := range tt.want {
					if !strings.Contains(got, want) {
						t.Errorf("%s: the report lacks %q:\n%s", driver, want, got)
					}
				}
			}
		})
	}
}

func TestTimersOfTheBodyMayOutliveTheExpectations(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		got := marbles.NewTestSubscriber[int](m.T(), 1)
		observable.Timer(9*time.Millisecond).Subscribe(m.Context(), got)
		marbles.Expect(m, marbles.Cold[string](m, "a-|").Observable).ToBe("a-|")
		m.T().Cleanup(func() {
			if len(got.Values()) != 1 {
				t.Errorf("the timer has emitted %v", got.Values())
			}
		})
	})
}
