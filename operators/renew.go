package operators

import (
	"context"
	"sync"

	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/serial"
	"github.com/sluicego/sluice/internal/side"
	"github.com/sluicego/sluice/observable"
)

// A renewal is where a renewer stands.
type renewal uint8

const (
	renewalLive  renewal = iota // the source emits
	renewalIdle                 // it has ended
	renewalAsked                // a notifier says when to subscribe again
	renewalDue                  // it has said so
	renewalOver                 // the stream ends
)

// A renewer is embedded by operators that subscribe to their source again when
// it has ended: at once, or when a notifier says so. The drain does that, so
// that a source that ends inside subscribe and a notifier that emits inside ask
// make it go round once more instead of nesting.
//
// Its notifier, too, may end the stream. If that can happen while the source
// emits, values are emitted with the turn taken; who leaves it last passes the
// end on.
type renewer[T any] struct {
	resumer[T]
	subscribe func()      // to the source, once more
	failed    func(error) // what takes a failure of subscribe
	ask       func()      // asks a notifier; nil: there is none
	drain     serial.Drain
	turn      serial.Turn // to emit
	told      serial.Once // the end has been passed on
	cause     error       // why the source has ended, nil if it has completed; written before idle, read by the drain

	mu       sync.Mutex
	at       renewal               // guarded by mu
	notifier interface{ Cancel() } // guarded by mu: what is listened to
	verdict  error                 // guarded by mu: what the stream ends with, once over
}

// bind makes self, which embeds the renewer, the subscriber of src.
func (r *renewer[T]) bind(ctx context.Context, src observable.Observable[T], self observable.Subscriber[T]) {
	r.subscribe = func() { src.Subscribe(ctx, self) }
	r.failed = self.OnError
}

func (r *renewer[T]) OnSubscribe(up observable.Subscription) { r.handDown(r, up) }

func (r *renewer[T]) Cancel() {
	r.resumer.Cancel()
	r.mu.Lock()
	n := r.notifier
	r.mu.Unlock()
	if n != nil {
		n.Cancel()
	}
}

// renew says that the source has ended and is to be subscribed to again.
func (r *renewer[T]) renew(cause error) {
	r.settle()
	r.mu.Lock()
	alive := r.at == renewalLive
	if alive {
		r.at, r.cause = renewalIdle, cause
	}
	r.mu.Unlock()
	switch {
	case alive:
		r.drain.Wake(r.advance)
	case cause != nil:
		r.dropped(cause)
	}
}

// due says that the notifier wants the source to be subscribed to. While the
// source emits there is no need.
func (r *renewer[T]) due() {
	r.mu.Lock()
	waits := r.at == renewalAsked
	if waits {
		r.at = renewalDue
	}
	r.mu.Unlock()
	if waits {
		r.drain.Wake(r.advance)
	}
}

// advance is the step of the drain.
func (r *renewer[T]) advance() {
	was := r.next()
	if r.cancelled.Load() {
		if was == renewalIdle && r.cause != nil {
			r.dropped(r.cause)
		}
		return
	}
	done := false
	switch {
	case was == renewalDue || was == renewalIdle && r.ask == nil:
		defer fault.Catch(&done, r.subscribePanicked)
		r.subscribe()
	case was == renewalIdle:
		defer fault.Catch(&done, r.askPanicked)
		r.ask()
	}
	done = true
}

// next goes to where advance is about to lead, and returns where it began.
func (r *renewer[T]) next() renewal {
	r.mu.Lock()
	defer r.mu.Unlock()
	was := r.at
	switch {
	case was == renewalDue || was == renewalIdle && r.ask == nil:
		r.at = renewalLive
	case was == renewalIdle:
		r.at = renewalAsked
	}
	return was
}

// subscribePanicked reports a panic of subscribing as the source's failure.
func (r *renewer[T]) subscribePanicked(value any, stack []byte) {
	r.quit()
	r.failed(&observable.PanicError{Value: value, Stack: stack})
}

func (r *renewer[T]) askPanicked(value any, stack []byte) {
	r.conclude(&observable.PanicError{Value: value, Stack: stack})
}

// wants asks a predicate of the user's. A panic in it ends the stream.
func (r *renewer[T]) wants(predicate func() bool) (yes bool) {
	done := false
	defer fault.Catch(&done, func(value any, stack []byte) {
		r.leave(&observable.PanicError{Value: value, Stack: stack})
	})
	yes = predicate()
	done = true
	return yes
}

// leave ends the stream as the source has ended; a nil err completes it.
func (r *renewer[T]) leave(err error) {
	r.settle()
	r.conclude(err)
}

// conclude ends the stream, whoever wants it to; a nil err completes it.
func (r *renewer[T]) conclude(err error) {
	r.mu.Lock()
	first := r.at != renewalOver
	if first {
		r.at, r.verdict = renewalOver, err
	}
	n := r.notifier
	r.mu.Unlock()
	if !first {
		if err != nil {
			r.dropped(err)
		}
		return
	}
	if n != nil {
		n.Cancel()
	}
	r.arbiter.Cancel()
	r.turn.Close()
	if r.turn.Over() {
		r.tell()
	}
}

// tell passes the end on, once.
func (r *renewer[T]) tell() {
	if !r.told.First() {
		return
	}
	r.mu.Lock()
	err := r.verdict
	r.mu.Unlock()
	if r.cancelled.Load() {
		if err != nil {
			r.dropped(err)
		}
		return
	}
	done := false
	defer fault.Catch(&done, r.tellPanicked)
	if err != nil {
		r.down.OnError(err)
	} else {
		r.down.OnComplete()
	}
	done = true
}

func (r *renewer[T]) tellPanicked(value any, stack []byte) {
	r.down.OnError(&observable.PanicError{Value: value, Stack: stack})
}

// listensTo makes n the notifier. It reports false if the stream is over.
func (r *renewer[T]) listensTo(n interface{ Cancel() }) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.at == renewalOver || r.cancelled.Load() {
		return false
	}
	r.notifier = n
	return true
}

// askOnce returns an ask that listens to an observable of its own each time. The
// first value says that the source is due, the end is that of the stream.
func askOnce[T, N any](ctx context.Context, r *renewer[T], notifier func() observable.Observable[N]) func() {
	return func() {
		var l *side.Listener[N]
		l = side.New(func(N) {
			l.Cancel()
			r.due()
		}, r.conclude)
		if r.listensTo(l) {
			l.Listen(ctx, notifier())
		}
	}
}
