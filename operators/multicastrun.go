package operators

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// A hubRun is one subscription to the source of a multicaster, and the subject
// that it feeds. Who gets what, and when, is the subject's affair.
type hubRun[T any] struct {
	link.Inside
	connection
	of     *multicaster[T]
	hub    Hub[T]
	values observable.Observable[T] // what hub emits
	quiet  atomic.Bool              // over, for OnNext
	err    error                    // guarded by mu: the source's, while nobody has heard of it
}

// connect subscribes the run to the source, unless everybody has left already.
func (r *hubRun[T]) connect(ctx context.Context) {
	r.open(ctx, counts, nil, func(ctx context.Context) { r.of.src.Subscribe(ctx, r) }, r.OnError)
}

// OnSubscribe asks for everything.
func (r *hubRun[T]) OnSubscribe(up observable.Subscription) {
	if r.attach(up) {
		up.Request(observable.Unbounded)
	}
}

// OnNext gives v to the subject.
func (r *hubRun[T]) OnNext(v T) {
	if !r.quiet.Load() {
		r.hub.Next(v)
	} else if r.discard != nil {
		r.discard(v, observable.DiscardLate)
	}
}

// OnError ends the subject, when newcomers get another already. An error that
// nobody is there for, nor can come for, is reported.
func (r *hubRun[T]) OnError(err error) {
	alive, alone := r.finished(KeepOnError, err)
	if !alive || alone {
		r.dropped(err)
	}
	if alive {
		r.hub.Error(err)
	}
}

// OnComplete ends the subject, when newcomers get another already.
func (r *hubRun[T]) OnComplete() {
	if alive, _ := r.finished(KeepOnComplete, nil); alive {
		r.hub.Complete()
	}
}

// finished makes the run over, and the past, unless there is that option. It
// reports whether the run was alive until now, and if so, whether it has become
// the past without anybody being there. Those who are there may yet leave without
// having been told of err.
func (r *hubRun[T]) finished(unless Keeping, err error) (alive, alone bool) {
	r.mu.Lock()
	if r.over {
		r.mu.Unlock()
		return false, false
	}
	r.done = true
	kept := r.of.keeps&unless != 0
	if alone = !kept && r.refs == 0; !kept && !alone {
		r.err = err
	}
	cancel := r.end(kept)
	r.mu.Unlock()
	cancel()
	return true, alone
}

// told notes that a subscriber has got the source's error.
func (r *hubRun[T]) told(err error) {
	r.mu.Lock()
	if r.err != nil && errors.Is(err, r.err) {
		r.err = nil
	}
	r.mu.Unlock()
}

// leave counts a subscriber out and, if it was the last, ends the run. If that has
// ended with an error that nobody was told of, it is reported.
func (r *hubRun[T]) leave() {
	r.mu.Lock()
	r.refs--
	var cancel func()
	var lost error
	if r.refs == 0 {
		lost, r.err = r.err, nil
	}
	if r.refs == 0 && !r.over && r.of.keeps&KeepWhenIdle == 0 {
		cancel = r.end(false)
	}
	r.mu.Unlock()
	if lost != nil {
		r.dropped(lost)
	}
	if cancel != nil {
		cancel()
	}
}

// end makes the run over. The caller holds mu, and calls cancel without.
func (r *hubRun[T]) end(kept bool) (cancel func()) {
	if !kept && r.of.run == r {
		r.of.run = nil
	}
	r.quiet.Store(true)
	return r.close()
}
