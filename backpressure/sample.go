package backpressure

import (
	"context"
	"fmt"
	"time"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// Sample emits, every d, the newest value that came since the last time, if one
// came.
//
//	source       -ab--c----d|
//	Sample(3ms)  ---b--c----|
//
// Demand: unbounded from the source. A value that is sampled while nothing is
// requested is kept until the next request, or until the next sample.
//
// Errors: the source's, at once; that of a scheduler which is closed.
//
// Discards: what was not sampled, and a sample that is kept when the next one is
// taken, as filtered; a value that waits to be sampled when the source
// completes, likewise; what is held at an error or a cancel.
//
// Scheduler: [scheduler.On], else the context's. The instants are counted from
// the subscription; the timer runs only while a value waits for one.
//
// Sample panics if d is not positive.
func Sample[T any](d time.Duration, opts ...scheduler.TimeOption) observable.Operator[T, T] {
	if d <= 0 {
		panic(fmt.Sprintf("backpressure: Sample of a duration that is not positive (%v)", d))
	}
	c := keepTimed[T]("Sample", d, opts)
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		s := &sampler[T]{}
		s.beginTimed(ctx, down, s.fire, c)
		s.start = s.sched.Now()
		return s
	})
}

type sampler[T any] struct {
	timed[T]
	start time.Time     // the instants are multiples of the period after it
	taken time.Duration // the instant, after start, of the last sample; guarded by mu
}

func (s *sampler[T]) OnNext(v T) {
	s.mu.Lock()
	if s.sourced {
		s.late(v)
		return
	}
	if s.stop == nil {
		s.set(s.untilNext())
	}
	s.replace(v)
}

// OnComplete discards what was not sampled: completion is not an instant.
func (s *sampler[T]) OnComplete() {
	s.mu.Lock()
	v, ok := s.pop()
	s.off()
	s.mu.Unlock()
	if ok {
		s.drop(v, observable.DiscardFiltered)
	}
	s.timed.OnComplete()
}

func (s *sampler[T]) fire() {
	s.mu.Lock()
	s.stop = nil
	v, ok := s.pop()
	if !ok {
		s.mu.Unlock()
		return
	}
	s.taken = s.sched.Now().Sub(s.start).Truncate(s.c.span)
	s.offer(v)
}

// untilNext returns how long it is to the next instant. One that is now counts,
// unless its sample has been taken. Called with mu.
func (s *sampler[T]) untilNext() time.Duration {
	passed := s.sched.Now().Sub(s.start)
	next := (passed + s.c.span - 1).Truncate(s.c.span)
	if next <= s.taken {
		next = s.taken + s.c.span
	}
	return next - passed
}
