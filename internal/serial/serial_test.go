package serial_test

import (
	"sync"
	"testing"

	"github.com/sluicego/sluice/internal/serial"
)

// L3: steps never overlap, and every wake is followed by a step that began
// after it.
func TestDrainCoversEveryWake(t *testing.T) {
	const goroutines, each = 8, 2000
	var (
		d       serial.Drain
		wg      sync.WaitGroup
		mu      sync.Mutex
		pending int
		seen    int // touched by the step only: -race proves that steps do not overlap
	)
	step := func() {
		mu.Lock()
		seen += pending
		pending = 0
		mu.Unlock()
	}
	for range goroutines {
		wg.Go(func() {
			for range each {
				mu.Lock()
				pending++
				mu.Unlock()
				d.Wake(step)
			}
		})
	}
	wg.Wait()
	if seen != goroutines*each {
		t.Errorf("the steps saw %d of %d wakes", seen, goroutines*each)
	}
}

// L3: a wake inside a step does not nest, it repeats.
func TestDrainDoesNotNest(t *testing.T) {
	var (
		d     serial.Drain
		depth int
		steps int
		step  func()
	)
	step = func() {
		if depth++; depth > 1 {
			t.Fatal("a step ran inside a step")
		}
		if steps++; steps < 1_000_000 {
			d.Wake(step)
		}
		depth--
	}
	d.Wake(step)
	if steps != 1_000_000 {
		t.Errorf("%d steps, want 1000000", steps)
	}
}

// L4: of many terminals one goes through.
func TestOnceIsFirstOnce(t *testing.T) {
	for range 1000 {
		var (
			o     serial.Once
			wg    sync.WaitGroup
			mu    sync.Mutex
			first int
		)
		for range 4 {
			wg.Go(func() {
				if o.First() {
					mu.Lock()
					first++
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if first != 1 || !o.Done() {
			t.Fatalf("First was true %d times, Done is %t", first, o.Done())
		}
	}
}
