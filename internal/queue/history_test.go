package queue_test

import (
	"runtime"
	"testing"
	"time"
	"weak"

	"pgregory.net/rapid"

	"github.com/sluicego/sluice/internal/queue"
)

// The history does what a slice with running numbers would.
func TestHistoryAgainstSlice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var (
			h     queue.History[int]
			model []int // value n came at second n
			first int
		)
		t.Repeat(map[string]func(*rapid.T){
			"add": func(*rapid.T) {
				n := first + len(model)
				h.AddAt(n, time.Unix(int64(n), 0))
				model = append(model, n)
			},
			"forget": func(t *rapid.T) {
				n := rapid.IntRange(0, len(model)).Draw(t, "n")
				h.Forget(n)
				model = model[n:]
				first += n
			},
			"older": func(t *rapid.T) {
				n := rapid.IntRange(0, len(model)).Draw(t, "n")
				if got := h.OlderThan(time.Unix(int64(first+n-1), 0)); got != n {
					t.Fatalf("OlderThan = %d, want %d of %v", got, n, model)
				}
			},
			"": func(t *rapid.T) {
				if h.First() != int64(first) || h.Len() != len(model) || h.End() != int64(first+len(model)) {
					t.Fatalf("First %d, Len %d, End %d; the model is %v from %d", h.First(), h.Len(), h.End(), model, first)
				}
				for i, v := range model {
					if got := h.Get(int64(first + i)); got != v {
						t.Fatalf("Get(%d) = %d, want %d", first+i, got, v)
					}
				}
			},
		})
	})
}

// Behaviour 30: nothing keeps a value alive once it is forgotten.
func TestHistoryForgets(t *testing.T) {
	var (
		h    queue.History[*[64]byte]
		gone []weak.Pointer[[64]byte]
	)
	for range 5 {
		p := new([64]byte)
		gone = append(gone, weak.Make(p))
		h.Add(p)
	}
	h.Forget(1)
	h.Forget(3)
	runtime.GC()
	for i, p := range gone {
		if alive := p.Value() != nil; alive != (i == 4) {
			t.Errorf("value %d is reachable: %t", i, alive)
		}
	}
	runtime.KeepAlive(&h)
}

// The memory is used again: no allocation in the steady state.
func TestHistoryDoesNotAllocate(t *testing.T) {
	var h queue.History[int]
	round := func() {
		for i := range 100 {
			h.Add(i)
			if h.Len() > 7 {
				h.Forget(1)
			}
		}
	}
	round()
	if n := testing.AllocsPerRun(100, round); n != 0 {
		t.Errorf("%v allocations a round, want 0", n)
	}
}
