// Package demand holds the arithmetic of request(n): sums that saturate, and
// the counter that every source keeps of what it still owes.
package demand

import (
	"math"
	"sync/atomic"
)

// Unbounded is the demand that never runs out.
const Unbounded = math.MaxInt64

// Add returns a+b, or [Unbounded] if that would overflow. Neither may be negative.
func Add(a, b int64) int64 {
	if sum := a + b; sum >= 0 {
		return sum
	}
	return Unbounded
}

// Mul returns a*b, or [Unbounded] if that would overflow. Neither may be negative.
func Mul(a, b int64) int64 {
	if a == 0 || b == 0 {
		return 0
	}
	if a > Unbounded/b {
		return Unbounded
	}
	return a * b
}

// Refill returns how many values a consumer with the given prefetch takes
// before it asks for as many again: three quarters of the prefetch, at least
// one. An unbounded prefetch is never refilled.
func Refill(prefetch int64) int64 {
	if prefetch == Unbounded {
		return Unbounded
	}
	return prefetch - prefetch>>2
}

// A Counter holds demand that is requested and not yet met. It saturates at
// [Unbounded] and stays there. Safe for concurrent use.
type Counter struct{ n atomic.Int64 }

// Load returns the outstanding demand.
func (c *Counter) Load() int64 { return c.n.Load() }

// Add adds n > 0 and returns the demand that was outstanding before. The
// caller that is told 0 owns the emission: nobody else is emitting.
func (c *Counter) Add(n int64) (before int64) {
	for {
		before = c.n.Load()
		if before == Unbounded {
			return before
		}
		if c.n.CompareAndSwap(before, Add(before, n)) {
			return before
		}
	}
}

// Spend takes n out, unless demand is unbounded, and returns what is left.
func (c *Counter) Spend(n int64) (left int64) {
	for {
		before := c.n.Load()
		if before == Unbounded {
			return before
		}
		if c.n.CompareAndSwap(before, before-n) {
			return before - n
		}
	}
}

// TrySpend takes up to n out and returns how much it got. An unbounded counter
// gives n and stays as it is.
func (c *Counter) TrySpend(n int64) (got int64) {
	for {
		before := c.n.Load()
		if before == Unbounded {
			return n
		}
		got = min(n, before)
		if got == 0 || c.n.CompareAndSwap(before, before-got) {
			return got
		}
	}
}
