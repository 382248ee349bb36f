package conformance

import (
	"os"
	"strconv"
	"testing"
)

// roundsVariable is the environment variable that multiplies the rounds.
const roundsVariable = "CONFORMANCE_ROUNDS"

// rounds returns how often a check that depends on luck is run.
func rounds() int {
	n := 12
	if raceEnabled || testing.Short() {
		n = 4
	}
	if factor, err := strconv.Atoi(os.Getenv(roundsVariable)); err == nil && factor > 0 {
		n *= factor
	}
	return n
}

// opRounds is by how much fewer rounds an operator has than a source: each of its
// checks is made twice, and there are many operators.
const opRounds = 2

// depthOf returns for how many values the depth of the recursion is watched. It
// is the depth that is watched and not the stack, since Go's grows to a
// gigabyte before it overflows.
func depthOf() int64 {
	if raceEnabled || testing.Short() {
		return 10_000
	}
	return 1_000_000
}
