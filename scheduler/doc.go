// Package scheduler abstracts time and the place where work runs.
//
// A [Scheduler] tells the time and runs functions now or later; a [Worker] of
// it runs functions one after the other. All of the library takes its time and
// its goroutines from a scheduler, so that the same pipeline runs in real time
// in production and in virtual time in a test.
//
// # Which scheduler to choose
//
// [Default] is right unless there is a reason against it: goroutines and timers
// are cheap in Go, and it has no bound to set and nothing to close.
//
// [Pool] bounds how many tasks run at once, for work that keeps a processor
// busy or that presses on something limited.
//
// [NewEventLoop] runs everything on one goroutine, which may be a certain one:
// for user interfaces, and for state that has no lock.
//
// [NewTrampoline] runs everything on the goroutine that is there already and
// returns when nothing is left: for tools and scripts, and for recursion that
// should not grow the stack.
//
// [NewVirtual] has a clock that moves only when told to: for tests and
// simulations. A year passes in as long as its tasks take to run.
//
//	scheduler      goroutines                       overlap          time     end
//	Default        one for each task that runs      yes              real     none
//	Pool(n)        up to n, while there is work     yes, up to n     real     Close
//	EventLoop      the caller of Run                no               real     Close
//	Trampoline     the caller of Run                no               real     none
//	Virtual        the caller of AdvanceBy, …       no               virtual  none
//
// A worker costs no goroutine while it has nothing to run, whichever scheduler
// it belongs to, and a timer costs none until it fires. In a testing/synctest
// bubble the schedulers of real time follow the clock of the bubble; make
// them inside of it.
//
// # How operators find it
//
// The scheduler travels in the context: [With] puts it there, [From] reads it.
// The option [On] overrides it for one source or operator. [Pick] combines the
// two. A scheduler that can be closed says so through [Lifetime].
package scheduler
