package operators_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

func ExampleShareReplay() {
	config := observable.Pipe2(
		observable.Of("a.conf", "b.conf"),
		operators.Tap(func(name string) { fmt.Println("read", name) }),
		operators.ShareReplay[string](1),
	)
	for range 2 {
		fmt.Println(config.Collect(context.Background()))
	}
	// Output:
	// read a.conf
	// read b.conf
	// [a.conf b.conf] <nil>
	// [b.conf] <nil>
}

func ExampleRefCounted() {
	ticks := observable.Pipe1(
		observable.Interval(time.Second),
		operators.ShareReplay[int](1, operators.RefCounted, operators.MaxAge(time.Minute)),
	)
	ctx := scheduler.With(context.Background(), scheduler.NewVirtual())
	r := ticks.Run(ctx, observable.Observer[int]{})
	r.Cancel() // nobody is left: the interval ends
	<-r.Done()
	fmt.Println(r.Err())
	// Output: observable: the subscription was cancelled
}

// unbounded subscribes one that takes everything.
func unbounded(t *testing.T, o observable.Observable[int]) *marbles.TestSubscriber[int] {
	t.Helper()
	return requesting(t, o, observable.Unbounded)
}

// requesting subscribes one that requests n.
func requesting(t *testing.T, o observable.Observable[int], n int64) *marbles.TestSubscriber[int] {
	t.Helper()
	sub := marbles.NewTestSubscriber[int](t, n)
	o.Subscribe(context.Background(), sub)
	return sub
}

func TestShareReplay(t *testing.T) {
	linkedAndNot(t, func(t *testing.T) {
		src := marbles.NewTestSource[int]()
		shared := operators.ShareReplay[int](2)(src.Observable)
		a := unbounded(t, shared)
		for i := range 3 {
			src.Next(i + 1)
		}
		b := unbounded(t, shared)
		src.Next(4)
		diff(t, "values", [][]int{a.Values(), b.Values()}, [][]int{{1, 2, 3, 4}, {2, 3, 4}})
		a.Cancel()
		b.Cancel()
		src.Next(5) // it goes on without anybody
		c := unbounded(t, shared)
		diff(t, "values of a latecomer", c.Values(), []int{4, 5})
		src.Complete()
		ended(t, c, nil)
		d := unbounded(t, shared)
		diff(t, "values after the end", d.Values(), []int{4, 5})
		ended(t, d, nil)
		diff(t, "subscriptions and cancels", []int{src.Subscriptions(), src.Cancels()}, []int{1, 0})
	})
}

func TestShareReplayStartsAfreshAfterAnError(t *testing.T) {
	src := marbles.NewTestSource[int]()
	shared := operators.ShareReplay[int](2)(src.Observable)
	a := unbounded(t, shared)
	src.Next(1)
	src.Error(errInner)
	ended(t, a, errInner)
	b := unbounded(t, shared)
	diff(t, "values of the next", b.Values(), []int(nil))
	diff(t, "subscriptions", src.Subscriptions(), 2)
	src.Next(2)
	diff(t, "values of the next", b.Values(), []int{2})
}

func TestShareReplayRefCounted(t *testing.T) {
	src := marbles.NewTestSource[int]()
	shared := operators.ShareReplay[int](2, operators.RefCounted)(src.Observable)
	a, b := unbounded(t, shared), unbounded(t, shared)
	src.Next(1)
	a.Cancel()
	diff(t, "cancels", src.Cancels(), 0)
	b.Cancel()
	diff(t, "cancels", src.Cancels(), 1)
	c := unbounded(t, shared)
	diff(t, "subscriptions", src.Subscriptions(), 2)
	diff(t, "values of the next", c.Values(), []int(nil))
	src.Next(2)
	src.Complete()
	d := unbounded(t, shared) // the end is kept
	diff(t, "values after the end", d.Values(), []int{2})
	ended(t, d, nil)
	diff(t, "subscriptions", src.Subscriptions(), 2)
}

// What is replayed waits for each subscriber's demand; new values wait for all.
func TestBehaviour36_ReplayedValuesWait(t *testing.T) {
	linkedAndNot(t, func(t *testing.T) {
		src := marbles.NewTestSource[int]()
		shared := operators.ShareReplay[int](3)(src.Observable)
		fast := requesting(t, shared, 10)
		for i := range 5 {
			src.Next(i + 1)
		}
		slow := requesting(t, shared, 0)
		src.Next(6)
		diff(t, "values", [][]int{fast.Values(), slow.Values()}, [][]int{{1, 2, 3, 4, 5}, nil})
		slow.Request(2)
		diff(t, "values", [][]int{fast.Values(), slow.Values()}, [][]int{{1, 2, 3, 4, 5}, {3, 4}})
		slow.Request(1)
		diff(t, "values", [][]int{fast.Values(), slow.Values()}, [][]int{{1, 2, 3, 4, 5}, {3, 4, 5}})
		slow.Request(1)
		diff(t, "values", [][]int{fast.Values(), slow.Values()}, [][]int{{1, 2, 3, 4, 5, 6}, {3, 4, 5, 6}})
		src.Next(7)
		stuck := requesting(t, shared, 1)
		slow.Cancel()
		src.Next(8)
		diff(t, "values", [][]int{fast.Values(), stuck.Values()}, [][]int{{1, 2, 3, 4, 5, 6}, {4}})
		stuck.Cancel() // un-stalls the other
		diff(t, "values", fast.Values(), []int{1, 2, 3, 4, 5, 6, 7, 8})
		diff(t, "requests", src.Requests(), []int64{10})
		fast.Cancel()
	})
}

// The end waits for what is replayed, and overtakes nothing.
func TestShareReplayEndsBehindThePast(t *testing.T) {
	for _, err := range []error{nil, errInner} {
		t.Run(fmt.Sprint(err), func(t *testing.T) {
			src := marbles.NewTestSource[int]()
			shared := operators.ShareReplay[int](3)(src.Observable)
			a := unbounded(t, shared)
			for i := range 3 {
				src.Next(i + 1)
			}
			b, c := requesting(t, shared, 1), requesting(t, shared, 0)
			if err == nil {
				src.Complete()
			} else {
				src.Error(err)
			}
			ended(t, a, err)
			running(t, b)
			b.Request(1)
			running(t, b)
			b.Request(1)
			diff(t, "values", b.Values(), []int{1, 2, 3})
			ended(t, b, err)
			c.Request(1)
			c.Cancel()
			diff(t, "values of the one who left", c.Values(), []int{1})
			diff(t, "cancels", src.Cancels(), 0)
		})
	}
}

func TestShareReplayRequestsWithoutSubscribers(t *testing.T) {
	src := marbles.NewTestSource[int]()
	shared := operators.ShareReplay[int](1)(src.Observable)
	a := requesting(t, shared, 2)
	a.Cancel()
	for i := range 150 {
		src.Next(i)
	}
	diff(t, "requests", src.Requests(), []int64{2, 126, 96})
	b := requesting(t, shared, 5) // from now on it sets the pace
	src.Next(150)
	diff(t, "values", b.Values(), []int{149, 150})
	for i := range 73 {
		src.Next(151 + i)
	}
	diff(t, "values", b.Values(), []int{149, 150, 151, 152, 153})
	diff(t, "requests", src.Requests(), []int64{2, 126, 96})
}

func TestMaxAge(t *testing.T) {
	clock := scheduler.NewVirtual()
	for name, start := range map[string]func(o observable.Observable[int]) observable.Observable[int]{
		"of the ctx": operators.ShareReplay[int](3, operators.MaxAge(5*time.Millisecond)),
		"given":      operators.ShareReplay[int](3, scheduler.On(clock), operators.MaxAge(5*time.Millisecond)),
	} {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			if name == "of the ctx" {
				ctx = scheduler.With(ctx, clock)
			}
			src := marbles.NewTestSource[int]()
			shared := start(src.Observable)
			shared.Subscribe(ctx, marbles.NewTestSubscriber[int](t, observable.Unbounded))
			for i := range 4 {
				src.Next(i + 1) // at 0, 2, 4 and 6 ms
				clock.AdvanceBy(2 * time.Millisecond)
			}
			diff(t, "values at 8 ms", unbounded(t, shared).Values(), []int{3, 4})
			clock.AdvanceBy(time.Millisecond)
			slow := requesting(t, shared, 0)
			diff(t, "values at 9 ms", unbounded(t, shared).Values(), []int{4})
			clock.AdvanceBy(time.Second)
			diff(t, "values when all are old", unbounded(t, shared).Values(), []int(nil))
			slow.Request(9) // it came in time
			diff(t, "values of one who waited", slow.Values(), []int{4})
			src.Next(5)
			diff(t, "values later on", unbounded(t, shared).Values(), []int{5})
			src.Complete()
			clock.AdvanceBy(time.Second)
			last := unbounded(t, shared)
			diff(t, "values long after the end", last.Values(), []int(nil))
			ended(t, last, nil)
			diff(t, "timers", clock.Pending(), 0)
		})
	}
}

// B1 of the peers: whoever comes while values come gets all from where it began.
func TestShareReplayLeavesNoGap(t *testing.T) {
	for _, procs := range []int{1, 2, 8} {
		t.Run(fmt.Sprint("GOMAXPROCS=", procs), func(t *testing.T) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
			for round := range 100 {
				shared := operators.ShareReplay[int](4)(observable.Create(func(_ context.Context, emit observable.Emitter[int]) error {
					for i := range 60 {
						if !emit.Next(i) {
							return nil
						}
					}
					return nil
				}))
				var wg sync.WaitGroup
				for s := range 4 {
					wg.Go(func() {
						for range s * 5 {
							runtime.Gosched()
						}
						sub := marbles.NewTestSubscriber[int](t, int64(1+round%3))
						sub.Each = func(int) { sub.Request(1) }
						shared.Subscribe(context.Background(), sub)
						<-sub.Done()
						got := sub.Values()
						want := make([]int, len(got))
						for i := range want {
							want[i] = 60 - len(got) + i
						}
						if !slices.Equal(got, want) || len(got) < 4 {
							t.Errorf("a subscriber got %v", got)
						}
					})
				}
				wg.Wait()
			}
		})
	}
}

// L3: whoever comes inside a value gets that one out of the past, once.
func TestShareReplayReentrantly(t *testing.T) {
	src := marbles.NewTestSource[int]()
	shared := operators.ShareReplay[int](2)(src.Observable)
	a, b := marbles.NewTestSubscriber[int](t, observable.Unbounded), marbles.NewTestSubscriber[int](t, observable.Unbounded)
	c := marbles.NewTestSubscriber[int](t, observable.Unbounded)
	a.Each = func(v int) {
		if v == 2 {
			shared.Subscribe(context.Background(), b)
		}
	}
	b.Each = func(v int) { // inside the replay of the past
		if v == 1 {
			shared.Subscribe(context.Background(), c)
		}
		if v == 3 {
			b.CancelInside()
		}
	}
	shared.Subscribe(context.Background(), a)
	for i := range 4 {
		src.Next(i + 1)
	}
	diff(t, "values", [][]int{a.Values(), b.Values(), c.Values()}, [][]int{{1, 2, 3, 4}, {1, 2, 3}, {1, 2, 3, 4}})
}

// The only one who could have been told left before it came to that.
func TestShareReplayReportsAFailureThatNobodyHasHeard(t *testing.T) {
	var dropped []error
	ctx := observable.WithDroppedError(context.Background(), func(err error) { dropped = append(dropped, err) })
	src := marbles.NewTestSource[int]()
	shared := operators.ShareReplay[int](2)(src.Observable)
	first := marbles.NewTestSubscriber[int](t, 1)
	shared.Subscribe(ctx, first)
	src.Next(1)
	first.Cancel() // the source goes on

	behind := marbles.NewTestSubscriber[int](t, 0)
	shared.Subscribe(ctx, behind)
	src.Error(errInner)
	diff(t, "dropped while it may still be told", len(dropped), 0)
	behind.Cancel()
	if len(dropped) != 1 || !errors.Is(dropped[0], errInner) {
		t.Errorf("dropped errors %v, want %v", dropped, errInner)
	}
}
