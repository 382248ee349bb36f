package backpressure

import (
	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/observable"
)

// A signal is what an emitter is to do next.
type signal uint8

// The signals.
const (
	rest signal = iota // nothing
	emit
	expire
	fail
	complete
)

// offer delivers v, now if there is demand and nobody emits, else by way of the
// store. Called with mu, which it releases.
func (r *relay[T]) offer(v T) {
	switch {
	case r.closed:
		r.mu.Unlock()
		r.drop(v, r.why())
	case !r.busy && r.asked > 0: // the store is empty, or somebody would be busy with it
		r.busy = true
		r.spend()
		r.mu.Unlock()
		r.run(v, emit)
	default:
		lost, how := r.store.put(v)
		r.peak = max(r.peak, r.store.len())
		asked := r.asked
		if how == refused {
			r.sourced = true
		}
		r.mu.Unlock()
		switch how {
		case kept:
		case gaveUp:
			r.overflowed(lost)
		case refused:
			r.up.Cancel()
			r.overflowed(lost)
			r.mu.Lock()
			r.refuse(asked)
		}
	}
}

// wake makes the caller the emitter if there is something to do and nobody
// does it. Called with mu.
func (r *relay[T]) wake() (v T, what signal) {
	if r.busy {
		return v, rest
	}
	v, what = r.next()
	r.busy = what != rest
	return v, what
}

// next decides what the emitter does next. Called with mu.
func (r *relay[T]) next() (v T, what signal) {
	if !r.closed {
		if r.store.stale() {
			v, _ = r.store.take()
			return v, expire
		}
		if r.asked > 0 {
			if v, ok := r.store.take(); ok {
				r.spend()
				return v, emit
			}
		}
		if !r.ended || r.store.len() > 0 {
			return v, rest
		}
		r.close() // the terminal is due; it needs no demand (L4)
	}
	switch {
	case !r.ended:
		return v, rest
	case r.err != nil:
		what = fail
	default:
		what = complete
	}
	r.ended = false
	return v, what
}

// run emits, beginning with what the caller was told, until nothing is left.
func (r *relay[T]) run(v T, what signal) {
	if what == rest {
		return
	}
	done := false
	defer fault.Catch(&done, r.panicked)
	for what != rest {
		switch what {
		case emit:
			r.down.OnNext(v)
			r.replenish(v)
		case expire:
			r.drop(v, observable.DiscardExpired)
		case fail:
			r.down.OnError(r.err)
		case complete:
			r.down.OnComplete()
		case rest: // ends the loop
		}
		r.mu.Lock()
		if v, what = r.next(); what == rest {
			r.busy = false
		}
		r.mu.Unlock()
	}
	done = true
}

// panicked ends a run in which a callback of the downstream panicked. One that
// was completed, or that an operator below has cancelled, is told as well: the
// end of the chain may still wait for an end.
func (r *relay[T]) panicked(value any, stack []byte) {
	err := &observable.PanicError{Value: value, Stack: stack}
	r.mu.Lock()
	r.busy = false
	if !r.closed || r.ended || r.err != nil {
		r.abort(err)
		return
	}
	r.mu.Unlock()
	done := false
	defer fault.Catch(&done, func(value any, stack []byte) {
		r.dropped(&observable.PanicError{Value: value, Stack: stack})
	})
	r.down.OnError(err)
	done = true
}

// replenish counts a delivered value and asks for more when it is time.
func (r *relay[T]) replenish(v T) {
	if r.c.refill == 0 {
		return
	}
	if r.c.weigh == nil {
		r.taken++
	} else {
		r.taken += r.c.weigh(v)
	}
	if n := r.taken; n >= r.c.refill {
		r.taken = 0
		r.up.Request(n)
	}
}
