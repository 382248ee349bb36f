package marble_test

import (
	"errors"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/sluicego/sluice/internal/marble"
)

// FuzzParse: no text makes the parser panic; what it reads, it reads again
// after printing; what it refuses, it refuses at a place in the text. The
// number chooses the grammar and the frame.
func FuzzParse(f *testing.F) {
	const grammars = 7 // the last one is that of ParseTime
	frames := []time.Duration{0, 10 * time.Millisecond, 7}
	for i, text := range []string{
		"", "-a--b|", "--(abc)-[de]#", "a 120ms {name}1.5s(b|)", "a--^--b", "^--!", "(^2)--{64}-*!-0",
		"(ab", "10x a", "5ms-", "5 ms", ".5s", "é-\u0301", "a\xff", "1a5s(5s)5 s",
		"5ms", "1.s a", "1..5s", "7ns a 14ns", "--|", "- 10ms |", "--|-", "(|)",
	} {
		f.Add(text, byte(i))
		f.Add(text, byte(grammars-1))
		f.Add(text, byte(grammars*(i%len(frames))))
	}
	f.Fuzz(func(t *testing.T, text string, n byte) {
		grammar, frame := marble.Grammar(n%grammars), frames[n/grammars%byte(len(frames))]
		if grammar == grammars-1 {
			fuzzTime(t, text, frame)
			return
		}
		lane, err := marble.Parse(text, grammar, frame)
		if err != nil {
			refusedInText(t, text, err)
			return
		}
		if grammar == marble.Pull {
			return // it has no times to print
		}
		printed := marble.Print(lane.Events, frame)
		again, err := marble.Parse(printed, grammar, frame)
		if err != nil {
			t.Fatalf("%q, printed as %q: %v", text, printed, err)
		}
		if diff := cmp.Diff(lane.Events, again.Events, sameEvents); diff != "" {
			t.Fatalf("%q, printed as %q (-want +got):\n%s", text, printed, diff)
		}
	})
}

// fuzzTime: a time diagram is a source that completes at that time.
func fuzzTime(t *testing.T, text string, frame time.Duration) {
	t.Helper()
	d, err := marble.ParseTime(text, frame)
	if err != nil {
		refusedInText(t, text, err)
		return
	}
	lane, err := marble.Parse(text, marble.Cold, frame)
	if err != nil || len(lane.Events) != 1 || lane.Events[0].Kind != marble.Complete || lane.Events[0].At != d {
		t.Fatalf("time %q is %v, but as a source it is %v, %v", text, d, lane.Events, err)
	}
}

func refusedInText(t *testing.T, text string, err error) {
	t.Helper()
	var syntax *marble.SyntaxError
	if !errors.As(err, &syntax) || syntax.Offset < 0 || syntax.Offset > utf8.RuneCountInString(text) || syntax.Error() == "" {
		t.Fatalf("%q: %#v", text, err)
	}
}
