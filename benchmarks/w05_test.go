package benchmarks_test

import (
	"strconv"
	"sync"
	"testing"

	"github.com/samber/ro"
)

// BenchmarkW5 sends events to 1, 10 and 1000 subscribers through something
// that is safe for concurrent use; ns/el is the time of one event, for all of
// its subscribers.
func BenchmarkW5(b *testing.B) {
	for _, subscribers := range []int{1, 10, 1000} {
		b.Run(strconv.Itoa(subscribers), func(b *testing.B) {
			locked := &lockedFanOut{}
			fanOut(b, "floor-mutex-slice", subscribers,
				func(sum *int) { locked.subscribe(func(v int) { *sum += v }) }, locked.next)

			subject := ro.NewPublishSubject[int]()
			fanOut(b, "ro", subscribers,
				func(sum *int) { subject.Subscribe(ro.OnNext(func(v int) { *sum += v })) }, subject.Next)

			oursW5(b, subscribers)
		})
	}
}

// fanOut measures next, which sends an event to all that have subscribed; each
// subscriber adds the events to a sum of its own.
func fanOut(b *testing.B, name string, subscribers int, subscribe func(sum *int), next func(int)) {
	b.Helper()
	events := max(1, 10_000/subscribers)
	sums := make([]int, subscribers)
	for i := range sums {
		subscribe(&sums[i])
	}
	measure(b, name, events, events*subscribers, func() int {
		clear(sums)
		for range events {
			next(1)
		}
		total := 0
		for _, sum := range sums {
			total += sum
		}
		return total
	})
}

type lockedFanOut struct {
	mu   sync.Mutex
	subs []func(int) // guarded by mu
}

func (f *lockedFanOut) subscribe(sub func(int)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.subs = append(f.subs, sub)
}

func (f *lockedFanOut) next(v int) {
	f.mu.Lock()
	for _, sub := range f.subs {
		sub(v)
	}
	f.mu.Unlock()
}
