package backpressure

import (
	"context"

	"github.com/sluicego/sluice/internal/side"
	"github.com/sluicego/sluice/observable"
)

// SampleWhen emits, each time that o emits, the newest value that came since the
// last time, if one came.
//
//	source         -ab--c----d|
//	o              ---x--x--x-|
//	SampleWhen(o)  ---b--c----|
//
// Demand: unbounded from the source and from o. A value that is sampled while
// nothing is requested is kept until the next request, or until the next
// sample. The end of o is no instant, and ends nothing.
//
// Errors: the source's and those of o, at once.
//
// Discards: what was not sampled, and a sample that is kept when the next one is
// taken, as filtered; a value that waits to be sampled when the source
// completes, likewise; what is held at an error or a cancel.
//
// Scheduler: none; a sample is emitted where o emits. The source is subscribed
// to before o.
func SampleWhen[T, N any](o observable.Observable[N]) observable.Operator[T, T] {
	c := keepTimed[T]("SampleWhen", 0, nil)
	return func(src observable.Observable[T]) observable.Observable[T] {
		return side.Serve(func(ctx context.Context, down observable.Subscriber[T]) {
			s := &cuedSampler[T, N]{}
			s.beginCued(ctx, down, nil, c)
			src.Subscribe(ctx, s)
			s.listen(ctx, o)
		})
	}
}

type cuedSampler[T, N any] struct{ cued[T, N] }

// listen listens to o, unless the stream is over already.
func (s *cuedSampler[T, N]) listen(ctx context.Context, o observable.Observable[N]) {
	l := side.New(func(N) { s.sample() }, func(err error) {
		if err != nil {
			s.Fail(err)
		}
	})
	s.mu.Lock()
	if s.sourced {
		s.mu.Unlock()
		return
	}
	s.cue = l
	s.mu.Unlock()
	l.Listen(ctx, o)
}

func (s *cuedSampler[T, N]) OnNext(v T) {
	s.mu.Lock()
	if s.sourced {
		s.late(v)
		return
	}
	s.replace(v)
}

func (s *cuedSampler[T, N]) OnComplete() {
	if !s.waits(false) {
		s.complete()
	}
}

func (s *cuedSampler[T, N]) sample() {
	s.mu.Lock()
	if v, ok := s.pop(); ok {
		s.offer(v)
	} else {
		s.mu.Unlock()
	}
}
