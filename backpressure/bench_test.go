package backpressure_test

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/ungated"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// A tap hands out the subscriber that an operator puts in front of it, so that
// a benchmark can be the source.
func tap(ctx context.Context, op observable.Operator[int, int], down observable.Subscriber[int]) observable.Subscriber[int] {
	var in observable.Subscriber[int]
	op(ungated.New(func(_ context.Context, s observable.Subscriber[int]) {
		in = s
		s.OnSubscribe(idle{})
	})).Subscribe(ctx, down)
	return in
}

type idle struct{}

func (idle) Request(int64) {}
func (idle) Cancel()       {}

// A taker requests first, then nothing.
type taker struct {
	first int64
	up    observable.Subscription
	n     int
}

func (t *taker) OnSubscribe(up observable.Subscription) {
	t.up = up
	if t.first > 0 {
		up.Request(t.first)
	}
}
func (t *taker) OnNext(int)    { t.n++ }
func (t *taker) OnError(error) {}
func (t *taker) OnComplete()   {}

func operatorsUnderLoad() map[string]observable.Operator[int, int] {
	return map[string]observable.Operator[int, int]{
		"Drop":              backpressure.OnBackpressureDrop[int](),
		"Latest":            backpressure.OnBackpressureLatest[int](),
		"Reduce":            backpressure.OnBackpressureReduce(func(acc, v int) int { return acc + v }),
		"Buffer/DropOldest": backpressure.OnBackpressureBuffer[int](128, backpressure.DropOldest),
		"Buffer/DropNewest": backpressure.OnBackpressureBuffer[int](128, backpressure.DropNewest),
		"Debounce":          backpressure.Debounce[int](5 * time.Second),
		"Throttle":          backpressure.Throttle[int](5 * time.Second),
		"Throttle/Trailing": backpressure.Throttle[int](5*time.Second, backpressure.Trailing),
		"Sample":            backpressure.Sample[int](5 * time.Second),
		"Buffer, Meter":     observable.Compose2(backpressure.OnBackpressureBuffer[int](128, backpressure.DropOldest), backpressure.Meter[int]("bench")),
	}
}

// BenchmarkOverload is what a producer pays for a value that nobody requested (W7).
func BenchmarkOverload(b *testing.B) {
	for name, op := range operatorsUnderLoad() {
		b.Run(name, func(b *testing.B) {
			ctx, cancel := context.WithCancel(b.Context())
			defer cancel()
			in := tap(ctx, op, &taker{})
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				in.OnNext(i)
			}
		})
	}
}

// BenchmarkPassing is what a value pays that was requested long before.
func BenchmarkPassing(b *testing.B) {
	for name, op := range map[string]observable.Operator[int, int]{
		"Drop":   backpressure.OnBackpressureDrop[int](),
		"Latest": backpressure.OnBackpressureLatest[int](),
		"Buffer": backpressure.OnBackpressureBuffer[int](128),
		"Block":  backpressure.OnBackpressureBlock[int](128),
	} {
		b.Run(name, func(b *testing.B) {
			in := tap(b.Context(), op, &taker{first: observable.Unbounded})
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				in.OnNext(i)
			}
		})
	}
}

// BenchmarkLimitRate is a synchronous source in small requests.
func BenchmarkLimitRate(b *testing.B) {
	const n = 100_000
	b.ReportAllocs()
	for b.Loop() {
		down := &taker{first: observable.Unbounded}
		observable.Pipe1(observable.Range(0, n), backpressure.LimitRate[int](256, 192)).Subscribe(b.Context(), down)
		if down.n != n {
			b.Fatal(down.n)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/value")
}

// BenchmarkManyDebounces is an event for one of 100,000 debounces that all have
// a value waiting (W8). B/debounce and goroutines are for one of them.
func BenchmarkManyDebounces(b *testing.B) {
	const n = 100_000
	heap, goroutines := heapInUse(), runtime.NumGoroutine()
	op := backpressure.Debounce[int](time.Hour)
	ins := make([]observable.Subscriber[int], n)
	for i := range ins {
		ins[i] = tap(b.Context(), op, ignore{})
		ins[i].OnNext(0)
	}
	size := float64(heapInUse()-heap)/n - 16 // without the slice
	more := runtime.NumGoroutine() - goroutines
	i := 0
	for b.Loop() {
		ins[i%n].OnNext(i)
		i++
	}
	b.ReportMetric(size, "B/debounce")
	b.ReportMetric(float64(more)/n, "goroutines/debounce")
	for _, in := range ins {
		in.OnComplete() // stops the timer
	}
}

// ignore is a subscriber of no size, and without a gate in front of it.
type ignore struct{ link.Inside }

func (ignore) OnSubscribe(up observable.Subscription) { up.Request(observable.Unbounded) }
func (ignore) OnNext(int)                             {}
func (ignore) OnError(error)                          {}
func (ignore) OnComplete()                            {}

func heapInUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// A value costs no allocation, whether it is delivered, kept or given up.
func TestNoAllocationPerValue(t *testing.T) {
	ctx := scheduler.With(t.Context(), scheduler.NewVirtual())
	for name, op := range operatorsUnderLoad() {
		for _, first := range []int64{0, observable.Unbounded} {
			down := &taker{first: first}
			in := tap(ctx, op, down)
			for i := range 200 {
				in.OnNext(i)
			}
			if n := testing.AllocsPerRun(1000, func() { in.OnNext(1) }); n > 0 {
				t.Errorf("%s, %d requested: %v allocations for a value", name, first, n)
			}
			down.up.Cancel()
		}
	}
}
