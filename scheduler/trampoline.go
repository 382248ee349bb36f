package scheduler

import "time"

// NewTrampoline returns a scheduler of real time that runs everything on the
// goroutine that calls [Trampoline.Run], and only during that call. It starts
// no goroutine.
func NewTrampoline() *Trampoline { return &Trampoline{engine: newLoop(false)} }

// A Trampoline keeps work on the goroutine that is there already: what a task
// schedules runs after it, one task after the other, however deep the calls
// would have been if each ran inside the one before.
//
// A scheduler may not run a task before Schedule returns, and there is no
// "current task" outside of a task. So a Trampoline has an explicit beginning,
// [Trampoline.Run], that also says where the work ends.
//
// Make one with [NewTrampoline].
type Trampoline struct{ engine *engine }

// Run runs f and then, in the order in which they come due, all tasks there are
// and all that these schedule. It returns when nothing is left, which includes
// what was scheduled for later: Run waits for it. A periodic task that nobody
// stops keeps Run from returning.
//
// If a Run is under way, on this goroutine or another, f becomes one of its
// tasks and this call returns at once: tasks never nest.
//
// A panic in a task leaves Run, and so does runtime.Goexit. The tasks after it
// wait for the next Run. Run panics if f is nil.
func (t *Trampoline) Run(f func()) {
	t.engine.after(0, f)
	if t.engine.enter() {
		t.engine.run()
	}
}

// Now returns the wall clock's time.
func (t *Trampoline) Now() time.Time { return time.Now() }

// Schedule runs f after the tasks that are due already. Outside of Run, f waits
// for the next one.
func (t *Trampoline) Schedule(f func()) (stop func() bool) { return t.engine.after(0, f) }

// After runs f once d has passed. Outside of Run, f waits for the next one.
func (t *Trampoline) After(d time.Duration, f func()) (stop func() bool) {
	return t.engine.after(d, f)
}

// Worker returns a new lane of the trampoline. As the trampoline is serial
// already, a worker is good for stopping its tasks together.
func (t *Trampoline) Worker() Worker { return &worker{host: t.engine} }
