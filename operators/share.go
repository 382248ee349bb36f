package operators

import (
	"context"
	"sync"

	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/queue"
	"github.com/sluicego/sluice/observable"
)

// Share makes one subscription to the source serve all its subscribers: the
// first subscriber starts it, the last one to leave cancels it. Each gets the
// values from when it came. When the source has ended, or all have left, the
// next subscriber starts it afresh. Share takes no parameters: it is an
// operator itself.
//
//	source  -a-b-c-|
//	Share   -a-b-c-|
//
// Demand: the source is asked for what all subscribers have requested, so the
// slowest one sets the pace and nobody loses a value. A subscriber that stops
// requesting stalls the others, until it leaves: put an OnBackpressure…
// operator between Share and a subscriber that must not. The source is asked
// for at most 128 values ahead, then for 96 at a time; those that were asked
// for before a slower subscriber came wait for it.
//
// Errors: the source's, to all subscribers, at once. A panic of one subscriber
// ends that one alone.
//
// Discards: values that wait when the source fails or the last subscriber
// leaves; what comes after that, as late; what the source emits beyond its
// demand, as overflow, for which the stream fails.
//
// Scheduler: none. The source runs with the values of the first subscriber's
// ctx, its scheduler and hooks among them, but not with its cancellation.
func Share[T any](src observable.Observable[T]) observable.Observable[T] {
	s := &sharer[T]{src: src}
	return join(s.subscribe)
}

// A sharer is the state of one shared observable.
type sharer[T any] struct {
	src observable.Observable[T]
	mu  sync.Mutex
	run *sharedRun[T] // guarded by mu: the subscription that newcomers join; nil: none
}

// subscribe lets down join the run, or begins one.
func (s *sharer[T]) subscribe(ctx context.Context, down observable.Subscriber[T]) {
	r, first := s.enlist(ctx)
	m := &member[T]{run: r, down: down}
	defer r.welcome(m, first) // deferred, because the subscriber may leave its goroutine
	m.greet()
}

// welcome goes on with a subscriber that was greeted.
func (r *sharedRun[T]) welcome(m *member[T], first bool) {
	r.admit(m)
	if first {
		r.connect()
	}
	r.wake()
}

// enlist counts a subscriber in, before it has been told anything.
func (s *sharer[T]) enlist(ctx context.Context) (r *sharedRun[T], first bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if first = s.run == nil; first {
		s.run = newSharedRun(ctx, s)
	}
	s.run.refs++
	return s.run, first
}

func newSharedRun[T any](ctx context.Context, s *sharer[T]) *sharedRun[T] {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	r := &sharedRun[T]{
		sharer:  s,
		stop:    cancel,
		discard: observable.DiscardFrom(ctx),
		dropped: observable.DroppedErrorFrom(ctx),
		queue:   *queue.NewRing[T](shareWindow),
	}
	r.subscribe = func() { s.src.Subscribe(ctx, r) }
	return r
}

// connect subscribes the run to the source, unless everybody has left already.
func (r *sharedRun[T]) connect() {
	r.sharer.mu.Lock()
	over := r.over
	r.sharer.mu.Unlock()
	if over {
		return
	}
	done := false
	defer fault.Catch(&done, r.panicked)
	r.subscribe()
	done = true
}

func (r *sharedRun[T]) panicked(value any, stack []byte) {
	r.OnError(&observable.PanicError{Value: value, Stack: stack})
}
