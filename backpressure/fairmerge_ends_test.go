package backpressure_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/internal/ungated"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
)

func TestFairMergeFails(t *testing.T) {
	other := marbles.NewTestSource[int]()
	b := newBench(t, 1, beside(other.Observable, 4))
	b.next(1, 2)
	other.Next(-1)
	other.Error(errSource)
	if err := b.failure(); !errors.Is(err, errSource) {
		t.Errorf("failed with %v", err)
	}
	b.got(1)
	b.lost(observable.DiscardError, 2, -1)
	if b.src.Cancels() != 1 || other.Cancels() != 0 {
		t.Errorf("cancelled %d and %d times, want only the one that has not failed", b.src.Cancels(), other.Cancels())
	}
}

func TestFairMergeIsolates(t *testing.T) {
	var told []error
	other := marbles.NewTestSource[int]()
	b := newBench(t, 1, beside(other.Observable, 4, backpressure.Isolate(func(err error) { told = append(told, err) })))
	b.next(1, 2)
	other.Next(-1)
	b.src.Error(errSource)
	if len(told) != 1 || !errors.Is(told[0], errSource) {
		t.Errorf("the function was given %v", told)
	}
	b.live()
	b.Request(9)
	b.got(1, 2, -1)
	other.Next(-2)
	other.Complete()
	b.got(1, 2, -1, -2)
	b.completed()

	b = newBench(t, 0, beside(observable.Empty[int](), 4, backpressure.Isolate(func(error) {}))) // the last one that lives
	b.next(1)
	b.src.Error(errSource)
	b.live()
	b.Request(1)
	b.got(1)
	b.completed()
}

// A source that does not heed demand has no room but its own.
func TestFairMergeOverflows(t *testing.T) {
	other := marbles.NewTestSource[int]()
	b := newBench(t, 0, beside(other.Observable, 2), marbles.Overruns)
	other.Next(-1)
	b.next(1, 2, 3)
	var err *observable.OverflowError
	if !errors.As(b.failure(), &err) || err.Op != "FairMerge" || err.Capacity != 2 || !strings.Contains(err.Site, "fairmerge_test.go") {
		t.Errorf("failed with %v", err)
	}
	want := []discarded{{3, observable.DiscardOverflow}, {1, observable.DiscardError}, {2, observable.DiscardError}, {-1, observable.DiscardError}}
	if d := cmp.Diff(want, b.discarded); d != "" {
		t.Errorf("discarded (-want +got):\n%s", d)
	}
	if b.src.Cancels() != 1 || other.Cancels() != 1 {
		t.Errorf("cancelled %d and %d times", b.src.Cancels(), other.Cancels())
	}

	var told error
	b = newBench(t, 0, beside(observable.Empty[int](), 2, backpressure.Isolate(func(err error) { told = err })), marbles.Overruns)
	b.next(1, 2, 3)
	if !errors.As(told, &err) {
		t.Errorf("the function was given %v", told)
	}
	b.lost(observable.DiscardOverflow, 3)
	b.Request(2)
	b.got(1, 2)
	b.completed()
}

func TestFairMergeIsolatePanics(t *testing.T) {
	other := marbles.NewTestSource[int]()
	b := newBench(t, 0, beside(other.Observable, 4, backpressure.Isolate(func(error) { panic("boom") })))
	b.next(1)
	b.src.Error(errSource)
	var err *observable.PanicError
	if !errors.As(b.failure(), &err) || err.Value != "boom" {
		t.Errorf("failed with %v", err)
	}
	b.lost(observable.DiscardError, 1)
	if b.src.Cancels() != 0 || other.Cancels() != 1 {
		t.Errorf("cancelled %d and %d times", b.src.Cancels(), other.Cancels())
	}
}

func TestFairMergeIsolateCancels(t *testing.T) {
	other := marbles.NewTestSource[int]()
	var b *bench[int]
	b = newBench(t, 0, beside(other.Observable, 4, backpressure.Isolate(func(error) { b.CancelInside() })))
	b.next(1)
	other.Next(-1)
	b.src.Error(errSource)
	b.live()
	b.lost(observable.DiscardCancel, 1, -1)
	if b.src.Cancels() != 0 || other.Cancels() != 1 {
		t.Errorf("cancelled %d and %d times", b.src.Cancels(), other.Cancels())
	}
}

func TestFairMergeCancels(t *testing.T) {
	other := marbles.NewTestSource[int](marbles.IgnoresCancel)
	b := newBench(t, 0, beside(other.Observable, 4), marbles.IgnoresCancel)
	b.next(1, 2)
	other.Next(-1)
	b.Cancel()
	b.Cancel()
	b.lost(observable.DiscardCancel, 1, 2, -1)
	b.discarded = nil
	b.next(3)
	other.Next(-2)
	b.lost(observable.DiscardLate, 3, -2)
	other.Error(errSource)
	b.reported(errSource)
	b.live()
	if b.src.Cancels() != 1 || other.Cancels() != 1 {
		t.Errorf("cancelled %d and %d times", b.src.Cancels(), other.Cancels())
	}
}

func TestFairMergePanics(t *testing.T) {
	for _, queued := range []bool{true, false} {
		other := marbles.NewTestSource[int]()
		start := int64(9)
		if queued {
			start = 0
		}
		b := newBench(t, start, beside(other.Observable, 4))
		b.Each = func(int) { panic("boom") }
		b.next(1)
		if queued {
			other.Next(-1)
			b.Request(9)
			b.lost(observable.DiscardError, -1)
		}
		var err *observable.PanicError
		if !errors.As(b.failure(), &err) || err.Value != "boom" {
			t.Errorf("failed with %v", err)
		}
		b.got(1)
		if b.src.Cancels() != 1 || other.Cancels() != 1 {
			t.Errorf("cancelled %d and %d times", b.src.Cancels(), other.Cancels())
		}
	}
}

// A source that panics before it has begun takes the others with it, and no
// lock.
func TestFairMergeOverAPanickingSource(t *testing.T) {
	bad := ungated.New(func(context.Context, observable.Subscriber[int]) { panic("boom") })
	b := newBench(t, 9, beside(bad, 4))
	var err *observable.PanicError
	if !errors.As(b.failure(), &err) || err.Value != "boom" {
		t.Errorf("failed with %v", err)
	}
	if b.src.Cancels() != 1 {
		t.Errorf("cancelled %d times", b.src.Cancels())
	}
}
