package operators

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/sluicego/sluice/internal/arbiter"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// resumer is embedded by operators that go on with another source when one has
// ended. It carries the demand over and tells whose an error is.
type resumer[T any] struct {
	link.Inside
	down     observable.Subscriber[T]
	arbiter  arbiter.Arbiter
	next     func(T) bool // links on the first use; the source only
	produced int64        // by the current source, not yet told the arbiter; the source only
	begun    bool         // down.OnSubscribe was called
	emitted  bool         // a value has come since settle; the source only
	below    bool         // a call of the downstream's is under way; the source only
	ended    bool         // a terminal was passed on; the source only
	panics   bool         // treat panics as errors
	dropped  func(error)

	cancelled atomic.Bool // by the downstream; any goroutine
}

func newResumer[T any](ctx context.Context, down observable.Subscriber[T], panics bool) resumer[T] {
	return resumer[T]{down: down, panics: panics, dropped: observable.DroppedErrorFrom(ctx)}
}

func (r *resumer[T]) OnSubscribe(up observable.Subscription) { r.handDown(r, up) }

// handDown gives own, which is r or what embeds it, to the downstream, the first
// time.
func (r *resumer[T]) handDown(own, up observable.Subscription) {
	r.arbiter.Set(up)
	if !r.begun {
		r.begun = true
		r.down.OnSubscribe(own)
	}
}

func (r *resumer[T]) OnNext(v T) {
	r.produced++
	r.emitted, r.below = true, true
	r.down.OnNext(v)
	r.below = false
}

// NextFunc is OnNext linked to the downstream's. Each source links anew; the
// downstream does so once.
func (r *resumer[T]) NextFunc() func(T) bool {
	if r.next == nil {
		r.next = link.Next[T](r.down)
	}
	next := r.next
	return func(v T) bool {
		r.emitted, r.below = true, true
		used := next(v)
		r.below = false
		if used {
			r.produced++
		}
		return used
	}
}

func (r *resumer[T]) OnComplete() {
	if !r.ended {
		r.arbiter.Clear()
		r.below = true
		r.down.OnComplete()
		r.ended = true
	}
}

// fail passes err on.
func (r *resumer[T]) fail(err error) {
	if r.ended {
		r.dropped(err)
		return
	}
	r.arbiter.Clear()
	r.below = true
	r.down.OnError(err)
	r.ended = true
}

func (r *resumer[T]) Request(n int64) { r.arbiter.Request(n) }

func (r *resumer[T]) Cancel() {
	r.cancelled.Store(true)
	r.arbiter.Cancel()
}

// isOurs reports whether err, which has just come from the source, is one to
// recover from. A panic that left the downstream's call without resetting
// below is not: it only comes back by way of the source.
func (r *resumer[T]) isOurs(err error) bool {
	if r.below {
		return false
	}
	_, isPanic := errors.AsType[*observable.PanicError](err)
	return r.panics || !isPanic
}

// settle closes the account of a source that has ended.
func (r *resumer[T]) settle() {
	r.arbiter.Clear()
	r.arbiter.Produced(r.produced)
	r.produced, r.emitted = 0, false
}

// quit cancels a source whose subscribing panicked.
func (r *resumer[T]) quit() {
	if up := r.arbiter.Detach(); up != nil {
		up.Cancel()
	}
}
