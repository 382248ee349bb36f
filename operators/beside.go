package operators

import (
	"context"
	"sync"

	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/serial"
	"github.com/sluicego/sluice/observable"
)

// beside is embedded by operators that listen to an observable beside their
// source. What that one brings may end the stream on a goroutine of its own;
// the end waits for the value that is being delivered.
type beside[T any] struct {
	link.Inside
	down    observable.Subscriber[T]
	ear     interface{ Cancel() } // the listener
	discard func(any, observable.DiscardReason)
	dropped func(error)
	turn    serial.Turn // to deliver; closed, with mu held, when over is set
	inside  bool        // in a call of the downstream's, with the turn; the source only

	mu        sync.Mutex
	up        observable.Subscription // guarded by mu until it was handed down, then not written
	stopped   bool                    // guarded by mu: upstream was cancelled, or has ended
	over      bool                    // guarded by mu: an end was decided on
	pending   bool                    // guarded by mu: that is err, and waits for the turn
	err       error                   // guarded by mu: nil completes
	cancelled bool                    // guarded by mu: by the downstream
}

func newBeside[T any](ctx context.Context, down observable.Subscriber[T]) beside[T] {
	return beside[T]{down: down, discard: observable.DiscardFrom(ctx), dropped: observable.DroppedErrorFrom(ctx)}
}

// hears makes ear the listener, before it listens.
func (b *beside[T]) hears(ear interface{ Cancel() }) {
	b.ear = ear
	b.turn.Enter() // an end waits until OnSubscribe has returned
}

// begin subscribes self, which embeds b, to its source, unless what was heard
// until now has ended the stream.
func (b *beside[T]) begin(ctx context.Context, src observable.Observable[T], self observable.Subscriber[T]) {
	b.mu.Lock()
	over, err := b.over, b.err
	b.mu.Unlock()
	if over && err != nil {
		src = observable.Throw[T](err)
	} else if over {
		src = observable.Empty[T]()
	}
	if over {
		src.Subscribe(ctx, b.down)
		return
	}
	done := false
	defer func() {
		if !done {
			b.ear.Cancel() // the source panicked
		}
	}()
	src.Subscribe(ctx, self)
	done = true
}

func (b *beside[T]) OnSubscribe(up observable.Subscription) {
	b.mu.Lock()
	b.up = up
	late := b.stopped
	b.mu.Unlock()
	if late {
		up.Cancel()
	}
	b.down.OnSubscribe(failing(b, up, b.end))
	b.exit()
}

func (b *beside[T]) OnError(err error) {
	if b.inside { // a panic of the downstream's, which is passed on in any case
		b.inside = false
		if undelivered := b.close(); undelivered != nil {
			b.dropped(undelivered)
		}
		b.down.OnError(err) // and the turn is ours for good
		return
	}
	if !b.finish() {
		b.dropped(err)
		return
	}
	b.inside = true // a panic in there comes back as another OnError
	b.down.OnError(err)
	b.inside = false
}

func (b *beside[T]) OnComplete() {
	if b.finish() {
		b.inside = true
		b.down.OnComplete()
		b.inside = false
	}
}

func (b *beside[T]) Request(n int64) { b.up.Request(n) }

func (b *beside[T]) Cancel() {
	b.mu.Lock()
	b.cancelled = true
	if !b.over {
		b.over = true
		b.turn.Close()
	}
	b.mu.Unlock()
	b.ear.Cancel()
	b.stop()
}

// enter takes the turn for v. It reports false if the stream is over; v was
// late then.
func (b *beside[T]) enter(v T) bool {
	if !b.turn.Enter() {
		if b.discard != nil {
			b.discard(v, observable.DiscardLate)
		}
		return false
	}
	b.inside = true
	return true
}

// leave gives the turn up after a value. If the downstream has panicked, that is
// the end: a source that was cancelled meanwhile need not pass the panic on, and
// then nobody would.
func (b *beside[T]) leave(done *bool) {
	b.inside = false
	if *done {
		b.exit()
		return
	}
	value, stack := fault.Value(recover())
	b.stop()
	if undelivered := b.close(); undelivered != nil {
		b.dropped(undelivered)
	}
	b.down.OnError(&observable.PanicError{Value: value, Stack: stack}) // and the turn is ours for good
}

// exit gives the turn up. The last one to do so delivers an end that waits.
func (b *beside[T]) exit() {
	if !b.turn.Exit() {
		return
	}
	b.mu.Lock()
	pending, err, cancelled := b.pending, b.err, b.cancelled
	b.pending = false
	b.mu.Unlock()
	switch {
	case pending && !cancelled:
		b.deliver(err)
	case pending && err != nil:
		b.dropped(err)
	}
}

// deliver ends the stream. The source is gone, so a panic of the downstream's
// is recovered here.
func (b *beside[T]) deliver(err error) {
	done := false
	defer fault.Catch(&done, func(value any, stack []byte) {
		b.down.OnError(&observable.PanicError{Value: value, Stack: stack})
	})
	if err != nil {
		b.down.OnError(err)
	} else {
		b.down.OnComplete()
	}
	done = true
}

// end ends the stream from beside, or from below; a nil err completes it.
func (b *beside[T]) end(err error) {
	b.mu.Lock()
	if b.over {
		b.mu.Unlock()
		if err != nil {
			b.dropped(err)
		}
		return
	}
	b.over, b.pending, b.err = true, true, err
	b.turn.Enter()
	b.turn.Close()
	b.mu.Unlock()
	b.ear.Cancel()
	b.stop()
	b.exit()
}

// fails is what a listener does at its end if only an error ends the stream.
func (b *beside[T]) fails(err error) {
	if err != nil {
		b.end(err)
	}
}

// stop cancels upstream, once.
func (b *beside[T]) stop() {
	b.mu.Lock()
	up := b.up
	if b.stopped {
		up = nil
	}
	b.stopped = true
	b.mu.Unlock()
	if up != nil {
		up.Cancel()
	}
}

// finish makes an end of the source's the stream's. It reports false if that
// has another.
func (b *beside[T]) finish() bool {
	b.mu.Lock()
	b.stopped = true
	first := !b.over
	if first {
		b.over = true
		b.turn.Close()
	}
	b.mu.Unlock()
	if first {
		b.ear.Cancel()
	}
	return first
}

// close makes the stream over without an end of its own, and returns an error
// with which it was about to end.
func (b *beside[T]) close() (undelivered error) {
	b.mu.Lock()
	if b.pending {
		undelivered, b.pending = b.err, false
	}
	b.stopped, b.over = true, true
	b.turn.Close()
	b.mu.Unlock()
	b.ear.Cancel()
	return undelivered
}
