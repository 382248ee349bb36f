package contract

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// hostile feeds the operator from sources that break each law in turn, without
// a gate behind them. Whatever the operator makes of it, the subscriber at the
// end of the chain sees a stream in order, and nothing panics, hangs, or keeps
// a timer.
func (o subject) hostile(t *testing.T) {
	for _, how := range [][]marbles.Misbehaviour{
		{marbles.Overruns},
		{marbles.IgnoresCancel},
		{marbles.EndsTwice},
		{marbles.SubscribesTwice},
		{marbles.EmitsBeforeStart},
		{marbles.Overruns, marbles.IgnoresCancel, marbles.EndsTwice, marbles.SubscribesTwice},
	} {
		for _, start := range []int64{0, 1, observable.Unbounded} {
			t.Run(fmt.Sprintf("%v/requesting %d", how, start), func(t *testing.T) { o.suffer(t, how, start) })
		}
	}
	t.Run("a bad request", o.badRequest)
	t.Run("cancel inside OnSubscribe", o.cancelAtOnce)
}

func (o subject) suffer(t *testing.T, how []marbles.Misbehaviour, start int64) {
	var (
		clock = scheduler.NewVirtual()
		src   = marbles.NewTestSource[int](how...)
		sub   = marbles.NewTestSubscriber[any](t, start)
		ctx   = observable.WithDroppedError(scheduler.With(context.Background(), clock), func(error) {})
	)
	o.subscribe(ctx, src.Observable, sub.Outside(), false)
	for i := range 3 {
		src.Next(i + 1)
		clock.AdvanceBy(time.Second)
	}
	src.Complete()
	src.Error(errSource)
	src.Next(4)
	clock.AdvanceBy(time.Second)
	sub.Cancel()
	src.Next(5)
	clock.AdvanceBy(time.Minute)
	if n := clock.Pending(); n > 0 {
		t.Errorf("L12: %d timers are armed after the end", n)
	}
}

// badRequest is behaviour 2 (L6), through every operator.
func (o subject) badRequest(t *testing.T) {
	for _, n := range []int64{0, -1, -1 << 63} {
		var (
			clock = scheduler.NewVirtual()
			src   = marbles.NewTestSource[int]()
			sub   = marbles.NewTestSubscriber[any](t, 0)
			ctx   = observable.WithDroppedError(scheduler.With(context.Background(), clock), func(error) {})
		)
		o.subscribe(ctx, src.Observable, sub.Outside(), false)
		sub.Request(n)
		clock.AdvanceBy(time.Second)
		var bad *observable.BadRequestError
		if ended, err := sub.Ended(); !ended || !errors.As(err, &bad) || bad.N != n {
			t.Errorf("L6: Request(%d): ended %t with %v, want a BadRequestError", n, ended, err)
		}
		if src.Active() > 0 {
			t.Errorf("L6: Request(%d): upstream was not cancelled", n)
		}
		for _, asked := range src.Requests() {
			if asked <= 0 {
				t.Errorf("L6: Request(%d) reached the source as %d", n, asked)
			}
		}
	}
}

// cancelAtOnce is behaviour 16 (L7).
func (o subject) cancelAtOnce(t *testing.T) {
	var (
		clock = scheduler.NewVirtual()
		src   = marbles.NewTestSource[int]()
		sub   = &quitter{}
	)
	o.subscribe(scheduler.With(context.Background(), clock), src.Observable, sub, false)
	src.Next(1)
	clock.AdvanceBy(time.Minute)
	if sub.signals > 0 {
		t.Errorf("L7: %d signals after a Cancel inside OnSubscribe", sub.signals)
	}
	if src.Active() > 0 {
		t.Error("L7: upstream is still subscribed after a Cancel inside OnSubscribe")
	}
	if n := clock.Pending(); n > 0 {
		t.Errorf("L12: %d timers are armed", n)
	}
}

// A quitter cancels inside OnSubscribe.
type quitter struct{ signals int }

func (q *quitter) OnSubscribe(s observable.Subscription) { s.Cancel() }
func (q *quitter) OnNext(any)                            { q.signals++ }
func (q *quitter) OnError(error)                         { q.signals++ }
func (q *quitter) OnComplete()                           { q.signals++ }
