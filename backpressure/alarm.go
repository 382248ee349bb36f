package backpressure

import (
	"time"

	"github.com/sluicego/sluice/scheduler"
)

// An alarm is the one timer that an operator may have. The relay's mutex guards
// it; schedulers allow to be called with a mutex held that their tasks lock.
type alarm struct {
	sched scheduler.Scheduler
	ring  func()      // what the timer runs; bound once, so that setting the alarm allocates no closure
	stop  func() bool // of the running timer; nil if none runs
}

func (a *alarm) set(d time.Duration) { a.stop = a.sched.After(d, a.ring) }

func (a *alarm) off() {
	if a.stop != nil {
		a.stop()
		a.stop = nil
	}
}
