package scheduler

import (
	"context"
	"fmt"
	"time"
)

// Pool returns a scheduler of real time that runs at most n tasks at once, the
// oldest first.
//
// Goroutines: up to n, each started when there is work for it and ended when
// there is none, so an idle pool has none. There is one runtime timer for all
// that is scheduled for later.
//
// A worker has no goroutine of its own. Its tasks queue with everybody's by
// the time at which they came due, so a busy worker cannot starve another. The
// queue has no bound: a task is expected to be one of few per stream, whose own
// buffers are bounded.
//
// Pool panics if n is not positive.
func Pool(n int) *PoolScheduler {
	if n <= 0 {
		panic(fmt.Sprintf("scheduler: Pool of a non-positive number of goroutines (%d)", n))
	}
	return &PoolScheduler{engine: newEngine(n), life: newLife()}
}

// A PoolScheduler runs tasks on a bounded number of goroutines. Make one with
// [Pool].
type PoolScheduler struct {
	engine *engine
	life   life
}

// Now returns the wall clock's time.
func (p *PoolScheduler) Now() time.Time { return time.Now() }

// Schedule runs f when one of the n goroutines is free. After Close it does
// nothing, and stop returns false.
func (p *PoolScheduler) Schedule(f func()) (stop func() bool) { return p.engine.after(0, f) }

// After runs f when d has passed and one of the n goroutines is free. After
// Close it does nothing, and stop returns false.
func (p *PoolScheduler) After(d time.Duration, f func()) (stop func() bool) {
	return p.engine.after(d, f)
}

// Worker returns a new serial lane of the pool.
func (p *PoolScheduler) Worker() Worker { return &worker{host: p.engine} }

// Lifetime returns a context that is done once the pool is closed.
func (p *PoolScheduler) Lifetime() context.Context { return p.life.ctx }

// Close drops what is queued and what waits for its time, and refuses what
// comes later. It does not wait: tasks that are running go on to their end, and
// Close may be called from one. Closing again does nothing.
func (p *PoolScheduler) Close() {
	p.engine.close()
	p.life.end(ErrClosed)
}
