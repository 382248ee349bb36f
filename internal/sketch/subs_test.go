package sketch_test

import (
	"strings"
	"testing"

	"github.com/sluicego/sluice/internal/marble"
	"github.com/sluicego/sluice/internal/sketch"
)

// What was recorded of the subscriptions is told where it is no matter of
// course: when they begin later, end early, are several, or are none.
func TestDocSubscriptions(t *testing.T) {
	diagrams, err := marble.Diagrams("x.go", `package x

// Op does everything.
//
//	a   -x-|
//	b   -x-|
//	c   -x-|
//	d   -x-|
//	e   -x-|
//	f   -x--
//	Op  -x------
func Op() {}

// Share has a second subscriber.
//
//	source      -x--y-|
//	Share       -x--y-|
//	…after 2ms  ----y-|
func Share() {}
`)
	if err != nil {
		t.Fatal(err)
	}
	subs := func(lanes ...string) (all [][]marble.Event) {
		for _, lane := range lanes {
			all = append(all, events(t, lane, marble.Demand))
		}
		return all
	}
	p, err := sketch.Doc(diagrams[0], sketch.Run{
		Cold: map[string]bool{"a": true, "b": true, "c": true, "d": true, "e": true, "f": true},
		Subs: map[string][][]marble.Event{
			"a": subs("^--!"),          // as long as it lasts
			"b": subs("--^--!"),        // later
			"c": subs("^!"),            // cancelled
			"d": subs("^--!", "---^!"), // twice
			// e: never
			"f": subs("^-------!"), // left by the test
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := p.Text()
	got = got[strings.Index(got, "\n")+1:]
	const want = `a       -x-|
cold b  ---x-|
subs b  --^--!
c       -x-|
subs c  ^!
cold d  -x-|
subs d  ^--!
subs d  ---^!
e       -x-|
subs e  -
f       -x--
Op      -x------
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}

	p, err = sketch.Doc(diagrams[1], sketch.Run{Cold: map[string]bool{"source": false}, Subs: map[string][][]marble.Event{}})
	if err != nil {
		t.Fatal(err)
	}
	if text := p.Text(); !strings.Contains(text, "subs …after 2ms  --^\n") {
		t.Errorf("the second subscriber's start is missing:\n%s", text)
	}
}
