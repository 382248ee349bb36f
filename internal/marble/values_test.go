package marble_test

import (
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sluicego/sluice/internal/golden"
	"github.com/sluicego/sluice/internal/marble"
)

type (
	name  string
	level int8
	pair  struct{ Prev, Cur string }
	loud  int
)

func (l loud) String() string { return fmt.Sprintf("!%d", int(l)) }

// resolved shows the values of a lane, with their types.
func resolved[T any](text string, values marble.Values) string {
	lane, err := marble.Parse(text, marble.Cold, 0)
	if err == nil {
		lane, err = marble.Resolve[T](lane, values)
	}
	if err != nil {
		return err.Error()
	}
	var parts []string
	for _, e := range lane.Events {
		if e.Kind == marble.Next {
			parts = append(parts, fmt.Sprintf("%T %v", e.Value, e.Value))
		}
	}
	return strings.Join(parts, ", ")
}

func TestResolve(t *testing.T) {
	for _, test := range []struct{ got, want string }{
		{resolved[string]("-a-{long}|", nil), "string a, string long"},
		{resolved[name]("-a|", nil), "marble_test.name a"},
		{resolved[any]("-a|", nil), "string a"},
		{resolved[rune]("-1日|", nil), "int32 49, int32 26085"},
		{resolved[int]("-07az{42}{-3}|", nil), "int 0, int 7, int 10, int 35, int 42, int -3"},
		{resolved[uint8]("-7{255}|", nil), "uint8 7, uint8 255"},
		{resolved[level]("-7|", nil), "marble_test.level 7"},

		{resolved[int]("-x|", marble.Values{"x": 100}), "int 100"},
		{resolved[pair]("-x-{long}|", marble.Values{"x": pair{"a", "b"}, "long": pair{}}), "marble_test.pair {a b}, marble_test.pair { }"},
		{resolved[int64]("-x|", marble.Values{"x": 100}), "int64 100"},
		{resolved[float32]("-xy|", marble.Values{"x": 1, "y": 0.5}), "float32 1, float32 0.5"},
		{resolved[float32]("-xy|", marble.Values{"x": 0.1, "y": 1<<24 + 1}), "float32 0.1, float32 1.6777216e+07"},
		{resolved[float64]("-x|", marble.Values{"x": 1<<53 + 1}), "float64 9.007199254740992e+15"},
		{resolved[uint]("-x|", marble.Values{"x": 'a'}), "uint 97"},
		{resolved[name]("-x|", marble.Values{"x": "n"}), "marble_test.name n"},
		{resolved[error]("-xy|", marble.Values{"x": io.EOF, "y": nil}), "*errors.errorString EOF, <nil> <nil>"},
		{resolved[time.Duration]("-x|", marble.Values{"x": time.Second}), "time.Duration 1s"},
	} {
		if test.got != test.want {
			t.Errorf("got %s, want %s", test.got, test.want)
		}
	}
}

func TestResolveErrors(t *testing.T) {
	got := strings.Join([]string{
		resolved[pair]("--a|", nil),
		resolved[int]("--A|", nil),
		resolved[uint8]("--{256}|", nil),
		resolved[uint]("--{-1}|", nil),
		resolved[rune]("--{ab}|", nil),
		resolved[error]("--a|", nil),
		resolved[string]("日-a-b|", marble.Values{"日": "", "a": ""}),
		resolved[int]("-x|", marble.Values{"x": "one"}),
		resolved[string]("-x|", marble.Values{"x": 1}),
		resolved[uint8]("-x|", marble.Values{"x": 256}),
		resolved[uint]("-x|", marble.Values{"x": -1}),
		resolved[float32]("-x|", marble.Values{"x": 1e39}),
		resolved[int]("-x|", marble.Values{"x": 0.5}),
		resolved[int]("-x|", marble.Values{"x": nil}),
		resolved[int]("-x|", marble.Values{"x": int64(1)}),
		resolved[bool]("-x|", marble.Values{"x": "true"}),
		resolved[pair]("-x|", marble.Values{"x": 1}),
		marble.Values{"z": 1, "a": 2, "b": 3}.Unused(parse(t, "-a|", marble.Cold)).Error(),
	}, "\n\n")
	golden.Check(t, "values.txt", got+"\n")
	if err := (marble.Values{"a": 1, "b": 1}).Unused(parse(t, "-a|", marble.Cold), parse(t, "b", marble.Cold)); err != nil {
		t.Error(err)
	}
}

// What a lane was written with stays, even where another key has that value.
func TestLegendKeepsTheKeyOfAWantedEvent(t *testing.T) {
	want := []marble.Event{{Key: "a", Value: math.NaN()}, {Key: "b", Value: math.NaN()}}
	never := func(any, any) bool { return false }
	for _, l := range []*marble.Legend{marble.NewLegend(nil, want), marble.NewLegend(never, want)} {
		if got := marble.Print(l.Name(want), 0); got != "(ab)" || l.String() != "" {
			t.Errorf("drawn as %s, %s", got, l)
		}
	}
}

func recorded(values ...any) (events []marble.Event) {
	for i, v := range values {
		events = append(events, marble.Event{At: time.Duration(i) * time.Millisecond, Value: v})
	}
	return events
}

func TestLegend(t *testing.T) {
	resolve := func(values marble.Values) []marble.Event {
		lane, err := marble.Resolve[any](parse(t, "-x-{long}-|", marble.Cold), values)
		if err != nil {
			t.Fatal(err)
		}
		return lane.Events
	}
	known := resolve(marble.Values{"x": pair{"a", "b"}, "long": "a"})
	for _, test := range []struct {
		what          string
		known         []marble.Event
		values        []any
		text, literal string
		legend        string
	}{
		{"values that are marbles", nil, []any{"a", 'b', "日", 3, uint8(12), name("z"), int64(34)}, "ab日3czy", "ab日3czy", ""},
		{"values that look the same", nil, []any{"a", 10}, "aX", "aX", "where X=10"},
		{"values that are not", nil, []any{"hello", 42, -1, 42, "", "a b", "-"}, "XYZYABC", "{hello}{42}{-1}{42}AB{-}", "where X=hello, Y=42, Z=-1, A=, B=a b, C=-"},
		{"runes that are no marbles", nil, []any{'-', 'a', ' ', rune(-1)}, "XaYZ", "{-}aYZ", "where X='-', Y=' ', Z='\ufffd'"},
		{"integers with a text", nil, []any{loud(12), loud(77), loud(-7), 90 * time.Second}, "cXYZ", "c{77}{-7}{90000000000}", "where X=!77, Y=!-7, Z=1m30s"},
		{"a letter that is taken", nil, []any{"hello", "X"}, "YX", "{hello}X", "where Y=hello"},
		{"known values", known, []any{pair{"a", "b"}, "a", pair{"a", "c"}, "x", "b", nil}, "x{long}YZAB", "x{long}YZAB", `where Y=marble_test.pair{Prev:"a", Cur:"c"}, Z="x", A="b", B=<nil>`},
	} {
		l := marble.NewLegend(nil, test.known)
		named := l.Name(recorded(test.values...))
		if got := marble.Print(named, 0); got != test.text {
			t.Errorf("%s: drawn as %s, want %s", test.what, got, test.text)
		}
		if got := marble.Print(l.Literal(named), 0); got != test.literal {
			t.Errorf("%s: literally %s, want %s", test.what, got, test.literal)
		}
		if got := l.String(); got != test.legend {
			t.Errorf("%s: got %s, want %s", test.what, got, test.legend)
		}
	}
}

// The made-up letters do not end, and a second lane gets the same ones.
func TestLegendMany(t *testing.T) {
	var values []any
	for i := range 30 {
		values = append(values, 100+i)
	}
	l := marble.NewLegend(nil)
	first, second := l.Name(recorded(values...)), l.Name(recorded(values...))
	if diff := cmp.Diff(first, second); diff != "" {
		t.Error(diff)
	}
	if got := marble.Print(first[24:], 0); !strings.HasSuffix(got, "VW{v26}{v27}{v28}{v29}") {
		t.Error(got)
	}
}
