package scheduler

import (
	"context"
	"time"
)

// NewEventLoop returns a scheduler of real time that runs everything on one
// goroutine, that of the caller of [EventLoop.Run]: the one for a user
// interface, or for state that has no lock. It starts no goroutine itself.
func NewEventLoop() *EventLoop {
	return &EventLoop{engine: newLoop(true), life: newLife()}
}

// An EventLoop runs tasks on one goroutine, in the order in which they come
// due. Its workers share that order. Make one with [NewEventLoop].
type EventLoop struct {
	engine *engine
	life   life
}

// Run runs tasks on the calling goroutine until the loop is closed. What was
// scheduled before waits for it. Call it at the end of main, under
// [runtime.LockOSThread] if the interface needs a certain thread, or as
// go loop.Run().
//
// A panic in a task leaves Run; so does runtime.Goexit, with the goroutine. The
// loop then stands still, and the next call of Run goes on with the task after.
// Run panics if the loop is running already.
func (l *EventLoop) Run() {
	if !l.engine.enter() {
		panic("scheduler: Run of an EventLoop that is running; one goroutine at a time runs it")
	}
	l.engine.run()
}

// Now returns the wall clock's time.
func (l *EventLoop) Now() time.Time { return time.Now() }

// Schedule runs f after the tasks that are due already. After Close it does
// nothing, and stop returns false.
func (l *EventLoop) Schedule(f func()) (stop func() bool) { return l.engine.after(0, f) }

// After runs f once d has passed. After Close it does nothing, and stop returns
// false.
func (l *EventLoop) After(d time.Duration, f func()) (stop func() bool) {
	return l.engine.after(d, f)
}

// Worker returns a new lane of the loop. As the loop is serial already, a
// worker is good for stopping its tasks together.
func (l *EventLoop) Worker() Worker { return &worker{host: l.engine} }

// Lifetime returns a context that is done once the loop is closed.
func (l *EventLoop) Lifetime() context.Context { return l.life.ctx }

// Close ends Run after the task that is running, if any, drops what is queued
// and what waits for its time, and refuses what comes later. It does not wait,
// and may be called from a task. Closing again does nothing.
func (l *EventLoop) Close() {
	l.engine.close()
	l.life.end(ErrClosed)
}
