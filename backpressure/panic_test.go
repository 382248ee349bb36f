package backpressure_test

import (
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
