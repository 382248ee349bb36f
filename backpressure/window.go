package backpressure

import (
	"time"

	"github.com/sluicego/sluice/internal/queue"
)

// A window says how many values an AdaptiveLimit may have requested. It learns
// from how long they take: additive increase, multiplicative decrease. It holds
// places, one for each value that was requested and has not arrived.
//
// Places that were asked for before the window shrank say nothing about the
// window as it is now. So each belongs to an age, which ends when that happens.
type window struct {
	*adaptation
	size    int
	exact   float64 // size is the whole of it; if the rest were lost, two clients would come to a halt short of equal shares
	places  int
	age     int
	counted int // values that have come in time since the size changed
	oldest  run
	later   queue.Ring[run]
}

// A run is places that were asked for at once.
type run struct {
	at    time.Time
	n     int // left of them
	age   int
	whole bool // all of the window was in use then, and nothing held
}

func newWindow(a *adaptation) *window {
	return &window{adaptation: a, size: a.floor, exact: float64(a.floor), later: *queue.NewRing[run](a.ceiling)}
}

// fill takes the places that are free, with so many values held, and returns how
// many these are.
func (w *window) fill(now time.Time, held int) (n int) {
	n = w.size - w.places - held
	if n <= 0 {
		return 0
	}
	w.places += n
	w.later.Push(run{at: now, n: n, age: w.age, whole: held == 0})
	return n
}

// arrived gives the oldest place back. It returns how long that was in use, and
// whether the size of the window is another now. A value that nobody asked for
// has no place.
func (w *window) arrived(now time.Time) (latency time.Duration, changed bool) {
	if w.places == 0 {
		return 0, false
	}
	if w.oldest.n == 0 {
		w.oldest, _ = w.later.Pop()
	}
	w.oldest.n--
	w.places--
	latency = now.Sub(w.oldest.at)
	size := w.size
	switch {
	case w.oldest.age != w.age:
	case latency > w.target:
		w.age++
		w.counted = 0
		w.exact = max(float64(w.floor), w.exact*w.decrease)
	case w.oldest.whole && size < w.ceiling:
		if w.counted++; w.counted == size {
			w.counted = 0
			w.exact = min(float64(w.ceiling), w.exact+1)
		}
	}
	w.size = int(w.exact)
	return latency, w.size != size
}
