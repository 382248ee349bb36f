package marbles

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sluicego/sluice/scheduler"
)

// A bubble lets time pass when all its goroutines wait for something that only
// time, or another of them, can bring. Waiting for a mutex does not count, since
// somebody outside might hold it. So if a goroutine of the bubble holds a mutex
// while it waits for time to pass, and another wants it, both wait for ever.

// A stallWatch looks from outside whether that has come about. A bubble cannot
// be ended from there, and its goroutines cannot either, so it panics.
type stallWatch struct {
	test string

	mu     sync.Mutex
	bubble string             // guarded by mu, like the rest; "" until it has begun
	stop   func() (kept bool) // the next look
	over   bool
	same   int    // how many looks have shown the same
	seen   string // at the last look
}

// The watch looks every stallEvery, which tests of this package make shorter, and
// has to see the same stallLooks times.
var stallEvery = time.Second

const stallLooks = 6

func watchStalls(test string) *stallWatch {
	w := &stallWatch{test: test}
	w.arm()
	return w
}

// begin is called in the bubble.
func (w *stallWatch) begin() {
	bubble := bubbleOf(ownStack())
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bubble = bubble
}

func (w *stallWatch) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = true
	w.stop()
}

// arm starts the timer of the next look.
func (w *stallWatch) arm() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.over {
		w.stop = scheduler.Default.After(stallEvery, w.look)
	}
}

func (w *stallWatch) look() {
	if waiting := w.stalled(); waiting != nil {
		panic(fmt.Sprintf("marbles: %s stands still: no time passes in a live test while one of its goroutines waits for a mutex, and nobody gives this one back:\n    %s\ndo not hold a mutex while time passes; a channel of one place, as a lock, may be held\n",
			w.test, strings.Join(waiting, "\n    ")))
	}
	w.arm()
}

// stalled describes the goroutines of the bubble, if it has stood still for all
// looks because of a mutex.
func (w *stallWatch) stalled() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.bubble == "" || w.over {
		return nil
	}
	var stacks []string
	locked := false
	for _, stack := range allStacks() {
		if !inBubble(stack, w.bubble) {
			continue
		}
		head, _, _ := strings.Cut(stack, "\n")
		mutex := strings.Contains(head, "[sync.Mutex.") || strings.Contains(head, "[sync.RWMutex.")
		if !mutex && !strings.Contains(head, "(durable)") {
			w.same = 0 // it runs, or waits for somebody outside
			return nil
		}
		locked = locked || mutex
		stacks = append(stacks, describeStack(stack))
	}
	slices.Sort(stacks)
	seen := strings.Join(stacks, "\n")
	if w.same++; !locked || seen != w.seen {
		w.same, w.seen = 1, seen
	}
	if w.same < stallLooks {
		return nil
	}
	return stacks[:min(len(stacks), maxListed)]
}
