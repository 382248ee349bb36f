package observable

import (
	"context"
	"fmt"
	"math"
)

// Range emits n consecutive integers, beginning with from, then completes.
//
//	Range(1, 3)  (123|)
//
// Demand: emits as requested.
//
// Errors: none.
//
// Discards: nothing.
//
// Scheduler: none; it emits on the goroutine that requests.
//
// Range panics if n is negative, or if the last of the integers would not fit an
// int.
func Range(from, n int) Observable[int] {
	if n < 0 {
		panic(fmt.Sprintf("observable: Range of a negative count (%d)", n))
	}
	if from > 0 && n-1 > math.MaxInt-from {
		panic(fmt.Sprintf("observable: Range(%d, %d) ends beyond the largest int; it has room for %d", from, n, math.MaxInt-from+1))
	}
	if n == 0 {
		return Empty[int]()
	}
	return Observable[int]{subscribe: func(_ context.Context, down Subscriber[int]) {
		r := &ranger{at: from, end: from + n}
		r.down, r.src = down, r
		down.OnSubscribe(r)
	}}
}

type ranger struct {
	loop[int]
	at, end int // the emitting goroutine only; end may have wrapped around
}

func (r *ranger) burst(next func(int) bool, limit int64) (used int64, more bool) {
	if limit == Unbounded {
		for r.at != r.end && !r.stopped.Load() {
			r.at++
			next(r.at - 1)
		}
		return 0, r.at != r.end
	}
	for used < limit && r.at != r.end && !r.stopped.Load() {
		r.at++
		if next(r.at - 1) {
			used++
		}
	}
	return used, r.at != r.end
}

func (*ranger) release() {}
