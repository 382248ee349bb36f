package marbles_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// Shout makes letters big.
//
//	source  -a-b-|
//	Shout   -A-B-|
//
// It is an operator of this test, to show that users' diagrams run too.
func Shout(src observable.Observable[string]) observable.Observable[string] {
	return operators.Map(strings.ToUpper)(src)
}

// PairUp emits consecutive pairs on request.
//
//	source   -ab-c-|
//	PairUp   --x---(y|)
//	request  (^1)--1--1
//	where    x={a b}, y={b c}
func PairUp(src observable.Observable[string]) observable.Observable[operators.Pair[string]] {
	return operators.Pairwise(src)
}

func TestPlayDocs(t *testing.T) {
	marbles.PlayDocs(t, "playdocs_test.go", map[string]marbles.Played{
		"Shout":  func(d *marbles.Doc) observable.Observable[string] { return Shout(d.Hot("source")) },
		"PairUp": func(d *marbles.Doc) observable.Observable[string] { return marbles.Text(PairUp(d.Cold("source"))) },
	})
}

func TestPlayDocsPlaysTheDiagramsBesideAFaultyOne(t *testing.T) {
	file := filepath.Join(t.TempDir(), "docs.go")
	const code = `package docs

import ()

// Unknown is not in the table.
//
//	source   -a-|
//	Unknown  -a-|
func Unknown() {}

// Broken cannot be read.
//
//	source  -(a-|
//	Broken  -a-|
func Broken() {}

// Split has an output that is not in the table.
//
//	source  -a-|
//	Split   -a-|
//	Rest    ---|
func Split() {}

// Good is played.
//
//	source  -a-|
//	Good    -a-|
func Good() {}

/*
Late is played, too.

	source  -a-|
	Late    -a-|
*/
func Late() {}
`
	if err := os.WriteFile(file, []byte(code), 0o600); err != nil {
		t.Fatal(err)
	}
	play := func(d *marbles.Doc) observable.Observable[string] { return d.Cold("source") }
	names, faults := marbles.PlannedDocs(file, map[string]marbles.Played{
		"Broken": play, "Split": play, "Good": play, "Late": play, "Gone": play,
	})
	if !slices.Equal(names, []string{"Good", "Late"}) {
		t.Errorf("played: %q", names)
	}
	all := strings.Join(faults, "\n")
	for _, want := range []string{
		"diagram of Unknown is not played", "diagram of Broken", `add "SplitRest" to the table`, "the table has Gone",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("the report lacks %q:\n%s", want, all)
		}
	}
}

func TestPlayDocsReportsAPatternThatMatchesNothing(t *testing.T) {
	for pattern, want := range map[string]string{
		"nowhere/*.go": "no file matches",
		"[":            "syntax error in pattern",
	} {
		if _, faults := marbles.PlannedDocs(pattern, nil); len(faults) != 1 || !strings.Contains(faults[0], want) {
			t.Errorf("%s: %q, want %q", pattern, faults, want)
		}
	}
}

// A row of a doc comment is brought up to date like any other diagram.
func TestUpdateOfADocComment(t *testing.T) {
	const env = "MARBLES_DOC"
	if file := os.Getenv(env); file != "" {
		marbles.PlayDocs(t, file, map[string]marbles.Played{
			"Shout":  func(d *marbles.Doc) observable.Observable[string] { return Shout(d.Hot("source")) },
			"PairUp": func(d *marbles.Doc) observable.Observable[string] { return marbles.Text(PairUp(d.Cold("source"))) },
		})
		return
	}
	file := filepath.Join(t.TempDir(), "docs.go")
	const right = `package docs

// Shout makes letters big.
//
//	source  -a-b-|
//	Shout   -A-B-|
func Shout() {}

// PairUp emits consecutive pairs on request.
//
//	source   -ab-c-|
//	PairUp   --x---(y|)
//	request  (^1)--1--1
//	where    x={a b}, y={b c}
func PairUp() {}
`
	wrong := strings.NewReplacer("-A-B-|", "-A|", "--x---(y|)", "--y---(x|)").Replace(right)
	write(t, file, wrong)
	self := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-marbles.update")
	self.Env = append(os.Environ(), env+"="+file)
	if out, err := self.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if diff := cmp.Diff(right, read(t, file)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
