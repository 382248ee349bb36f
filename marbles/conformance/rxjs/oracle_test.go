package rxjs_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// make oracle gives the two files that node has made.
var (
	casesFile   = flag.String("cases", "testdata/cases.jsonl.gz", "the `file` of the cases")
	answersFile = flag.String("answers", "testdata/answers.jsonl.gz", "the `file` of what RxJS answers")
	onlyOp      = flag.String("op", "", "play the cases of one `operator` of RxJS only")
)

// A verdict is how a result compares with RxJS's.
type verdict int

const (
	same    verdict = iota // the same
	fifo                   // the same as RxJS, were it to run what was scheduled first first
	reorder                // differs in the order inside frames that leave it open
	tied                   // differs, and there was a frame that left the order open
	meant                  // differs, and is meant to; see deliberate
	differs                // differs
	skipped                // not compared: RxJS has run away
	verdicts
)

var verdictNames = [verdicts]string{"same", "fifo", "reorder", "tied", "meant to differ", "differs", "skipped"}

// TestRxJS plays every case and compares what came of it with what RxJS says.
func TestRxJS(t *testing.T) {
	cases, answers := load(t)
	tally := make(map[string]*[verdicts]int)
	var mu sync.Mutex
	var shown int
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(cases); i += workers {
				c, a := cases[i], answers[i]
				v, report := judge(c, a)
				mu.Lock()
				if tally[c.Op] == nil {
					tally[c.Op] = new([verdicts]int)
				}
				tally[c.Op][v]++
				if v == differs {
					if shown++; shown <= 10 {
						t.Error(report)
					} else {
						t.Fail()
					}
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	report(t, tally)
}

// report prints how many cases of each operator got which verdict.
func report(t *testing.T, tally map[string]*[verdicts]int) {
	var all [verdicts]int
	for _, op := range slices.Sorted(maps.Keys(tally)) {
		n := tally[op]
		for v := range n {
			all[v] += n[v]
		}
		if n[same] != total(*n) {
			t.Logf("%-24s %s", op, counts(*n))
		}
	}
	t.Logf("%d operators, %d cases: %s", len(tally), total(all), counts(all))
}

func total(n [verdicts]int) (sum int) {
	for _, k := range n {
		sum += k
	}
	return sum
}

func counts(n [verdicts]int) string {
	var parts []string
	for v, k := range n {
		if k > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", k, verdictNames[v]))
		}
	}
	return strings.Join(parts, ", ")
}

func load(t *testing.T) (cases []*testCase, answers []*answer) {
	err := eachLine(*casesFile, func(i int, line []byte) error {
		if i%stride != 0 {
			return nil
		}
		c := &testCase{text: string(line)}
		cases = append(cases, c)
		return json.Unmarshal(line, c)
	})
	if err != nil {
		t.Fatal(err)
	}
	err = eachLine(*answersFile, func(i int, line []byte) error {
		if i%stride != 0 {
			return nil
		}
		a := new(answer)
		answers = append(answers, a)
		return json.Unmarshal(line, a)
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(cases) != len(answers) {
		t.Fatalf("%s has %d cases, and %s has %d answers", *casesFile, len(cases), *answersFile, len(answers))
	}
	if *onlyOp == "" {
		return cases, answers
	}
	var some []*testCase
	var theirs []*answer
	for i, c := range cases {
		if c.Op == *onlyOp {
			some, theirs = append(some, c), append(theirs, answers[i])
		}
	}
	return some, theirs
}

// judge plays a case and compares.
func judge(c *testCase, a *answer) (verdict, string) {
	if a.Error != "" {
		return skipped, ""
	}
	r, err := play(c)
	if err != nil {
		return differs, fmt.Sprintf("%s: %v", c.ID, err)
	}
	switch {
	case a.equal(r):
		return same, ""
	case a.Fifo != nil && a.Fifo.equal(r):
		return fifo, ""
	case maps.Equal(a.subscriptions(), r.subscriptions) && slices.EqualFunc(a.observers(), r.observers, a.sameButOrder):
		return reorder, ""
	case deliberate(c, a, r):
		return meant, ""
	case len(a.Ties) > 0:
		return tied, ""
	}
	return differs, explain(c, a, r)
}

func (a *answer) equal(r result) bool {
	return maps.Equal(a.subscriptions(), r.subscriptions) && slices.EqualFunc(a.observers(), r.observers, slices.Equal)
}

// sameButOrder compares notifications, whatever their order in the frames that
// leave it open.
func (a *answer) sameButOrder(x, y []string) bool {
	return slices.Equal(a.normal(x), a.normal(y))
}

func (a *answer) normal(log []string) []string {
	log = slices.Clone(log)
	for i := 0; i < len(log); {
		frame, _, _ := strings.Cut(log[i], ",")
		j := i
		for j < len(log) && strings.HasPrefix(log[j], frame+",") {
			j++
		}
		if slices.ContainsFunc(a.Ties, func(tie int) bool { return fmt.Sprintf("[%d", tie) == frame }) {
			slices.Sort(log[i:j])
		}
		i = j
	}
	return log
}

// explain shows a case and both results.
func explain(c *testCase, a *answer, r result) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n  %s", c.ID, c.Op, c.text)
	for i, s := range c.Sources {
		fmt.Fprintf(&b, "\n  s%d %-5s %s", i, s.Kind, s.Marbles)
	}
	for i, m := range c.Args.Inner {
		fmt.Fprintf(&b, "\n  i%d       %s", i, m)
	}
	want, got := a.observers(), r.observers
	for i := range max(len(want), len(got)) {
		fmt.Fprintf(&b, "\n  want     %s\n  got      %s", strings.Join(want[i], " "), strings.Join(got[i], " "))
	}
	if !maps.Equal(a.subscriptions(), r.subscriptions) {
		fmt.Fprintf(&b, "\n  want subscriptions %v\n  got subscriptions  %v", a.subscriptions(), r.subscriptions)
	}
	return b.String()
}
