package observable

import (
	"context"
	"errors"
	"iter"
	"sync"

	"github.com/sluicego/sluice/internal/link"
)

// All returns the values as an iterator: the loop is the consumer and the
// demand follows it, one value at a time. Leaving the loop cancels the stream.
// An error comes once, as the last pair, with the zero value; if the ctx ends
// first, it is [context.Cause] of the ctx. Every loop is a new subscription.
//
//	for v, err := range src.All(ctx) {
//		if err != nil {
//			return err
//		}
//		use(v)
//	}
//
// Demand: one value for each turn of the loop.
//
// Errors: yielded last; a [*PanicError] is not, the loop panics with it.
//
// Discards: a value that was requested and is there when the ctx ends, as
// cancelled; one that arrives later, as late.
//
// Scheduler: none; All starts no goroutine and waits on a channel.
func (o Observable[T]) All(ctx context.Context) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		if err := o.pullAll(ctx, yield); err != nil {
			repanic(err)
			var zero T
			yield(zero, err)
		}
	}
}

// pullAll yields the values. It returns the error that is still to be yielded,
// or nil if the loop was left or the stream has completed.
func (o Observable[T]) pullAll(ctx context.Context, yield func(T, error) bool) error {
	mustCtx(ctx)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	p := &puller[T]{hooks: hooksFrom(ctx), signal: make(chan struct{}, 1)}
	if ctx.Done() != nil {
		defer onDone(ctx, p.cancel)()
	}
	defer p.cancel()
	attempt(func() { o.start(ctx, p) }, p.abort)
	for {
		v, err := p.pull(ctx)
		switch {
		case errors.Is(err, errEnd):
			return nil
		case err != nil:
			return err
		case !yield(v, nil):
			return nil
		}
	}
}

// errEnd is what pull returns at completion. It does not leave this file.
var errEnd = errors.New("observable: end of the stream")

// A puller hands one value at a time from a source to a loop.
type puller[T any] struct {
	link.Inside
	hooks  *hooks
	signal chan struct{} // capacity 1; wakes the loop, which then looks again

	// The rest is guarded by mu, which is never held while anything waits.
	mu    sync.Mutex
	up    Subscription
	asked bool // for a value that has not come yet
	left  bool // the loop has gone, or the ctx has ended
	full  bool // slot has a value
	slot  T
	end   error // errEnd at completion
	told  bool  // the loop has been told of end
}

func (p *puller[T]) OnSubscribe(up Subscription) {
	p.mu.Lock()
	p.up = up
	left, asked := p.left, p.asked
	p.mu.Unlock()
	switch {
	case left:
		up.Cancel()
	case asked:
		up.Request(1)
	}
}

func (p *puller[T]) OnNext(v T) {
	p.mu.Lock()
	late := p.left
	if !late {
		p.slot, p.full, p.asked = v, true, false
	}
	p.mu.Unlock()
	if late {
		p.discard(v, DiscardLate)
		return
	}
	p.wake()
}

func (p *puller[T]) OnError(err error) { p.fail(err) }

// fail reports whether err is the end.
func (p *puller[T]) fail(err error) bool {
	p.mu.Lock()
	late := p.left || p.end != nil
	if !late {
		p.end = err
	}
	p.mu.Unlock()
	if late {
		p.hooks.dropped(err)
		return false
	}
	p.wake()
	return true
}

// abort ends a stream that failed while it was being subscribed to.
func (p *puller[T]) abort(err error) {
	if p.fail(err) && p.up != nil {
		attempt(p.up.Cancel, p.hooks.dropped)
	}
}

func (p *puller[T]) OnComplete() {
	p.mu.Lock()
	if p.end == nil {
		p.end = errEnd
	}
	p.mu.Unlock()
	p.wake()
}

// wake leaves a signal for the loop, if there is none yet.
func (p *puller[T]) wake() {
	select {
	case p.signal <- struct{}{}:
	default:
	}
}

// pull requests a value and waits for it, for the end, or for the end of ctx.
func (p *puller[T]) pull(ctx context.Context) (v T, err error) {
	p.request()
	for {
		if ctx.Err() != nil {
			return v, context.Cause(ctx)
		}
		if v, ok, err := p.take(); ok || err != nil {
			return v, err
		}
		select {
		case <-p.signal:
		case <-ctx.Done():
		}
	}
}

func (p *puller[T]) request() {
	p.mu.Lock()
	up := p.up
	if p.end != nil {
		up = nil
	}
	p.asked = true // OnSubscribe requests it if there is no subscription yet
	p.mu.Unlock()
	if up != nil {
		up.Request(1)
	}
}

// take empties the slot; if there is nothing in it, err is the end.
func (p *puller[T]) take() (v T, ok bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.full {
		p.told = p.end != nil
		return v, false, p.end
	}
	var zero T
	v, p.slot, p.full = p.slot, zero, false
	return v, true, nil
}

// cancel is called when the loop is left and when the ctx ends.
func (p *puller[T]) cancel() {
	p.mu.Lock()
	up, first := p.up, !p.left
	p.left = true
	v, full := p.slot, p.full
	if full {
		var zero T
		p.slot, p.full = zero, false
	}
	end, told := p.end, p.told
	p.told = true
	p.mu.Unlock()
	if full {
		p.discard(v, DiscardCancel)
	}
	switch {
	case end == nil:
		if up != nil && first {
			attempt(up.Cancel, p.hooks.dropped)
		}
	case !told && !errors.Is(end, errEnd):
		p.hooks.dropped(end) // it waited behind the value in the slot
	}
}

func (p *puller[T]) discard(v T, why DiscardReason) {
	if p.hooks.discard != nil {
		p.hooks.discard(v, why)
	}
}
