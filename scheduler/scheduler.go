package scheduler

import "time"

// A Scheduler runs functions, now or later, and says what time it is.
//
// Every scheduler keeps these laws:
//
//   - Schedule and After never call f themselves, so the caller may hold a
//     mutex that f locks. Where the scheduler has goroutines of its own, f may
//     run on one of them before the caller has stored the stop function.
//   - A duration of zero or less means as soon as possible.
//   - A nil f panics at once.
//   - stop is like that of [context.AfterFunc]: it reports whether the call
//     kept f from running. It is false once f has been started, stopped, dropped
//     or refused. It never waits, may be called from any goroutine, also from
//     f, and a function that was stopped is not kept alive, but by a stop
//     function of [Default] that is itself kept.
//   - All methods may be called from any goroutine at any time, also from a
//     task.
//
// Operators guard their own tasks. A panic that arrives in a scheduler
// therefore comes from a function that user code scheduled itself, and is not
// recovered: it goes up the goroutine that the task runs on. The scheduler
// stays usable, also after [runtime.Goexit] in a task.
type Scheduler interface {
	// Now returns the current time, real or virtual.
	Now() time.Time
	// Schedule runs f as soon as possible.
	Schedule(f func()) (stop func() bool)
	// After runs f once d has passed.
	After(d time.Duration, f func()) (stop func() bool)
	// Worker returns a new lane of the scheduler. Making one starts nothing,
	// and one that is idle needs no Stop: it is garbage once it is forgotten.
	Worker() Worker
}

// A Worker is a serial lane of a [Scheduler]: its tasks never overlap, and each
// happens before the next. They run in the order in which they come due, which
// for Schedule is the moment of the call, and in the order of the calls where
// that is the same. So Schedule is first in, first out, and so is After with
// one and the same duration.
type Worker interface {
	// Schedule runs f after the tasks that are due already.
	Schedule(f func()) (stop func() bool)
	// After puts f in the lane once d has passed.
	After(d time.Duration, f func()) (stop func() bool)
	// Stop drops what is queued and what waits for its time, and refuses what
	// comes later. It does not wait: a task that is running goes on to its end,
	// and Stop may be called from it. Calling Stop again does nothing.
	Stop()
}

// check refuses a nil task while its caller is still on the stack.
func check(f func()) {
	if f == nil {
		panic("scheduler: the function to schedule is nil")
	}
}

// refused is the stop function of a task that was not accepted.
func refused() bool { return false }
