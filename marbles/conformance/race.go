//go:build race

package conformance

// The race detector makes everything ten times as slow, and needs to see a race
// but once.
const raceEnabled = true
