package scheduler_test

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"
	"weak"

	"github.com/sluicego/sluice/scheduler"
)

func ExampleVirtual() {
	v := scheduler.NewVirtual()
	say := func(what string) func() {
		return func() { fmt.Println(v.Elapsed(), what) }
	}
	v.After(2*time.Hour, say("two hours"))
	stop := v.After(time.Minute, say("never"))
	v.Schedule(say("at once"))
	v.After(time.Hour, func() {
		say("one hour")()
		v.After(30*time.Minute, say("half an hour later"))
	})
	fmt.Println("stopped:", stop(), "pending:", v.Pending())
	v.AdvanceBy(time.Hour)
	fmt.Println("now", v.Now().Format(time.TimeOnly))
	for v.Next() {
	}
	v.AdvanceTo(v.Now().Add(time.Hour))
	fmt.Println("elapsed", v.Elapsed())
	// Output:
	// stopped: true pending: 3
	// 0s at once
	// 1h0m0s one hour
	// now 01:00:00
	// 1h30m0s half an hour later
	// 2h0m0s two hours
	// elapsed 3h0m0s
}

func ExampleMaxActions() {
	v := scheduler.NewVirtual(scheduler.MaxActions(1000))
	var again func()
	again = func() { v.Schedule(again) } // time never passes
	again()
	defer func() {
		err := recover().(*scheduler.RunawayError)
		fmt.Println(err.Cap, "after", err.Elapsed)
	}()
	v.AdvanceBy(time.Second)
	// Output: MaxActions(1000) after 0s
}

func ExampleRunawayError() {
	v := scheduler.NewVirtual(scheduler.MaxActions(100))
	spin(v)
	defer func() {
		err := recover().(*scheduler.RunawayError)
		fmt.Println(err.Actions, "tasks; the first of", len(err.Tasks), "suspects:")
		name, _, _ := strings.Cut(err.Tasks[0], " ")
		fmt.Println(name)
	}()
	v.Next()
	v.AdvanceBy(time.Second)
	// Output:
	// 100 tasks; the first of 1 suspects:
	// scheduler_test.spin.func1
}

func ExampleMaxTime() {
	v := scheduler.NewVirtual(scheduler.MaxTime(time.Minute))
	var tick func()
	tick = func() { v.After(time.Second, tick) }
	tick()
	defer func() {
		err := recover().(*scheduler.RunawayError)
		fmt.Println(err.Cap, "after", err.Actions, "tasks")
	}()
	for v.Next() {
	}
	// Output: MaxTime(1m0s) after 60 tasks
}

func spin(v *scheduler.Virtual) { v.Schedule(func() { spin(v) }) }

func TestRunawayErrorNamesWhoReschedules(t *testing.T) {
	for _, opt := range []scheduler.VirtualOption{scheduler.MaxActions(5000), scheduler.MaxTime(100 * time.Second)} {
		v := scheduler.NewVirtual(opt)
		var tick func()
		tick = func() { v.After(time.Second, tick) }
		tick()
		if _, isActions := opt.(scheduler.MaxActions); isActions {
			spin(v)
		}
		err := runaway(t, func() { v.AdvanceBy(math.MaxInt64) })
		text := err.Error()
		for _, want := range []string{err.Cap, "scheduler_test.", "virtual_test.go:", "scheduled at ", "raise the cap"} {
			if !strings.Contains(text, want) {
				t.Errorf("%T: the text lacks %q:\n%s", opt, want, text)
			}
		}
		if _, isActions := opt.(scheduler.MaxActions); isActions && !strings.Contains(err.Tasks[0], "spin") {
			t.Errorf("the first suspect is %s, want the function in spin", err.Tasks[0])
		}
		if v.Elapsed() > 100*time.Second {
			t.Errorf("%T: the clock went on to %v", opt, v.Elapsed())
		}
	}
}

// What is counted has run, and who scheduled it is known however rarely it
// comes.
func TestRunawayErrorCountsWhatHasRun(t *testing.T) {
	for _, test := range []struct {
		cap    scheduler.VirtualOption
		period time.Duration
		want   []string
	}{
		{scheduler.MaxActions(3), 0, []string{"3 times", "scheduled at"}},
		{scheduler.MaxActions(0), 0, []string{"1 times"}},
		{scheduler.MaxTime(time.Second), 800 * time.Millisecond, []string{"scheduled at"}},
	} {
		v := scheduler.NewVirtual(test.cap)
		var again func()
		again = func() { v.After(test.period, again) }
		again()
		err := runaway(t, func() { v.AdvanceBy(time.Hour) })
		for _, want := range test.want {
			if !strings.Contains(err.Tasks[0], want) {
				t.Errorf("%s: the suspect is %q, want %q in it", err.Cap, err.Tasks[0], want)
			}
		}
	}
}

func TestMaxActionsIsExact(t *testing.T) {
	v := scheduler.NewVirtual(scheduler.MaxActions(3))
	ran := 0
	for range 4 {
		v.Schedule(func() { ran++ })
	}
	err := runaway(t, func() { v.AdvanceBy(0) })
	if ran != 3 || err.Actions != 3 {
		t.Errorf("%d tasks ran, the error says %d, want 3", ran, err.Actions)
	}
}

func runaway(t *testing.T, f func()) (err *scheduler.RunawayError) {
	t.Helper()
	defer func() {
		t.Helper()
		if e, _ := recover().(error); !errors.As(e, &err) {
			t.Fatalf("panic: %v, want a RunawayError", e)
		}
	}()
	f()
	return nil
}

func TestVirtualPanics(t *testing.T) {
	v := scheduler.NewVirtual()
	v.AdvanceBy(time.Hour)
	expectPanic(t, "scheduler: AdvanceBy a negative duration (-1ns); virtual time only goes forward",
		func() { v.AdvanceBy(-1) })
	expectPanic(t, "scheduler: AdvanceTo 59m59s before now (1h0m0s); virtual time only goes forward",
		func() { v.AdvanceTo(v.Now().Add(-time.Second)) })
	v.Schedule(func() { v.AdvanceBy(1) })
	expectPanic(t, "scheduler: AdvanceBy while the virtual clock is being advanced; a task cannot advance the clock it runs by",
		func() { v.Next() })
	if v.Next() {
		t.Error("Next = true with nothing left")
	}
}

func TestVirtualFarFuture(t *testing.T) {
	v := scheduler.NewVirtual()
	v.AdvanceBy(time.Hour)
	ran := false
	v.After(math.MaxInt64, func() { ran = true })
	if !v.Next() || !ran {
		t.Error("a task for the end of time did not run")
	}
}

// Timers that are always stopped before their time must not pile up, and what
// they would have called must not stay alive.
func TestStoppedTasksAreReleased(t *testing.T) {
	contract(t, func(t *testing.T, s subject) {
		if s.Scheduler == scheduler.Default {
			t.Skip("the runtime's timers release their function with the stop function")
		}
		w := s.Worker()
		var stops []func() bool // keeping them keeps nothing else
		var weaks []weak.Pointer[[1 << 10]byte]
		for _, l := range []lane{s, w, w} {
			big := new([1 << 10]byte)
			weaks = append(weaks, weak.Make(big))
			stops = append(stops, l.After(time.Hour, func() { big[0]++ }))
		}
		stops[0]()
		stops[1]()
		w.Stop()
		runtime.GC()
		for i, p := range weaks {
			if p.Value() != nil {
				t.Errorf("task %d is still alive", i)
			}
		}
		runtime.KeepAlive(stops)
	})
}

func TestRestartedTimersDoNotPileUp(t *testing.T) {
	contract(t, func(t *testing.T, s subject) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		w := s.Worker()
		w.After(time.Minute, nothing) // stands before the others and is live
		for range 10_000 {
			w.After(time.Hour, nothing)()
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 1<<16 {
			t.Errorf("10 000 stopped timers occupy %d bytes", grown)
		}
		runtime.KeepAlive(w)
	})
}

func TestVirtualAllocations(t *testing.T) {
	v := scheduler.NewVirtual()
	if n := testing.AllocsPerRun(1000, func() {
		v.After(time.Second, nothing)
		v.Schedule(nothing)
		v.AdvanceBy(time.Second)
	}); n != 0 {
		t.Errorf("%v allocations for two tasks whose stop function is not used, want 0", n)
	}
	s := hide(v)
	if n := testing.AllocsPerRun(1000, func() {
		s.After(time.Second, nothing)
		v.AdvanceBy(time.Second)
	}); n != 1 {
		t.Errorf("%v allocations for a task and its stop function, want 1", n)
	}
}

// Time only goes forward, also for a task that another goroutine schedules
// while the clock is being advanced.
func TestVirtualNeverGoesBack(t *testing.T) {
	v := scheduler.NewVirtual()
	done := make(chan struct{})
	back, high := 0, v.Now() // the advancing goroutine's
	go func() {
		defer close(done)
		for range 1000 {
			for v.Pending() > 4 {
				runtime.Gosched()
			}
			v.Schedule(func() {
				if v.Now().Before(high) {
					back++
				}
			})
		}
	}()
	for {
		v.AdvanceBy(time.Minute)
		high = v.Now()
		select {
		case <-done:
			if back > 0 {
				t.Errorf("%d tasks ran before a time that the clock had reached", back)
			}
			return
		default:
		}
	}
}

func TestVirtualAtTheEndOfTime(t *testing.T) {
	v, ran := scheduler.NewVirtual(), false
	v.AdvanceBy(math.MaxInt64)
	v.After(1, func() { ran = true })
	v.AdvanceBy(1)
	if !ran {
		t.Error("the last task has not run")
	}
}
