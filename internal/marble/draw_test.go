package marble_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/sluicego/sluice/internal/marble"
)

// sameEvents ignores where the marbles stand in their diagram.
var sameEvents = cmp.Options{cmpopts.IgnoreFields(marble.Event{}, "Pos"), cmpopts.EquateEmpty()}

func TestPrint(t *testing.T) {
	for _, test := range []struct {
		grammar     marble.Grammar
		text, print string // print is "" where it is the same as text
	}{
		{marble.Cold, "-", ""},
		{marble.Cold, "", "-"},
		{marble.Cold, "-a--b|", ""},
		{marble.Cold, "- a - - b |-", "-a--b|"},
		{marble.Cold, "--(abc)-|", ""},
		{marble.Cold, "-[ab][cd]|", ""},
		{marble.Cold, "-[ab]---(c|)", "-(ab)(c|)"},
		{marble.Cold, "-[ab]--(c|)", ""},
		{marble.Cold, "a------------b", ""},
		{marble.Cold, "a-------------b", "a 13ms b"},
		{marble.Cold, "120ms a 59s {name} 1h(b|)", "120ms a 59s {name} 1h (b|)"},
		{marble.Cold, "(ab) 90000ms |", "(ab) 90s |"},
		{marble.Cold, "{a}{-}", "a{-}"},
		{marble.Cold, "5 s", ""},
		{marble.Cold, "1 a", ""},
		{marble.Cold, "1a-|", ""},
		{marble.Cold, "-1a5s", ""},
		{marble.Cold, "-5 ms 13ms 5 x", ""},
		{marble.Cold, "(5s)5 s", ""},
		{marble.Cold, "(5 ms)[1a2]", "(5 ms)(1a2)"},
		{marble.Cold, ". 5 s", ".5 s"},
		{marble.Cold, "1.5", ""},
		{marble.Cold, "1. s", ""},
		{marble.Cold, "1..5 x", ""},
		{marble.Cold, "{5ms}{5}ms5{ms}", "{5ms}5 ms5{ms}"},
		{marble.Hot, "--a--^--b|", "a--^--b|"},
		{marble.Hot, "^--a", ""},
		{marble.Hot, "a(b^c)d", ""},
		{marble.Hot, "(ab)^c", ""},
		{marble.Subs, "--^---!", ""},
		{marble.Subs, "(^!)", ""},
		{marble.Demand, "(^2)------1---!", ""},
		{marble.Demand, "[^2]1(1!)-*", ""},
		{marble.Demand, "^{64}-{0}{-3}9*!-1", "^{64}-0{-3}9*!-1"},
	} {
		want := test.print
		if want == "" {
			want = test.text
		}
		lane := parse(t, test.text, test.grammar)
		got := marble.Print(lane.Events, 0)
		if got != want {
			t.Errorf("%s %q: got %q, want %q", test.grammar, test.text, got, want)
		}
		again := parse(t, got, test.grammar)
		if diff := cmp.Diff(lane.Events, again.Events, sameEvents); diff != "" {
			t.Errorf("%s %q, printed as %q (-want +got):\n%s", test.grammar, test.text, got, diff)
		}
	}
}

// Events between frames, as a recording may hold them, need a shorter frame.
func TestPrintBetweenFrames(t *testing.T) {
	events := []marble.Event{
		{At: 2500 * time.Microsecond, Key: "b"},
		{At: time.Millisecond, Key: "a"},
		{At: 3 * time.Second, Kind: marble.Complete},
	}
	frame := marble.Fit(0, events)
	got := marble.Print(events, 0)
	if want := "--a--b 2997ms |"; got != want || frame != 500*time.Microsecond {
		t.Errorf("got %q in frames of %v, want %q", got, frame, want)
	}
	if lane, err := marble.Parse(got, marble.Expect, frame); err != nil || listing(lane.Events) != "a@1 b@2.5 |@3s" {
		t.Errorf("read back: %v, %v", listing(lane.Events), err)
	}
}

// Recorded events may lie before the subscription; the diagram then has a ^.
func TestPrintNegative(t *testing.T) {
	got := marble.Print([]marble.Event{{At: -2 * time.Millisecond, Key: "a"}, {At: time.Millisecond, Key: "b"}}, 0)
	if want := "a-^b"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	got = marble.Print([]marble.Event{{At: -2 * time.Millisecond, Key: "a"}}, 0)
	if want := "a-^"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestPrintParse: what is printed reads back, for any lane.
func TestPrintParse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		grammar := rapid.SampledFrom([]marble.Grammar{marble.Cold, marble.Hot, marble.Expect, marble.Subs, marble.Demand}).Draw(t, "grammar")
		frame := rapid.SampledFrom([]time.Duration{time.Millisecond, 10 * time.Millisecond, 7, time.Second}).Draw(t, "frame")
		events := lanes(grammar, frame).Draw(t, "events")

		text := marble.Print(events, frame)
		lane, err := marble.Parse(text, grammar, marble.Fit(frame, events))
		if err != nil {
			t.Fatalf("%s %q: %v", grammar, text, err)
		}
		if diff := cmp.Diff(events, lane.Events, sameEvents); diff != "" {
			t.Fatalf("%q (-printed +read):\n%s", text, diff)
		}
	})
}

// lanes draws legal events, on frames.
func lanes(grammar marble.Grammar, frame time.Duration) *rapid.Generator[[]marble.Event] {
	gap := rapid.OneOf(rapid.Just(0), rapid.IntRange(0, 4), rapid.IntRange(0, 200))
	key := rapid.OneOf(
		rapid.StringMatching(`[a-z0-9.µmsnuh]`),
		rapid.SampledFrom([]string{"5ms", "-", "|", "😀", "日", "name", "é", "^", "!"}),
	)
	amount := rapid.OneOf(rapid.Int64Range(-2, 12), rapid.Just(int64(marble.Unbounded)))
	return rapid.Custom(func(t *rapid.T) (events []marble.Event) {
		at := time.Duration(0)
		if grammar == marble.Hot {
			at = -time.Duration(rapid.IntRange(0, 40).Draw(t, "before")) * frame
		}
		add := func(e marble.Event) {
			e.At = at
			events = append(events, e)
			at += time.Duration(gap.Draw(t, "gap")) * frame
		}
		values := func() {
			for range rapid.IntRange(0, 12).Draw(t, "values") {
				add(marble.Event{Key: key.Draw(t, "key")})
			}
		}
		switch {
		case grammar == marble.Subs || grammar == marble.Demand:
			at += time.Duration(gap.Draw(t, "start")) * frame
			if rapid.Bool().Draw(t, "subscribe") {
				add(marble.Event{Kind: marble.Subscribe})
			}
			cancel := rapid.IntRange(0, 8).Draw(t, "cancel")
			for i := range 6 {
				if i == cancel {
					add(marble.Event{Kind: marble.Cancel})
				}
				if grammar == marble.Demand && rapid.Bool().Draw(t, "request") {
					add(marble.Event{Kind: marble.Request, N: amount.Draw(t, "n")})
				}
			}
			return events
		case grammar == marble.Hot:
			values()
			if len(events) > 0 && events[0].At < 0 || rapid.Bool().Draw(t, "origin") {
				events = withOrigin(events)
			}
			at = max(at, 0)
		}
		values()
		switch rapid.IntRange(0, 2).Draw(t, "end") {
		case 1:
			add(marble.Event{Kind: marble.Complete})
		case 2:
			add(marble.Event{Kind: marble.Error})
		}
		return events
	})
}

// withOrigin puts a ^ where time is zero.
func withOrigin(events []marble.Event) []marble.Event {
	var out []marble.Event
	done := false
	for _, e := range events {
		if e.At >= 0 && !done {
			out, done = append(out, marble.Event{Kind: marble.Subscribe}), true
		}
		out = append(out, e)
	}
	if !done {
		out = append(out, marble.Event{Kind: marble.Subscribe})
	}
	return out
}
