package observable

import (
	"context"
	"sync/atomic"

	"github.com/sluicego/sluice/internal/site"
)

// FromCallback emits what an event source tells its listeners. For each
// subscription register is called once with a listener, and the function it
// returns once at the end, to take the listener back; it may be nil.
//
//	FromCallback(register)  -a-b-c-
//
// The listener may be called from any goroutine, also at the same time and from
// inside register: it never waits, values keep their order and signals do not
// overlap.
//
// Demand: an event cannot wait. If there is no demand for it, the stream fails;
// put OnBackpressureBuffer, OnBackpressureDrop or OnBackpressureLatest behind
// it, or a Share for more than one subscriber.
//
// Errors: an [*OverflowError] without demand; a [*PanicError] if register
// panics. A panic of unregister goes to the hook of [WithDroppedError].
//
// Discards: the event for which there was no demand, as overflow. Events after
// the end are nobody's.
//
// Scheduler: none; it emits on the goroutine that calls the listener.
//
// FromCallback panics if register is nil.
func FromCallback[T any](register func(listener func(T)) (unregister func())) Observable[T] {
	if register == nil {
		panic("observable: FromCallback with a nil function")
	}
	at := site.Caller()
	return Observable[T]{subscribe: func(ctx context.Context, down Subscriber[T]) {
		l := new(listening[T])
		l.kind, l.name, l.site = l, "FromCallback", at
		m := &member[T]{hub: &l.hub, down: down, hooks: hooksFrom(ctx)}
		down.OnSubscribe(m)
		l.post(event[T]{what: joined, member: m})
		if m.demand.Load() != closed {
			l.listen(m, register)
		}
	}}
}

// A listening is a subject of the one subscription.
type listening[T any] struct {
	hub[T]
	unregister atomic.Pointer[func()] // nil until register has returned or the end has come
}

func (l *listening[T]) listen(m *member[T], register func(func(T)) func()) {
	attempt(func() {
		unregister := register(l.Next)
		if unregister == nil {
			unregister = func() {}
		}
		if !l.unregister.CompareAndSwap(nil, &unregister) {
			unregister() // the subscription ended meanwhile
		}
	}, m.Fail)
}

// left takes the listener back.
func (l *listening[T]) left(m *member[T], _ DiscardReason) {
	noop := func() {}
	unregister := l.unregister.Swap(&noop)
	if unregister != nil { // else register has not returned; listen sees to it
		attempt(*unregister, m.hooks.dropped)
	}
}
