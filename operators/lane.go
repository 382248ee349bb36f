package operators

import "sync/atomic"

// A lane says who works on a queue whose work is done by scheduled tasks. One
// works at a time: a task, or whoever claims the lane because nothing may wait
// for a task any more. Waking it while somebody works makes the worker go
// round once more.
//
// The zero lane belongs to the goroutine that made it, until it leaves.
type lane struct{ state atomic.Int32 }

const (
	laneBusy   int32 = iota // somebody works
	laneAgain               // somebody works, and will go round once more
	laneIdle                // nobody works, nor will
	laneQueued              // a task has been scheduled that will
)

// wake sees to it that somebody works from now on. It reports true if the
// caller has to schedule a task that starts.
func (l *lane) wake() bool {
	for {
		switch l.state.Load() {
		case laneIdle:
			if l.state.CompareAndSwap(laneIdle, laneQueued) {
				return true
			}
		case laneBusy:
			if l.state.CompareAndSwap(laneBusy, laneAgain) {
				return false
			}
		default:
			return false
		}
	}
}

// start begins a scheduled task; false if somebody has claimed its work.
func (l *lane) start() bool { return l.state.CompareAndSwap(laneQueued, laneBusy) }

// claim makes the caller the one who works, instead of a task that has not
// started. It reports false if somebody works already; he goes round again.
func (l *lane) claim() bool {
	for {
		switch now := l.state.Load(); now {
		case laneIdle, laneQueued:
			if l.state.CompareAndSwap(now, laneBusy) {
				return true
			}
		case laneBusy:
			if l.state.CompareAndSwap(laneBusy, laneAgain) {
				return false
			}
		default:
			return false
		}
	}
}

// leave ends the work. It reports false if the lane was woken meanwhile; then
// it goes round again.
func (l *lane) leave() bool {
	if l.state.CompareAndSwap(laneBusy, laneIdle) {
		return true
	}
	l.state.Store(laneBusy)
	return false
}

// yield leaves the rest of the work to a task that the caller has to schedule.
func (l *lane) yield() { l.state.Store(laneQueued) }
