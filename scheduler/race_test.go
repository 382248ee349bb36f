//go:build race

package scheduler_test

import "flag"

// The models run on one goroutine, where there is little to detect: fewer of
// their runs, unless the command line says otherwise, which is read later.
func init() {
	if err := flag.Set("rapid.checks", "25"); err != nil {
		panic(err)
	}
}
