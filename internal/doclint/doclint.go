// Package doclint holds sources and operators to the template of their doc
// comments, and plays the diagrams in them. Only tests import it.
package doclint

import (
	"slices"
	"strings"
	"testing"

	"github.com/sluicego/sluice/internal/apidoc"
)

// Check reads the Go files of the current directory and fails for each source,
// operator, subject and terminal whose doc comment lacks a part, has the parts
// in another order, or has no Example. exempt lists functions and methods that
// are none of these, although their types say so.
func Check(t *testing.T, importPath string, exempt ...string) {
	t.Helper()
	pkg, err := apidoc.Read(".", importPath)
	if err != nil {
		t.Fatal(err)
	}
	if len(pkg.Items) == 0 {
		t.Errorf("no source and no operator found in %s", importPath)
	}
	for _, it := range pkg.Items {
		if slices.Contains(exempt, it.Name) {
			continue
		}
		for _, complaint := range complaints(it) {
			t.Errorf("%s: %s: %s", it.Pos, it.Name, complaint)
		}
	}
}

func complaints(it apidoc.Item) (list []string) {
	words := strings.Fields(it.Doc)
	if len(words) < 2 || words[0] != it.Name && words[1] != it.Name { // "Map …", "A Subject …"
		list = append(list, "the doc comment does not begin with the name")
	}
	if !strings.Contains(it.Doc, "\n\t") {
		list = append(list, "no diagram and no code")
	}
	last := -1
	for _, part := range apidoc.Parts {
		at := apidoc.Part(it.Doc, part)
		switch {
		case at < 0:
			list = append(list, "no paragraph that begins with "+strings.TrimSpace(part))
		case at < last:
			list = append(list, strings.TrimSpace(part)+" comes too early; the order is "+strings.Join(apidoc.Parts, " "))
		}
		last = max(last, at)
	}
	if it.Examples == 0 {
		list = append(list, "no Example of "+it.Name)
	}
	return list
}
