// Package side has the subscriber with which an operator listens to an
// observable that is not its source: the notifier of TakeUntil, the openings of
// BufferToggle, the delay of one value of DelayWhen.
package side

import (
	"context"
	"sync"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// A Listener asks its observable for everything and passes on what comes, until
// either of them has had enough. The functions run where the observable emits,
// one at a time, with no lock held; they may call Cancel.
type Listener[N any] struct {
	link.Inside
	next    func(N)
	end     func(error) // nil: it has completed
	dropped func(error)

	mu   sync.Mutex
	up   observable.Subscription // guarded by mu
	over bool                    // guarded by mu: cancelled, or the observable has ended
}

// New returns a Listener that passes values to next and the end to end, each
// of which may be nil. It does nothing before Listen.
func New[N any](next func(N), end func(error)) *Listener[N] {
	return &Listener[N]{next: next, end: end}
}

// Listen subscribes to o, once. An observable that emits at once is heard
// before Listen returns. If Cancel was called, o is not subscribed to.
func (l *Listener[N]) Listen(ctx context.Context, o observable.Observable[N]) {
	if l.done() {
		return
	}
	l.dropped = observable.DroppedErrorFrom(ctx)
	o.Subscribe(ctx, l)
}

// Cancel stops listening: the observable is cancelled, once, and a signal that
// is not being passed on already is not passed on any more.
func (l *Listener[N]) Cancel() {
	if up := l.finish(); up != nil {
		up.Cancel()
	}
}

// finish ends the listening and returns the subscription, if it was alive.
func (l *Listener[N]) finish() observable.Subscription {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		return nil
	}
	l.over = true
	return l.up
}

func (l *Listener[N]) done() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.over
}

// OnSubscribe asks for everything.
func (l *Listener[N]) OnSubscribe(up observable.Subscription) {
	l.mu.Lock()
	refused := l.over || l.up != nil
	if !refused {
		l.up = up
	}
	l.mu.Unlock()
	if refused {
		up.Cancel()
		return
	}
	up.Request(observable.Unbounded)
}

// OnNext passes v on.
func (l *Listener[N]) OnNext(v N) {
	if !l.done() && l.next != nil {
		l.next(v)
	}
}

// OnError passes the end on. Nobody else hears of an error that comes too late.
func (l *Listener[N]) OnError(err error) {
	if !l.ended() || l.end == nil {
		l.dropped(err)
		return
	}
	l.end(err)
}

// OnComplete passes the end on.
func (l *Listener[N]) OnComplete() {
	if l.ended() && l.end != nil {
		l.end(nil)
	}
}

// ended marks the end, and reports whether it was alive until now.
func (l *Listener[N]) ended() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	alive := !l.over
	l.over = true
	return alive
}
