package scheduler_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/sluicego/sluice/scheduler"
)

const pending = 1_000_000

func nothing() {}

// hide keeps the compiler from seeing which scheduler it is.
//
//go:noinline
func hide(s scheduler.Scheduler) scheduler.Scheduler { return s }

// BenchmarkVirtual schedules and runs a million tasks that all wait at once, or
// a single one that keeps rescheduling itself. It reports the time for one
// task. "interface" goes through Scheduler, which costs the allocation of the
// stop function.
func BenchmarkVirtual(b *testing.B) {
	inOrder, random := make([]time.Duration, pending), make([]time.Duration, pending)
	for i := range inOrder {
		inOrder[i] = time.Duration(i) * time.Microsecond
	}
	copy(random, inOrder)
	rand.New(rand.NewPCG(1, 2)).Shuffle(pending, func(i, j int) { random[i], random[j] = random[j], random[i] })

	b.Run("in order", func(b *testing.B) { benchmarkPending(b, inOrder) })
	b.Run("random", func(b *testing.B) { benchmarkPending(b, random) })
	b.Run("periodic", func(b *testing.B) {
		v := scheduler.NewVirtual(scheduler.MaxActions(math.MaxInt))
		left := b.N
		var tick func()
		tick = func() {
			if left--; left > 0 {
				v.After(time.Millisecond, tick)
			}
		}
		b.ReportAllocs()
		b.ResetTimer()
		v.After(time.Millisecond, tick)
		v.AdvanceBy(time.Duration(b.N) * time.Millisecond)
		if left != 0 {
			b.Fatal(left)
		}
	})
	b.Run("periodic interface", func(b *testing.B) {
		v := scheduler.NewVirtual(scheduler.MaxActions(math.MaxInt))
		s := hide(v)
		left := b.N
		var tick func()
		tick = func() {
			if left--; left > 0 {
				s.After(time.Millisecond, tick)
			}
		}
		b.ReportAllocs()
		b.ResetTimer()
		s.After(time.Millisecond, tick)
		v.AdvanceBy(time.Duration(b.N) * time.Millisecond)
	})
}

func benchmarkPending(b *testing.B, due []time.Duration) {
	perTask := func(b *testing.B) {
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/pending, "ns/task")
	}
	b.Run("direct", func(b *testing.B) {
		v := scheduler.NewVirtual(scheduler.MaxActions(math.MaxInt))
		for b.Loop() {
			for _, d := range due {
				v.After(d, nothing)
			}
			v.AdvanceBy(pending * time.Microsecond)
		}
		perTask(b)
	})
	b.Run("interface", func(b *testing.B) {
		v := scheduler.NewVirtual(scheduler.MaxActions(math.MaxInt))
		s := hide(v)
		for b.Loop() {
			for _, d := range due {
				s.After(d, nothing)
			}
			v.AdvanceBy(pending * time.Microsecond)
		}
		perTask(b)
	})
}
