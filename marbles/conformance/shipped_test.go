package conformance_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/sluicego/sluice/internal/apidoc"
	"github.com/sluicego/sluice/marbles/conformance"
)

// exceptions are not in a table, for the reason given.
var exceptions = map[string]string{
	"Never":        "it has no signal but OnSubscribe",
	"FromCallback": "it cannot wait for demand; its tests are in package observable",
	"Subscribe":    "what all the checks stand on",
	"Lift":         "what operators are made with",
	"Group":        "what GroupBy emits: checked flattened",
	"Connectable":  "what Publish and Replay return: checked with RefCount",
}

// arities are made of one template each: the first is in a table, and package
// operators has each of them under contract.
var arities = []string{"Zip", "CombineLatest", "ForkJoin", "Pipe", "Compose"}

// Everything that the project ships is checked.
func TestEverythingIsChecked(t *testing.T) {
	if conformance.RaceEnabled {
		t.Skip("reads the sources, which takes its time")
	}
	tables := map[string][]string{
		"observable":   slices.Concat(names(sources), names(subjects), names(terminals)),
		"operators":    slices.Concat(names(passing), names(changing), names(folding)),
		"backpressure": names(pacing),
	}
	used := map[string]bool{}
	for dir, listed := range tables {
		pkg, err := apidoc.Read("../../"+dir, "github.com/sluicego/sluice/"+dir)
		if err != nil {
			t.Fatal(err)
		}
		if len(pkg.Items) == 0 {
			t.Errorf("nothing found in %s", dir)
		}
		for _, item := range pkg.Items {
			family := strings.TrimRight(item.Name, "123456789")
			switch {
			case slices.Contains(listed, item.Name):
			case family != item.Name && slices.Contains(arities, family):
			case exceptions[item.Name] != "":
				used[item.Name] = true
			default:
				t.Errorf("%s: %s.%s is in no table of this package and not among the exceptions", item.Pos, dir, item.Name)
			}
		}
	}
	for name := range exceptions {
		if !used[name] {
			t.Errorf("the exception for %s is not needed", name)
		}
	}
}

// names returns what the rows of a table are about: the first word of each.
func names[C any](table map[string]C) []string {
	var list []string
	for row := range maps.Keys(table) {
		name, _, _ := strings.Cut(row, " ")
		list = append(list, strings.TrimSuffix(name, ","))
	}
	return list
}
