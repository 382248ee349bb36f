package backpressure_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

func ExampleOnBackpressureBuffer() {
	ctx := observable.WithDiscard(context.Background(), func(v any, why observable.DiscardReason) {
		fmt.Println("discarded", v, "for", why)
	})
	slow := backpressure.NewRequester[int]()
	observable.Pipe1(
		observable.Range(1, 5), // as fast as it can, since the buffer asks for everything
		backpressure.OnBackpressureBuffer[int](2, backpressure.DropOldest),
	).Subscribe(ctx, slow)

	slow.Request(10)
	for v, err := slow.Take(ctx); err == nil; v, err = slow.Take(ctx) {
		fmt.Println("took", v)
	}
	// Output:
	// discarded 1 for overflow
	// discarded 2 for overflow
	// discarded 3 for overflow
	// took 4
	// took 5
}

// Behaviour 21: a capacity is what it says.
func TestBehaviour21_ExactCapacity(t *testing.T) {
	for _, capacity := range []int{1, 2, 3, 7, 9, 1000} {
		b := newBench(t, 0, backpressure.OnBackpressureBuffer[int](capacity))
		for i := range capacity {
			b.next(i)
		}
		if c := b.src.Cancels(); c != 0 {
			t.Fatalf("capacity %d: overflowed before it was full", capacity)
		}
		b.next(capacity)
		if c := b.src.Cancels(); c != 1 {
			t.Fatalf("capacity %d: upstream was cancelled %d times by the value too many", capacity, c)
		}
		b.Request(observable.Unbounded)
		if n := len(b.Values()); n != capacity {
			t.Errorf("capacity %d: %d values delivered", capacity, n)
		}
	}
}

// Behaviour 22: an overflow that is an error cancels upstream at once, but
// what is queued comes first.
func TestBehaviour22_OverflowFails(t *testing.T) {
	var told []int
	b := newBench(t, 0, backpressure.OnBackpressureBuffer[int](2, backpressure.OnOverflow(func(v int) { told = append(told, v) })))
	b.next(1, 2, 3, 4)
	if c := b.src.Cancels(); c != 1 {
		t.Errorf("upstream was cancelled %d times", c)
	}
	if !slices.Equal(told, []int{3}) {
		t.Errorf("OnOverflow was told of %v, want the offender once", told)
	}
	b.lost(observable.DiscardOverflow, 3) // the source has stopped: it does not send 4
	b.live()
	b.Request(1)
	b.got(1)
	b.live()
	b.Request(observable.Unbounded)
	b.got(1, 2)
	var err *observable.OverflowError
	if !errors.As(b.failure(), &err) || err.Op != "OnBackpressureBuffer" || err.Capacity != 2 || err.Demand != 0 {
		t.Fatalf("failed with %v", err)
	}
	if !strings.Contains(err.Site, "buffer_test.go:") {
		t.Errorf("assembled at %q, want a line of this file", err.Site)
	}
}

func TestOverflowFailsFast(t *testing.T) {
	b := newBench(t, 0, backpressure.OnBackpressureBuffer[int](2, backpressure.FailFast))
	b.next(1, 2, 3)
	b.got()
	b.failed()
	want := []discarded{{3, observable.DiscardOverflow}, {1, observable.DiscardError}, {2, observable.DiscardError}}
	if !slices.Equal(b.discarded, want) {
		t.Errorf("discarded %v, want %v", b.discarded, want)
	}
}

// Behaviour 23: the three policies that do not fail, with a capacity of two.
func TestBehaviour23_Policies(t *testing.T) {
	for _, test := range []struct {
		policy backpressure.Overflow
		got    []int
		lost   int
	}{
		{backpressure.DropOldest, []int{2, 3}, 1},
		{backpressure.DropNewest, []int{1, 2}, 3},
		{backpressure.ReplaceNewest, []int{1, 3}, 2},
	} {
		for _, ttl := range []bool{false, true} {
			t.Run(fmt.Sprint(test.policy, " ttl ", ttl), func(t *testing.T) {
				var told []int
				opts := []backpressure.BufferOption{test.policy, backpressure.OnOverflow(func(v any) { told = append(told, v.(int)) })}
				if ttl {
					opts = append(opts, backpressure.TTL(ms))
				}
				b := newBench(t, 0, backpressure.OnBackpressureBuffer[int](2, opts...))
				b.next(1, 2, 3)
				if !slices.Equal(told, []int{test.lost}) {
					t.Errorf("OnOverflow was told of %v, want %d", told, test.lost)
				}
				b.lost(observable.DiscardOverflow, test.lost)
				b.src.Complete()
				b.Request(2)
				b.got(test.got...)
				b.completed()
			})
		}
	}
}

// Behaviour 24: an error waits for what is queued, unless told not to.
func TestBehaviour24_ErrorBehindTheQueue(t *testing.T) {
	b := newBench(t, 0, backpressure.OnBackpressureBuffer[int](9))
	b.next(1, 2)
	b.src.Error(errSource)
	b.live()
	b.Request(1)
	b.live()
	b.Request(1)
	b.got(1, 2)
	if err := b.failure(); !errors.Is(err, errSource) {
		t.Errorf("failed with %v", err)
	}
	b.lost(0)

	b = newBench(t, 0, backpressure.OnBackpressureBuffer[int](9, backpressure.FailFast))
	b.next(1, 2)
	b.src.Error(errSource)
	b.got()
	b.failed()
	b.lost(observable.DiscardError, 1, 2)
}

// Behaviour 25: completion comes right behind the last queued value, without a
// request of its own.
func TestBehaviour25_CompletionBehindTheQueue(t *testing.T) {
	b := newBench(t, 0, backpressure.OnBackpressureBuffer[int](9))
	b.next(1, 2, 3)
	b.src.Complete()
	b.Request(2)
	b.got(1, 2)
	b.live()
	b.Request(1)
	b.got(1, 2, 3)
	b.completed()
}

// Behaviour 26: what has waited too long is never delivered, and reported once;
// that may release a terminal. One timer does for the whole queue.
func TestBehaviour26_TimeToLive(t *testing.T) {
	b := newBench(t, 0, backpressure.OnBackpressureBuffer[string](9, backpressure.TTL(10*ms)))
	b.next("a")
	b.pass(4)
	b.next("b", "c")
	if n := b.clock.Pending(); n != 1 {
		t.Errorf("%d timers for three values, want one", n)
	}
	b.pass(5)
	b.lost(0)
	b.pass(1)
	b.lost(observable.DiscardExpired, "a")
	b.Request(1)
	b.got("b")
	b.src.Complete()
	b.pass(3)
	b.live()
	b.pass(1)
	b.lost(observable.DiscardExpired, "a", "c")
	b.completed()
}

func TestTimeToLiveAtTheLastMoment(t *testing.T) {
	b := newBench(t, 0, backpressure.OnBackpressureBuffer[string](9, backpressure.TTL(10*ms)))
	b.clock.After(10*ms, func() { b.Request(1) }) // before the expiry, in the same instant
	b.next("a")
	b.pass(10)
	b.got()
	b.lost(observable.DiscardExpired, "a")
	b.next("b")
	b.got("b")
	b.src.Complete()
	b.completed()
}

// The alarm is set for a head that has been delivered; it must find the new one.
func TestTimeToLiveOfALaterHead(t *testing.T) {
	b := newBench(t, 0, backpressure.OnBackpressureBuffer[string](9, backpressure.TTL(10*ms)))
	b.next("a")
	b.pass(5)
	b.next("b")
	b.Request(1)
	b.pass(9)
	b.lost(0)
	b.pass(1)
	b.lost(observable.DiscardExpired, "b")
	b.still()
	b.Cancel()
}

// A value that makes room for another takes its deadline along.
func TestTimeToLiveOfWhatIsEvicted(t *testing.T) {
	for policy, want := range map[backpressure.Overflow][]string{
		backpressure.DropOldest:    {10: "", 15: "b", 18: "c"},
		backpressure.ReplaceNewest: {10: "a", 15: "", 18: "c"},
		backpressure.DropNewest:    {10: "a", 15: "b", 18: ""},
	} {
		t.Run(policy.String(), func(t *testing.T) {
			b := newBench(t, 0, backpressure.OnBackpressureBuffer[string](2, policy, backpressure.TTL(10*ms)))
			b.next("a")
			b.pass(5)
			b.next("b")
			b.pass(3)
			b.next("c")
			b.discarded = nil
			for now := 9; now <= 20; now++ {
				b.pass(1)
				var expired []discarded
				if now < len(want) && want[now] != "" {
					expired = []discarded{{want[now], observable.DiscardExpired}}
				}
				if !slices.Equal(b.discarded, expired) {
					t.Errorf("at %d: discarded %v, want %v", now, b.discarded, expired)
				}
				b.discarded = nil
			}
		})
	}
}

func TestTimeToLiveTakesTheGivenScheduler(t *testing.T) {
	own := scheduler.NewVirtual()
	b := newBench(t, 0, backpressure.OnBackpressureBuffer[string](9, backpressure.TTL(ms), scheduler.On(own)))
	b.next("a")
	b.pass(5)
	b.lost(0)
	own.AdvanceBy(ms)
	b.lost(observable.DiscardExpired, "a")
}

func TestCancelDiscardsTheQueue(t *testing.T) {
	b := newBench(t, 1, backpressure.OnBackpressureBuffer[int](9))
	b.next(1, 2, 3)
	b.Cancel()
	b.got(1)
	b.lost(observable.DiscardCancel, 2, 3)
}

// An error that waits behind the queue when the stream is cancelled is not
// lost (L16).
func TestCancelReportsTheErrorThatWaited(t *testing.T) {
	b := newBench(t, 0, backpressure.OnBackpressureBuffer[int](9))
	b.next(1)
	b.src.Error(errSource)
	b.Cancel()
	b.live()
	b.reported(errSource)
	if c := b.src.Cancels(); c != 0 {
		t.Errorf("upstream was cancelled %d times after its end", c)
	}
}

// Requests inside OnNext do not recurse (L3), and deliver in order.
func TestRequestInsideOnNext(t *testing.T) {
	const n = 100_000
	b := newBench(t, 0, backpressure.OnBackpressureBuffer[int](0, backpressure.Unlimited))
	b.Each = func(int) { b.Request(1) }
	for i := range n {
		b.next(i)
	}
	b.src.Complete()
	b.Request(1)
	got := b.Values()
	if len(got) != n || !slices.IsSorted(got) {
		t.Errorf("%d values of %d, sorted %t", len(got), n, slices.IsSorted(got))
	}
	b.completed()
}

// A subscriber that cancels when it hears of the overflow hears no more of it.
func TestCancelInsideOnOverflow(t *testing.T) {
	for _, opts := range [][]backpressure.BufferOption{{}, {backpressure.FailFast}} {
		var b *bench[int]
		b = newBench(t, 0, backpressure.OnBackpressureBuffer[int](1, append(opts, backpressure.OnOverflow(func(int) { b.CancelInside() }))...))
		b.next(1, 2)
		b.live()
		if c := b.src.Cancels(); c != 1 {
			t.Errorf("upstream was cancelled %d times", c)
		}
	}
}

// Behaviour 26: what has expired makes room, though the alarm has yet to ring.
func TestExpiredValuesMakeRoom(t *testing.T) {
	b := newBench(t, 0, backpressure.OnBackpressureBuffer[int](1, backpressure.TTL(2*ms)))
	b.clock.After(2*ms, func() { b.next(2) }) // before the alarm, in the same instant
	b.next(1)
	b.pass(2)
	b.live()
	b.lost(observable.DiscardExpired, 1)
	b.Request(1)
	b.got(2)
	b.Cancel()
}
