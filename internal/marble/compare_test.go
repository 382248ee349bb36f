package marble_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sluicego/sluice/internal/marble"
)

func TestCompare(t *testing.T) {
	for _, test := range []struct {
		want, got string
		class     marble.Class
		text      string
	}{
		{"-a|", "-a|", marble.Same, ""},
		{"", "", marble.Same, ""},
		{"-a|", "--a|", marble.Shifted, "a is 1ms late (want 1ms, got 2ms); from here on everything is shifted by +1ms"},
		{"--a|", "-a|", marble.Shifted, "a is 1ms early (want 2ms, got 1ms); from here on everything is shifted by -1ms"},
		{"--a--|", "-a---|", marble.Early, "a is 1ms early (want 2ms, got 1ms)"},
		{"aaaa|", "-aaaa|", marble.Shifted, "a is 1ms late (want 0s, got 1ms); from here on everything is shifted by +1ms"},
		{"abc|", "bc-|", marble.WrongValue, "value at 0s is b, want a"},
		{"a-b-c-d|", "a---c-d|", marble.Missing, "b is missing (want it at 2ms)"},
		{"a-b|", "acb|", marble.Extra, "c at 1ms was not expected"},
		{"-|", "-#", marble.WrongEnd, "ends at 1ms with error, want complete"},
		{"-#", "-|", marble.WrongEnd, "ends at 1ms with complete, want error"},
		{"-#", "--#", marble.Late, "error is 1ms late (want 1ms, got 2ms)"},
		{"--a--#", "--|", marble.WrongEnd, "ends with complete at 2ms, want error at 5ms"},
		{"--a--", "-|", marble.Extra, "complete at 1ms was not expected"},
		{"[ab]-|", "[ba]-|", marble.WrongOrder, "order within 0s is (ba), want (ab)"},
		{"[ab]-|", "[abc]-|", marble.Extra, "c at 0s was not expected"},
		{"[abc]-|", "[ab]-|", marble.Missing, "c is missing (want it at 0s)"},
		{"(a|)", "(|)", marble.Missing, ""},
		{"(|)", "(a|)", marble.Extra, "a at 0s was not expected"},
	} {
		d := marble.Compare(parse(t, test.want, marble.Expect).Events, parse(t, test.got, marble.Expect).Events, nil)
		if d.Class != test.class || test.text != "" && d.Text != test.text {
			t.Errorf("want %s, got %s: class %d, %s", test.want, test.got, d.Class, d.Text)
		}
	}
}

// A comparison of one's own replaces Equal.
func TestCompareFunc(t *testing.T) {
	want := []marble.Event{{Key: "a", Value: "x"}}
	got := []marble.Event{{Key: "A", Value: "X"}}
	fold := func(want, got any) bool { return strings.EqualFold(want.(string), got.(string)) }
	if d := marble.Compare(want, got, fold); d.Class != marble.Same {
		t.Error(d.Text)
	}
	if d := marble.Compare(want, got, nil); d.Class != marble.WrongValue {
		t.Error(d.Text)
	}
}

// Without values, keys are compared; but nil may be a value.
func TestCompareNil(t *testing.T) {
	want, got := []marble.Event{{Key: "a"}}, []marble.Event{{Key: "b"}}
	if d := marble.Compare(want, got, nil); d.Class != marble.WrongValue {
		t.Errorf("class %d without values", d.Class)
	}
	if d := marble.Compare(want, got, marble.Equal); d.Class != marble.Same {
		t.Error(d.Text)
	}
}

// TestCompareAny: a difference is found exactly where there is one, it is told
// in a sentence, and the report shows lanes that are diagrams of what happened.
func TestCompareAny(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want, got := letters().Draw(t, "want"), letters().Draw(t, "got")
		d := marble.Compare(want, got, nil)
		if same := cmp.Equal(want, got, sameEvents); same != (d.Class == marble.Same) {
			t.Fatalf("same: %v, class %d", same, d.Class)
		}
		if d.Class == marble.Same {
			return
		}
		if d.Text == "" || strings.Contains(d.Text, "%!") {
			t.Errorf("class %d is told as %q", d.Class, d.Text)
		}
		for _, e := range d.Edits {
			if e.At() < d.At() {
				t.Errorf("the first difference is said to be at %v, but there is one at %v", d.At(), e.At())
			}
		}
		r := &marble.Report{Name: "out", Want: want, Got: got, Rows: []marble.Row{{Name: "src", Events: letters().Draw(t, "src")}}}
		text := r.String()
		for name, events := range map[string][]marble.Event{"want": want, "got": got, "src": r.Rows[0].Events} {
			drawn := laneOf(text, name)
			lane, err := marble.Parse(drawn, marble.Expect, 0)
			if err != nil {
				t.Fatalf("%s\n%v", text, err)
			}
			if diff := cmp.Diff(events, lane.Events, sameEvents); diff != "" {
				t.Fatalf("%s\n%s, drawn as %q (-want +got):\n%s", text, name, drawn, diff)
			}
		}
	})
}

// laneOf finds a lane in a report.
func laneOf(report, name string) string {
	for line := range strings.Lines(report) {
		if lane, ok := strings.CutPrefix(line, "    "+name+" "); ok {
			return lane
		}
	}
	return "no such lane"
}

// letters draws lanes of few letters, close together, so that many are nearly
// the same.
func letters() *rapid.Generator[[]marble.Event] {
	return rapid.Custom(func(t *rapid.T) (events []marble.Event) {
		at := time.Duration(0)
		for range rapid.IntRange(0, 6).Draw(t, "n") {
			at += time.Duration(rapid.SampledFrom([]int{0, 1, 1, 2, 5, 20}).Draw(t, "gap")) * time.Millisecond
			events = append(events, marble.Event{At: at, Key: rapid.SampledFrom([]string{"a", "b", "name"}).Draw(t, "key")})
		}
		if rapid.Bool().Draw(t, "end") {
			events = append(events, marble.Event{At: at + time.Millisecond, Kind: marble.Complete})
		}
		return events
	})
}
