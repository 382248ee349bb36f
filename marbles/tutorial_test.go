package marbles_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// The code of docs/marbles.md, in its order.

// searches is what the page tests: it turns what is typed into queries. They are
// made once nothing was typed for a while, and not twice for the same text.
func searches(typed observable.Observable[string], quiet time.Duration) observable.Observable[string] {
	return observable.Pipe2(
		typed,
		backpressure.Debounce[string](quiet),
		operators.DistinctUntilChanged[string],
	)
}

func TestSearches(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		typed := marbles.Hot[string](m, "           -a-b----b--c--|")
		out := searches(typed.Observable, 2*time.Millisecond)

		marbles.Expect(m, out).ToBe("              -----b-------c|")
	})
}

func TestSearchesIsWrong(t *testing.T) {
	shows(t, func(m *marbles.Test) {
		typed := marbles.Hot[string](m, "-a-b----b--c--|").Named("typed")
		out := searches(typed.Observable, 3*time.Millisecond)

		marbles.Expect(m, out).Named("out").ToBe("-----b-------c|")
	})
}

type query struct {
	Text string
	Page int
}

func TestValues(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		src := marbles.Cold[int](m, "1-2-{30}-|")
		paged := operators.Map(func(n int) query { return query{"go", n} })

		marbles.Expect(m, paged(src.Observable)).ToBe("a-b-c-|", marbles.Values{
			"a": query{"go", 1},
			"b": query{"go", 2},
			"c": query{"go", 30},
		})
	})
}

var errOffline = errors.New("offline")

func TestErrors(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		src := marbles.Cold[string](m, "a-#", marbles.Err(errOffline))
		again := operators.Retry[string](1)

		marbles.Expect(m, again(src.Observable)).ToBe("a-a-#", marbles.Err(errOffline))
		src.ExpectSubscriptions("                      ^-!", "--^-!")
	})
}

func TestLongTimes(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		m.Frame(time.Second)
		src := marbles.Hot[string](m, "       a---- 10m b|")
		out := operators.Timeout[string](5 * time.Minute)(src.Observable)

		marbles.Expect(m, out).ToBe("          a 299s #", marbles.Err(operators.ErrTimeout))
	})
}

// poll asks every interval, by the clock of ctx, which is that of the test.
func poll(every time.Duration, ask func(context.Context) (bool, error)) observable.Observable[bool] {
	return observable.Pipe1(
		observable.Interval(every),
		operators.ConcatMap(func(int) observable.Observable[bool] { return observable.FromFunc(ask) }),
	)
}

func TestAt(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		var down atomic.Bool
		m.At(5, func() { down.Store(true) })
		out := poll(m.Time("--|"), func(context.Context) (bool, error) { return !down.Load(), nil })

		marbles.Expect(m, out).Demand("^-------!").ToBe("--x-x-y", marbles.Values{"x": true, "y": false})
	})
}

func TestDemandLane(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		src := marbles.Hot[string](m, "               -abcd---e-|")
		out := backpressure.OnBackpressureLatest[string]()(src.Observable)

		marbles.Expect(m, out).Demand("              1----1-1").ToBe("   -a---d--e-|")
		src.ExpectDemand("                            ^---------!")
	})
}

func TestDemandIsWhatItIsAbout(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		disk := marbles.Pull[string](m, "         abcdef|")
		out := backpressure.LimitRate[string](2, 1)(disk.Observable)

		marbles.Expect(m, out).Demand("           1--1--{4}").ToBe("a--b--(cdef|)")
		disk.ExpectDemand("                       [^21]--1--(2!)")
		disk.ExpectOutstanding(2)
	})
}

func TestDemandIsWrong(t *testing.T) {
	shows(t, func(m *marbles.Test) {
		disk := marbles.Pull[string](m, "abcdef|").Named("disk")
		out := backpressure.LimitRate[string](2, 1)(disk.Observable)

		marbles.Expect(m, out).Demand("1--1--{4}").ToBe("a--b--(cdef|)")
		disk.ExpectDemand("[^21]---1-(2!)")
	})
}

func TestTheOrderMatters(t *testing.T) {
	showsReports(t, marbles.ShuffleOutcome(100, func(m *marbles.Test) {
		left, right := marbles.Hot[string](m, "a-b-|").Named("left"), marbles.Hot[string](m, "--x-|").Named("right")
		both := operators.CombineLatest2(left.Observable, right.Observable, func(a, b string) string { return a + b })
		marbles.Expect(m, both).ToBe("--{bx}-|")
	}))
}

// shows plays a test that fails, and wants its report in docs/marbles.md.
func shows(t *testing.T, body func(m *marbles.Test)) {
	t.Helper()
	showsReports(t, marbles.Outcome(body))
}

func showsReports(t *testing.T, reports []string) {
	t.Helper()
	page, err := os.ReadFile("../docs/marbles.md")
	if err != nil {
		t.Fatal(err)
	}
	if len(reports) == 0 {
		t.Fatal("the test does not fail")
	}
	// The page has other line numbers, which need not change with this file.
	_, report, _ := strings.Cut(reports[0], ": ") // behind file:line
	if !strings.Contains(string(page), report) {
		t.Errorf("docs/marbles.md lacks this report:\n%s", report)
	}
}

func TestADiagramThatCannotBeRead(t *testing.T) {
	shows(t, func(m *marbles.Test) { marbles.Cold[string](m, "a-- 10x b|") })
}
