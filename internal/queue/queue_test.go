package queue_test

import (
	"math"
	"runtime"
	"slices"
	"sync"
	"testing"
	"weak"

	"pgregory.net/rapid"

	"github.com/sluicego/sluice/internal/queue"
)

// The ring does what a slice would, with an exact capacity (behaviour 21, L13).
func TestRingAgainstSlice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.SampledFrom([]int{1, 2, 3, 7, 8, 9, 1000, math.MaxInt}).Draw(t, "limit")
		r := queue.NewRing[int](limit)
		var model []int
		next := 0
		t.Repeat(map[string]func(*rapid.T){
			"push": func(t *rapid.T) {
				next++
				ok := r.Push(next)
				if ok != (len(model) < limit) {
					t.Fatalf("Push with %d of %d held: %t", len(model), limit, ok)
				}
				if ok {
					model = append(model, next)
				}
			},
			"pop": func(t *rapid.T) {
				v, ok := r.Pop()
				if ok != (len(model) > 0) || ok && v != model[0] {
					t.Fatalf("Pop = %d, %t; held %v", v, ok, model)
				}
				if ok {
					model = model[1:]
				}
			},
			"pop newest": func(t *rapid.T) {
				v, ok := r.PopNewest()
				if ok != (len(model) > 0) || ok && v != model[len(model)-1] {
					t.Fatalf("PopNewest = %d, %t; held %v", v, ok, model)
				}
				if ok {
					model = model[:len(model)-1]
				}
			},
			"": func(t *rapid.T) {
				v, ok := r.Peek()
				if r.Len() != len(model) || r.Full() != (len(model) == limit) || ok != (len(model) > 0) || ok && v != model[0] {
					t.Fatalf("Len %d, Full %t, Peek %d %t; held %v of %d", r.Len(), r.Full(), v, ok, model, limit)
				}
			},
		})
	})
}

// Behaviour 30: a slot keeps nothing alive once its value has left.
func TestRingForgets(t *testing.T) {
	r := queue.NewRing[*[64]byte](4)
	var gone []weak.Pointer[[64]byte]
	for range 4 {
		p := new([64]byte)
		gone = append(gone, weak.Make(p))
		r.Push(p)
	}
	r.Pop()
	r.PopNewest()
	runtime.GC()
	if gone[0].Value() != nil || gone[3].Value() != nil {
		t.Error("a value that was popped is still reachable")
	}
	if gone[1].Value() == nil || gone[2].Value() == nil {
		t.Error("a value that is held was collected")
	}
	runtime.KeepAlive(r)
}

// Values cross the boundary once each, and in order for each producer.
func TestBoundaryUnderRace(t *testing.T) {
	const producers, each = 4, 5000
	var (
		b  queue.Boundary[[2]int]
		wg sync.WaitGroup
	)
	for p := range producers {
		wg.Go(func() {
			for i := range each {
				b.Put([2]int{p, i})
			}
		})
	}
	var (
		batch [][2]int
		next  [producers]int
	)
	for got := 0; got < producers*each; got += len(batch) {
		batch = b.Take(batch)
		for _, v := range batch {
			if v[1] != next[v[0]] {
				t.Fatalf("producer %d: got %d, want %d", v[0], v[1], next[v[0]])
			}
			next[v[0]]++
		}
		runtime.Gosched()
	}
	wg.Wait()
	if b.Len() != 0 || slices.Contains(next[:], 0) {
		t.Errorf("%d left over, seen %v", b.Len(), next)
	}
}

// The two buffers of a boundary are used again: no allocation in the steady state.
func TestBoundaryDoesNotAllocate(t *testing.T) {
	var (
		b     queue.Boundary[int]
		batch []int
	)
	round := func() {
		for i := range 100 {
			b.Put(i)
		}
		batch = b.Take(batch)
	}
	round()
	round()
	if n := testing.AllocsPerRun(100, round); n != 0 {
		t.Errorf("%v allocations a round, want 0", n)
	}
}
