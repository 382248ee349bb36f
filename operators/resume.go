package operators

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"

	"github.com/sluicego/sluice/internal/arbiter"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/option"
	"github.com/sluicego/sluice/observable"
)

// A CatchOption is taken by [Catch], [CatchValue] and [MapError].
type CatchOption interface{ option.Catch }

// A RetryOption is taken by [Retry].
type RetryOption interface{ option.Retry }

// A RecoveryOption is taken by the operators that go on after an error: those
// that take a [CatchOption] and those that take a [RetryOption].
type RecoveryOption interface {
	CatchOption
	RetryOption
}

// Panics makes an operator that goes on after an error treat a panic in a
// callback above it as the error it is reported as, an
// [*observable.PanicError]. Without it panics pass, since these are bugs and
// trying again does not remove them. A panic below the operator is never
// caught: what happens there is not the source's failure.
func Panics() RecoveryOption { return panics{} }

type panics struct{}

func (panics) OptionCatch(option.Seal) {}
func (panics) OptionRetry(option.Seal) {}

// catchesPanics reports whether [Panics], the one option there is, was given to
// op.
func catchesPanics[O any](op string, opts []O) bool {
	if slices.ContainsFunc(opts, func(opt O) bool { return any(opt) == nil }) {
		panic("operators: " + op + " with a nil option")
	}
	return len(opts) > 0
}

// resumer is embedded by operators that go on with another source when one has
// failed. It carries the demand over and tells whose an error is.
type resumer[T any] struct {
	link.Inside
	down     observable.Subscriber[T]
	arbiter  arbiter.Arbiter
	next     func(T) bool // links on the first use; the source only
	produced int64        // by the current source, not yet told the arbiter; the source only
	begun    bool         // down.OnSubscribe was called
	below    bool         // a call of the downstream's is under way; the source only
	ended    bool         // a terminal was passed on; the source only
	panics   bool         // treat panics as errors
	dropped  func(error)

	cancelled atomic.Bool // by the downstream; any goroutine
}

func newResumer[T any](ctx context.Context, down observable.Subscriber[T], panics bool) resumer[T] {
	return resumer[T]{down: down, panics: panics, dropped: observable.DroppedErrorFrom(ctx)}
}

func (r *resumer[T]) OnSubscribe(up observable.Subscription) {
	r.arbiter.Set(up)
	if !r.begun {
		r.begun = true
		r.down.OnSubscribe(r)
	}
}

func (r *resumer[T]) OnNext(v T) {
	r.produced++
	r.below = true
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
		r.below = true
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
	if r.ended || r.below {
		return false
	}
	_, isPanic := errors.AsType[*observable.PanicError](err)
	return r.panics || !isPanic
}

// settle closes the account of a source that has failed.
func (r *resumer[T]) settle() {
	r.arbiter.Clear()
	r.arbiter.Produced(r.produced)
	r.produced = 0
}

// quit cancels a source whose subscribing panicked.
func (r *resumer[T]) quit() {
	if up := r.arbiter.Detach(); up != nil {
		up.Cancel()
	}
}
