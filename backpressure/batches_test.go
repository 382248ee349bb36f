package backpressure_test

import (
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// L9: each value is reported by itself, once.
func TestBufferTimeoutDiscards(t *testing.T) {
	op := backpressure.BufferTimeout[int](2, 5*ms)

	x := newBatching(t, 0, op)
	x.next(1, 2, 3)
	x.sub.Cancel()
	x.lost(observable.DiscardCancel, 1, 2, 3)
	x.still()

	x = newBatching(t, 0, op)
	x.next(1, 2, 3)
	x.sub.Request(-1)
	x.lost(observable.DiscardError, 1, 2, 3)
	var bad *observable.BadRequestError
	if _, err := x.sub.Ended(); !errors.As(err, &bad) {
		t.Errorf("ended with %v", err)
	}
	x.still()

	x = newBatching(t, 0, op)
	x.next(1, 2, 3)
	x.src.Error(errSource) // waits
	x.sub.Cancel()
	x.lost(observable.DiscardCancel, 1, 2, 3)
	x.reported(errSource)

	x = newBatching(t, 0, op)
	x.sub.Each = func([]int) { panic("boom") }
	x.next(1, 2, 3)
	x.sub.Request(1)
	x.lost(observable.DiscardError, 3)
	var panicked *observable.PanicError
	if _, err := x.sub.Ended(); !errors.As(err, &panicked) || x.src.Cancels() != 1 {
		t.Errorf("ended with %v after %d cancels", err, x.src.Cancels())
	}
	x.still()

	b, ctx := idleBench[int](t, 0, []marbles.Misbehaviour{marbles.EndsTwice, marbles.Overruns})
	op(b.src.Observable).Subscribe(ctx, marbles.NewTestSubscriber[[]int](t, 0))
	b.src.Complete()
	b.next(1)
	b.src.Error(errSource)
	b.src.Complete()
	b.lost(observable.DiscardLate, 1)
	b.reported(errSource)

	// Between gates nobody counts what comes; what exceeds the bound is an error.
	b, ctx = idleBench[int](t, 0, []marbles.Misbehaviour{marbles.Overruns})
	sub := marbles.NewTestSubscriber[[]int](t, 0)
	op(b.src.Observable).Subscribe(ctx, sub)
	b.next(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
	b.lost(observable.DiscardOverflow, 9, 10)
	sub.Request(9)
	var overflow *observable.OverflowError
	if _, err := sub.Ended(); !errors.As(err, &overflow) || overflow.Op != "BufferTimeout" || overflow.Capacity != 8 || len(sub.Values()) != 4 {
		t.Errorf("ended with %v after %v", err, sub.Values())
	}
}

// A discard hook that leaves its goroutine has been told of one value, and is
// told of the others.
func TestBufferTimeoutDiscardHookExits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		discarded := 0
		ctx := observable.WithDiscard(t.Context(), func(any, observable.DiscardReason) {
			discarded++
			runtime.Goexit()
		})
		src, sub := marbles.NewTestSource[int](), marbles.NewTestSubscriber[[]int](t, 0)
		backpressure.BufferTimeout[int](2, time.Hour)(src.Observable).Subscribe(ctx, sub.Outside())
		for v := range 5 {
			src.Next(v)
		}
		go sub.Cancel()
		synctest.Wait()
		if discarded != 5 {
			t.Errorf("%d of 5 values discarded", discarded)
		}
	})
}

// Behaviour 39: a scheduler that is closed, before or after, is an error at
// once.
func TestBehaviour39_BufferTimeoutOnAClosedScheduler(t *testing.T) {
	for when, closesFirst := range map[string]bool{"before": true, "after": false} {
		t.Run(when, func(t *testing.T) {
			pool, ledger := scheduler.Pool(1), marbles.NewLedger(t)
			if closesFirst {
				pool.Close()
			}
			src, sub := marbles.NewTestSource[*marbles.Tracked](), marbles.NewTestSubscriber[[]*marbles.Tracked](t, 0)
			op := backpressure.BufferTimeout[*marbles.Tracked](2, time.Hour, scheduler.On(pool))
			op(src.Observable).Subscribe(ledger.Context(t.Context()), sub)
			if !closesFirst {
				src.Next(ledger.Produce())
				src.Next(ledger.Produce())
				src.Next(ledger.Produce())
				pool.Close()
			}
			<-sub.Done()
			if _, err := sub.Ended(); !errors.Is(err, scheduler.ErrClosed) || src.Cancels() != 1 {
				t.Errorf("ended with %v after %d cancels, want ErrClosed and 1", err, src.Cancels())
			}
		})
	}
}

// In real time, timers meet values, requests and a cancel in the same instants.
func TestBufferTimeoutInRealTime(t *testing.T) {
	for _, cancelled := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			ledger := marbles.NewLedger(t)
			src := marbles.NewTestSource[*marbles.Tracked](marbles.IgnoresCancel, marbles.Overruns)
			sub := marbles.NewTestSubscriber[[]*marbles.Tracked](t, 0)
			sub.Each = func(slice []*marbles.Tracked) {
				for _, v := range slice {
					ledger.Deliver(v)
				}
			}
			backpressure.BufferTimeout[*marbles.Tracked](4, 3*ms)(src.Observable).Subscribe(ledger.Context(t.Context()), sub.Outside())
			at := func(i int, f func()) { scheduler.Default.After(time.Duration(i)*ms, f) }
			for i := range 60 {
				at(1+i, func() { src.Next(ledger.Produce()) })
				at(1+i, func() { sub.Request(1) })
			}
			if cancelled {
				at(50, sub.Cancel)
			} else {
				at(61, src.Complete)
			}
			done := make(chan struct{})
			at(100, func() { close(done) })
			<-done
		})
	}
}

// An inspection counts the values, and tells those that wait for their time.
func TestBufferTimeoutInspected(t *testing.T) {
	clock := scheduler.NewVirtual()
	ctx, in := observable.WithInspection(scheduler.With(t.Context(), clock))
	src, sub := marbles.NewTestSource[int](), marbles.NewTestSubscriber[[]int](t, 0)
	backpressure.BufferTimeout[int](2, 5*ms)(src.Observable).Subscribe(ctx, sub)
	src.Next(1)
	src.Next(2)
	src.Next(3)
	if s := in.Inspect()[0]; s.Operator != "BufferTimeout" || s.Queued != 3 || s.Capacity != 8 {
		t.Errorf("found\n%v", in.Inspect())
	}
	sub.Cancel()
}
