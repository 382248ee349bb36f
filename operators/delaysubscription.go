package operators

import (
	"context"
	"fmt"
	"time"

	"github.com/sluicego/sluice/internal/side"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// DelaySubscription emits the values of the source, which it subscribes to d
// later.
//
//	source                  a-b-c-|
//	DelaySubscription(3ms)  ---a-b-c-|
//
// Demand: one for one. What is requested before the source is there is
// requested then, by the scheduler's task; later requests go straight to the
// source.
//
// Errors: the source's, unchanged. That of a scheduler which is closed before
// the time has come.
//
// Discards: nothing.
//
// Scheduler: [scheduler.On], else the ctx's, for one timer per subscription.
//
// DelaySubscription panics if d is negative.
func DelaySubscription[T any](d time.Duration, opts ...scheduler.TimeOption) observable.Operator[T, T] {
	if d < 0 {
		panic(fmt.Sprintf("operators: DelaySubscription of a negative duration (%v)", d))
	}
	return func(src observable.Observable[T]) observable.Observable[T] {
		return side.Serve(func(ctx context.Context, down observable.Subscriber[T]) {
			p := newPostponer(ctx, src, down)
			p.until(&appointment{on: scheduler.Pick(ctx, opts...), in: d, come: p.run, fail: p.refuse})
		})
	}
}

// DelaySubscriptionWhen emits the values of the source, which it subscribes to
// when o emits its first value or completes.
//
//	source                    a-b-c-|
//	o                         ---x----y
//	DelaySubscriptionWhen(o)  ---a-b-c-|
//
// Demand: one for one. What is requested before the source is there is
// requested then, where o emits; later requests go straight to the source. o is
// asked for everything and cancelled at its first value.
//
// Errors: the source's, unchanged. That of o, if it fails before that; the
// source is then not subscribed to.
//
// Discards: nothing.
//
// Scheduler: none; the source is subscribed to where o emits.
func DelaySubscriptionWhen[T, N any](o observable.Observable[N]) observable.Operator[T, T] {
	return func(src observable.Observable[T]) observable.Observable[T] {
		return side.Serve(func(ctx context.Context, down observable.Subscriber[T]) {
			p := newPostponer(ctx, src, down)
			l := side.New(func(N) { p.run() }, p.end)
			p.until(cue{listen: func() { l.Listen(ctx, o) }, cancel: l.Cancel})
		})
	}
}

// A cue is a moment that another observable gives.
type cue struct{ listen, cancel func() }

func (c cue) await()   { c.listen() }
func (c cue) release() { c.cancel() }

// end takes the end of a cue: that it completes will do, too.
func (p *postponer[T]) end(err error) {
	if err != nil {
		p.refuse(err)
	} else {
		p.run()
	}
}
