package scheduler_test

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sluicego/sluice/scheduler"
)

func ExampleScheduler() {
	done := make(chan struct{})
	s := scheduler.Default
	stop := s.After(time.Hour, func() { fmt.Println("never") })
	fmt.Println("stopped:", stop(), stop())
	s.Schedule(func() {
		fmt.Println("on a goroutine of its own")
		close(done)
	})
	<-done
	// Output:
	// stopped: true false
	// on a goroutine of its own
}

func ExampleWorker() {
	w := scheduler.Default.Worker()
	done := make(chan struct{})
	w.Schedule(func() { fmt.Println("one") })
	w.Schedule(func() { fmt.Println("two") })
	w.After(time.Millisecond, func() {
		w.Schedule(func() { fmt.Println("dropped") })
		w.Stop()
		close(done)
	})
	<-done
	// Output:
	// one
	// two
}

func TestTimersCostNoGoroutines(t *testing.T) {
	const timers = 20_000
	contract(t, func(t *testing.T, s subject) {
		before := runtime.NumGoroutine()
		fired := make([]bool, timers)
		w := s.Worker()
		for i := range timers {
			switch i % 3 {
			case 0:
				s.After(time.Hour, func() { fired[i] = true })
			case 1:
				w.After(time.Hour, func() { fired[i] = true })
			case 2:
				s.Worker().After(time.Hour, func() { fired[i] = true })
			}
		}
		if n := runtime.NumGoroutine(); n > before+8 {
			t.Errorf("%d goroutines more than before with %d timers", n-before, timers)
		}
		if fired[0] || fired[timers-1] {
			t.Error("a timer fired before its time")
		}
		w.Stop()
	})
}

// A task that is stopped on the way to its goroutine does not run.
func TestDefaultStopBeforeStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stopped, ran := 0, 0
		for range 100 {
			if scheduler.Default.Schedule(func() { ran++ })() {
				stopped++
			}
			synctest.Wait()
		}
		if stopped+ran != 100 {
			t.Errorf("%d stopped and %d ran, want 100 in all", stopped, ran)
		}
	})
}

// A panic in a task of Default or of a pool ends the process, as it does on any
// other goroutine. The test runs itself again to see that.
func TestPanicCrashes(t *testing.T) {
	const variable = "SLUICE_TEST_PANIC"
	all := map[string]func() lane{
		"Default":        func() lane { return scheduler.Default },
		"Default.Worker": func() lane { return scheduler.Default.Worker() },
		"Pool":           func() lane { return scheduler.Pool(1) },
		"Pool.Worker":    func() lane { return scheduler.Pool(1).Worker() },
	}
	if name := os.Getenv(variable); name != "" {
		all[name]().Schedule(func() { panic("a bug of the caller") })
		select {}
	}
	for name := range all {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestPanicCrashes$")
		cmd.Env = append(os.Environ(), variable+"="+name)
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "panic: a bug of the caller") {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}
