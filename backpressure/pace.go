package backpressure

import (
	"context"
	"fmt"
	"math"
	"sync"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// Pace emits the values of the source and requests them at a pace: perSecond of
// them a second, and up to burst at once if none were requested for a while. A
// source that obeys demand is slowed down to that. Nothing is queued, and
// nothing is dropped.
//
//	source         -abcdef-----|
//	request        -*
//	Pace(500, 2)   -abc-d-e-f--|
//	demand source  ^2-1-1-1-1-1!
//
// There is a bucket with room for burst tokens, full at first, into which
// perSecond tokens come a second. Each value that is requested of the source
// takes one.
//
// Demand: what is requested, as far as there are tokens, and the rest as they
// come; unbounded demand never reaches the source. What was requested stays so
// if the source has nothing to emit, and may come at once when it has; a
// [LimitRate] behind Pace bounds how much that is. A source that cannot wait is
// not slowed down: put an [OnBackpressureBuffer] in front of Pace, which is then
// emptied at that pace.
//
// Errors: the source's, unchanged; that of a scheduler which is closed.
//
// Discards: nothing.
//
// Scheduler: [scheduler.On], else the context's, where values are requested that
// had to wait. There is one timer while demand waits for a token. Where more
// than a thousand come a second, it is set for as many as come in a millisecond,
// if as many are requested. If it is late, what came meanwhile counts, up to
// burst or what comes in 10 milliseconds.
//
// Pace panics if perSecond is not positive and finite, or burst is not positive.
func Pace[T any](perSecond float64, burst int, opts ...scheduler.TimeOption) observable.Operator[T, T] {
	switch {
	case perSecond <= 0 || math.IsInf(perSecond, 1) || math.IsNaN(perSecond):
		panic(fmt.Sprintf("backpressure: Pace at a rate that is not positive and finite (%v)", perSecond))
	case burst <= 0:
		panic(fmt.Sprintf("backpressure: Pace with a burst that is not positive (%d)", burst))
	}
	tokens := newBucket(perSecond, burst)
	pace := observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		p := &pacer[T]{down: down, tokens: tokens}
		p.sched, p.ring = scheduler.Pick(ctx, opts...), p.fire
		p.tokens.put(tokens.size, p.sched.Now())
		return p
	})
	return func(src observable.Observable[T]) observable.Observable[T] {
		// The gate of New ends the stream in order if the scheduler is closed,
		// whatever the source is.
		return pace(observable.New(src.Subscribe))
	}
}

// A pacer leaves the values alone; it stands in the way of requests.
type pacer[T any] struct {
	link.Failing
	link.Inside
	down observable.Subscriber[T]
	up   observable.Subscription // written by OnSubscribe

	// What follows is guarded by mu, which is not held while upstream is asked.
	mu     sync.Mutex
	tokens bucket
	owed   int64 // demand that was not passed on; while there is some, the alarm is set
	over   bool  // the stream has ended, or was cancelled
	alarm
}

func (p *pacer[T]) OnSubscribe(up observable.Subscription) {
	p.up = up
	p.down.OnSubscribe(p)
	p.mu.Lock()
	if !p.over {
		p.heed(p)
	}
	p.mu.Unlock()
}

func (p *pacer[T]) OnNext(v T) { p.down.OnNext(v) }

// NextFunc is OnNext linked to the downstream's. A value that the downstream
// did not count is replaced, by one that takes a token as any other.
func (p *pacer[T]) NextFunc() func(T) bool {
	next := link.Next[T](p.down)
	return func(v T) bool {
		if !next(v) {
			p.Request(1)
		}
		return true
	}
}

func (p *pacer[T]) OnError(err error) {
	p.end()
	p.down.OnError(err)
}

func (p *pacer[T]) OnComplete() {
	p.end()
	p.down.OnComplete()
}

// Request passes on what it can. If something is owed already, the alarm will
// see to the rest.
func (p *pacer[T]) Request(n int64) {
	p.mu.Lock()
	waits := p.owed > 0
	p.owed = demand.Add(p.owed, n)
	if waits {
		p.mu.Unlock()
		return
	}
	p.pay()
}

// fire is what the alarm runs.
func (p *pacer[T]) fire() {
	p.mu.Lock()
	p.stop = nil
	p.pay()
}

// pay requests as many of the values owed as there are tokens, and sets the
// alarm for the rest. Called with mu, which it releases.
func (p *pacer[T]) pay() {
	if p.over {
		p.mu.Unlock()
		return
	}
	now := p.sched.Now()
	n := p.tokens.take(p.owed, now)
	if p.owed != observable.Unbounded {
		p.owed -= n
	}
	if p.owed > 0 {
		p.set(p.tokens.wait(p.owed, now))
	}
	p.mu.Unlock()
	if n > 0 {
		p.up.Request(n)
	}
}

func (p *pacer[T]) Cancel() {
	p.end()
	p.up.Cancel()
}

// Fail has the gate in front of p end the stream with err (link.Failer).
func (p *pacer[T]) Fail(err error) { p.up.(link.Failer).Fail(err) }

// end makes sure that no more is requested.
func (p *pacer[T]) end() {
	p.mu.Lock()
	p.over = true
	p.off()
	p.unheed()
	p.mu.Unlock()
}

// Held tells an inspection that what was requested waits for a token.
func (p *pacer[T]) Held(link.Seal) link.Holding {
	p.mu.Lock()
	defer p.mu.Unlock()
	return link.Holding{Waiting: p.stop != nil}
}
