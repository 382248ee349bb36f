package observable

import (
	"context"
	"errors"
	"sync/atomic"
)

// ErrEnded is returned by Emit of a subject that has ended.
var ErrEnded = errors.New("observable: the subject has ended")

// An emission is a call of Emit. Either the owner of the hub claims it, to
// deliver the value, or the caller does, to give up.
type emission[T any] struct {
	value   T
	claimed atomic.Bool
	done    chan struct{} // closed by the owner of the hub
	err     error         // written before done is closed
}

func (e *emission[T]) claim() bool { return e.claimed.CompareAndSwap(false, true) }

// Emit waits until every subscriber of that moment has demand, then gives v to
// them. Calls of Emit take turns; Next does not wait for them. If the ctx ends
// first, v is not delivered and the error is [context.Cause] of the ctx; if the
// subject ends, it is [ErrEnded].
//
// Subjects that keep values wait for less: a [Unicast] for room, an [Async] for
// nothing but its turn, as it gives nothing to anybody before it completes.
//
// Do not call Emit from a callback of a subscriber of the same subject: it
// would wait for that callback to return.
func (h *hub[T]) Emit(ctx context.Context, v T) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	e := &emission[T]{value: v, done: make(chan struct{})}
	h.post(event[T]{what: emitCalled, emit: e})
	select {
	case <-e.done:
	case <-ctx.Done():
		if e.claim() {
			h.post(event[T]{what: emitLeft}) // those behind it may go
			return context.Cause(ctx)
		}
		<-e.done
	}
	return e.err
}

// emitOldest delivers the value of the oldest call of Emit, if it may. It
// reports whether that call is done with.
func (h *hub[T]) emitOldest() bool {
	if len(h.waiting) == 0 {
		return false
	}
	e := h.waiting[0]
	if !e.claimed.Load() && !h.over && !h.kind.ready() {
		return false
	}
	h.waiting[0] = nil
	h.waiting = h.waiting[1:]
	h.waiters.Store(int32(len(h.waiting)))
	if !e.claim() {
		return true
	}
	defer close(e.done)
	if h.over {
		e.err = ErrEnded
	} else {
		h.kind.accept(e.value)
	}
	return true
}
