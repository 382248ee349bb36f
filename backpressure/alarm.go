package backpressure

import (
	"context"
	"time"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/scheduler"
)

// An alarm is the one timer that an operator may have. The operator's mutex
// guards it; schedulers allow to be called with a mutex held that their tasks
// lock.
type alarm struct {
	sched scheduler.Scheduler
	ring  func()      // what the timer runs; bound once, so that setting the alarm allocates no closure
	stop  func() bool // of the running timer; nil if none runs

	forget func() bool // unhooks the end of the scheduler; nil if that has none
}

func (a *alarm) set(d time.Duration) { a.stop = a.sched.After(d, a.ring) }

func (a *alarm) off() {
	if a.stop != nil {
		a.stop()
		a.stop = nil
	}
}

// heed makes the end of the scheduler that of the stream, which would wait for
// its timer for ever. Called with the mutex, while the stream is open.
func (a *alarm) heed(stream link.Failer) {
	if life := scheduler.Lifetime(a.sched); life.Done() != nil {
		a.forget = context.AfterFunc(life, func() { stream.Fail(context.Cause(life)) })
	}
}

// heed is alarm.heed for a relay, which may be over.
func (r *relay[T]) heed() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.closed {
		r.alarm.heed(r)
	}
}

// unheed is called with the mutex.
func (a *alarm) unheed() {
	if a.forget != nil {
		a.forget()
		a.forget = nil
	}
}
