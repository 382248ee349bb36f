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

// pause blocks for d by the clock of the bubble, behind the test's back: no
// scheduler of the test knows of it.
func pause(d time.Duration) {
	over := make(chan struct{})
	scheduler.Default.After(d, func() { close(over) })
	<-over
}

// slowly emits each value after a pause.
func slowly(d time.Duration, values ...string) observable.Observable[string] {
	return observable.Create(func(_ context.Context, emit observable.Emitter[string]) error {
		for _, v := range values {
			pause(d)
			if !emit.Next(v) {
				return nil
			}
		}
		return nil
	})
}

func TestLiveWaitsForOtherClocks(t *testing.T) {
	t.Run("a goroutine of the source that sleeps", func(t *testing.T) {
		marbles.Run(t, func(m *marbles.Test) {
			marbles.Expect(m, slowly(2*time.Millisecond, "a", "b")).ToBe("--a-(b|)")
		}, marbles.Live)
	})
	t.Run("a goroutine of the test that feeds a channel", func(t *testing.T) {
		marbles.Run(t, func(m *marbles.Test) {
			c := make(chan string)
			go func() {
				pause(3 * time.Millisecond)
				c <- "a"
				close(c)
			}()
			marbles.Expect(m, observable.FromChan(c)).ToBe("---(a|)")
		}, marbles.Live)
	})
	t.Run("a timer of the default scheduler", func(t *testing.T) {
		marbles.Run(t, func(m *marbles.Test) {
			timer := observable.Timer(3*time.Millisecond, scheduler.On(scheduler.Default))
			marbles.Expect(m, timer).ToBe("---({0}|)")
		}, marbles.Live)
	})
	t.Run("an hour", func(t *testing.T) {
		marbles.Run(t, func(m *marbles.Test) {
			marbles.Expect(m, slowly(time.Hour, "a")).ToBe("1h (a|)")
		}, marbles.Live)
	})
	t.Run("an expectation without a diagram", func(t *testing.T) {
		marbles.Run(t, func(m *marbles.Test) {
			marbles.Expect(m, slowly(time.Second, "a")).ToEqual(slowly(time.Second, "a"))
		}, marbles.Live)
	})
}

func TestLiveTellsLateFromNever(t *testing.T) {
	got := strings.Join(marbles.LiveOutcome(t, func(m *marbles.Test) {
		marbles.Expect(m, slowly(9*time.Millisecond, "a")).ToBe("--(a|)")
	}), "\n")
	if !strings.Contains(got, "7ms late") {
		t.Errorf("reported %q", got)
	}
}
