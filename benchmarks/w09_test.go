package benchmarks_test

import (
	"math/rand/v2"
	"testing"
	"time"
)

// BenchmarkW9 is virtual time: a million events are scheduled and then run, in
// the order in which they were scheduled or in a random one; periodic is one
// event that schedules itself again, a million times. ns/el is the time of one
// event, both scheduled and run.
func BenchmarkW9(b *testing.B) {
	inOrder := make([]time.Duration, million)
	for i := range inOrder {
		inOrder[i] = time.Duration(i+1) * time.Microsecond
	}
	random := make([]time.Duration, million)
	for i, j := range rand.New(rand.NewPCG(1, 2)).Perm(million) {
		random[i] = inOrder[j]
	}
	b.Run("in-order", func(b *testing.B) {
		measure(b, "floor-heap4", million, million, func() int { return heapPending(inOrder) })
		oursPending(b, inOrder)
	})
	b.Run("random", func(b *testing.B) {
		measure(b, "floor-heap4", million, million, func() int { return heapPending(random) })
		oursPending(b, random)
	})
	b.Run("periodic", func(b *testing.B) {
		measure(b, "floor-heap4", million, million, func() int { return heapPeriodic(million) })
		oursPeriodic(b, million)
	})
}

// heapPending schedules an event for each of the due times, runs them all and
// returns how many ran on time.
func heapPending(due []time.Duration) int {
	var h heap4
	fired := 0
	fire := func() { fired++ }
	for _, d := range due {
		h.push(d, fire)
	}
	h.run()
	return fired
}

func heapPeriodic(n int) int {
	var h heap4
	fired := 0
	var tick func()
	tick = func() {
		if fired++; fired < n {
			h.push(h.now+time.Microsecond, tick)
		}
	}
	h.push(time.Microsecond, tick)
	h.run()
	return fired
}
