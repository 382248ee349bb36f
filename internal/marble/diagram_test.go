package marble_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sluicego/sluice/internal/golden"
	"github.com/sluicego/sluice/internal/marble"
)

const documented = `package operators

// Debounce emits a value once d has passed without a newer one.
//
//	source         -a--bc---d--|
//	Debounce(2ms)  ---a---c---d|
//
// Use it like this:
//
//	fast := operators.Debounce(time.Second) // a pause
//	x    = 1
//
// Demand: unbounded.
func Debounce() {}

// Pairwise emits pairs, and has a second diagram.
//
//	source    -a-b-c-|
//	Pairwise  ---x-{long}-|
//	where     x={a b}, {long}=[b, c]
//
// With demand:
//
//	request         (^1)----2---!
//	source          -a-b-c-|
//	demand source   (^2)
//	subs source     ^-------!
//	Pairwise        ---x----y
func Pairwise[T any](src int) int { return 0 }

// Merge has several sources.
//
//	source  -a---b--|
//	other   --x-y-|
//	Merge   -ax-yb--|
func Merge() {}

// GroupBy has several outputs; its sources may be hot.
//
//	source                    --a-^-b1-|
//	GroupBy(func(v) K { … })  --x-y--|
//	x                         --b----|
func GroupBy() {}

// Of is a source.
//
//	Of("a", "b")  (ab|)
func Of() {}

// Next emits v.
//
//	s.Next(v)  a
//	source     -
func (s *Subject[T]) Next(v T) {}

// Range is no operator's name in this diagram.
//
//	source  -a
//	result  -b
func (Plain) Range() {}

// Code holds code, not diagrams.
//
//	for  v := range All {
//	}
func Code() {}

func none() {}
`

func TestDiagrams(t *testing.T) {
	ds, err := marble.Diagrams("x.go", documented)
	if err != nil {
		t.Fatal(err)
	}
	roles := [...]string{"source", "operator", "output", "requests", "lifetime", "where"}
	var b strings.Builder
	for _, d := range ds {
		fmt.Fprintf(&b, "%s %v\n", d.Pos, d.Func)
		for _, r := range d.Rows {
			fmt.Fprintf(&b, "\t%d %s of=%q %q: %s\n", r.Pos.Line, roles[r.Role], r.Of, r.Label, listing(r.Lane.Events))
		}
		if d.Where != nil {
			fmt.Fprintf(&b, "\t%q\n", d.Where)
		}
	}
	golden.Check(t, "diagrams.txt", b.String())
	if got, want := ds[0].Result().Text, "---a---c---d|"; got != want {
		t.Errorf("result %q, want %q", got, want)
	}
	if got := ds[3].RowsOf(marble.Source); len(got) != 2 || got[1].Label != "other" {
		t.Errorf("sources of %s: %v", ds[3].Func, got)
	}
}

// A diagram that cannot be read is reported; the others are still found.
func TestDiagramErrors(t *testing.T) {
	src := "package p\n"
	for i, doc := range []string{
		"source  -(ab\nF  -a",
		"source  -a\nF -b",
		"source  -a\nwhere  a=1",
		"source  -a\nF  ^a",
		"source  -a\nF  -b\nwhere  b=1, c=2",
		"source  -a\nF  -b\nwhere  b=1, b=2",
		"source  -a\nF  -b\nwhere  b, c=2",
		"source  -a\nF  -b\nrequest  -x",
		"source  -a\nF  -b\nsubs source  ^-^",
		"source  -a\nF  -b",
	} {
		src += fmt.Sprintf("\n// F says it.\n//\n//\t%s\nfunc (T%d) F() {}\n", strings.ReplaceAll(doc, "\n", "\n//\t"), i)
	}
	ds, err := marble.Diagrams("x.go", src)
	if err == nil {
		t.Fatal("no error")
	}
	golden.Check(t, "diagram-errors.txt", err.Error()+"\n")
	if len(ds) != 1 || ds[0].Func != "T9.F" {
		t.Errorf("found %v", ds)
	}
	if _, err := marble.Diagrams("x.go", "package"); err == nil {
		t.Error("no error for a file that is not Go")
	}
}

// Diagrams are found wherever a doc comment may stand.
func TestDiagramsInEveryDocComment(t *testing.T) {
	const src = `package p

import ()

type ()

var ()

/*
Block does.

	source  -a-|
	Block   -a-|
*/
func Block() {}

/* Short does.

	source  -b-|
	Short   -b-|
*/
func Short() {}

type (
	// Line does.
	//
	//	source   -c-|
	//	NewLine  -c-|
	Line struct{}

	/*
		Inner does.

			source    -d-|
			NewInner  -d-|
	*/
	Inner struct{}
)

// Value does.
//
//	source  -e-|
//	Value   -e-|
var Value = 1

var (
	// Grouped does.
	//
	//	source   -f-|
	//	Grouped  -f-|
	Grouped = 1
)
`
	ds, err := marble.Diagrams("x.go", src)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, d := range ds {
		fmt.Fprintf(&b, "%s %s %s\n", d.Pos, d.Func, d.Result().Text)
	}
	golden.Check(t, "diagrams-everywhere.txt", b.String())
}

// A comment on a group is about nothing in particular.
func TestDiagramOfAGroupIsRefused(t *testing.T) {
	const src = "package p\n\n// They do.\n//\n//\tsource  -a-|\n//\tA       -a-|\nvar (\n\tA = 1\n\tB = 2\n)\n"
	ds, err := marble.Diagrams("x.go", src)
	if len(ds) != 0 || err == nil || !strings.Contains(err.Error(), "x.go:5:1: diagram of a group: whose it is cannot be told") {
		t.Errorf("found %v, %v", ds, err)
	}
}

func TestNoDiagrams(t *testing.T) {
	ds, err := marble.Diagrams("x.go", "package p\n")
	if diff := cmp.Diff([]marble.Diagram(nil), ds); err != nil || diff != "" {
		t.Error(err, diff)
	}
}
