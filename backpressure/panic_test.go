package backpressure_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
)

// Behaviour 29: a panic in OnOverflow ends the stream with an error, once; the
// value it was about is accounted for, and so are those that are queued.
func TestBehaviour29_OnOverflowPanics(t *testing.T) {
	boom := backpressure.OnOverflow(func(int) { panic("boom") })
	for _, n := range []named[int]{
		{"Buffer", backpressure.OnBackpressureBuffer[int](1, boom)},
		{"Buffer/FailFast", backpressure.OnBackpressureBuffer[int](1, boom, backpressure.FailFast)},
		{"Buffer/DropNewest", backpressure.OnBackpressureBuffer[int](1, boom, backpressure.DropNewest)},
		{"Latest", backpressure.OnBackpressureLatest[int](boom)},
	} {
		t.Run(n.name, func(t *testing.T) {
			b := newBench(t, 0, n.op)
			b.next(1, 2, 3)
			var err *observable.PanicError
			if !errors.As(b.failure(), &err) || err.Value != "boom" {
				t.Errorf("failed with %v", err)
			}
			b.got()
			if len(b.discarded) != 2 {
				t.Errorf("discarded %v, want 1 and 2", b.discarded)
			}
			if c := b.src.Cancels(); c != 1 {
				t.Errorf("upstream was cancelled %d times", c)
			}

			again := newBench(t, 1, n.op) // another subscription is well
			again.next(7)
			again.got(7)
		})
	}
}

// Behaviour 29: a panic of the subscriber, in a value that was queued, frees
// the drain.
func TestBehaviour29_SubscriberPanics(t *testing.T) {
	for _, n := range all() {
		if n.name == "Drop" || n.name == "Error" {
			continue // nothing waits there
		}
		t.Run(n.name, func(t *testing.T) {
			b := newBench(t, 0, n.op)
			b.Each = func(int) { panic("boom") }
			b.next(1)
			if n.name == "Buffer" || n.name == "Buffer/TTL" {
				b.next(2)
			}
			b.pass(2)
			b.Request(5)
			var err *observable.PanicError
			if !errors.As(b.failure(), &err) || err.Value != "boom" {
				t.Errorf("failed with %v", err)
			}
			b.got(1)
			if n.name == "Buffer" || n.name == "Buffer/TTL" {
				b.lost(observable.DiscardError, 2)
			}
			if c := b.src.Cancels(); c != 1 {
				t.Errorf("upstream was cancelled %d times", c)
			}
		})
	}
}

// The same for a value that is delivered on the source's goroutine.
func TestSubscriberPanicsInAPassingValue(t *testing.T) {
	for _, n := range all() {
		t.Run(n.name, func(t *testing.T) {
			b := newBench(t, 5, n.op)
			b.Each = func(int) { panic("boom") }
			b.next(1)
			b.pass(2)
			b.failed()
			b.got(1)
		})
	}
}

// Behaviour 29: a panic in the discard hook goes to the hook for errors, and the
// stream goes on.
func TestBehaviour29_DiscardHookPanics(t *testing.T) {
	var reported []error
	ctx := observable.WithDroppedError(t.Context(), func(err error) { reported = append(reported, err) })
	ctx = observable.WithDiscard(ctx, func(any, observable.DiscardReason) { panic("boom") })
	src := marbles.NewTestSource[int]()
	sub := marbles.NewTestSubscriber[int](t, 0)
	observable.Pipe1(src.Observable, backpressure.OnBackpressureLatest[int]()).Subscribe(ctx, sub.Outside())
	src.Next(1)
	src.Next(2)
	sub.Request(1)
	if got := sub.Values(); !slices.Equal(got, []int{2}) || len(reported) != 1 {
		t.Errorf("delivered %v, reported %v", got, reported)
	}
}

// A callback that leaves its goroutine, as testing.T.FailNow does, counts as a
// panic.
func TestSubscriberExits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := marbles.NewTestSource[int]()
		sub := marbles.NewTestSubscriber[int](t, 0)
		sub.Each = func(int) { runtime.Goexit() }
		observable.Pipe1(src.Observable, backpressure.OnBackpressureBuffer[int](2)).Subscribe(t.Context(), sub.Outside())
		src.Next(1)
		go sub.Request(1)
		synctest.Wait()
		if ended, err := sub.Ended(); !ended || err == nil {
			t.Errorf("ended %t, %v", ended, err)
		}
	})
}

// Behaviour 29, L9: a callback that leaves its goroutine takes no value with it
// and no terminal.
func TestBehaviour29_HooksExit(t *testing.T) {
	exits := func(f func()) {
		done := make(chan struct{})
		go func() {
			defer close(done)
			f()
		}()
		<-done
	}
	exit := backpressure.OnOverflow(func(int) { runtime.Goexit() })
	for _, n := range []named[int]{
		{"Buffer", backpressure.OnBackpressureBuffer[int](1, exit)},
		{"Buffer/FailFast", backpressure.OnBackpressureBuffer[int](1, exit, backpressure.FailFast)},
		{"Buffer/DropOldest", backpressure.OnBackpressureBuffer[int](1, exit, backpressure.DropOldest)},
		{"Buffer/DropNewest", backpressure.OnBackpressureBuffer[int](1, exit, backpressure.DropNewest)},
		{"Latest", backpressure.OnBackpressureLatest[int](exit)},
	} {
		t.Run("OnOverflow/"+n.name, func(t *testing.T) {
			b := newBench(t, 0, n.op)
			exits(func() { b.next(1, 2) })
			if len(b.discarded) != 2 {
				t.Errorf("discarded %v, want 1 and 2", b.discarded)
			}
			b.failed()
		})
	}
	t.Run("the discard hook", func(t *testing.T) {
		discarded := 0
		ctx := observable.WithDiscard(t.Context(), func(any, observable.DiscardReason) {
			if discarded++; discarded == 1 {
				runtime.Goexit()
			}
		})
		src, sub := marbles.NewTestSource[int](), marbles.NewTestSubscriber[int](t, 0)
		backpressure.OnBackpressureBuffer[int](3)(src.Observable).Subscribe(ctx, sub.Outside())
		src.Next(1)
		src.Next(2)
		src.Next(3)
		exits(func() { sub.Request(0) })
		if ended, _ := sub.Ended(); !ended || discarded != 3 {
			t.Errorf("ended %t, %d of 3 values discarded", ended, discarded)
		}
	})
}

// L11: a panic travels to the end of the chain, also past a relay that is over:
// it has completed, or an operator below has cancelled it.
func TestPanicBelowAClosedRelay(t *testing.T) {
	for _, n := range append(all(), named[int]{"LimitRate", backpressure.LimitRate[int](4, 3)}) {
		t.Run(n.name, func(t *testing.T) {
			panics := observable.Lift(func(_ context.Context, down observable.Subscriber[int]) observable.Subscriber[int] {
				return panicsAtEnd{down}
			})
			b := newBench(t, 9, observable.Compose2(n.op, panics))
			b.src.Complete()
			b.pass(9)
			b.failed()

			b = newBench(t, 9, observable.Compose2(n.op, quits))
			b.next(1)
			b.pass(9)
			b.src.Complete()
			b.pass(9)
			b.failed()
		})
	}
}

type panicsAtEnd struct{ observable.Subscriber[int] }

func (panicsAtEnd) OnComplete() { panic("boom") }

// quits cancels and then panics.
var quits = observable.Lift(func(_ context.Context, down observable.Subscriber[int]) observable.Subscriber[int] {
	return &quitter{Subscriber: down}
})

type quitter struct {
	observable.Subscriber[int]
	up observable.Subscription
}

func (q *quitter) OnSubscribe(up observable.Subscription) {
	q.up = up
	q.Subscriber.OnSubscribe(up)
}

func (q *quitter) OnNext(int) {
	q.up.Cancel()
	panic("boom")
}
