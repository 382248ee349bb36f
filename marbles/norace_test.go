//go:build !race

package marbles_test

// raceEnabled says that the race detector is on.
const raceEnabled = false
