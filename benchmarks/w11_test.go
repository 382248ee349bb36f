package benchmarks_test

import (
	"runtime"
	"testing"

	"github.com/samber/ro"
)

// BenchmarkW11 is what an idle live subscription holds on to: subject, map,
// filter, subscriber, with 100 000 of them alive that have seen one value.
// ns/el is the time of subscribing once.
func BenchmarkW11(b *testing.B) {
	retained(b, "floor-closures", func(live int, seen *int) (emit func(int), end func()) {
		subs := make([]func(int), live)
		for i := range subs {
			subs[i] = closureMap(closureFilter(closureAdd(seen), positive), inc)
		}
		return func(v int) {
			for _, sub := range subs {
				sub(v)
			}
		}, func() {}
	})
	retained(b, "ro", func(live int, seen *int) (emit func(int), end func()) {
		subject := ro.NewPublishSubject[int64]()
		pipe := ro.Pipe2(subject.AsObservable(), ro.Map(inc64), ro.Filter(positive64))
		for range live {
			pipe.Subscribe(ro.OnNext(func(v int64) { *seen += int(v) }))
		}
		return func(v int) { subject.Next(int64(v)) }, subject.Complete
	})
	oursW11(b)
}

//go:noinline
func closureMap(next func(int), f func(int) int) func(int) { return func(v int) { next(f(v)) } }

//go:noinline
func closureFilter(next func(int), keep func(int) bool) func(int) {
	return func(v int) {
		if keep(v) {
			next(v)
		}
	}
}

//go:noinline
func closureAdd(seen *int) func(int) { return func(v int) { *seen += v } }

// retained measures what subscribe leaves behind. It makes the given number of
// subscriptions, each of which adds the values to seen, and returns how to
// emit a value to all of them and how to end them.
func retained(b *testing.B, name string, subscribe func(live int, seen *int) (emit func(int), end func())) {
	b.Helper()
	const live = 100_000
	b.Run(name, func(b *testing.B) {
		var bytes, goroutines float64
		b.ReportAllocs()
		for b.Loop() {
			b.StopTimer()
			heap, stack, running := inUse()
			b.StartTimer()

			seen := 0
			emit, end := subscribe(live, &seen)

			b.StopTimer()
			emit(0) // inc makes 1 of it
			if seen != live {
				b.Fatalf("%d of %d subscriptions saw the value", seen, live)
			}
			heapNow, stackNow, runningNow := inUse()
			bytes += (heapNow - heap + stackNow - stack) / live
			goroutines += (runningNow - running) / live
			runtime.KeepAlive(emit)
			end()
			b.StartTimer()
		}
		perValue(b, live)
		b.ReportMetric(bytes/float64(b.N), "B/sub")
		b.ReportMetric(goroutines/float64(b.N), "goroutines/sub")
	})
}

// inUse returns the bytes of heap and stacks that are reachable, and the
// number of goroutines.
func inUse() (heap, stack, goroutines float64) {
	runtime.GC()
	runtime.GC() // the first one may have left finalizers and pools behind
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc), float64(m.StackInuse), float64(runtime.NumGoroutine())
}
