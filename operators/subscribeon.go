package operators

import (
	"context"
	"sync"
	"time"

	"github.com/sluicego/sluice/internal/arbiter"
	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/serial"
	"github.com/sluicego/sluice/internal/side"
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
// To subscribe on s some time later, use [DelaySubscription] with
// [scheduler.On].
//
// SubscribeOn panics if s is nil.
func SubscribeOn[T any](s scheduler.Scheduler) observable.Operator[T, T] {
	if s == nil {
		panic("operators: SubscribeOn a nil scheduler; use scheduler.Default")
	}
	return func(src observable.Observable[T]) observable.Observable[T] {
		return side.Serve(func(ctx context.Context, down observable.Subscriber[T]) {
			p := newPostponer(ctx, src, down)
			p.until(&appointment{on: s, come: p.run, fail: p.refuse})
		})
	}
}

// A postponer subscribes to its source when the moment has come. Until then it
// keeps what is requested.
type postponer[T any] struct {
	through[T]
	arbiter   arbiter.Arbiter
	subscribe func() // to the source
	moment    moment
	decided   serial.Once // whether the source is subscribed to; any goroutine
	dropped   func(error)
}

// A moment is what a postponer waits for. It then calls run or refuse.
type moment interface {
	await()   // begins to wait
	release() // ends that; does nothing before it, and nothing the second time
}

func newPostponer[T any](ctx context.Context, src observable.Observable[T], down observable.Subscriber[T]) *postponer[T] {
	p := &postponer[T]{through: through[T]{forward[T]{down: down}}, dropped: observable.DroppedErrorFrom(ctx)}
	p.subscribe = func() { src.Subscribe(ctx, p) }
	return p
}

// until hands the subscription down, and then waits for m.
func (p *postponer[T]) until(m moment) {
	p.moment = m
	p.down.OnSubscribe(p)
	if p.decided.Done() {
		return
	}
	m.await()
	if p.decided.Done() { // meanwhile, and the release may have come too early
		m.release()
	}
}

// OnSubscribe comes from the source, when it is there at last.
func (p *postponer[T]) OnSubscribe(up observable.Subscription) { p.arbiter.Set(up) }

func (p *postponer[T]) Request(n int64) { p.arbiter.Request(n) }

func (p *postponer[T]) Cancel() {
	if p.decided.First() {
		p.moment.release()
	}
	p.arbiter.Cancel()
}

func (p *postponer[T]) run() {
	if !p.decided.First() {
		return
	}
	p.moment.release()
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

// refuse reports a moment that does not come.
func (p *postponer[T]) refuse(err error) {
	if !p.decided.First() {
		p.dropped(err)
		return
	}
	p.moment.release()
	p.down.OnError(err)
}

// An appointment is a moment on a scheduler.
type appointment struct {
	on   scheduler.Scheduler
	in   time.Duration
	come func()
	fail func(error)

	mu     sync.Mutex
	stop   func() bool // guarded by mu; keeps the task from running
	forget func() bool // guarded by mu; unhooks the end of the scheduler
}

func (a *appointment) await() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.stop = a.on.After(a.in, a.come)
	a.forget = onClose(a.on, a.fail)
}

func (a *appointment) release() {
	a.mu.Lock()
	stop, forget := a.stop, a.forget
	a.stop, a.forget = nil, nil
	a.mu.Unlock()
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
