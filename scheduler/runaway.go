package scheduler

import (
	"fmt"
	"strings"
	"time"

	"github.com/sluicego/sluice/internal/runaway"
)

// A VirtualOption sets a cap on a [Virtual]: [MaxActions] or [MaxTime].
type VirtualOption interface{ virtual(v *Virtual) }

// MaxActions caps how many tasks a [Virtual] may run in its life. The default
// is ten million, about a second of work: a program that keeps rescheduling
// itself without letting time pass would otherwise hang the test that runs it.
// [math.MaxInt] is no cap. The task that exceeds it is dropped.
type MaxActions int

func (n MaxActions) virtual(v *Virtual) { v.watch.maxActions = max(int(n), 0) }

// MaxTime caps how much virtual time may have passed when a task of a [Virtual]
// runs. It stops a periodic program that is run with [Virtual.Next] for as long
// as there is a task. There is no cap by default.
type MaxTime time.Duration

func (d MaxTime) virtual(v *Virtual) { v.watch.maxTime = max(time.Duration(d), 0) }

// A RunawayError is the panic of a [Virtual] that was about to exceed a cap. It
// names the functions that ran most towards the end, and who scheduled them.
type RunawayError struct {
	Cap     string        // the cap and its value, as "MaxActions(1000)"
	Actions int           // tasks run since the start
	Elapsed time.Duration // virtual time since the start
	// Tasks lists the tasks that ran most often near the cap, the most frequent
	// first and at most three, as
	// "main.(*poller).poll (poll.go:17), 998 times, scheduled at poll.go:23".
	Tasks []string
}

// Error says which cap it was, who kept rescheduling, and what to do.
func (e *RunawayError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "scheduler: virtual time: %s reached after %d tasks and %v; what kept rescheduling:",
		e.Cap, e.Actions, e.Elapsed)
	for _, task := range e.Tasks {
		b.WriteString("\n\t" + task)
	}
	b.WriteString("\nstop it, advance the clock less far, or raise the cap")
	return b.String()
}

const defaultMaxActions = 10_000_000

// A watch finds out who keeps rescheduling. Without a cap of time it costs
// nothing until the other cap is near; from then on it counts tasks by their
// function. The mutex of the Virtual guards it.
type watch struct {
	maxActions int
	maxTime    time.Duration

	fromAction int // when watching begins
	fromTime   time.Duration
	watching   bool
	tasks      runaway.Watch
}

func (w *watch) begin() {
	w.fromAction = w.maxActions - min(runaway.Before, w.maxActions)
	w.fromTime = w.maxTime - w.maxTime/8
	// A task may be scheduled long before a cap of time is near.
	w.watching = w.fromAction == 0 || w.maxTime != never
}

// ran counts a task that is about to run, unless a cap keeps it from running.
func (w *watch) ran(f func(), actions int, due time.Duration) error {
	w.watching = true
	name := ""
	switch {
	case actions >= w.maxActions:
		name = fmt.Sprintf("MaxActions(%d)", w.maxActions)
	case due > w.maxTime:
		name = fmt.Sprintf("MaxTime(%v)", w.maxTime)
	default:
		w.tasks.Ran(f)
		return nil
	}
	if len(w.tasks.Suspects()) == 0 {
		w.tasks.Ran(f) // it would have been the first
	}
	return &RunawayError{Cap: name, Actions: actions, Elapsed: due, Tasks: w.tasks.Suspects()}
}
