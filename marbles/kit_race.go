package marbles

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Race runs rounds rounds. In each, setup returns functions that are then run
// at the same moment, each on its own goroutine, and a check that runs when all
// have returned; check may be nil. It is for the races that a protocol must
// survive: a request against a cancel against a value against an end.
func Race(rounds int, setup func(round int) (racers []func(), check func())) {
	for round := range rounds {
		racers, check := setup(round)
		var (
			wg    sync.WaitGroup
			ready atomic.Int32
		)
		for _, racer := range racers {
			wg.Go(func() {
				// Spin, so that all start together; a channel would start them one by one.
				for ready.Add(1); ready.Load() < int32(len(racers)); {
					runtime.Gosched()
				}
				racer()
			})
		}
		wg.Wait()
		if check != nil {
			check()
		}
	}
}
