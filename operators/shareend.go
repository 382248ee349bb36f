package operators

import (
	"errors"
	"slices"

	"github.com/sluicego/sluice/observable"
)

// This file has the ends of a sharedRun: that of the source, and that from below.

// ErrDisconnected is the error of those who are still there when a shared
// source is disconnected: by the function that [Connectable.Connect] returned,
// by the last subscriber of a [Connectable.RefCount], or by the end of a
// [Connect].
var ErrDisconnected = errors.New("operators: the shared source was disconnected")

// OnError ends the run.
func (r *sharedRun[T]) OnError(err error) {
	if !r.finished(err) {
		r.dropped(err)
	}
}

// OnComplete ends the run when everything is delivered.
func (r *sharedRun[T]) OnComplete() { r.finished(nil) }

func (r *sharedRun[T]) finished(err error) bool {
	r.mu.Lock()
	if r.over || r.done {
		r.mu.Unlock()
		return false
	}
	r.done, r.err = true, err
	r.mu.Unlock()
	r.wake()
	return true
}

// quit ends the run from below. If that has been done, or the source has ended,
// it is the last chance to report an error that nobody has heard.
func (r *sharedRun[T]) quit() {
	r.mu.Lock()
	if !r.over {
		report := r.sever()
		r.mu.Unlock()
		report()
		r.wake()
		return
	}
	err, unheard := r.err, r.unheard && r.deserted()
	r.unheard = r.unheard && !unheard
	r.mu.Unlock()
	if unheard {
		r.dropped(err)
	}
}

// sever makes the run over: whoever is still there gets ErrDisconnected. The
// caller holds mu, and calls what it returns without.
func (r *sharedRun[T]) sever() (report func()) {
	undelivered := r.err
	r.err, r.cut = ErrDisconnected, true
	cancel := r.finish()
	return func() {
		cancel()
		if undelivered != nil {
			r.dropped(undelivered)
		}
	}
}

// finish makes the run the past: the next subscriber begins another, unless
// this one is kept. The caller holds mu, and calls cancel without.
func (r *sharedRun[T]) finish() (cancel func()) {
	if r.sharer.run == r && !r.kept() {
		r.sharer.run = nil
	}
	return r.close()
}

// kept reports whether newcomers get the end of this run.
func (r *sharedRun[T]) kept() bool {
	switch s := r.sharer; {
	case s.once:
		return true
	case r.cut:
		return false
	case r.err != nil:
		return s.keepFailed
	default:
		return s.keepCompleted
	}
}

// settle ends the run if that is due, and tells those who are not behind.
func (r *sharedRun[T]) settle() {
	var (
		cancel  func()
		unheard bool
	)
	r.mu.Lock()
	if due := !r.over && r.done && (r.err != nil || r.queue.Len() == 0); due {
		cancel = r.finish()
		r.unheard = r.err != nil
		unheard = r.lost()
	}
	over, err, cut := r.over, r.err, r.cut
	r.mu.Unlock()
	if !over || r.ended {
		return
	}
	r.ended, r.severed, r.final = true, cut, err
	if cut {
		r.past.Forget(r.past.Len())
	}
	if err != nil && !cut {
		r.discardQueue(observable.DiscardError)
	} else {
		r.discardQueue(observable.DiscardCancel)
	}
	if cancel != nil {
		cancel()
	}
	if unheard {
		r.dropped(err)
	}
	r.stale.Store(true)
	r.refresh()
}

// deserted reports whether nobody is there. The caller holds mu.
func (r *sharedRun[T]) deserted() bool { return r.refs == 0 && len(r.members) == 0 }

// lost reports, once, that nobody has heard of the source's failure, or will.
// The caller holds mu.
func (r *sharedRun[T]) lost() bool {
	if !r.over || !r.unheard || !r.deserted() || r.kept() {
		return false
	}
	r.unheard = false
	return true
}

// dismiss forgets those who have been told the end.
func (r *sharedRun[T]) dismiss() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.members = slices.DeleteFunc(slices.Clone(r.members), func(m *member[T]) bool { return m.gone.Load() })
	r.list = r.members
}

// discardQueue gives up what waits. Nothing is added any more.
func (r *sharedRun[T]) discardQueue(why observable.DiscardReason) {
	for {
		r.mu.Lock()
		v, ok := r.queue.Pop()
		r.mu.Unlock()
		if !ok {
			return
		}
		r.drop(v, why)
	}
}
