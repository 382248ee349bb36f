package marble_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sluicego/sluice/internal/golden"
	"github.com/sluicego/sluice/internal/marble"
)

// listing writes events as "a@1 |@3", in frames of a millisecond.
func listing(events []marble.Event) string {
	var parts []string
	for _, e := range events {
		name := map[marble.Kind]string{
			marble.Next: e.Key, marble.Complete: "|", marble.Error: "#",
			marble.Subscribe: "^", marble.Cancel: "!", marble.Request: fmt.Sprint(e.N),
		}[e.Kind]
		if e.Kind == marble.Request && e.N == marble.Unbounded {
			name = "*"
		}
		at := strings.TrimSuffix(e.At.String(), "ms")
		if e.At == 0 {
			at = "0"
		}
		parts = append(parts, name+"@"+at)
	}
	return strings.Join(parts, " ")
}

func parse(t *testing.T, text string, g marble.Grammar) marble.Lane {
	t.Helper()
	lane, err := marble.Parse(text, g, 0)
	if err != nil {
		t.Fatal(err)
	}
	return lane
}

func TestParse(t *testing.T) {
	for _, test := range []struct {
		text    string
		grammar marble.Grammar
		want    string
	}{
		{"", marble.Cold, ""},
		{"---", marble.Cold, ""},
		{"-a--b|", marble.Cold, "a@1 b@4 |@5"},
		{" -a\t-\n-b\u2003#  ", marble.Cold, "a@1 b@4 #@5"},
		{"ab|--", marble.Expect, "a@0 b@1 |@2"},
		{"--(abc)-|", marble.Cold, "a@2 b@2 c@2 |@8"},
		{"--( a b c )-|", marble.Cold, "a@2 b@2 c@2 |@8"},
		{"--[abc]-|", marble.Cold, "a@2 b@2 c@2 |@4"},
		{"-[ab][cd]|", marble.Cold, "a@1 b@1 c@2 d@2 |@3"},
		{"-{long}-(x{yz}|)", marble.Cold, "long@1 x@3 yz@3 |@3"},
		{"({ab}c)d", marble.Cold, "ab@0 c@0 d@4"},
		{"{a}{-}{|}", marble.Cold, "a@0 -@1 |@2"},
		{"äб日😀|", marble.Cold, "ä@0 б@1 日@2 😀@3 |@4"},

		{"a 9ms b", marble.Cold, "a@0 b@10"},
		{"10ms a", marble.Cold, "a@10"},
		{"a 5ms", marble.Cold, "a@0"},
		{"5ms(ab)5ms[c]5ms |", marble.Cold, "a@5 b@5 c@14 |@20"},
		{"1.5s a", marble.Cold, "a@1.5s"},
		{"1h a", marble.Cold, "a@1h0m0s"},
		{"2000us a 3000µs b 1000000ns c", marble.Cold, "a@2 b@6 c@8"},
		{"1m 1s a", marble.Cold, "a@1m1s"},
		{"0ms a", marble.Cold, "a@0"},

		{"01 234", marble.Cold, "0@0 1@1 2@2 3@3 4@4"},
		{"10 a", marble.Cold, "1@0 0@1 a@2"},
		{"-55y(c15)", marble.Cold, "5@1 5@2 y@3 c@4 1@4 5@4"},
		{"1a-|", marble.Cold, "1@0 a@1 |@3"},
		{"-5s-(5s)", marble.Cold, "5@1 s@2 5@4 s@4"},
		{"5 ms", marble.Cold, "5@0 m@1 s@2"},
		{"1.5", marble.Cold, "1@0 .@1 5@2"},
		{"..s 1.-", marble.Cold, ".@0 .@1 s@2 1@3 .@4"},

		{"--a--^--b|", marble.Hot, "a@-3 ^@0 b@3 |@4"},
		{"^a", marble.Hot, "^@0 a@1"},
		{"(^a)b", marble.Hot, "^@0 a@0 b@4"},
		{"5ms ^ a", marble.Hot, "^@0 a@1"},
		{"- -^a", marble.Hot, "^@0 a@1"},
		{"(a|)-^--", marble.Hot, "a@-5 |@-5 ^@0"},
		{"--a|", marble.Hot, "a@2 |@3"},

		{"ab c|", marble.Pull, "a@0 b@0 c@0 |@0"},
		{"{x}12a#", marble.Pull, "x@0 1@0 2@0 a@0 #@0"},
		{"123|", marble.Pull, "1@0 2@0 3@0 |@0"},
		{"1 a5s 1.5|", marble.Pull, "1@0 a@0 5@0 s@0 1@0 .@0 5@0 |@0"},

		{"--^---!", marble.Subs, "^@2 !@6"},
		{"(^!)", marble.Subs, "^@0 !@0"},
		{"^ 10ms !", marble.Subs, "^@0 !@11"},
		{"---!", marble.Subs, "!@3"},
		{"----", marble.Subs, ""},

		{"(^2)------1---!", marble.Demand, "^@0 2@0 1@10 !@14"},
		{"^2--1--!", marble.Demand, "^@0 2@1 1@4 !@7"},
		{"^-{64}-*", marble.Demand, "^@0 64@2 *@4"},
		{"2---3---", marble.Demand, "2@0 3@4"},
		{"[^12]0{-1}", marble.Demand, "^@0 1@0 2@0 0@1 -1@2"},
		{"^--!-1", marble.Demand, "^@0 !@3 1@4"}, // ! takes no time
		{"^ 1ms 1", marble.Demand, "^@0 1@2"},
		{"^ 1.5s {1}", marble.Demand, "^@0 1@1.501s"},
	} {
		t.Run(test.text, func(t *testing.T) {
			lane := parse(t, test.text, test.grammar)
			if diff := cmp.Diff(test.want, listing(lane.Events)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestParseErrors shows each mistake with its message, in a golden file: the
// messages are for people.
func TestParseErrors(t *testing.T) {
	var b strings.Builder
	for _, test := range []struct {
		grammar marble.Grammar
		texts   []string
	}{
		{marble.Cold, []string{
			"--(ab", "--[ab", "ab)", "a]", "-()-", "-[ ]", "((a)b)", "([a])", "(a]", "[a)",
			"a|b", "|#", "a||", "(|a)", "(a|#)", "##",
			"^a", "-a!", "(^", "(^!)",
			"-{ab", "{a{b}", "-{}-", "{a b}", "a}",
			"10x a", "a 5min", "5d", "1a", "a 5msb", "5ms-a", "10s|", "5s---", "5ms{a}", "{a}5ms b",
			"a10ms b", "-5ms-", ".5s a", "1.s a", "1..5s a", "1.5.5s", "a 1.x", "(a5ms)", "(5ms a)", "(a-b)", "a 1500us b", "0.1ms", "1.5ns",
			"9999999h a", "2562047h 1h a", "99999999999999999999999999999999h",
			"-e\u0301-|", "-\u200b-", "-a\x00", "a\xffb", "日本--(x", "-é-😀-)", "👍🏽",
		}},
		{marble.Hot, []string{"-^-^-", "a!", "-^(a", "^|a"}},
		{marble.Pull, []string{"a-b|", "a 5ms b", "(ab)", "^a", "5ms", "5s a|", "10x a", "1h a", "10sec a", "10MS a", "a 1..5s", "5s|", "a5ms"}},
		{marble.Expect, []string{"^a", "a!"}},
		{marble.Subs, []string{"^-^", "^-!-!", "-!-^", "(!^)", "(^", "^a", "^5ms !", "^1", "^|", "^*", "^{a}", "()"}},
		{marble.Demand, []string{"^-^", "!-!", "-!-^", "1^", "^a", "^{x}", "^{99999999999999999999}", "^|", "^5ms !", "^1-(2", "^ 5mx", "^ 1.s !"}},
	} {
		for _, text := range test.texts {
			_, err := marble.Parse(text, test.grammar, 0)
			if err == nil {
				t.Errorf("%s %q: no error", test.grammar, text)
				continue
			}
			var syntax *marble.SyntaxError
			if !errors.As(err, &syntax) || syntax.Diagram != text {
				t.Errorf("%s %q: %#v", test.grammar, text, err)
			}
			fmt.Fprintf(&b, "%s %q\n%v\n\n", test.grammar, text, err)
		}
	}
	for _, text := range []string{
		"", "--", "--|--|", "-a|", "5ms", "|^",
		"--|--", "--|-", "--| 5ms ", "--|5ms", "--(|)", "--[|]", "(|)|", "--|()",
	} {
		d, err := marble.ParseTime(text, 0)
		if err == nil {
			t.Errorf("time %q: %v", text, d)
			continue
		}
		fmt.Fprintf(&b, "time %q\n%v\n\n", text, err)
	}
	golden.Check(t, "errors.txt", b.String())
}

func TestParseTime(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"--|": 2 * time.Millisecond, "5ms |": 5 * time.Millisecond, "- -| ": 2 * time.Millisecond, "|": 0,
	} {
		if got, err := marble.ParseTime(text, 0); got != want || err != nil {
			t.Errorf("%q: %v, %v; want %v", text, got, err, want)
		}
	}
}

func TestParseFrame(t *testing.T) {
	lane, err := marble.Parse("-a 50ms |", marble.Cold, 10*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := listing(lane.Events), "a@10 |@70"; got != want || lane.End != 80*time.Millisecond {
		t.Errorf("got %s, end %v; want %s", got, lane.End, want)
	}
	if _, err := marble.Parse("a 5ms b", marble.Cold, 10*time.Millisecond); err == nil {
		t.Error("half a frame was accepted")
	} else {
		golden.Check(t, "frame.txt", err.Error()+"\n")
	}
	defer func() {
		if r := recover(); r != "marbles: a negative frame (-1ns)" {
			t.Errorf("panic: %v", r)
		}
	}()
	_, _ = marble.Parse("", marble.Cold, -1)
}
