package operators

import (
	"context"
	"sync"

	"github.com/sluicego/sluice/internal/arbiter"
	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/serial"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// SubscribeOn emits the values of the source, which it subscribes to on s.
//
//	source          -a-b-c-|
//	SubscribeOn(s)  -a-b-c-|
//
// Demand: one for one. What is requested before the source is there is
// requested then, on s; later requests go straight to the source, on the
// goroutine that makes them. A synchronous source emits there: see [ObserveOn]
// to choose where values arrive.
//
// Errors: the source's, unchanged. That of a scheduler which is closed before
// it gets to the subscription.
//
// Discards: nothing.
//
// Scheduler: s, for one task per subscription.
//
// SubscribeOn panics if s is nil.
func SubscribeOn[T any](s scheduler.Scheduler) observable.Operator[T, T] {
	if s == nil {
		panic("operators: SubscribeOn a nil scheduler; use scheduler.Default")
	}
	return func(src observable.Observable[T]) observable.Observable[T] {
		return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[struct{}] {
			p := &postponer[T]{through: through[T]{forward[T]{down: down}}, on: s}
			p.subscribe = func() { src.Subscribe(ctx, p) }
			return trigger{p.begin}
		})(observable.Never[struct{}]())
	}
}

// A trigger is the subscriber of a stream that never emits: a door into Lift
// for an operator that subscribes to its source later.
type trigger struct{ begin func() }

func (t trigger) OnSubscribe(observable.Subscription) { t.begin() }
func (trigger) OnNext(struct{})                       {}
func (trigger) OnError(error)                         {}
func (trigger) OnComplete()                           {}

type postponer[T any] struct {
	through[T]
	arbiter   arbiter.Arbiter
	on        scheduler.Scheduler
	subscribe func()
	decided   serial.Once // whether the source is subscribed to; any goroutine

	mu     sync.Mutex
	stop   func() bool // guarded by mu; keeps the task from running
	forget func() bool // guarded by mu; unhooks the end of the scheduler
}

func (p *postponer[T]) begin() {
	p.down.OnSubscribe(p)
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.decided.Done() {
		p.stop = p.on.Schedule(p.run)
		p.forget = onClose(p.on, p.refuse)
	}
}

// OnSubscribe comes from the source, when it is there at last.
func (p *postponer[T]) OnSubscribe(up observable.Subscription) { p.arbiter.Set(up) }

func (p *postponer[T]) Request(n int64) { p.arbiter.Request(n) }

func (p *postponer[T]) Cancel() {
	if p.decided.First() {
		p.release()
	}
	p.arbiter.Cancel()
}

func (p *postponer[T]) run() {
	if !p.decided.First() {
		return
	}
	p.release()
	done := false
	defer fault.Catch(&done, p.panicked)
	p.subscribe()
	done = true
}

// panicked reports a panic of subscribing to the source.
func (p *postponer[T]) panicked(value any, stack []byte) {
	p.arbiter.Cancel()
	p.down.OnError(&observable.PanicError{Value: value, Stack: stack})
}

// refuse reports a scheduler that was closed before the task ran.
func (p *postponer[T]) refuse(err error) {
	if p.decided.First() {
		p.release()
		p.down.OnError(err)
	}
}

func (p *postponer[T]) release() {
	p.mu.Lock()
	stop, forget := p.stop, p.forget
	p.stop, p.forget = nil, nil
	p.mu.Unlock()
	if stop != nil {
		stop()
		forget()
	}
}

// onClose calls fail once s is closed, by when it has dropped its tasks and
// refuses others. A scheduler without an end costs nothing.
func onClose(s scheduler.Scheduler, fail func(error)) (forget func() bool) {
	life := scheduler.Lifetime(s)
	if life.Done() == nil {
		return func() bool { return true }
	}
	return context.AfterFunc(life, func() { fail(context.Cause(life)) })
}
