package marbles_test

import (
	"context"
	"errors"
	"math"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func TestSources(t *testing.T) {
	t.Run("a hot source has a time of its own", func(t *testing.T) {
		marbles.Run(t, func(m *marbles.Test) {
			src := marbles.Hot[string](m, "a-b-c-|")
			marbles.Expect(m, src.Observable).ToBe("a-b-c-|")
			marbles.Expect(m, src.Observable).Demand("-^--!").ToBe("--b-")
			marbles.Expect(m, src.Observable).Demand("---------^").ToBe("---------|")
			src.ExpectSubscriptions("^-----!", "-^--!", "---------(^!)")
		})
	})
	t.Run("a cold source starts with each subscription", func(t *testing.T) {
		marbles.Run(t, func(m *marbles.Test) {
			src := marbles.Cold[int](m, "1-2-3|")
			marbles.Expect(m, src.Observable).ToBe("1-2-3|")
			marbles.Expect(m, src.Observable).Demand("--^").ToBe("--1-2-3|")
			marbles.Expect(m, src.Observable).Demand("--^--!").ToBe("--1-2")
			src.ExpectSubscriptions("^----!", "--^----!", "--^--!")
		})
	})
	t.Run("a pull source follows demand", func(t *testing.T) {
		marbles.Run(t, func(m *marbles.Test) {
			src := marbles.Pull[string](m, "abcd|")
			marbles.Expect(m, src.Observable).Demand("^--1---2---1").ToBe("---a---(bc)(d|)")
			src.ExpectDemand("^--1---2---(1!)")
		})
	})
	t.Run("values before the caret are not seen", func(t *testing.T) {
		marbles.Run(t, func(m *marbles.Test) {
			src := marbles.Hot[string](m, "a-b-^-c-|")
			marbles.Expect(m, src.Observable).ToBe("--c-|")
		})
	})
	t.Run("an error is ErrMarble, or what Err says", func(t *testing.T) {
		broken := errors.New("broken")
		marbles.Run(t, func(m *marbles.Test) {
			src := marbles.Cold[string](m, "a-#", marbles.Err(broken))
			marbles.Expect(m, src.Observable).ToBe("a-#", marbles.Err(broken))
			marbles.Expect(m, marbles.Cold[string](m, "#").Observable, marbles.Err(marbles.ErrMarble)).ToBe("#")
		})
	})
	t.Run("values and long names", func(t *testing.T) {
		type point struct{ x, y int }
		values := marbles.Values{"a": point{1, 2}, "far": point{8, 9}}
		marbles.Run(t, func(m *marbles.Test) {
			src := marbles.Cold[point](m, "a-{far}|", values)
			marbles.Expect(m, src.Observable).ToBe("a-{far}|", values)
		})
	})
	t.Run("a frame may be longer", func(t *testing.T) {
		marbles.Run(t, func(m *marbles.Test) {
			m.Frame(10 * time.Millisecond)
			src := marbles.Cold[string](m, "a-b 5s c|")
			marbles.Expect(m, src.Observable).ToBe("a-b 5s c|")
			if d := m.Time("---|"); d != 30*time.Millisecond {
				t.Errorf("three frames are %v", d)
			}
		})
	})
}

func TestOverflow(t *testing.T) {
	for name, tt := range map[string]struct {
		policy marbles.Overflow
		want   string
	}{
		"fail":   {marbles.Fail, "a-#"},
		"buffer": {marbles.Buffer, "a-----b-----(cd|)"},
		"drop":   {marbles.Drop, "a-------d-|"},
		"latest": {marbles.Latest, "a-----c-----(d|)"},
	} {
		t.Run(name, func(t *testing.T) {
			marbles.Run(t, func(m *marbles.Test) {
				src := marbles.Cold[string](m, "a-b-c---d-|", tt.policy)
				marbles.Expect(m, src.Observable).Demand("(^1)--1-----{5}").ToBe(tt.want)
			})
		})
	}
}

func TestOperatorUnderDemand(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		src := marbles.Pull[string](m, "aBcDe|").Named("letters")
		upper := operators.Filter(func(s string) bool { return s == strings.ToUpper(s) })(src.Observable)
		marbles.Expect(m, upper).Named("upper").Demand("^-1---1---1").ToBe("--B---D---|")
		src.ExpectDemand("^-2---2---(2!)")
	})
}

func TestToEqual(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		src := marbles.Hot[int](m, "-1-2-3-|")
		double := operators.Map(func(n int) int { return 2 * n })
		sum := operators.Map(func(n int) int { return n + n })
		marbles.Expect(m, double(src.Observable)).ToEqual(sum(src.Observable))
	})
}

func TestAtAndContext(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		subject := observable.NewSubject[string]()
		m.At(2, func() { subject.Next("x") })
		m.At(4, subject.Complete)
		marbles.Expect(m, subject.Observable).ToBe("--x-|")

		start := m.Scheduler().Now()
		m.At(3, func() {
			if d := m.Scheduler().Now().Sub(start); d != 3*time.Millisecond {
				m.T().Errorf("frame 3 is %v after the start", d)
			}
		})
		delayed := observable.Timer(m.Time("---|"))
		got := marbles.NewTestSubscriber[int](m.T(), 1)
		delayed.Subscribe(m.Context(), got)
		m.At(5, func() {
			if v := got.Values(); len(v) != 1 {
				m.T().Errorf("after 5 frames the timer of 3 has emitted %v", v)
			}
		})
	})
}

// What the test does comes first in its frame, also before what the body has
// subscribed to already.
func TestAtComesBeforeSourcesOfItsFrame(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		src := marbles.Cold[string](m, "--a|")
		sub := marbles.NewTestSubscriber[string](m.T(), observable.Unbounded)
		src.Subscribe(m.Context(), sub)
		timer := marbles.NewTestSubscriber[int](m.T(), 1)
		observable.Timer(2*time.Millisecond).Subscribe(m.Context(), timer)
		lane := m.Scheduler().Worker()
		var ran atomic.Int64
		lane.After(2*time.Millisecond, func() { ran.Add(1) })
		stop := lane.After(2*time.Millisecond, func() { m.T().Error("a task ran that was stopped") })
		m.At(2, func() {
			if n := len(sub.Values()) + len(timer.Values()) + int(ran.Load()); n != 0 {
				m.T().Errorf("At(2) sees %v, %v and %d tasks of frame 2", sub.Values(), timer.Values(), ran.Load())
			}
		})
		m.At(3, func() {
			if len(sub.Values()) != 1 || len(timer.Values()) != 1 || ran.Load() != 1 {
				m.T().Errorf("At(3) sees %v, %v and %d tasks of frame 2", sub.Values(), timer.Values(), ran.Load())
			}
		})
		if !stop() || stop() {
			m.T().Error("stop has to report once that it kept the task from running")
		}
	})
}

func TestFrameComesFirst(t *testing.T) {
	for name, before := range map[string]func(m *marbles.Test){
		"Time":   func(m *marbles.Test) { m.Time("---|") },
		"Cold":   func(m *marbles.Test) { marbles.Cold[string](m, "a|") },
		"Expect": func(m *marbles.Test) { marbles.Expect(m, observable.Empty[int]()) },
		"At":     func(m *marbles.Test) { m.At(1, func() {}) },
	} {
		t.Run("fails after "+name, func(t *testing.T) {
			reports(t, func(m *marbles.Test) { before(m); m.Frame(time.Second) },
				"run_test.go:", "Frame(1s) after a diagram has been read; call it first")
		})
	}
	t.Run("has to be one that Live can tell", func(t *testing.T) {
		body := func(m *marbles.Test) { m.Frame(1500 * time.Nanosecond) }
		if got := marbles.Outcome(body); len(got) != 0 {
			t.Errorf("virtual: reported %q", got)
		}
		got := strings.Join(marbles.LiveOutcome(t, body), "\n")
		if !strings.Contains(got, "run_test.go:") || !strings.Contains(got, "Frame(1.5µs): Live keeps microseconds apart") {
			t.Errorf("live: reported %q", got)
		}
	})
}

func TestHotWhileTheTestPlaysIsRefused(t *testing.T) {
	got := strings.Join(marbles.Outcome(func(m *marbles.Test) {
		m.At(1, func() { marbles.Hot[string](m, "-a|") })
	}), "\n")
	if !strings.Contains(got, "run_test.go:") || !strings.Contains(got, "Hot after the test has begun to play") {
		t.Errorf("reported %q", got)
	}
}

// A driver may be named alone.
func TestDriversAlone(t *testing.T) {
	body := func(m *marbles.Test) { marbles.Expect(m, observable.Of("a", "b")).ToBe("(ab|)") }
	marbles.Run(t, body, marbles.Virtual)
	t.Run("live", func(t *testing.T) { marbles.Live(t, body) })
}

func TestFailureTexts(t *testing.T) {
	debounced := func(m *marbles.Test) *marbles.Source[string] { return marbles.Hot[string](m, "-a--bc--d---|") }
	for name, tt := range map[string]struct {
		body func(m *marbles.Test)
		want []string
	}{
		"late completion": {
			func(m *marbles.Test) {
				marbles.Expect(m, debounced(m).Observable).Named("out").ToBe("-a--bc--d--|")
			},
			[]string{"run_test.go:", "out: complete is 1ms late (want 11ms, got 12ms)", "src1", "^ first difference"},
		},
		"unfinished": {
			func(m *marbles.Test) { marbles.Expect(m, debounced(m).Observable) },
			[]string{"never finished", ".ToBe("},
		},
		"bad diagram": {
			func(m *marbles.Test) { marbles.Expect(m, debounced(m).Observable).ToBe("-(ab") },
			[]string{"run_test.go:", "never closed", "-(ab\n", "^"},
		},
		"open subscription": {
			func(m *marbles.Test) {
				marbles.Expect(m, marbles.Hot[string](m, "-a-").Observable).ToBe("-a")
			},
			[]string{"still open", "Demand("},
		},
		"waiting for a goroutine": {
			func(m *marbles.Test) { marbles.Expect(m, observable.Never[string]()).ToBe("a|") },
			[]string{"nothing is pending", "goroutines of its own?", "marbles.Live"},
		},
		"endless": {
			func(m *marbles.Test) { marbles.Expect(m, observable.Interval(time.Millisecond)).ToBe("-{0}") },
			[]string{"does not come to an end", "100000 tasks have run after", "observable.(*interval).ring, 1000 times", "demand lane"},
		},
		"endless, because an operator subscribes again": {
			func(m *marbles.Test) {
				again := operators.Repeat[string](math.MaxInt)(marbles.Cold[string](m, "a|").Observable)
				marbles.Expect(m, operators.IgnoreElements(again)).ToBe("-")
			},
			[]string{"does not come to an end", "scheduled at ", "/operators/renew.go:"},
		},
		"endless, in large steps": {
			func(m *marbles.Test) { marbles.Expect(m, observable.Interval(1000*time.Hour)).ToBe("1000h {0}") },
			[]string{"does not come to an end", "something is due after 877000h0m0s; armed are:\n\tobservable.(*interval).ring\n", "demand lane"},
		},
		"subscriptions": {
			func(m *marbles.Test) {
				src := debounced(m)
				marbles.Expect(m, src.Observable).Demand("^--!").ToBe("-a")
				src.ExpectSubscriptions("^---!")
			},
			[]string{"subscription 1 of src1", "1ms early"},
		},
		"leaked subscription": {
			func(m *marbles.Test) {
				src := debounced(m)
				leaky := observable.Lift(func(_ context.Context, down observable.Subscriber[string]) observable.Subscriber[string] {
					return uncancellable{down}
				})
				marbles.Expect(m, leaky(marbles.Hot[string](m, "-a--").Observable)).Demand("^-!").ToBe("-a")
				marbles.Expect(m, src.Observable).Demand("^!").ToBe("")
			},
			[]string{"1 subscription left open by the test"},
		},
		"more than requested": {
			func(m *marbles.Test) {
				marbles.Expect(m, greedy()).Demand("(^1)").ToBe("(ab|)")
			},
			[]string{"L2", "only 1 were requested"},
		},
		"no frame": {
			func(m *marbles.Test) { m.Frame(0) },
			[]string{"run_test.go:", "Frame(0s): want a time above zero"},
		},
		"unused value": {
			func(m *marbles.Test) {
				v := marbles.Values{"a": "x", "b": "y"}
				marbles.Expect(m, marbles.Cold[string](m, "a|", v).Observable).ToBe("a|", v)
			},
			[]string{`"b"`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := strings.Join(marbles.Outcome(tt.body), "\n")
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("the report lacks %q:\n%s", want, got)
				}
			}
		})
	}
}

// Each source that is left open is reported, whatever else has failed, but not
// one that is open only because its expectation is.
func TestEverySourceThatIsLeftOpenIsReported(t *testing.T) {
	leaky := observable.Lift(func(_ context.Context, down observable.Subscriber[string]) observable.Subscriber[string] {
		return uncancellable{down}
	})
	got := strings.Join(marbles.Outcome(func(m *marbles.Test) {
		for _, name := range []string{"first", "second"} {
			src := marbles.Hot[string](m, "-a-").Named(name)
			marbles.Expect(m, leaky(src.Observable)).Demand("^-!").ToBe("-a")
		}
		marbles.Expect(m, observable.Of("a")).ToBe("b")
		open := marbles.Hot[string](m, "-a-").Named("third")
		marbles.Expect(m, open.Observable).ToBe("-a")
	}), "\n")
	for name, want := range map[string]int{"first": 1, "second": 1, "third": 0} {
		if n := strings.Count(got, name+": 1 subscription left open"); n != want {
			t.Errorf("%s is reported %d times, want %d:\n%s", name, n, want, got)
		}
	}
}

// A failure text names the line of the test, not one of this package. What go
// test prints in front of it can only be seen from outside.
func TestFailuresPointAtTheTest(t *testing.T) {
	if os.Getenv("MARBLES_FAIL") != "" {
		marbles.Run(t, func(m *marbles.Test) { marbles.Expect(m, observable.Of("a")).ToBe("(b|)") })
		return
	}
	self := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
	self.Env = append(os.Environ(), "MARBLES_FAIL=1")
	out, err := self.CombinedOutput()
	if err == nil {
		t.Fatalf("the test did not fail:\n%s", out)
	}
	for line := range strings.SplitSeq(string(out), "\n") {
		if strings.Contains(line, ".go:") && !strings.HasPrefix(strings.TrimSpace(line), "run_test.go:") {
			t.Errorf("the line is not of the test: %q", line)
		}
	}
}

// uncancellable breaks L7: it keeps Cancel from its source.
type uncancellable struct {
	observable.Subscriber[string]
}

func (u uncancellable) OnSubscribe(up observable.Subscription) {
	u.Subscriber.OnSubscribe(deaf{up})
}

type deaf struct{ up observable.Subscription }

func (d deaf) Request(n int64) { d.up.Request(n) }
func (deaf) Cancel()           {}

// greedy breaks L2: it emits two values for one request.
func greedy() observable.Observable[string] {
	twice := observable.Lift(func(_ context.Context, down observable.Subscriber[string]) observable.Subscriber[string] {
		return doubler{down}
	})
	return twice(observable.Of("a"))
}

type doubler struct {
	observable.Subscriber[string]
}

func (d doubler) OnNext(v string) {
	d.Subscriber.OnNext(v)
	d.Subscriber.OnNext("b")
}
