package scheduler_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sluicego/sluice/scheduler"
)

var (
	_ scheduler.Closable  = (*scheduler.PoolScheduler)(nil)
	_ scheduler.Closable  = (*scheduler.EventLoop)(nil)
	_ scheduler.Scheduler = (*scheduler.Trampoline)(nil)
	_ scheduler.Scheduler = (*scheduler.Virtual)(nil)
)

// A subject is a scheduler under the contract.
type subject struct {
	scheduler.Scheduler
	// settle runs all that is scheduled within the next minute.
	settle func()
	// crash says that a panic in a task ends the process; elsewhere it comes
	// out of what runs the tasks, and settle has recovered it.
	crash bool
	// serial says that tasks never overlap, even without a worker.
	serial bool
}

// subjects opens each scheduler. The tests run in synctest bubbles, so a minute
// of real time passes at once.
var subjects = []struct {
	name string
	open func(t *testing.T) subject
}{
	{"Default", func(*testing.T) subject {
		return subject{Scheduler: scheduler.Default, settle: aMinute, crash: true}
	}},
	{"Pool(1)", func(t *testing.T) subject { return pool(t, 1) }},
	{"Pool(3)", func(t *testing.T) subject { return pool(t, 3) }},
	{"EventLoop", func(t *testing.T) subject {
		loop := scheduler.NewEventLoop()
		t.Cleanup(loop.Close)
		go keepRunning(loop.Run)
		return subject{Scheduler: loop, settle: aMinute, serial: true}
	}},
	{"Trampoline", func(*testing.T) subject {
		tr := scheduler.NewTrampoline()
		return subject{Scheduler: tr, serial: true, settle: func() {
			go keepRunning(func() { tr.Run(func() {}) })
			aMinute()
		}}
	}},
	{"Virtual", func(*testing.T) subject {
		v := scheduler.NewVirtual()
		return subject{Scheduler: v, serial: true, settle: func() {
			until := v.Now().Add(time.Minute)
			go keepRunning(func() { v.AdvanceTo(until) })
			synctest.Wait()
		}}
	}},
}

func pool(t *testing.T, n int) subject {
	p := scheduler.Pool(n)
	t.Cleanup(p.Close)
	return subject{Scheduler: p, settle: aMinute, crash: true, serial: n == 1}
}

func aMinute() {
	<-time.After(time.Minute)
	synctest.Wait()
}

// keepRunning calls run again for as long as a task leaves it by a panic or by
// runtime.Goexit.
func keepRunning(run func()) {
	done := false
	defer func() {
		if _ = recover(); !done {
			go keepRunning(run)
		}
	}()
	run()
	done = true
}

// contract runs a law against every scheduler.
func contract(t *testing.T, law func(t *testing.T, s subject)) {
	t.Helper()
	for _, sub := range subjects {
		t.Run(sub.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { law(t, sub.open(t)) })
		})
	}
}

// journal is what happened, in order.
type journal struct {
	mu     sync.Mutex
	events []string
}

func (j *journal) add(event string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.events = append(j.events, event)
}

func (j *journal) task(event string) func() { return func() { j.add(event) } }

func (j *journal) expect(t *testing.T, want ...string) {
	t.Helper()
	j.mu.Lock()
	defer j.mu.Unlock()
	if diff := cmp.Diff(want, j.events); diff != "" {
		t.Errorf("tasks that ran (-want +got):\n%s", diff)
	}
}

// A lane is what schedulers and workers have in common.
type lane interface {
	Schedule(f func()) (stop func() bool)
	After(d time.Duration, f func()) (stop func() bool)
}

func lanes(s subject) map[string]lane {
	return map[string]lane{"scheduler": s, "worker": s.Worker()}
}

func expectPanic(t *testing.T, want any, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		if got := recover(); got != want {
			t.Errorf("panic: %v, want %v", got, want)
		}
	}()
	f()
}
