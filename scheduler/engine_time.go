package scheduler

import "time"

// arrange sees to it that the earliest task will be run: by a goroutine that
// is told or started now if the task is due, else by the timer.
func (e *engine) arrange() {
	due, ok := e.agenda.peek()
	switch {
	case len(e.resumed) > 0 || ok && due <= e.agenda.clock:
		e.wakeLoop()
		if e.running < e.limit {
			e.running++
			go e.run()
		}
	case ok:
		e.arm(due)
	}
}

func (e *engine) wakeLoop() {
	if e.idle != nil {
		e.idle.Signal()
	}
}

// arm makes the timer fire at due or earlier. It is not reset to a later time:
// firing in vain once is cheaper than a reset for each timer that is stopped.
func (e *engine) arm(due time.Duration) {
	if due >= e.armed {
		return
	}
	e.armed = due
	in := due - time.Since(e.epoch)
	if e.timer == nil {
		e.timer = time.AfterFunc(in, e.fire)
	} else {
		e.timer.Reset(in)
	}
}

// fire runs on the goroutine of the timer, which becomes one of the engine's
// if there is work for it.
func (e *engine) fire() {
	e.mu.Lock()
	e.armed = never
	e.tick()
	due, ok := e.agenda.peek()
	if ok && due <= e.agenda.clock && e.running < e.limit {
		e.running++
		e.mu.Unlock()
		e.run()
		return
	}
	e.arrange()
	e.mu.Unlock()
}

// tick brings the clock up to date. Only where something waits for its time is
// that worth reading the time, and only there does it make a difference: it
// keeps what comes due during a long task ahead of what is scheduled later.
func (e *engine) tick() {
	if e.agenda.timed() {
		e.agenda.clock = max(e.agenda.clock, time.Since(e.epoch))
	}
}

// saturate adds without overflow; now is not negative.
func saturate(now, d time.Duration) time.Duration {
	if due := now + d; due >= now {
		return due
	}
	return max(now, never-1)
}
