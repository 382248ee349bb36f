package scheduler_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sluicego/sluice/scheduler"
)

func ExampleEventLoop() {
	loop := scheduler.NewEventLoop()
	go func() { // any goroutine may schedule
		loop.Schedule(func() { fmt.Println("on the loop") })
		loop.After(time.Millisecond, func() {
			fmt.Println("the last task")
			loop.Close()
		})
	}()
	loop.Run() // all tasks run here
	fmt.Println("closed")
	// Output:
	// on the loop
	// the last task
	// closed
}

func ExampleTrampoline() {
	tr := scheduler.NewTrampoline()
	var countdown func(n int)
	countdown = func(n int) { // a recursion that does not grow the stack
		fmt.Println(n)
		if n > 0 {
			tr.Schedule(func() { countdown(n - 1) })
		} else {
			tr.After(time.Millisecond, func() { fmt.Println("lift-off") })
		}
	}
	tr.Run(func() {
		countdown(2)
		fmt.Println("the first task ends")
	})
	fmt.Println("nothing is left")
	// Output:
	// 2
	// the first task ends
	// 1
	// 0
	// lift-off
	// nothing is left
}

func TestEventLoopRunsOnce(t *testing.T) {
	loop := scheduler.NewEventLoop()
	loop.Schedule(func() {
		expectPanic(t, "scheduler: Run of an EventLoop that is running; one goroutine at a time runs it", loop.Run)
		loop.Close()
	})
	loop.Run()
	loop.Run() // returns at once
}

func TestEventLoopGoesOnAfterPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		loop := scheduler.NewEventLoop()
		var j journal
		loop.Schedule(func() { panic("bug") })
		loop.Schedule(j.task("next"))
		loop.After(time.Hour, loop.Close)
		expectPanic(t, "bug", loop.Run)
		j.expect(t)
		loop.Run()
		j.expect(t, "next")
	})
}

func TestTrampolineNeverNests(t *testing.T) {
	tr := scheduler.NewTrampoline()
	var j journal
	tr.Schedule(j.task("waits for Run"))
	j.expect(t)
	tr.Run(func() {
		tr.Run(j.task("inner"))
		j.add("outer")
	})
	j.expect(t, "waits for Run", "outer", "inner")
}

func TestTrampolineWaitsForTheLastTask(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := scheduler.NewTrampoline()
		begin := tr.Now()
		w := tr.Worker()
		tr.Run(func() {
			w.After(3*time.Hour, func() {})
			tr.After(time.Hour, w.Stop)
		})
		if took := tr.Now().Sub(begin); took != time.Hour {
			t.Errorf("Run took %v, want 1h: until what was scheduled for later has run or is stopped", took)
		}
		expectPanic(t, "bug", func() {
			tr.Run(func() {
				tr.After(time.Hour, func() {})
				panic("bug")
			})
		})
		tr.Run(func() {}) // takes up what is left
		if took := tr.Now().Sub(begin); took != 2*time.Hour {
			t.Errorf("Run took %v in all, want 2h", took)
		}
	})
}

// Stopping the last task from another goroutine lets Run return.
func TestTrampolineStopFromOutside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := scheduler.NewTrampoline()
		var stop func() bool
		done := make(chan struct{})
		go func() {
			tr.Run(func() { stop = tr.After(time.Hour, func() { t.Error("a stopped task ran") }) })
			close(done)
		}()
		synctest.Wait()
		if !stop() {
			t.Error("stop = false, want true")
		}
		<-done
	})
}
