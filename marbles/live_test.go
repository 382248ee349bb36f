package marbles_test

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
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

// A bubble in which a goroutine is left behind panics, and takes the whole test
// binary with it. So it is enough that these tests return.
func TestLiveCancelsWhatIsOpenHoweverATestEnds(t *testing.T) {
	untilCancelled := observable.Create(func(ctx context.Context, emit observable.Emitter[string]) error {
		emit.Next("a")
		<-ctx.Done()
		return nil
	})
	for name, tt := range map[string]struct {
		body func(m *marbles.Test)
		want string
	}{
		"a wrong value": {
			func(m *marbles.Test) { marbles.Expect(m, untilCancelled).ToBe("b") },
			"out1:",
		},
		"a wrong value of one of two": {
			func(m *marbles.Test) { marbles.Expect(m, untilCancelled).ToEqual(observable.Of("b")) },
			"out1:",
		},
		"FailNow in a step of the script": {
			func(m *marbles.Test) {
				marbles.Expect(m, untilCancelled).Demand("^----!").ToBe("a")
				m.At(2, runtime.Goexit)
			},
			"",
		},
		"a timer that is armed for ever": {
			func(m *marbles.Test) {
				marbles.Expect(m, untilCancelled).ToBe("a")
				marbles.Expect(m, observable.Interval(time.Millisecond)).ToBe("-{0}")
			},
			"does not come to an end",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := strings.Join(marbles.LiveOutcome(t, tt.body), "\n"); !strings.Contains(got, tt.want) {
				t.Errorf("reported %q, want %q", got, tt.want)
			}
		})
	}
	t.Run("a cancel of what sleeps", func(t *testing.T) {
		marbles.Run(t, func(m *marbles.Test) {
			marbles.Expect(m, slowly(2*time.Millisecond, "a", "b")).Demand("^--!").ToBe("--a")
		}, marbles.Live)
	})
}

// What reschedules itself without letting time pass would hang a live test.
func TestLiveEndsWhatReschedulesItself(t *testing.T) {
	for name, again := range map[string]func(s scheduler.Scheduler) func(f func()){
		"Schedule": func(s scheduler.Scheduler) func(f func()) {
			return func(f func()) { s.Schedule(f) }
		},
		"After without delay": func(s scheduler.Scheduler) func(f func()) {
			return func(f func()) { s.After(0, f) }
		},
		"Schedule of a worker": func(s scheduler.Scheduler) func(f func()) {
			w := s.Worker()
			return func(f func()) { w.Schedule(f) }
		},
		"After of a worker": func(s scheduler.Scheduler) func(f func()) {
			w := s.Worker()
			return func(f func()) { w.After(0, f) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := strings.Join(marbles.LiveOutcome(t, func(m *marbles.Test) {
				schedule := again(m.Scheduler())
				var f func()
				f = func() { schedule(f) }
				m.At(1, f)
				marbles.Expect(m, observable.Of("a")).ToBe("(a|)")
			}), "\n")
			for _, want := range []string{"does not come to an end", "what kept rescheduling", "marbles_test.TestLive", "scheduled at ", "live_test.go:"} {
				if !strings.Contains(got, want) {
					t.Errorf("the report lacks %q:\n%s", want, got)
				}
			}
		})
	}
}

// The order of scheduling holds however many timers and steps a test has.
func TestLiveKeepsTheOrderInLongTests(t *testing.T) {
	pairs := strings.Repeat("[ab]", 600)
	t.Run("of cold sources", func(t *testing.T) {
		marbles.Run(t, func(m *marbles.Test) {
			marbles.Expect(m, marbles.Cold[string](m, "c"+pairs+"|").Observable).ToBe("c" + pairs + "|")
		})
	})
	t.Run("of hot sources", func(t *testing.T) {
		marbles.Run(t, func(m *marbles.Test) {
			marbles.Expect(m, marbles.Hot[string](m, pairs+"|").Observable).ToBe(pairs + "|")
		})
	})
	t.Run("of timers that are armed anew", func(t *testing.T) {
		every := func(text string) observable.Observable[string] {
			ticks := operators.Take[int](600)(observable.Interval(time.Millisecond))
			return operators.Map(func(int) string { return text })(ticks)
		}
		marbles.Run(t, func(m *marbles.Test) {
			merged := operators.Merge(every("a"), every("b"), every("c"))
			marbles.Expect(m, merged).ToBe("-" + strings.Repeat("[abc]", 599) + "[abc|]")
		})
	})
	t.Run("of what is subscribed to in the body", func(t *testing.T) {
		marbles.Run(t, func(m *marbles.Test) {
			order := make(chan string, 2)
			m.Scheduler().After(2*time.Millisecond, func() { order <- "timer" })
			for range 300 {
				m.At(2, func() {})
			}
			m.At(2, func() { order <- "script" })
			m.At(3, func() {
				if first, second := <-order, <-order; first != "script" || second != "timer" {
					m.T().Errorf("the %s comes before the %s", first, second)
				}
			})
		}, marbles.Live)
	})
}

func TestLiveRefusesMoreTimersThanItCanOrder(t *testing.T) {
	at := func(n int) string {
		return strings.Join(marbles.LiveOutcome(t, func(m *marbles.Test) {
			for range n {
				m.Scheduler().After(time.Millisecond, func() {})
			}
		}), "\n")
	}
	if got := at(800); got != "" {
		t.Errorf("800 timers: %s", got)
	}
	if got := at(801); !strings.Contains(got, "more than 800 timers were due at 1ms") {
		t.Errorf("801 timers: %q", got)
	}
}
