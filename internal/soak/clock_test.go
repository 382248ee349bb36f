package soak_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"github.com/sluicego/sluice/scheduler"
)

// A clock is a scheduler that knows which of its tasks are still to run, and who
// has scheduled them. A bubble notices goroutines that are left behind, but not
// timers.
type clock struct {
	scheduler.Scheduler
	name  string
	close func()      // nil: it has no end
	ended atomic.Bool // it drops its tasks
	tasks pile[*task]
}

func newClock(name string) *clock {
	c := &clock{Scheduler: scheduler.Default, name: name}
	var s scheduler.Closable
	switch name {
	case "Default":
		return c
	case "Pool(1)":
		s = scheduler.Pool(1)
	case "Pool(3)":
		s = scheduler.Pool(3)
	case "EventLoop":
		loop := scheduler.NewEventLoop()
		go loop.Run()
		s = loop
	default:
		panic("soak: there is no clock " + name)
	}
	c.Scheduler, c.close = s, s.Close
	return c
}

// Close ends the scheduler, if it is one that can.
func (c *clock) Close() {
	if c.close != nil {
		c.ended.Store(true)
		c.close()
	}
}

// Lifetime passes on that of the scheduler.
func (c *clock) Lifetime() context.Context { return scheduler.Lifetime(c.Scheduler) }

func (c *clock) Schedule(f func()) (stop func() bool) {
	t := c.task(f, nil)
	return t.stopping(c.Scheduler.Schedule(t.run))
}

func (c *clock) After(d time.Duration, f func()) (stop func() bool) {
	t := c.task(f, nil)
	return t.stopping(c.Scheduler.After(d, t.run))
}

func (c *clock) Worker() scheduler.Worker {
	return &countedWorker{Worker: c.Scheduler.Worker(), clock: c}
}

// A task is a function that is to run.
type task struct {
	f    func()
	lane *countedWorker // nil: none
	by   [12]uintptr
	over atomic.Bool
}

func (c *clock) task(f func(), lane *countedWorker) *task {
	t := &task{f: f, lane: lane}
	runtime.Callers(3, t.by[:])
	c.tasks.add(t)
	return t
}

func (t *task) run() {
	unseen(func() { t.over.Store(true) })
	t.f()
}

func (t *task) stopping(stop func() bool) func() bool {
	return func() bool {
		if !stop() {
			return false
		}
		unseen(func() { t.over.Store(true) })
		return true
	}
}

// armed returns the tasks that are still to run, as the functions that have
// scheduled them.
func (c *clock) armed() (by []string) {
	if c.ended.Load() {
		return nil
	}
	for _, t := range c.tasks.all() {
		if !t.over.Load() && (t.lane == nil || !t.lane.stopped.Load()) {
			by = append(by, t.String())
		}
	}
	return by
}

// String says who has scheduled the task: the library's functions on the stack.
func (t *task) String() string {
	var names []string
	frames := runtime.CallersFrames(t.by[:])
	for more := true; more && len(names) < 4; {
		var f runtime.Frame
		f, more = frames.Next()
		if name, ours := strings.CutPrefix(f.Function, "github.com/sluicego/sluice/"); ours {
			names = append(names, name)
		}
	}
	return fmt.Sprintf("a task of %s", strings.Join(names, ", called by "))
}

type countedWorker struct {
	scheduler.Worker
	clock   *clock
	stopped atomic.Bool
}

func (w *countedWorker) Schedule(f func()) (stop func() bool) {
	t := w.clock.task(f, w)
	return t.stopping(w.Worker.Schedule(t.run))
}

func (w *countedWorker) After(d time.Duration, f func()) (stop func() bool) {
	t := w.clock.task(f, w)
	return t.stopping(w.Worker.After(d, t.run))
}

func (w *countedWorker) Stop() {
	w.stopped.Store(true)
	w.Worker.Stop()
}
