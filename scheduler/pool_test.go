package scheduler_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sluicego/sluice/scheduler"
)

func ExamplePool() {
	pool := scheduler.Pool(4)
	defer pool.Close()

	var wg sync.WaitGroup
	var sum atomic.Int64
	for i := range 10 {
		wg.Add(1)
		pool.Schedule(func() {
			defer wg.Done()
			sum.Add(int64(i))
		})
	}
	wg.Wait()
	fmt.Println(sum.Load())
	// Output: 45
}

func ExamplePoolScheduler_Worker() {
	pool := scheduler.Pool(4)
	defer pool.Close()

	lines := make(chan string)
	w := pool.Worker() // one after the other, whatever the size of the pool
	for _, name := range []string{"first", "second", "third"} {
		w.Schedule(func() { lines <- name })
	}
	w.After(time.Millisecond, func() { close(lines) })
	for line := range lines {
		fmt.Println(line)
	}
	// Output:
	// first
	// second
	// third
}

// A stream that waits for a task learns from Lifetime that it will not run.
func ExampleLifetime() {
	pool := scheduler.Pool(1)
	failed := make(chan error)

	life := scheduler.Lifetime(pool)
	context.AfterFunc(life, func() { failed <- context.Cause(life) })
	pool.After(time.Hour, func() { fmt.Println("never") })
	pool.Close()

	fmt.Println(errors.Is(<-failed, scheduler.ErrClosed))
	fmt.Println(scheduler.Lifetime(scheduler.Default) == context.Background())
	// Output:
	// true
	// true
}

func ExampleClosable() {
	var s scheduler.Closable = scheduler.Pool(1) // or NewEventLoop
	fmt.Println("closed:", s.Lifetime().Err() != nil)
	s.Close()
	stop := s.Schedule(func() { fmt.Println("never") })
	fmt.Println("closed:", s.Lifetime().Err() != nil, "stopped:", stop())
	// Output:
	// closed: false
	// closed: true stopped: false
}

func TestPoolRunsAtMostN(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := scheduler.Pool(3)
		defer p.Close()
		running, done := 0, 0
		most := 0
		var mu sync.Mutex
		for i := range 20 {
			p.After(time.Duration(i%2)*time.Second, func() {
				mu.Lock()
				running++
				most = max(most, running)
				mu.Unlock()
				<-time.After(10 * time.Second)
				mu.Lock()
				running--
				done++
				mu.Unlock()
			})
		}
		<-time.After(time.Hour)
		synctest.Wait()
		if most != 3 || done != 20 {
			t.Errorf("up to %d tasks at once, %d done; want 3 and 20", most, done)
		}
	})
}

// A worker that always has something to do must not keep others waiting for
// longer than what was scheduled before them.
func TestPoolIsFair(t *testing.T) {
	for n := 1; n <= 2; n++ {
		p := scheduler.Pool(n)
		busy := p.Worker()
		var spins atomic.Int64
		var spin func()
		spin = func() {
			spins.Add(1)
			busy.Schedule(spin)
			busy.Schedule(func() {})
		}
		busy.Schedule(spin)
		for range 3 {
			served := make(chan struct{})
			p.Worker().Schedule(func() { close(served) })
			<-served // hangs if the busy worker starves the other
		}
		busy.Stop()
		p.Close()
	}
}

func TestPoolBacklog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := scheduler.Pool(2)
		defer p.Close()
		var j journal
		slow, stopped := p.Worker(), p.Worker()
		blockFor := func(d time.Duration) func() { return func() { <-time.After(d) } }
		slow.Schedule(blockFor(10 * time.Second))
		stopped.After(time.Second, blockFor(10*time.Second))
		<-time.After(2 * time.Second) // both goroutines are taken
		for _, w := range []scheduler.Worker{slow, stopped} {
			w.Schedule(j.task("one"))
			w.Schedule(j.task("two"))
		}
		stop := slow.Schedule(j.task("three"))
		slow.Schedule(j.task("four"))
		<-time.After(8500 * time.Millisecond) // slow goes on; those of stopped are in its backlog
		if stop() {
			t.Error("stop of a task that ran = true")
		}
		stopped.Stop()
		<-time.After(time.Minute)
		j.expect(t, "one", "two", "three", "four")
	})
}

func TestPoolBacklogStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := scheduler.Pool(2)
		var j journal
		w := p.Worker()
		w.Schedule(func() { <-time.After(10 * time.Second) })
		synctest.Wait()
		one := w.Schedule(j.task("one"))
		w.Schedule(j.task("two"))
		synctest.Wait() // the second goroutine has put both into the backlog
		if !one() || one() {
			t.Error("stop of a task in the backlog = false, or true twice")
		}
		<-time.After(time.Minute)
		j.expect(t, "two")

		w.Schedule(func() { <-time.After(10 * time.Second) })
		synctest.Wait()
		w.Schedule(j.task("dropped by Close"))
		synctest.Wait()
		p.Close()
		w.Stop()
		<-time.After(time.Minute)
		j.expect(t, "two")
	})
}

func TestClose(t *testing.T) {
	for name, open := range map[string]func() (scheduler.Closable, func()){
		"Pool": func() (scheduler.Closable, func()) {
			return scheduler.Pool(2), func() {}
		},
		"EventLoop": func() (scheduler.Closable, func()) {
			loop := scheduler.NewEventLoop()
			return loop, loop.Run
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, run := open()
				go run()
				var j journal
				w := s.Worker()
				var stops []func() bool
				w.Schedule(func() {
					stops = append(stops,
						s.After(time.Second, j.task("armed")),
						w.After(time.Second, j.task("armed, worker")),
						w.Schedule(j.task("queued")))
					s.Close()
					s.Close()
					if s.Lifetime().Err() == nil || !errors.Is(context.Cause(scheduler.Lifetime(s)), scheduler.ErrClosed) {
						t.Error("the lifetime goes on after Close")
					}
					stops = append(stops,
						s.Schedule(j.task("refused")),
						w.Schedule(j.task("refused, worker")))
					j.add("running")
				})
				aMinute()
				for i, stop := range stops {
					if stop() {
						t.Errorf("stop %d of a dropped or refused task = true, want false", i)
					}
				}
				w.Stop()
				j.expect(t, "running")
			})
		})
	}
}

func TestPoolSize(t *testing.T) {
	expectPanic(t, "scheduler: Pool of a non-positive number of goroutines (0)", func() { scheduler.Pool(0) })
	p := scheduler.Pool(math.MaxInt)
	if got := time.Since(p.Now()); got > time.Minute {
		t.Errorf("Now is %v ago", got)
	}
	p.Close()
}
