package benchmarks_test

import (
	"strconv"
	"sync"
	"testing"

	"github.com/samber/ro"
)

// BenchmarkW6 merges producers that run at full speed, each on a goroutine of
// its own, into one consumer that must not be entered twice.
func BenchmarkW6(b *testing.B) {
	for _, producers := range []int{2, 8} {
		b.Run(strconv.Itoa(producers), func(b *testing.B) {
			each := million / producers
			want := producers * (each * (each - 1) / 2)
			measure(b, "floor-mutex", million, want, func() int { return mergeMutex(producers, each) })
			measure(b, "floor-drain", million, want, func() int { return mergeDrain(producers, each) })
			measure(b, "ro", million, want, func() int { return mergeRo(producers, each) })
			oursW6(b, producers, each, want)
		})
	}
}

// produce runs the producers and returns when all of them have.
func produce(producers, each int, emit func(int)) {
	var wg sync.WaitGroup
	for range producers {
		wg.Go(func() {
			for v := range each {
				emit(v)
			}
		})
	}
	wg.Wait()
}

// mergeMutex holds a mutex while the consumer runs: fast, and a deadlock as
// soon as the consumer emits in its turn.
func mergeMutex(producers, each int) int {
	var mu sync.Mutex
	sum := 0
	consume := func(v int) { sum += v }
	produce(producers, each, func(v int) {
		mu.Lock()
		consume(v)
		mu.Unlock()
	})
	return sum
}

// mergeDrain is the serialized drain: who finds the consumer free delivers,
// and goes on until nothing is left that others have queued meanwhile. No
// mutex is held while the consumer runs.
func mergeDrain(producers, each int) int {
	var (
		mu     sync.Mutex
		busy   bool
		queued []int
		spare  []int
	)
	sum := 0
	consume := func(v int) { sum += v }
	produce(producers, each, func(v int) {
		mu.Lock()
		if busy {
			queued = append(queued, v)
			mu.Unlock()
			return
		}
		busy = true
		mu.Unlock()
		consume(v)
		for {
			mu.Lock()
			if len(queued) == 0 {
				busy = false
				mu.Unlock()
				return
			}
			batch := queued
			queued = spare[:0]
			mu.Unlock()
			for _, v := range batch {
				consume(v)
			}
			spare = batch
		}
	})
	return sum
}

func mergeRo(producers, each int) int {
	sources := make([]ro.Observable[int64], producers)
	for i := range sources {
		sources[i] = ro.NewUnsafeObservable(func(down ro.Observer[int64]) ro.Teardown {
			go func() {
				for v := range int64(each) {
					down.Next(v)
				}
				down.Complete()
			}()
			return nil
		})
	}
	return roWaitSum(ro.Merge(sources...))
}
