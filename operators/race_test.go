//go:build race

package operators_test

// raceEnabled says that the race detector is on, which slows everything down.
const raceEnabled = true

// many is how often something is done that a test does n times.
func many(n int) int { return n / 100 }
