package marbles_test

import (
	"context"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
)

func TestChan(t *testing.T) {
	for name, tt := range map[string]struct {
		in           string
		opts         []marbles.SourceOption
		demand, want string
	}{
		"values at their instants":       {"-a-[bc]-|", nil, "^", "-a-[bc]-|"},
		"no end":                         {"-a-b", nil, "^----!", "-a-b"},
		"values before the start":        {"a-b-^-c-|", nil, "^", "[ab]-c-|"},
		"it waits for its receiver":      {"-ab--c-|", nil, "^---1--*", "----a--(bc|)"},
		"or does not":                    {"-ab--c-|", []marbles.SourceOption{marbles.Drop}, "^-1--1--1", "--b--c--|"},
		"or the newest does":             {"-abc--d-|", []marbles.SourceOption{marbles.Latest}, "^---1-----2", "----c-----(d|)"},
		"buffer is how a sender waits":   {"-ab--c-|", []marbles.SourceOption{marbles.Buffer}, "^---1--*", "----a--(bc|)"},
		"whoever is in time fails never": {"-a-[bc]-|", []marbles.SourceOption{marbles.Fail}, "^", "-a-[bc]-|"},
	} {
		t.Run(name, func(t *testing.T) {
			marbles.Run(t, func(m *marbles.Test) {
				marbles.ExpectChan(m, marbles.Chan[string](m, tt.in, tt.opts...)).Demand(tt.demand).ToBe(tt.want)
			}, marbles.Live)
		})
	}
}

func TestChanOfOtherCode(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		ctx, cancel := context.WithTimeout(context.Background(), m.Time("----|"))
		m.T().Cleanup(cancel)
		marbles.ExpectChan(m, ctx.Done()).ToBe("----|")
	}, marbles.Live)
}

func TestSeq(t *testing.T) {
	for name, tt := range map[string]struct{ in, demand, want string }{
		"values at their instants":      {"-a-[bc]-|", "^", "-a-[bc]-|"},
		"it starts with the loop":       {"-a-b|", "--^", "---a-b|"},
		"the body of the loop may wait": {"-ab--c-|", "^---1--*", "----a--(bc|)"},
		"and break":                     {"-ab--c-|", "^---!", "-ab-"},
		"a loop that does not end":      {"-a", "^---!", "-a"},
		"each loop takes as long anew":  {"--a", "^--!", "--a"},
		"a loop that waits for a value": {"-a------b|", "^---!", "-a"},
	} {
		t.Run(name, func(t *testing.T) {
			marbles.Run(t, func(m *marbles.Test) {
				seq := marbles.Seq[string](m, tt.in)
				marbles.ExpectSeq(m, seq).Demand(tt.demand).ToBe(tt.want)
				marbles.ExpectSeq(m, seq).Demand(tt.demand).ToBe(tt.want)
			}, marbles.Live)
		})
	}
}

// pairs is what code that works on iterators looks like.
func pairs(seq iter.Seq[string]) iter.Seq[string] {
	return func(yield func(string) bool) {
		last := ""
		for v := range seq {
			if last != "" && !yield(last+v) {
				return
			}
			last = v
		}
	}
}

func TestSeqOfOtherCode(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		src := marbles.Seq[string](m, "-a-b--c|")
		marbles.ExpectSeq(m, pairs(src)).ToBe("---x--y|", marbles.Values{"x": "ab", "y": "bc"})
	}, marbles.Live)
}

func TestExpectSeqBreaksOutOfTheLoop(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		broken := make(chan bool, 1)
		marbles.ExpectSeq(m, func(yield func(string) bool) {
			for {
				pause(m.Time("--|"))
				if !yield("a") {
					broken <- true
					return
				}
			}
		}).Demand("^----!").ToBe("--a-a")
		m.T().Cleanup(func() { <-broken })
	}, marbles.Live)
}

// A watchdog barks once it has not been fed for a while.
type watchdog struct {
	timer *time.Timer
	calm  time.Duration
}

func watch(calm time.Duration, bark func(string)) *watchdog {
	return &watchdog{time.AfterFunc(calm, func() { bark("x") }), calm}
}

func (w *watchdog) feed(string) { w.timer.Reset(w.calm) }
func (w *watchdog) stop()       { w.timer.Stop() }

func TestCalls(t *testing.T) {
	for name, tt := range map[string]struct{ feed, demand, want string }{
		"nobody feeds it": {"----", "^--------!", "---x"},
		"it is fed":       {"--a-a--", "^--------!", "-------x"},
		"fed too late":    {"---a--", "^--------!", "---x--x"},
		"stopped in time": {"--a--", "^---!", "-"},
	} {
		t.Run(name, func(t *testing.T) {
			marbles.Run(t, func(m *marbles.Test) {
				var dog *watchdog
				marbles.ExpectCalls(m, func(bark func(string)) (stop func()) {
					dog = watch(m.Time("---|"), bark)
					return dog.stop
				}).Demand(tt.demand).ToBe(tt.want)
				marbles.Call(m, tt.feed, func(v string) { dog.feed(v) })
			}, marbles.Live)
		})
	}
}

func TestCallsThatTakeTime(t *testing.T) {
	for name, tt := range map[string]struct {
		opts []marbles.SourceOption
		want string
	}{
		"wait for their turn": {nil, "----a--b--c-"},
		"or are left out":     {[]marbles.SourceOption{marbles.Drop}, "----a------"},
		"but for the newest":  {[]marbles.SourceOption{marbles.Latest}, "----a--c--"},
	} {
		t.Run(name, func(t *testing.T) {
			marbles.Run(t, func(m *marbles.Test) {
				done := make(chan string)
				marbles.Call(m, "-abc", func(v string) {
					pause(m.Time("---|"))
					done <- v
				}, tt.opts...)
				marbles.ExpectChan(m, done).Demand("^--------------!").ToBe(tt.want)
			}, marbles.Live)
		})
	}
}

func TestForeignTestsAreHeldToTheirRules(t *testing.T) {
	unready := func(m *marbles.Test) {
		marbles.ExpectChan(m, marbles.Chan[string](m, "-ab|", marbles.Fail)).Demand("^1--1").ToBe("-a--|")
	}
	busy := func(m *marbles.Test) {
		marbles.Call(m, "-ab", func(string) { pause(2 * time.Millisecond) }, marbles.Fail)
	}
	for name, tt := range map[string]struct {
		body func(m *marbles.Test)
		want string
	}{
		"a chan with an error":        {func(m *marbles.Test) { marbles.Chan[string](m, "-#") }, `marbles: Chan of "-#": a channel carries no errors; close it with "|"`},
		"a chan nobody receives from": {unready, "src1: at 2ms, nobody was ready for b"},
		"a seq with an error":         {func(m *marbles.Test) { marbles.Seq[string](m, "-#") }, `marbles: Seq of "-#": an iterator has no errors`},
		"a seq with an overflow":      {func(m *marbles.Test) { marbles.Seq[string](m, "-a", marbles.Drop) }, "a loop gets no value before it is ready for it"},
		"calls with an end":           {func(m *marbles.Test) { marbles.Call(m, "-a|", func(string) {}) }, `marbles: Call of "-a|": calls have no end`},
		"calls with an error":         {func(m *marbles.Test) { marbles.Call(m, "-#", func(string) {}) }, `calls have no end`},
		"a call that takes too long":  {busy, "src1: at 2ms, nobody was ready for b"},
		"too late": {
			func(m *marbles.Test) { m.At(1, func() { marbles.Call(m, "-a", func(string) {}) }) },
			"marbles: Call after the test has begun to play",
		},
		"a callback after stop": {
			func(m *marbles.Test) {
				marbles.ExpectCalls(m, func(bark func(string)) func() {
					watch(m.Time("---|"), bark)
					return nil
				}).Demand("^-!").ToBe("-")
			},
			"out1: the callback was called with x at 3ms, although stop was called at 2ms",
		},
		"a callback that nobody asked for": {
			func(m *marbles.Test) {
				marbles.ExpectCalls(m, func(bark func(string)) func() { return watch(m.Time("---|"), bark).stop }).Demand("^----1---!").ToBe("----x")
			},
			"*observable.OverflowError",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := strings.Join(marbles.LiveOutcome(t, tt.body), "\n")
			if !strings.Contains(got, "_test.go:") || !strings.Contains(got, tt.want) {
				t.Errorf("reported %q, want %q", got, tt.want)
			}
		})
	}
}

func TestForeignTestsAreLive(t *testing.T) {
	for name, body := range map[string]func(m *marbles.Test){
		"Chan":        func(m *marbles.Test) { marbles.Chan[string](m, "-a|") },
		"Seq":         func(m *marbles.Test) { marbles.Seq[string](m, "-a|") },
		"Call":        func(m *marbles.Test) { marbles.Call(m, "-a", func(string) {}) },
		"ExpectChan":  func(m *marbles.Test) { marbles.ExpectChan(m, make(chan string)) },
		"ExpectSeq":   func(m *marbles.Test) { marbles.ExpectSeq(m, func(func(string) bool) {}) },
		"ExpectCalls": func(m *marbles.Test) { marbles.ExpectCalls(m, func(func(string)) func() { return nil }) },
		"ExpectStage": func(m *marbles.Test) {
			marbles.ExpectStage(m, observable.Of("a"), func(_ context.Context, in strand) strand { return in })
		},
	} {
		for driver, reports := range map[string][]string{"virtual": marbles.Outcome(body), "shuffle": marbles.ShuffleOutcome(9, body)} {
			got := strings.Join(reports, "\n")
			if !strings.HasPrefix(got, "foreign_test.go:") || !strings.Contains(got, "marbles: "+name+" is for code with goroutines of its own") {
				t.Errorf("%s, %s: reported %q", driver, name, got)
			}
		}
	}
}

// What code under test times from an event of the test, for whole frames, is
// over before the events of that frame.
func TestForeignTimersComeBeforeTheEventsOfTheirFrame(t *testing.T) {
	for name, source := range map[string]func(m *marbles.Test, diagram string) observable.Observable[string]{
		"hot": func(m *marbles.Test, d string) observable.Observable[string] {
			return marbles.Hot[string](m, d).Observable
		},
		"cold": func(m *marbles.Test, d string) observable.Observable[string] {
			return marbles.Cold[string](m, d).Observable
		},
		"chan": func(m *marbles.Test, d string) observable.Observable[string] {
			return observable.FromChan(marbles.Chan[string](m, d))
		},
	} {
		t.Run(name, func(t *testing.T) {
			marbles.Run(t, func(m *marbles.Test) {
				src, quiet := source(m, "-a--b----c-|"), m.Time("---|")
				marbles.ExpectStage(m, src, func(ctx context.Context, in strand) strand {
					return debounce(ctx, in, quiet)
				}).ToBe("----a--b---(c|)")
			}, marbles.Live)
		})
	}
	t.Run("the test itself", func(t *testing.T) {
		marbles.Run(t, func(m *marbles.Test) {
			early := time.AfterFunc(m.Time("-----|"), func() {})
			var late *time.Timer
			m.At(2, func() { late = time.AfterFunc(m.Time("---|"), func() {}) })
			m.At(5, func() {
				if early.Stop() || late.Stop() {
					m.T().Error("a timer of frame 5 has not fired before its step")
				}
			})
		}, marbles.Live)
	})
	t.Run("if there are not too many frames", func(t *testing.T) {
		marbles.Run(t, func(m *marbles.Test) {
			src, quiet := marbles.Cold[string](m, "-a 90ms b--c|"), m.Time("---|")
			marbles.ExpectStage(m, src.Observable, func(ctx context.Context, in strand) strand {
				return debounce(ctx, in, quiet)
			}).ToBe("----a 90ms b(c|)")
		}, marbles.Live)
	})
}
