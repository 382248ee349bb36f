package conformance

import (
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"testing"
)

// The package comment lists the checks, in their order.
func TestDocListsChecks(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "doc.go", nil, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range regexp.MustCompile(`(?m)^  - (\S+_\w+) \((L\d+)\)$`).FindAllStringSubmatch(f.Doc.Text(), -1) {
		got = append(got, m[1]+" "+m[2])
	}
	var want []string
	want = append(want, titles(sourceChecks)...)
	want = append(want, titles(operatorChecks)...)
	want = append(want, titles(subjectChecks)...)
	want = append(want, titles(subscriberChecks)...)
	if !slices.Equal(got, want) {
		for i := range max(len(got), len(want)) {
			if i >= len(got) || i >= len(want) || got[i] != want[i] {
				t.Fatalf("the list in doc.go differs from the checks at number %d:\n%v\n%v", i, got[min(i, len(got)):], want[min(i, len(want)):])
			}
		}
	}
}

func titles[S any](checks []check[S]) (list []string) {
	for _, c := range checks {
		list = append(list, c.name+" "+c.law)
	}
	return list
}
