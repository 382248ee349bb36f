package operators

import (
	"context"
	"sync"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/side"
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
	return newSharer("Share", src, sharing{}).observable(counts)
}

// A sharing is what one lockstep form differs in from another.
type sharing struct {
	recall        recall // what a newcomer gets of the past
	draws         bool   // the source goes on while there is nobody
	keepIdle      bool   // the last one to leave does not end the run
	keepCompleted bool   // a run that has completed is not replaced: newcomers get its end
	keepFailed    bool   // likewise one that has failed
	once          bool   // no run is ever replaced
}

// A sharer is the state of one observable that is shared in lockstep.
type sharer[T any] struct {
	name string // of the operator, for errors
	src  observable.Observable[T]
	sharing
	mu  sync.Mutex
	run *sharedRun[T] // guarded by mu: what newcomers join; nil: none
}

func newSharer[T any](name string, src observable.Observable[T], how sharing) *sharer[T] {
	return &sharer[T]{name: name, src: src, sharing: how}
}

// observable returns an Observable by which subscribers come in the given way.
func (s *sharer[T]) observable(as entry) observable.Observable[T] {
	return side.Serve(func(ctx context.Context, down observable.Subscriber[T]) { s.subscribe(ctx, down, as) })
}

// subscribe lets down join the run, or begins one.
func (s *sharer[T]) subscribe(ctx context.Context, down observable.Subscriber[T], as entry) {
	link.Call(ctx, s.name)
	r, first := s.enlist(as)
	m := &member[T]{run: r, down: down, as: as, dropped: observable.DroppedErrorFrom(ctx)}
	defer r.welcome(ctx, m, first) // deferred, because the subscriber may leave its goroutine
	m.greet()
}

// enlist counts a subscriber in, before it has been told anything. It reports
// whether the subscriber is the one to connect the run.
func (s *sharer[T]) enlist(as entry) (r *sharedRun[T], first bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.run == nil {
		s.run = newSharedRun(s)
	}
	if as == counts {
		s.run.refs++
	}
	return s.run, as != waits && s.run.claim()
}

// welcome goes on with a subscriber that was greeted.
func (r *sharedRun[T]) welcome(ctx context.Context, m *member[T], first bool) {
	r.admit(m)
	if first {
		r.connect(ctx, m.as, nil)
	}
	r.wake()
}

// connect subscribes the run to the source.
func (r *sharedRun[T]) connect(ctx context.Context, as entry, unwatch func() bool) {
	r.open(ctx, as, unwatch, func(ctx context.Context) {
		r.past.start(ctx)
		r.sharer.src.Subscribe(ctx, r)
	}, r.OnError)
}
