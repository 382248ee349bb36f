package marble_test

import (
	"errors"
	"io"
	"io/fs"
	"testing"
	"time"

	"github.com/sluicego/sluice/internal/golden"
	"github.com/sluicego/sluice/internal/marble"
)

// A scene is a failing expectation, in marbles.
type scene struct {
	file      string
	class     marble.Class
	src       string
	want, got string
	grammar   marble.Grammar // of want and got; Cold stands for Expect
	more      func(*marble.Report)
}

func (s scene) report(t *testing.T) *marble.Report {
	t.Helper()
	g := s.grammar
	if g == marble.Cold {
		g = marble.Expect
	}
	r := &marble.Report{
		Where: "debounce_test.go:42", Name: "out",
		Want: parse(t, s.want, g).Events, Got: parse(t, s.got, g).Events,
	}
	if s.src != "" {
		r.Rows = []marble.Row{{Name: "src", Note: "cold", Events: parse(t, s.src, marble.Cold).Events}}
	}
	if s.more != nil {
		s.more(r)
	}
	return r
}

func TestReport(t *testing.T) {
	events := func(text string, g marble.Grammar) []marble.Event { return parse(t, text, g).Events }
	demand := func(of, text string) func(*marble.Report) {
		return func(r *marble.Report) {
			r.Rows = append(r.Rows, marble.Row{Name: "demand", Of: of, Events: events(text, marble.Demand)})
		}
	}
	last := func(err, gotErr error) func(*marble.Report) {
		return func(r *marble.Report) {
			r.Want[len(r.Want)-1].Err, r.Got[len(r.Got)-1].Err = err, gotErr
		}
	}
	values := func(want, got []any) func(*marble.Report) {
		return func(r *marble.Report) {
			for i := range want {
				r.Want[i].Value = want[i]
			}
			for i := range got {
				r.Got[i].Key, r.Got[i].Value = "", got[i] // as recorded
			}
			r.Legend = marble.NewLegend(nil, r.Want)
			r.Got = r.Legend.Name(r.Got)
		}
	}
	for _, s := range []scene{
		{file: "late", class: marble.Late, src: "-a--bc--d---|", want: "---a---c--d|", got: "---a---c--d-|", more: func(r *marble.Report) {
			r.Checks = []marble.Check{{
				Name: "subs src",
				Want: events("^-----------!", marble.Subs), Got: events("^-----------!", marble.Subs),
			}}
		}},
		{file: "early", class: marble.Early, src: "-a--b-|", want: "--a--b|", got: "-a---b|"},
		{file: "shifted", class: marble.Shifted, src: "-a--b-c|", want: "-a--b-c|", got: "-a---b-c|"},
		{file: "missing", class: marble.Missing, src: "-a-a-a|", want: "-a-a-a|", got: "-a---a|"},
		{file: "extra", class: marble.Extra, src: "-a--b|", want: "-a---|", got: "-a--b|"},
		{file: "value", class: marble.WrongValue, src: "-a-b-c|", want: "-a-b-c|", got: "-a-x-y|"},
		{file: "order", class: marble.WrongOrder, src: "-(ab)-c|", want: "-(abc)--d|", got: "-(acb)---d|"},
		{file: "end", class: marble.WrongEnd, src: "-a-|", want: "-a-|", got: "-a-#", more: last(nil, io.ErrUnexpectedEOF)},
		{file: "end-early", class: marble.WrongEnd, src: "-a--b--|", want: "-a--b--|", got: "-a-#"},
		{file: "complete-early", class: marble.Early, src: "-a--b--|", want: "-a--b--|", got: "-a-|"},
		{file: "error", class: marble.WrongEnd, src: "-a-#", want: "-a-#", got: "-a-#", more: last(fs.ErrNotExist, errors.New("boom"))},
		{file: "never-ended", class: marble.NeverEnded, src: "-a-b-|", want: "-a-b-|", got: "-a-b"},
		{file: "nothing", class: marble.Missing, src: "-a-|", want: "-a-|", got: ""},
		{file: "after-end", class: marble.AfterEnd, src: "-a-|", want: "-a-|", got: "-a-|", more: func(r *marble.Report) {
			r.Got = append(r.Got, marble.Event{At: 5 * time.Millisecond, Key: "b"})
		}},
		{file: "group-in-one-lane", class: marble.Missing, src: "-(abc)-d|", want: "-[abc]d---e|", got: "-[ab]d----e|"},
		{file: "gap", class: marble.Late, src: "-a 120ms b|", want: "-a 130ms b|", got: "-a 130ms b-|"},
		{file: "gap-between", class: marble.Shifted, src: "-a 30ms b|", want: "-a 60ms b|", got: "-a 130ms b|"},
		{file: "frame", class: marble.Late, src: "-a-|", want: "-a-|", got: "-a-|", more: func(r *marble.Report) {
			r.Got[0].At += 500 * time.Microsecond
		}},
		{file: "hot", class: marble.Missing, want: "--b|", got: "---|", more: func(r *marble.Report) {
			r.Rows = []marble.Row{{Name: "src", Note: "hot", Events: events("a--(xy)-^-b|", marble.Hot)}}
		}},
		{file: "wide", class: marble.WrongValue, src: "-{name}-日|", want: "-日---b|", got: "-{name}---c|"},
		{
			file: "structs", class: marble.WrongValue, src: "-a-b-c|", want: "---x-y|", got: "---x-z|",
			more: values([]any{pair{"a", "b"}, pair{"b", "c"}}, []any{pair{"a", "b"}, pair{"b", "d"}}),
		},
		{
			file: "slices", class: marble.WrongValue, src: "-a-b-c|", want: "---x-y|", got: "---x-z|",
			more: values([]any{[]int{1, 2}, map[string]int{"a": 1, "b": 2}}, []any{[]int{1, 3, 4}, map[string]int{"a": 2, "c": 2}}),
		},
		{
			file: "strings", class: marble.WrongValue, src: "-a-b-c|", want: "---a-{long}|", got: "---a-z|",
			more: values([]any{"a", "long"}, []any{"a", "longer"}),
		},
		{file: "exceeded", class: marble.Exceeded, src: "-a-b-c-d|", want: "-a-b---c|", got: "-a-b-c-d|", more: demand("got", "(^2)---1-")},
		{file: "exceeded-group", class: marble.Exceeded, src: "-(abc)|", want: "-(abc)|", got: "-(abc)|", more: demand("got", "(^2)")},
		{file: "exceeded-upstream", class: marble.Exceeded, src: "abc|", want: "abc|", got: "abc|", more: demand("src", "(^1)-1-{64}")},
		{file: "owed", class: marble.Late, src: "--a--b--c--d--e--|", want: "--a--b----c---", got: "--a--b-----c--", more: demand("got", "(^2)------1---!")},
		{file: "owed-unbounded", class: marble.Late, src: "-a-b|", want: "-a-b|", got: "-a-b-|", more: demand("got", "^")},
		{file: "subs-late", class: marble.Late, src: "-a--b---|", grammar: marble.Subs, want: "^----!", got: "^------!"},
		{file: "subs-open", class: marble.NeverCancelled, src: "-a--b---|", grammar: marble.Subs, want: "^----!", got: "^"},
		{file: "subs-never", class: marble.NeverSubscribed, src: "-a--b---|", grammar: marble.Subs, want: "-^----!", got: ""},
		{file: "subs-extra", class: marble.Extra, src: "-a--b---|", grammar: marble.Subs, want: "", got: "--^"},
		{file: "requests", class: marble.WrongValue, src: "-a--b---|", grammar: marble.Demand, want: "^2--{64}--!", got: "^3--{64}--!"},
		{file: "request-missing", class: marble.Missing, grammar: marble.Demand, want: "^2--*--!", got: "^2-----!"},
		{file: "checks", class: marble.Late, src: "-a-|", want: "-a-|", got: "-a--|", more: func(r *marble.Report) {
			r.Checks = []marble.Check{
				{Name: "subs src", Want: events("^--!", marble.Subs), Got: events("^---!", marble.Subs)},
				{Name: "demand src", Want: events("^1-1", marble.Demand), Got: events("^1-1", marble.Demand)},
			}
		}},
		{file: "problem", class: marble.Same, src: "-a-b-|", want: "-a-b-|", got: "-a-b-|", more: func(r *marble.Report) {
			r.Problem, r.ProblemAt = "b at 3ms comes after Cancel", 3*time.Millisecond
		}},
	} {
		t.Run(s.file, func(t *testing.T) {
			r := s.report(t)
			if !r.Failed() {
				t.Error("no failure was found")
			}
			if got := r.Class(); got != s.class {
				t.Errorf("class %d, want %d", got, s.class)
			}
			golden.Check(t, "report/"+s.file+".txt", r.String())
		})
	}
}

func TestReportNoFailure(t *testing.T) {
	r := scene{src: "-a|", want: "-a|", got: "-a|"}.report(t)
	if r.Failed() {
		t.Error("a failure was found")
	}
	golden.Check(t, "report/none.txt", r.String())
}
