package marble_test

import (
	"errors"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/sluicego/sluice/internal/marble"
)

// FuzzParse: no text makes the parser panic; what it reads, it reads again
// after printing; what it refuses, it refuses at a place in the text.
func FuzzParse(f *testing.F) {
	for i, text := range []string{
		"", "-a--b|", "--(abc)-[de]#", "a 120ms {name}1.5s(b|)", "a--^--b", "^--!", "(^2)--{64}-*!-0",
		"(ab", "10x a", "5ms-", "5 ms", ".5s", "é-\u0301", "a\xff", "1a5s(5s)5 s",
	} {
		f.Add(text, byte(i))
	}
	f.Fuzz(func(t *testing.T, text string, g byte) {
		grammar := marble.Grammar(g % 6)
		lane, err := marble.Parse(text, grammar, 0)
		if err != nil {
			var syntax *marble.SyntaxError
			if !errors.As(err, &syntax) || syntax.Offset < 0 || syntax.Offset > utf8.RuneCountInString(text) || syntax.Error() == "" {
				t.Fatalf("%q: %#v", text, err)
			}
			return
		}
		if grammar == marble.Pull {
			return // it has no times to print
		}
		printed := marble.Print(lane.Events, 0)
		again, err := marble.Parse(printed, grammar, 0)
		if err != nil {
			t.Fatalf("%q, printed as %q: %v", text, printed, err)
		}
		if diff := cmp.Diff(lane.Events, again.Events, sameEvents); diff != "" {
			t.Fatalf("%q, printed as %q (-want +got):\n%s", text, printed, diff)
		}
	})
}
