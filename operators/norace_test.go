//go:build !race

package operators_test

// raceEnabled says that the race detector slows everything down.
const raceEnabled = false
