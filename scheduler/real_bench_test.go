package scheduler_test

import (
	"sync"
	"testing"
	"time"

	"github.com/sluicego/sluice/scheduler"
)

// BenchmarkLane schedules tasks on a worker from one goroutine, as fast as it
// takes them, 128 at a time.
func BenchmarkLane(b *testing.B) {
	pool := scheduler.Pool(2)
	defer pool.Close()
	for name, s := range map[string]scheduler.Scheduler{"Default": scheduler.Default, "Pool": pool} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			w := s.Worker()
			var wg sync.WaitGroup
			done := func() { wg.Done() }
			for b.Loop() {
				wg.Add(128)
				for range 128 {
					w.Schedule(done)
				}
				wg.Wait()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/128, "ns/task")
		})
	}
}

// BenchmarkTimers restarts one of 100 000 timers that are live all the time.
func BenchmarkTimers(b *testing.B) {
	pool := scheduler.Pool(2)
	defer pool.Close()
	for name, s := range map[string]interface {
		After(d time.Duration, f func()) (stop func() bool)
	}{"Default": scheduler.Default, "Pool": pool, "Worker": scheduler.Default.Worker()} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			stops := make([]func() bool, 100_000)
			for i := range stops {
				stops[i] = s.After(time.Hour, nothing)
			}
			for i := 0; b.Loop(); i++ {
				at := i % len(stops)
				stops[at]()
				stops[at] = s.After(time.Hour, nothing)
			}
			b.StopTimer()
			for _, stop := range stops {
				stop()
			}
		})
	}
}
