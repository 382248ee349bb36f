package archtest_test

import (
	"go/ast"
	"testing"
)

// wallClock is what reads or waits for the wall clock. Everything else takes
// its time from a scheduler, so that it runs in virtual time as well.
var wallClock = map[string]map[string]bool{
	"time": {
		"Now": true, "Since": true, "Until": true, "Sleep": true, "Tick": true, "After": true,
		"AfterFunc": true, "NewTimer": true, "NewTicker": true,
	},
	"context": {
		"WithTimeout": true, "WithTimeoutCause": true, "WithDeadline": true, "WithDeadlineCause": true,
	},
}

// timesItself lists the tests whose subject is code that is not the library's,
// with timers of its own, in the bubble of a live test.
var timesItself = map[string]bool{
	"marbles/debouncer_test.go": true,
	"marbles/foreign_test.go":   true,
	"marbles/stage_test.go":     true,
}

// mayReadClock lists the only places that touch the wall clock.
func mayReadClock(file source) bool {
	return file.nested || // whole programs around the library
		file.in("examples") ||
		file.in("scheduler") || // it makes the clock for everybody else
		file.path == "marbles/live.go" || // reads the fake clock of a synctest bubble
		file.path == "marbles/conformance/env.go" || // likewise
		timesItself[file.path] ||
		file.test() && file.imports()["synctest"] == "testing/synctest" // likewise
}

func TestClockComesFromScheduler(t *testing.T) {
	for _, file := range sources(t) {
		free := mayReadClock(file)
		eachQualified(file, func(pkg, name string, at ast.Node) {
			switch {
			case file.test() && pkg == "time" && name == "Sleep":
				t.Errorf("%v: time.Sleep in a test; wait for what it waits for", fset.Position(at.Pos()))
			case file.test() && pkg == "context":
				// A deadline keeps a test that hangs from hanging; it decides no outcome.
			case !free && wallClock[pkg][name]:
				t.Errorf("%v: %s.%s reads the wall clock; take the time from a scheduler.Scheduler",
					fset.Position(at.Pos()), pkg, name)
			}
		})
	}
}

// eachQualified calls visit for every package.Name in the file, with the
// import path of the package.
func eachQualified(file source, visit func(pkg, name string, at ast.Node)) {
	imports := file.imports()
	ast.Inspect(file.syntax, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok && imports[x.Name] != "" {
				visit(imports[x.Name], sel.Sel.Name, sel)
			}
		}
		return true
	})
}
