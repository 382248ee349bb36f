package operators

import (
	"context"
	"fmt"
	"sync"

	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/option"
	"github.com/sluicego/sluice/internal/serial"
	"github.com/sluicego/sluice/internal/side"
	"github.com/sluicego/sluice/observable"
)

// A Hub is what [Multicast] shares a source by: an [observable.Subject],
// [observable.Behavior], [observable.Replay], [observable.Async] or
// [observable.Unicast], or something of one's own that is made of one.
type Hub[T any] interface {
	Subscribe(ctx context.Context, s observable.Subscriber[T])
	Next(v T)
	Error(err error)
	Complete()
}

// Multicast makes one subscription to the source serve all its subscribers, by
// way of a subject: newSubject makes one, the subscribers subscribe to that, and
// it is given what the source emits. The first subscriber starts the source, the
// last one to leave cancels it. When the source has ended, or all have left, the
// next subscriber starts it afresh, with a fresh subject; the options
// [KeepOnComplete], [KeepOnError] and [KeepWhenIdle] each make one exception to
// that.
//
//	source        -a-b-c-|
//	Multicast(f)  -a-b-c-|
//	…after 4ms    ----bc-|
//
// where f returns a NewReplay(1, 0).
//
// Demand: unbounded from the source. What becomes of a value that a subscriber
// has not requested is up to the subject: those that a [observable.NewSubject]
// made fail the subscriber, and let the others go on. For anything else, put an
// OnBackpressure… operator between Multicast and the subscriber, or take
// [Share], which waits for all.
//
// Errors: those of the subject: the source's, and its own for a subscriber that
// is too slow. A panic in newSubject ends the subscription of the one who came.
//
// Discards: those of the subject; what the source emits after the last
// subscriber has left, as late.
//
// Scheduler: none. The source runs with the values of the first subscriber's
// ctx, its scheduler and hooks among them, but not with its cancellation.
//
// If two first subscribers come at the same time, newSubject may be called once
// in vain. Multicast panics if newSubject is nil or an option is not one of its
// own.
func Multicast[T any](newSubject func() Hub[T], opts ...MulticastOption) observable.Operator[T, T] {
	if newSubject == nil {
		panic("operators: Multicast with a nil function")
	}
	keeps := keepings(opts)
	return func(src observable.Observable[T]) observable.Observable[T] {
		m := &multicaster[T]{src: src, newSubject: newSubject, keeps: keeps}
		return side.Serve(m.subscribe)
	}
}

// A MulticastOption is an option of [Multicast]: [KeepOnComplete],
// [KeepOnError] or [KeepWhenIdle].
type MulticastOption interface{ option.Multicast }

// A Keeping says after what [Multicast] keeps its subject, where otherwise the
// next subscriber would start afresh.
type Keeping int

// The options of Multicast.
const (
	KeepOnComplete Keeping = 1 << iota // newcomers get the end from the subject that has completed
	KeepOnError                        // newcomers get the error from the subject that has failed
	KeepWhenIdle                       // the source goes on when all have left
)

// OptionMulticast makes it an option of [Multicast].
func (Keeping) OptionMulticast(option.Seal) {}

// keepings adds the options of Multicast up.
func keepings(opts []MulticastOption) (sum Keeping) {
	for _, opt := range opts {
		switch keep, _ := opt.(Keeping); keep {
		case KeepOnComplete, KeepOnError, KeepWhenIdle:
			sum |= keep
		default:
			panic(fmt.Sprintf("operators: Multicast with the unknown option %v; there are KeepOnComplete, KeepOnError and KeepWhenIdle", opt))
		}
	}
	return sum
}

// A multicaster is the state of one observable that is shared by a subject.
type multicaster[T any] struct {
	src        observable.Observable[T]
	newSubject func() Hub[T]
	keeps      Keeping
	mu         sync.Mutex
	run        *hubRun[T] // guarded by mu: what newcomers join; nil: none
}

// subscribe lets down join the run, or begins one.
func (m *multicaster[T]) subscribe(ctx context.Context, down observable.Subscriber[T]) {
	link.Call(ctx, "Multicast")
	r, first, err := m.enlist()
	if err != nil {
		observable.Throw[T](err).Subscribe(ctx, down)
		return
	}
	if first {
		defer r.connect(ctx) // deferred, because the subscriber may leave its goroutine
	}
	var left serial.Once
	leave := func() {
		if left.First() {
			r.leave()
		}
	}
	done := false
	defer func() {
		if !done {
			leave()
		}
	}()
	Finally[T](leave)(TapError[T](r.told)(r.values)).Subscribe(ctx, down)
	done = true
}

// enlist counts a subscriber in, before it has been told anything. It reports
// whether the subscriber is the one to open the run.
func (m *multicaster[T]) enlist() (r *hubRun[T], first bool, err error) {
	m.mu.Lock()
	for m.run == nil {
		m.mu.Unlock()
		fresh, err := m.begin()
		if err != nil {
			return nil, false, err
		}
		m.mu.Lock()
		if m.run == nil { // else somebody was faster
			m.run = fresh
		}
	}
	defer m.mu.Unlock()
	m.run.refs++
	return m.run, m.run.claim(), nil
}

// begin makes a run with a fresh subject.
func (m *multicaster[T]) begin() (r *hubRun[T], err error) {
	done := false
	defer fault.Catch(&done, func(value any, stack []byte) {
		err = &observable.PanicError{Value: value, Stack: stack}
	})
	hub := m.newSubject()
	if hub == nil {
		panic("operators: the function given to Multicast returned a nil Hub")
	}
	r = &hubRun[T]{connection: connection{mu: &m.mu}, of: m, hub: hub, values: valuesOf(hub)}
	done = true
	return r, nil
}

// valuesOf returns what hub emits. One that is not the library's has to be
// watched.
func valuesOf[T any](hub Hub[T]) observable.Observable[T] {
	switch h := hub.(type) {
	case *observable.Subject[T]:
		return h.Observable
	case *observable.Behavior[T]:
		return h.Observable
	case *observable.Replay[T]:
		return h.Observable
	case *observable.Async[T]:
		return h.Observable
	case *observable.Unicast[T]:
		return h.Observable
	}
	return observable.New(hub.Subscribe)
}
