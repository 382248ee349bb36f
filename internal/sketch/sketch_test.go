package sketch_test

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sluicego/sluice/internal/golden"
	"github.com/sluicego/sluice/internal/marble"
	"github.com/sluicego/sluice/internal/sketch"
	"github.com/sluicego/sluice/marbles/picture"
)

const ms = time.Millisecond

func TestEvents(t *testing.T) {
	type order struct{ ID int }
	got := sketch.Events([]marble.Event{
		{At: 1 * ms, Kind: marble.Next, Value: 'x'},
		{At: 2 * ms, Kind: marble.Next, Value: 10},
		{At: 2 * ms, Kind: marble.Next, Value: order{7}},
		{At: 3 * ms, Kind: marble.Next, Key: "a", Value: order{8}},
		{At: 3 * ms, Kind: marble.Next, Key: "a", Value: 10},
		{At: 4 * ms, Kind: marble.Request, N: 3},
		{At: 5 * ms, Kind: marble.Error, Err: errors.New("no")},
	})
	want := []picture.Event{
		{At: 1 * ms, Label: "x"},
		{At: 2 * ms, Label: "10"},
		{At: 2 * ms, Label: "{7}"},
		{At: 3 * ms, Label: "a", Text: "{8}"},
		{At: 3 * ms, Label: "a"},
		{At: 4 * ms, Kind: picture.Request, N: 3},
		{At: 5 * ms, Kind: picture.Error, Text: "no"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func events(t *testing.T, text string, g marble.Grammar) []marble.Event {
	t.Helper()
	lane, err := marble.Parse(text, g, 0)
	if err != nil {
		t.Fatal(err)
	}
	return lane.Events
}

func TestReport(t *testing.T) {
	p := sketch.Report(&marble.Report{
		Name: "out",
		Rows: []marble.Row{
			{Name: "src", Note: "cold", Events: events(t, "-a--b-c-d---|", marble.Cold)},
			{Name: "demand", Of: "got", Events: events(t, "^2----1----", marble.Demand)},
		},
		Checks: []marble.Check{{Name: "subs src", Want: events(t, "^--!", marble.Subs), Got: events(t, "^---!", marble.Subs)}},
		Want:   events(t, "-a--b-c-----|", marble.Expect),
		Got:    events(t, "-a--b--cd---|", marble.Expect),
	})
	golden.Check(t, "report.txt", p.Text())
	golden.Check(t, "report.svg", string(p.SVG()))
}

// The operators that flatten say in one diagram each when they subscribe.
func TestDocFlattens(t *testing.T) {
	var b strings.Builder
	for _, d := range diagrams(t, "../../operators/*.go") {
		if !slices.Contains([]string{"ConcatMap", "MergeMap", "SwitchMap", "ExhaustMap", "DelayWhen", "ConcatMapEager", "Expand", "SwitchAll"}, d.Func) {
			continue
		}
		p, err := sketch.Doc(d, sketch.Run{})
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString(p.Text() + "\n")
	}
	golden.Check(t, "flatten.txt", b.String())
}

// Every diagram of the library can be drawn.
func TestDocEverything(t *testing.T) {
	n, bytes := 0, 0
	for _, dir := range []string{"observable", "operators", "backpressure"} {
		for _, d := range diagrams(t, filepath.Join("../..", dir, "*.go")) {
			p, err := sketch.Doc(d, sketch.Run{})
			if err != nil {
				t.Error(err)
				continue
			}
			n++
			bytes += len(p.SVG())
		}
	}
	t.Logf("%d pictures of %d bytes on average", n, bytes/max(1, n))
}

func diagrams(t *testing.T, pattern string) (all []marble.Diagram) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("%s matches nothing (%v)", pattern, err)
	}
	for _, file := range files {
		found, err := marble.Diagrams(file, nil)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, found...)
	}
	return all
}
