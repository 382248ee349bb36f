package scheduler

import (
	"sync/atomic"
	"time"
)

// Default is real time on the goroutines of the runtime. Each task of its own
// runs on a new goroutine, and tasks may overlap. A timer is one of the
// runtime's and costs no goroutine until it fires; it keeps its function for as
// long as the stop function is kept. A worker has a goroutine only while it has
// tasks to run, and at most one timer. Default has no bound and no end.
//
// Do not assign to Default: it is shared by all. Give pipelines another
// scheduler with [With] or [On].
var Default Scheduler = realTime{}

type realTime struct{}

func (realTime) Now() time.Time { return time.Now() }

func (realTime) Schedule(f func()) (stop func() bool) {
	check(f)
	t := &started{f: f}
	go t.run()
	return t.stop
}

func (r realTime) After(d time.Duration, f func()) (stop func() bool) {
	if d <= 0 {
		return r.Schedule(f)
	}
	check(f)
	return time.AfterFunc(d, f).Stop
}

func (realTime) Worker() Worker { return &worker{host: newEngine(1), ownsHost: true} }

// A started task has a goroutine already; whoever claims it first decides
// whether it runs.
type started struct {
	f       func() // touched by whoever has claimed the task
	claimed atomic.Bool
}

func (t *started) run() {
	if t.claimed.CompareAndSwap(false, true) {
		f := t.f
		t.f = nil
		f()
	}
}

func (t *started) stop() bool {
	if !t.claimed.CompareAndSwap(false, true) {
		return false
	}
	t.f = nil
	return true
}
