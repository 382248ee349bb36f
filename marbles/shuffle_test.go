package marbles_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

func TestShuffleFindsWhatDependsOnTheOrder(t *testing.T) {
	pair := func(a, b string) string { return a + b }
	for name, tt := range map[string]struct {
		body func(m *marbles.Test)
		want []string
	}{
		"of hot sources": {
			func(m *marbles.Test) {
				a, b := marbles.Hot[string](m, "-a---|").Named("left"), marbles.Hot[string](m, "-b-|").Named("right")
				marbles.Expect(m, operators.Merge(a.Observable, b.Observable)).ToBe("-[ab]---|")
			},
			[]string{
				`at 1ms; in this run right "b" came before left "a" (order 2 of at most 20)`, "declare it: m.Tie(1)",
				"shuffle_test.go:", "out1: order within 1ms is (ba), want (ab)", "left",
			},
		},
		"of a hot and a cold source": {
			func(m *marbles.Test) {
				a, b := marbles.Hot[string](m, "-a---|"), marbles.Cold[string](m, "-b|")
				marbles.Expect(m, operators.CombineLatest2(a.Observable, b.Observable, pair)).ToBe("-({ab})-|")
				marbles.Expect(m, operators.WithLatestFrom(b.Observable, pair)(a.Observable)).ToBe("-----|")
			},
			[]string{`src2 "b" of subscription 2 came before src1 "a"`, "m.Tie(1)", "out2: "},
		},
		"of tasks": {
			func(m *marbles.Test) {
				first := observable.Timer(2 * time.Millisecond)
				second := operators.Map(func(int) int { return 1 })(observable.Timer(2 * time.Millisecond))
				marbles.Expect(m, operators.Merge(first, second)).ToBe("--(01|)")
			},
			[]string{
				"at 2ms; in this run the task observable.", ", scheduled at 0s, no. 2 of 2, came before the task ", "m.Tie(2)",
			},
		},
		"at two instants": {
			func(m *marbles.Test) {
				a, b := marbles.Hot[string](m, "-a-c|"), marbles.Hot[string](m, "-b-d----|")
				both := operators.Map(strings.ToUpper)(operators.Merge(a.Observable, b.Observable))
				text := operators.Reduce("", func(s, v string) string { return s + v })(both)
				swaps := operators.Map(func(s string) bool { return s == "BADC" })(text)
				marbles.Expect(m, swaps).ToBe("--------(n|)", marbles.Values{"n": false})
			},
			[]string{"at 1ms and 3ms; in this run", `    src2 "b" came before src1 "a"`, `    src2 "d" came before src1 "c"`, "m.Tie(1, 3)"},
		},
		"in a step of the script": {
			func(m *marbles.Test) {
				last := ""
				hots(m, func(s string) { last = s }, "-a", "-b")
				m.At(2, func() {
					if last == "a" {
						m.Time("none")
					}
				})
			},
			[]string{`in this run src2 "b" came before src1 "a" (order 2 of at most 20)`, "marbles: ", "none\n"},
		},
		"of ends": {
			func(m *marbles.Test) {
				a, b := marbles.Hot[string](m, "-|"), marbles.Cold[string](m, "-#")
				marbles.Expect(m, operators.Race(a.Observable, b.Observable)).ToBe("-|")
			},
			[]string{`src2 "#" came before src1 "|"`},
		},
		"of the last of many": {
			func(m *marbles.Test) {
				var all []observable.Observable[string]
				for _, v := range []string{"a", "b", "c", "d", "e", "f"} {
					all = append(all, marbles.Hot[string](m, "-"+v+"|").Observable)
				}
				last := operators.Map(func(s string) bool { return s == "f" })(operators.Race(all...))
				marbles.Expect(m, last).ToBe("-n|", marbles.Values{"n": false})
			},
			[]string{`src6 "f" came before src1 "a", src2 "b", src3 "c" and 2 more (`},
		},
		"of many, of which few matter": {
			func(m *marbles.Test) {
				var all []observable.Observable[string]
				for _, v := range []string{"a", "b", "c", "d", "e"} {
					all = append(all, marbles.Hot[string](m, "-"+v+"--|").Observable)
				}
				first := operators.Take[string](1)(operators.Filter(func(s string) bool { return s < "c" })(operators.Merge(all...)))
				marbles.Expect(m, first).ToBe("-(a|)")
			},
			[]string{`in this run src2 "b" came before src1 "a" (`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := strings.Join(marbles.ShuffleOutcome(20, tt.body), "\n")
			t.Log(got)
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("the report lacks %q:\n%s", want, got)
				}
			}
		})
	}
}

func TestShuffleAcceptsWhatDoesNotDependOnTheOrder(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		src := marbles.Hot[string](m, "-a--bc---d--|")
		out := backpressure.Debounce[string](m.Time("--|"))(src.Observable)
		marbles.Expect(m, out).ToBe("  ---a---c---d|")

		longer := marbles.Cold[string](m, "-a-(bc)-d---|")
		shorter := marbles.Cold[string](m, "-a-(bc)|")
		count := operators.Scan(0, func(n int, _ string) int { return n + 1 })
		marbles.Expect(m, count(operators.Merge(longer.Observable, shorter.Observable))).ToBe("-[12]-[3456]----7---|")
	}, marbles.Virtual, marbles.Live, marbles.Shuffle(100))
}

// orders returns what the body has noted in each run under Shuffle(n).
func orders(t *testing.T, n int, body func(m *marbles.Test, note func(string))) (all []string) {
	t.Helper()
	got := marbles.ShuffleOutcome(n, func(m *marbles.Test) {
		all = append(all, "")
		run := len(all) - 1
		body(m, func(s string) { all[run] += s })
	})
	if len(got) > 0 {
		t.Fatalf("reported %q", got)
	}
	return all
}

// listen notes the values of src.
func listen(m *marbles.Test, src observable.Observable[string], note func(string)) {
	none := operators.Filter(func(v string) bool { note(v); return false })(src)
	marbles.Expect(m, none).Demand("^ 20ms !").ToBe("-")
}

func hots(m *marbles.Test, note func(string), diagrams ...string) {
	for _, d := range diagrams {
		listen(m, marbles.Hot[string](m, d).Observable, note)
	}
}

func TestShufflePlaysEachOrderOnce(t *testing.T) {
	for name, tt := range map[string]struct {
		body func(m *marbles.Test, note func(string))
		want []string // in any order, but for the first, which is that of Virtual
	}{
		"nothing to permute": {
			func(m *marbles.Test, note func(string)) { hots(m, note, "-a-b", "--c-") },
			[]string{"acb"},
		},
		"two hot sources": {
			func(m *marbles.Test, note func(string)) { hots(m, note, "-a", "-b") },
			[]string{"ab", "ba"},
		},
		"three hot sources": {
			func(m *marbles.Test, note func(string)) { hots(m, note, "-a", "-b", "-c") },
			[]string{"abc", "acb", "bac", "bca", "cab", "cba"},
		},
		"two instants": {
			func(m *marbles.Test, note func(string)) { hots(m, note, "-a-c", "-b-d") },
			[]string{"abcd", "bacd", "abdc", "badc"},
		},
		"groups keep their order": {
			func(m *marbles.Test, note func(string)) { hots(m, note, "-[ab]", "-c") },
			[]string{"abc", "acb", "cab"},
		},
		"so do those of each subscription to a cold source": {
			func(m *marbles.Test, note func(string)) {
				src := marbles.Cold[string](m, "-[ab]")
				listen(m, src.Observable, note)
				listen(m, operators.Map(strings.ToUpper)(src.Observable), note)
			},
			[]string{"abAB", "aAbB", "aABb", "AabB", "AaBb", "ABab"},
		},
		"and the tasks of a worker": {
			func(m *marbles.Test, note func(string)) {
				lane := m.Scheduler().Worker()
				for _, s := range []string{"a", "b"} {
					lane.After(time.Millisecond, func() { note(s) })
				}
				m.Scheduler().After(time.Millisecond, func() { note("c") })
			},
			[]string{"abc", "acb", "cab"},
		},
		"plain tasks do not": {
			func(m *marbles.Test, note func(string)) {
				for _, s := range []string{"a", "b"} {
					m.Scheduler().Schedule(func() { note(s) })
				}
			},
			[]string{"ab", "ba"},
		},
		"what a task schedules comes after it": {
			func(m *marbles.Test, note func(string)) {
				s := m.Scheduler()
				s.Schedule(func() { note("a"); s.Schedule(func() { note("b") }) })
				s.Schedule(func() { note("c") })
			},
			[]string{"acb", "abc", "cab"},
		},
		"the test itself comes first": {
			func(m *marbles.Test, note func(string)) {
				m.Scheduler().After(time.Millisecond, func() { note("a") })
				hots(m, note, "-b")
				m.At(1, func() { note("x"); m.Scheduler().Schedule(func() { note("c") }) })
				m.At(1, func() { note("y") })
				m.Tie(2)
				m.Scheduler().After(2*time.Millisecond, func() { note("d") })
				hots(m, note, "--e")
			},
			[]string{"xybaced", "xybcaed", "xyabced", "xyacbed", "xycabed", "xycbaed"},
		},
		"what is before the start keeps its order": {
			func(m *marbles.Test, note func(string)) {
				for _, d := range []string{"-a^", "-b^"} {
					sub := marbles.NewTestSubscriber[string](t, observable.Unbounded)
					operators.Tap(note)(marbles.Hot[string](m, d).Observable).Subscribe(m.Context(), sub)
					m.At(0, sub.Cancel)
				}
			},
			[]string{"ab"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := orders(t, 100, tt.body)
			if got[0] != tt.want[0] {
				t.Errorf("the first order is %q, want %q", got[0], tt.want[0])
			}
			slices.Sort(got)
			slices.Sort(tt.want)
			if !slices.Equal(got, tt.want) {
				t.Errorf("the orders are %q, want %q", got, tt.want)
			}
		})
	}
}

func TestShufflePlaysNoMoreThanItMayAndTheSameEachTime(t *testing.T) {
	body := func(m *marbles.Test, note func(string)) {
		hots(m, note, "-a-a-a-a-a", "-b-b-b-b-b", "-c-c-c-c-c")
	}
	got := orders(t, 50, body)
	if again := orders(t, 50, body); !slices.Equal(got, again) {
		t.Errorf("the orders are\n%q, and then\n%q", got, again)
	}
	slices.Sort(got)
	if n := len(slices.Compact(got)); n != 50 {
		t.Errorf("%d different orders, want 50", n)
	}
	if got := orders(t, 1, body); len(got) != 1 || got[0] != strings.Repeat("abc", 5) {
		t.Errorf("Shuffle(1) plays %q, want the order of Virtual", got)
	}
}

func TestShuffledTasksCanBeStopped(t *testing.T) {
	for name, arm := range map[string]func(s scheduler.Scheduler, note func(string)){
		"a task": func(s scheduler.Scheduler, note func(string)) {
			stop := s.After(time.Millisecond, func() { note("x") })
			note(fmt.Sprintf("%v%v", stop(), stop()))
		},
		"a task of a worker": func(s scheduler.Scheduler, note func(string)) {
			stop := s.Worker().After(time.Millisecond, func() { note("x") })
			note(fmt.Sprintf("%v%v", stop(), stop()))
		},
		"a worker": func(s scheduler.Scheduler, note func(string)) {
			w := s.Worker()
			stop := w.After(time.Millisecond, func() { note("x") })
			w.Stop()
			late := w.Schedule(func() { note("y") })
			note(fmt.Sprintf("%v%v", !stop(), late()))
		},
		"a task that has run": func(s scheduler.Scheduler, note func(string)) {
			var stop func() bool
			stop = s.Schedule(func() { note(fmt.Sprint(!stop())) })
			s.After(time.Millisecond, func() { note(fmt.Sprint(stop())) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, inBody := range []bool{true, false} {
				got := orders(t, 10, func(m *marbles.Test, note func(string)) {
					if inBody {
						arm(m.Scheduler(), note)
					} else {
						m.At(1, func() { arm(m.Scheduler(), note) })
					}
					end := m.Scheduler().Now().Add(9 * time.Millisecond)
					m.At(9, func() {
						if now := m.Scheduler().Now(); !now.Equal(end) {
							t.Errorf("frame 9 is at %v, want %v", now, end)
						}
					})
				})
				if want := []string{"truefalse"}; !slices.Equal(got, want) {
					t.Errorf("in the body: %v: noted %q, want %q", inBody, got, want)
				}
			}
		})
	}
}

func TestShuffleReportsWhatVirtualDoes(t *testing.T) {
	late := func(m *marbles.Test) { marbles.Expect(m, marbles.Cold[string](m, "-a--|").Observable).ToBe("-a-|") }
	for name, tt := range map[string]struct {
		body func(m *marbles.Test)
		want []string
	}{
		"a failure in every order": {late, []string{"complete is 1ms late", "marbles: Shuffle: this is the order of Virtual, which fails as well"}},
		"a body that does not do the same each time": {
			func() func(m *marbles.Test) {
				once := observable.Of("a")
				return func(m *marbles.Test) {
					a, b := marbles.Hot[string](m, "-|"), marbles.Hot[string](m, "-|")
					marbles.Expect(m, operators.Merge(a.Observable, b.Observable, once)).ToBe("a|")
					once = observable.Empty[string]()
				}
			}(),
			[]string{"a is missing", "the order of Virtual has passed, and fails when it is played again"},
		},
		"a diagram that is none": {func(m *marbles.Test) { m.Time("-a") }, []string{"shuffle_test.go:", "^"}},
		"a runaway": {
			func(m *marbles.Test) {
				var again func()
				again = func() { m.Scheduler().Schedule(again) }
				m.At(1, again)
			},
			[]string{"does not come to an end", "marbles_test.TestShuffleReports", "scheduled at ", "demand lane"},
		},
		"timers that are left": {
			func(m *marbles.Test) {
				left := forgetsTimers(func(s scheduler.Scheduler) { s.After(time.Hour, tick) })
				marbles.Expect(m, left(marbles.Cold[string](m, "a-|").Observable)).ToBe("a-|")
			},
			[]string{"L12:", "due at 1h0m0s: ", "marbles_test.tick ("},
		},
		"a goroutine that it does not wait for": {
			func(m *marbles.Test) { marbles.Expect(m, observable.Never[string]()).ToBe("a|") },
			[]string{"nothing is pending", "marbles.Live"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := strings.Join(marbles.ShuffleOutcome(20, tt.body), "\n")
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("the report lacks %q:\n%s", want, got)
				}
			}
		})
	}
}

func TestShuffleOfNothingPanics(t *testing.T) {
	defer func() {
		if got, want := recover(), "marbles: Shuffle(0); it needs at least one order to play"; got != want {
			t.Errorf("panicked with %v, want %q", got, want)
		}
	}()
	marbles.Shuffle(0)
}
