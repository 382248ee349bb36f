package scheduler

import (
	"context"
	"errors"
)

// ErrClosed is why the tasks of a closed scheduler do not run: the cause of its
// Lifetime.
var ErrClosed = errors.New("scheduler: the scheduler is closed; close it after the streams that use it have ended")

// A Closable scheduler can come to an end, at which it drops the tasks it has
// and refuses more. Whoever waits for a task has to learn of that, or waits for
// ever.
type Closable interface {
	Scheduler
	// Lifetime returns a context that is done, with the cause [ErrClosed], once
	// the scheduler has dropped its tasks and refuses more.
	Lifetime() context.Context
	// Close ends the scheduler without waiting for tasks that are running.
	// Closing again does nothing.
	Close()
}

// Lifetime returns the context of a [Closable] scheduler, and
// [context.Background] for one that has no end. A stream that depends on its
// tasks fails when the lifetime ends:
//
//	life := scheduler.Lifetime(s)
//	stop := context.AfterFunc(life, func() { fail(context.Cause(life)) })
//
// This covers tasks that were dropped as well as tasks that were refused, and
// leaves no gap between a question and a call of Schedule. For a scheduler
// without an end it starts nothing.
//
// A scheduler that wraps another passes its Lifetime on.
func Lifetime(s Scheduler) context.Context {
	if m, ok := s.(interface{ Lifetime() context.Context }); ok {
		return m.Lifetime()
	}
	return context.Background()
}

// A life is what a Closable scheduler ends.
type life struct {
	ctx context.Context //nolint:containedctx // it is the scheduler's own, not that of a call
	end context.CancelCauseFunc
}

func newLife() life {
	ctx, end := context.WithCancelCause(context.Background())
	return life{ctx: ctx, end: end}
}
