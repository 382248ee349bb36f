//go:build race

package contract

import "flag"

// rounds is how often each race is run. The race detector makes them ten times
// as slow, and needs to see a race but once; make leaks runs thousands.
const rounds = 5

// Scripts run on one goroutine, where there is little to detect: fewer of them,
// unless the command line says otherwise, which is read later.
func init() {
	if err := flag.Set("rapid.checks", "20"); err != nil {
		panic(err)
	}
}
