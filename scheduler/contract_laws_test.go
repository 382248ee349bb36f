package scheduler_test

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sluicego/sluice/scheduler"
)

// The caller may hold a lock that the task takes, inside and outside of tasks.
func TestContractNeverRunsInsideTheCall(t *testing.T) {
	contract(t, func(t *testing.T, s subject) {
		for name, l := range lanes(s) {
			var mu sync.Mutex
			returned, ran := 0, 0
			var again func()
			task := func() {
				mu.Lock()
				defer mu.Unlock()
				if ran++; returned < 3 {
					t.Errorf("%s: a task ran after %d of 3 calls made under the lock", name, returned)
				}
				if again != nil {
					f := again
					again = nil
					f()
				}
			}
			schedule := func() {
				returned = 0
				for _, start := range []func(){
					func() { l.Schedule(task) },
					func() { l.After(0, task) },
					func() { l.After(-time.Second, task) },
				} {
					start()
					returned++
				}
			}
			mu.Lock()
			again = schedule
			schedule()
			mu.Unlock()
			s.settle()
			if ran != 6 {
				t.Errorf("%s: %d of 6 tasks ran", name, ran)
			}
		}
	})
}

func TestContractTime(t *testing.T) {
	contract(t, func(t *testing.T, s subject) {
		begin := s.Now()
		for name, l := range lanes(s) {
			begin = s.Now()
			at := make([]time.Duration, 3)
			l.After(2*time.Second, func() { at[0] = s.Now().Sub(begin) })
			l.After(time.Second, func() {
				at[1] = s.Now().Sub(begin)
				l.After(3*time.Second, func() { at[2] = s.Now().Sub(begin) })
			})
			s.settle()
			if diff := cmp.Diff([]time.Duration{2 * time.Second, time.Second, 4 * time.Second}, at); diff != "" {
				t.Errorf("%s: tasks ran at (-want +got):\n%s", name, diff)
			}
		}
	})
}

func TestContractWorkerIsFIFO(t *testing.T) {
	contract(t, func(t *testing.T, s subject) {
		w := s.Worker()
		var j journal
		w.Schedule(func() { // all in one task, so that none runs meanwhile
			w.Schedule(func() {
				w.Schedule(j.task("e"))
				w.After(0, j.task("f"))
				j.add("a")
			})
			w.After(time.Second, j.task("h"))
			w.Schedule(j.task("b"))
			w.After(time.Second, j.task("i"))
			w.After(time.Millisecond, j.task("g"))
			w.After(0, j.task("c"))
			w.Schedule(j.task("d"))
			w.After(time.Second, j.task("j"))
		})
		s.settle()
		j.expect(t, "a", "b", "c", "d", "e", "f", "g", "h", "i", "j")
	})
}

// What came due during a long task is ahead of what was scheduled after that.
func TestContractWorkerKeepsOrderWhenLate(t *testing.T) {
	contract(t, func(t *testing.T, s subject) {
		if _, virtual := s.Scheduler.(*scheduler.Virtual); virtual {
			t.Skip("no task takes time")
		}
		w := s.Worker()
		var j journal
		w.After(3*time.Second, j.task("c"))
		w.After(2*time.Second, j.task("b"))
		w.Schedule(func() {
			<-time.After(5 * time.Second)
			w.Schedule(j.task("d"))
			j.add("a")
		})
		s.settle()
		j.expect(t, "a", "b", "c", "d")
	})
}

func TestContractStop(t *testing.T) {
	contract(t, func(t *testing.T, s subject) {
		for name, l := range lanes(s) {
			expectStop := func(what string, got, want bool) {
				t.Helper()
				if got != want {
					t.Errorf("%s: stop %s = %v, want %v", name, what, got, want)
				}
			}
			var j journal
			stop := l.After(time.Second, j.task("stopped before its time"))
			expectStop("before its time", stop(), true)
			expectStop("twice", stop(), false)

			var mu sync.Mutex // orders storing a stop function and the task that calls it
			var inside func() bool
			mu.Lock()
			inside = l.After(time.Second, func() {
				mu.Lock()
				defer mu.Unlock()
				j.add("runs")
				expectStop("inside the task", inside(), false)
			})
			mu.Unlock()
			later := l.After(2*time.Second, j.task("stopped by another"))
			l.After(time.Second, func() { expectStop("of a later one, in a task", later(), true) })
			s.settle()
			expectStop("after the run", inside(), false)
			expectStop("after another stopped it", later(), false)

			again := l.Schedule(j.task("new task"))
			expectStop("of old tasks, with a new one waiting", stop() || inside() || later(), false)
			s.settle()
			expectStop("after the run", again(), false)
			j.expect(t, "runs", "new task")
		}
	})
}

// A task that waits behind another of its worker can be stopped until it starts.
func TestContractStopWhileQueued(t *testing.T) {
	contract(t, func(t *testing.T, s subject) {
		w := s.Worker()
		var j journal
		var stops []func() bool
		w.Schedule(func() {
			for _, name := range []string{"b", "c", "d"} {
				stops = append(stops, w.Schedule(j.task(name)))
			}
			if !stops[1]() || stops[1]() {
				t.Error("stop of a queued task = false, or true twice")
			}
			j.add("a")
		})
		s.settle()
		j.expect(t, "a", "b", "d")
	})
}

func TestContractWorkerStop(t *testing.T) {
	contract(t, func(t *testing.T, s subject) {
		w, other := s.Worker(), s.Worker()
		var j journal
		w.Stop()
		w.Stop()
		if stop := w.Schedule(j.task("after Stop")); stop() {
			t.Error("stop of a refused task = true, want false")
		}
		w = s.Worker()
		var queued, armed func() bool
		w.Schedule(func() {
			queued = w.Schedule(j.task("queued"))
			armed = w.After(time.Second, j.task("armed"))
			other.After(time.Second, j.task("other"))
			w.Stop()
			w.After(time.Millisecond, j.task("after Stop, in the task"))
			j.add("running")
		})
		s.settle()
		if queued() || armed() {
			t.Error("stop of a dropped task = true, want false")
		}
		j.expect(t, "running", "other")
	})
}

func TestContractConcurrent(t *testing.T) {
	const producers, tasks = 8, 200
	contract(t, func(t *testing.T, s subject) {
		w := s.Worker()
		var total, stopped atomic.Int32
		running := false // of the worker; the race detector watches it
		perProducer := make([][]int, producers)
		var wg sync.WaitGroup
		for p := range producers {
			wg.Go(func() {
				for i := range tasks {
					w.Schedule(func() {
						if running {
							t.Error("two tasks of a worker overlap")
						}
						running = true
						perProducer[p] = append(perProducer[p], i)
						running = false
					})
					s.After(time.Duration(i%3)*time.Second, func() { total.Add(1) })
					if stop := s.Schedule(func() { total.Add(1) }); i%2 == 0 && stop() {
						stopped.Add(1)
					}
				}
			})
		}
		wg.Wait()
		s.settle()
		if got, want := total.Load()+stopped.Load(), int32(2*producers*tasks); got != want {
			t.Errorf("%d tasks ran or were stopped, want %d", got, want)
		}
		for p, got := range perProducer {
			if len(got) != tasks || !slices.IsSorted(got) {
				t.Errorf("producer %d: tasks ran out of order, or not all: %v", p, got)
			}
		}
	})
}

func TestContractPanicAndGoexit(t *testing.T) {
	contract(t, func(t *testing.T, s subject) {
		for name, fail := range map[string]func(){
			"Goexit": runtime.Goexit,
			"panic":  func() { panic("a bug of the caller") },
		} {
			if name == "panic" && s.crash {
				continue // see TestPanicCrashes
			}
			for _, l := range lanes(s) {
				var done atomic.Int32
				l.Schedule(fail)
				l.Schedule(func() { done.Add(1) })
				l.After(time.Second, fail)
				l.After(time.Second, func() { done.Add(1) })
				s.settle()
				l.Schedule(func() { done.Add(1) })
				s.settle()
				if done.Load() != 3 {
					t.Errorf("%s: %d of 3 tasks ran", name, done.Load())
				}
			}
		}
	})
}

func TestContractNilPanics(t *testing.T) {
	contract(t, func(t *testing.T, s subject) {
		for _, l := range lanes(s) {
			expectPanic(t, "scheduler: the function to schedule is nil", func() { l.Schedule(nil) })
			expectPanic(t, "scheduler: the function to schedule is nil", func() { l.After(time.Second, nil) })
		}
		s.settle() // and no lock is held
	})
}

func TestContractSerial(t *testing.T) {
	contract(t, func(t *testing.T, s subject) {
		if !s.serial {
			t.Skip("tasks without a worker may overlap")
		}
		var j journal
		w := s.Worker()
		for i := range 4 {
			s.Schedule(j.task(string(rune('a' + 2*i))))
			w.Schedule(j.task(string(rune('b' + 2*i))))
		}
		s.settle()
		j.expect(t, "a", "b", "c", "d", "e", "f", "g", "h")
	})
}
