package marbles

import (
	"sync"
	"time"

	"github.com/sluicego/sluice/scheduler"
)

// A liveWorker sends tasks to a lane, when due.
type liveWorker struct {
	clock *liveClock
	lane  scheduler.Worker

	mu     sync.Mutex
	ended  bool                      // guarded by mu
	timers map[*func() bool]struct{} // guarded by mu; the stop functions of armed timers
}

func (w *liveWorker) Schedule(f func()) (stop func() bool) {
	return w.lane.Schedule(w.clock.task(f))
}

func (w *liveWorker) After(d time.Duration, f func()) (stop func() bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended {
		return func() bool { return false }
	}
	var (
		key     = new(func() bool)
		mu      sync.Mutex
		stopRun func() bool // set once the task is in the lane; guarded by mu
	)
	*key = w.clock.after(d, func() {
		mu.Lock()
		defer mu.Unlock()
		w.forget(key)
		stopRun = w.lane.Schedule(f)
	}, f)
	w.timers[key] = struct{}{}
	return func() bool {
		if (*key)() {
			w.forget(key)
			return true
		}
		mu.Lock()
		stop := stopRun
		mu.Unlock()
		return stop != nil && stop()
	}
}

func (w *liveWorker) Stop() {
	w.mu.Lock()
	w.ended = true
	timers := w.timers
	w.timers = nil
	w.mu.Unlock()
	for stop := range timers {
		(*stop)()
	}
	w.lane.Stop()
}

func (w *liveWorker) forget(key *func() bool) {
	w.mu.Lock()
	delete(w.timers, key)
	w.mu.Unlock()
}
