package benchmarks_test

import (
	"testing"
	"time"

	"github.com/sluicego/sluice/scheduler"
)

// oursPending and oursPeriodic measure both ways to a Virtual: its own methods,
// and the Scheduler interface, through which the stop function of each event
// is allocated.
func oursPending(b *testing.B, due []time.Duration) {
	b.Helper()
	measure(b, "ours", len(due), len(due), func() int {
		v, fired := scheduler.NewVirtual(), 0
		fire := func() { fired++ }
		for _, d := range due {
			v.After(d, fire)
		}
		v.AdvanceBy(time.Hour)
		return fired
	})
	measure(b, "ours-interface", len(due), len(due), func() int {
		v, fired := scheduler.NewVirtual(), 0
		fire := func() { fired++ }
		for _, d := range due {
			after(v, d, fire)
		}
		v.AdvanceBy(time.Hour)
		return fired
	})
}

func oursPeriodic(b *testing.B, n int) {
	b.Helper()
	measure(b, "ours", n, n, func() int {
		v, fired := scheduler.NewVirtual(), 0
		var tick func()
		tick = func() {
			if fired++; fired < n {
				v.After(time.Microsecond, tick)
			}
		}
		v.After(time.Microsecond, tick)
		v.AdvanceBy(time.Hour)
		return fired
	})
	measure(b, "ours-interface", n, n, func() int {
		v, fired := scheduler.NewVirtual(), 0
		var tick func()
		tick = func() {
			if fired++; fired < n {
				after(v, time.Microsecond, tick)
			}
		}
		after(v, time.Microsecond, tick)
		v.AdvanceBy(time.Hour)
		return fired
	})
}

// after hides from the compiler which scheduler s is.
//
//go:noinline
func after(s scheduler.Scheduler, d time.Duration, f func()) { s.After(d, f) }
