package demand_test

import (
	"math"
	"math/big"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/sluicego/sluice/internal/demand"
)

// Behaviour 3, L8: sums and products saturate, whatever the operands.
func TestArithmeticSaturates(t *testing.T) {
	amount := rapid.OneOf(rapid.Int64Range(0, 10), rapid.Int64Range(0, math.MaxInt64), rapid.Int64Range(math.MaxInt64-3, math.MaxInt64))
	want := func(b *big.Int) int64 {
		if !b.IsInt64() {
			return demand.Unbounded
		}
		return b.Int64()
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := amount.Draw(t, "a"), amount.Draw(t, "b")
		if got, want := demand.Add(a, b), want(new(big.Int).Add(big.NewInt(a), big.NewInt(b))); got != want {
			t.Errorf("Add(%d, %d) = %d, want %d", a, b, got, want)
		}
		if got, want := demand.Mul(a, b), want(new(big.Int).Mul(big.NewInt(a), big.NewInt(b))); got != want {
			t.Errorf("Mul(%d, %d) = %d, want %d", a, b, got, want)
		}
	})
}

// Behaviour 8: a refill is three quarters of the prefetch, and never zero.
func TestRefill(t *testing.T) {
	for prefetch, want := range map[int64]int64{1: 1, 2: 2, 3: 3, 4: 3, 8: 6, 256: 192, demand.Unbounded: demand.Unbounded} {
		if got := demand.Refill(prefetch); got != want {
			t.Errorf("Refill(%d) = %d, want %d", prefetch, got, want)
		}
	}
}

// Behaviour 4, L8: unbounded is sticky.
func TestUnboundedIsSticky(t *testing.T) {
	var c demand.Counter
	c.Add(math.MaxInt64 / 2)
	c.Add(math.MaxInt64 / 2)
	c.Add(2)
	if c.Load() != demand.Unbounded {
		t.Fatalf("demand is %d, want Unbounded", c.Load())
	}
	if left := c.Spend(1000); left != demand.Unbounded {
		t.Errorf("Spend left %d, want Unbounded", left)
	}
	if before := c.Add(1); before != demand.Unbounded {
		t.Errorf("Add saw %d, want Unbounded", before)
	}
	if got := c.TrySpend(7); got != 7 || c.Load() != demand.Unbounded {
		t.Errorf("TrySpend(7) = %d and left %d, want 7 and Unbounded", got, c.Load())
	}
}

// Behaviour 5: concurrent requests add up, and one caller alone is told that it
// owns the emission.
func TestConcurrentAddsHaveOneOwner(t *testing.T) {
	const goroutines, each = 8, 1000
	var (
		c      demand.Counter
		wg     sync.WaitGroup
		mu     sync.Mutex
		owners int
	)
	for range goroutines {
		wg.Go(func() {
			for range each {
				if c.Add(1) == 0 {
					mu.Lock()
					owners++
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	if c.Load() != goroutines*each || owners != 1 {
		t.Errorf("demand %d with %d owners, want %d with 1", c.Load(), owners, goroutines*each)
	}
}

func TestConcurrentTrySpendNeverOverdraws(t *testing.T) {
	const goroutines, had = 8, 10_000
	var (
		c   demand.Counter
		wg  sync.WaitGroup
		mu  sync.Mutex
		sum int64
	)
	c.Add(had)
	for range goroutines {
		wg.Go(func() {
			for {
				got := c.TrySpend(3)
				if got == 0 {
					return
				}
				mu.Lock()
				sum += got
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if sum != had || c.Load() != 0 {
		t.Errorf("spent %d of %d, %d left", sum, had, c.Load())
	}
}
