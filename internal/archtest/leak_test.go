package archtest_test

import (
	"go/ast"
	"testing"
)

// Every package with tests looks for goroutines that they leave behind.
func TestEveryPackageLooksForLeaks(t *testing.T) {
	looks := make(map[string]bool) // by folder
	for _, file := range sources(t) {
		if !file.test() || file.nested {
			continue
		}
		looks[file.dir()] = looks[file.dir()] || false
		eachQualified(file, func(pkg, name string, _ ast.Node) {
			if pkg == "go.uber.org/goleak" && name == "VerifyTestMain" {
				looks[file.dir()] = true
			}
		})
	}
	for dir, does := range looks {
		if !does {
			t.Errorf("%s: its tests have no TestMain that calls goleak.VerifyTestMain", dir)
		}
	}
}
