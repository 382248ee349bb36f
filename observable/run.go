package observable

import (
	"context"
	"errors"
	"fmt"

	"github.com/sluicego/sluice/internal/demand"
)

// Manual as the Demand of an [Observer] requests nothing: the values come as
// [Running.Request] asks for them.
const Manual = -1

// ErrCancelled is what [Running.Err] returns after [Running.Cancel].
var ErrCancelled = errors.New("observable: the subscription was cancelled")

// An Observer is a set of callbacks for [Observable.Run]. Any may be nil; an
// error without an Error callback goes to the hook of [WithDroppedError].
type Observer[T any] struct {
	Next     func(T)
	Error    func(error)
	Complete func()
	Demand   int64 // requested at first; 0 is Unbounded, Manual is nothing
}

// Run subscribes the observer on a goroutine of its own and returns at once.
// The callbacks run where the source emits, one at a time. The end of the ctx
// cancels the subscription.
//
//	r := src.Run(ctx, observable.Observer[int]{Next: show})
//	defer r.Cancel()
//
// Demand: that of the observer.
//
// Errors: given to the observer, a [*PanicError] too, and to [Running.Err].
//
// Discards: a value that arrives after the end, as late.
//
// Scheduler: none; it subscribes on a goroutine of its own, which returns when
// the source returns from subscribing.
//
// Run panics if Demand is less than [Manual].
func (o Observable[T]) Run(ctx context.Context, observer Observer[T]) *Running {
	if observer.Demand < Manual {
		panic(fmt.Sprintf("observable: Run with a negative Demand (%d); use Manual", observer.Demand))
	}
	r := &runner[T]{observer: observer}
	r.running.prepare(ctx, observer.Demand)
	go o.Subscribe(ctx, r)
	return &r.running
}

// A Running is a subscription made by [Observable.Run]. Its methods may be
// called from any goroutine, also from the callbacks.
type Running struct {
	t      terminal
	unwind func() bool // unhooks the ctx
}

func (r *Running) prepare(ctx context.Context, demand int64) {
	r.t.prepare(ctx)
	r.t.shared = true // by Cancel
	switch demand {
	case 0:
		r.t.ask = Unbounded
	case Manual:
	default:
		r.t.ask = demand
	}
	if ctx.Done() != nil {
		r.unwind = context.AfterFunc(ctx, func() { r.quit(context.Cause(ctx)) })
	}
}

// Request adds n to the demand; n <= 0 ends the stream with a
// [*BadRequestError].
func (r *Running) Request(n int64) {
	t := &r.t
	t.mu.Lock()
	up := t.up
	if up == nil { // OnSubscribe will ask for it
		switch {
		case t.bad:
		case n <= 0:
			t.ask, t.bad = n, true
		default:
			t.ask = demand.Add(t.ask, n)
		}
	}
	t.mu.Unlock()
	if up != nil {
		up.Request(n)
	}
}

// Cancel ends the stream. It does not wait: Done is closed when no callback
// runs any more.
func (r *Running) Cancel() {
	if r.unwind != nil {
		r.unwind()
	}
	r.quit(ErrCancelled)
}

func (r *Running) quit(reason error) {
	r.t.abandon(reason)
	r.t.cancel()
}

// Done is closed when the stream has ended and no callback runs any more.
func (r *Running) Done() <-chan struct{} { return r.t.done }

// Err returns, once Done is closed, how the stream ended: nil if it completed,
// its error, [ErrCancelled], or [context.Cause] of the ctx. Before, it is nil.
func (r *Running) Err() error {
	select {
	case <-r.t.done:
		return r.t.result()
	default:
		return nil
	}
}

// A runner is an outside subscriber: the gate in front of it deals with bad
// requests, late signals and panics in the callbacks.
type runner[T any] struct {
	running  Running
	observer Observer[T]
}

func (r *runner[T]) OnSubscribe(up Subscription) { r.running.t.subscribed(up) }

func (r *runner[T]) OnNext(v T) {
	if !r.running.t.enter() {
		r.running.t.late(v)
		return
	}
	defer r.running.t.leave()
	if r.observer.Next != nil {
		r.observer.Next(v)
	}
}

func (r *runner[T]) OnError(err error) {
	if !r.end(err) {
		return
	}
	defer r.running.t.shut() // also if the callback panics
	if r.observer.Error != nil {
		r.observer.Error(err)
	} else {
		r.running.t.drop(err)
	}
}

func (r *runner[T]) OnComplete() {
	if !r.end(nil) {
		return
	}
	defer r.running.t.shut()
	if r.observer.Complete != nil {
		r.observer.Complete()
	}
}

// end reports whether err is the end of the stream.
func (r *runner[T]) end(err error) bool {
	if r.running.unwind != nil {
		r.running.unwind()
	}
	return r.running.t.settle(err)
}
