package operators_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

func ExamplePublish() {
	readings := operators.Publish(observable.Of(3, 5, 4))
	start := observable.Defer(func(ctx context.Context) observable.Observable[int] {
		readings.Connect(ctx)
		return observable.Empty[int]()
	})
	highest := operators.Scan(0, func(a, b int) int { return max(a, b) })(readings.Observable)
	all, err := operators.Merge(readings.Observable, highest, start).Collect(context.Background())
	fmt.Println(all, err)
	// Output: [3 3 5 5 4 5] <nil>
}

func ExampleReplay() {
	log := operators.Replay(observable.Range(1, 100), 3)
	log.Connect(context.Background())
	fmt.Println(log.Collect(context.Background()))
	// Output: [98 99 100] <nil>
}

func ExampleConnectable_RefCount() {
	readings := operators.Publish(observable.Of(3, 5, 4)).RefCount()
	for range 2 { // each time somebody comes and the last one leaves
		fmt.Println(readings.Collect(context.Background()))
	}
	// Output:
	// [3 5 4] <nil>
	// [3 5 4] <nil>
}

func ExampleConnectable_AutoConnect() {
	readings := operators.Publish(observable.Of(3, 5, 4)).AutoConnect(2)
	steps := operators.Zip2(readings, operators.Skip[int](1)(readings), func(a, b int) int { return b - a })
	fmt.Println(steps.Collect(context.Background()))
	// Output: [2 -1] <nil>
}

func TestPublish(t *testing.T) {
	linkedAndNot(t, func(t *testing.T) {
		src := marbles.NewTestSource[int]()
		c := operators.Publish(src.Observable)
		a, b := requesting(t, c.Observable, 5), requesting(t, c.Observable, 2)
		diff(t, "subscriptions before it is connected", src.Subscriptions(), 0)
		disconnect := c.Connect(context.Background())
		c.Connect(context.Background())
		diff(t, "subscriptions", src.Subscriptions(), 1)
		diff(t, "requests", src.Requests(), []int64{2})
		src.Next(1)
		b.Cancel() // R16 of the peers: un-stalls the other
		diff(t, "requests", src.Requests(), []int64{2, 3})
		src.Next(2)
		d := unbounded(t, c.Observable)
		src.Next(3)
		src.Complete()
		ended(t, a, nil)
		ended(t, d, nil)
		diff(t, "values", [][]int{a.Values(), b.Values(), d.Values()}, [][]int{{1, 2, 3}, {1}, {3}})

		e := unbounded(t, c.Observable) // waits for the next connection
		running(t, e)
		c.Connect(context.Background())
		disconnect() // of the first, which is over
		src.Next(4)
		diff(t, "values", e.Values(), []int{4})
		diff(t, "subscriptions and cancels", []int{src.Subscriptions(), src.Cancels()}, []int{2, 0})
	})
}

// Behaviour 36: without a subscriber nothing is drained and dropped.
func TestBehaviour36_PublishPauses(t *testing.T) {
	var lost discards
	src := marbles.NewTestSource[int]()
	c := operators.Publish(src.Observable)
	c.Connect(lost.context())
	diff(t, "requests", src.Requests(), []int64(nil))
	a := requesting(t, c.Observable, 5)
	src.Next(1)
	a.Cancel()
	src.Next(2)
	src.Next(3)
	diff(t, "cancels", src.Cancels(), 0)
	b := requesting(t, c.Observable, 9)
	diff(t, "values", b.Values(), []int{2, 3})
	diff(t, "requests", src.Requests(), []int64{5, 5})
	b.Cancel()
	src.Complete()
	d := requesting(t, c.Observable, 9) // the end was not told to anybody, but it has come
	c.Connect(lost.context())
	diff(t, "subscriptions", src.Subscriptions(), 2)
	running(t, d)
	diff(t, "discarded", lost.got, []string(nil))
}

func TestDisconnect(t *testing.T) {
	var lost discards
	src := marbles.NewTestSource[int]()
	c := operators.Publish(src.Observable)
	disconnect := c.Connect(lost.context())
	fast, slow := requesting(t, c.Observable, 3), requesting(t, c.Observable, 3)
	src.Next(1)
	stuck := requesting(t, c.Observable, 0)
	src.Next(2)
	disconnect()
	disconnect()
	for _, s := range []*marbles.TestSubscriber[int]{fast, slow, stuck} {
		ended(t, s, operators.ErrDisconnected)
	}
	diff(t, "cancels", src.Cancels(), 1)
	diff(t, "discarded", lost.got, []string{"2 cancel"})
	a := unbounded(t, c.Observable)
	c.Connect(context.Background())
	src.Next(3)
	diff(t, "values", a.Values(), []int{3})
}

// Inside a value, nothing follows but the end.
func TestDisconnectInsideOnNext(t *testing.T) {
	c := operators.Publish(observable.Range(1, 9))
	a, b := marbles.NewTestSubscriber[int](t, 9), marbles.NewTestSubscriber[int](t, 9)
	var disconnect func()
	ctx := t.Context()
	a.Each = func(v int) {
		if v == 1 {
			disconnect = c.Connect(ctx)
		}
		if v == 2 {
			disconnect()
		}
	}
	c.Subscribe(ctx, a)
	c.Subscribe(ctx, b)
	c.Connect(ctx)
	diff(t, "values", [][]int{a.Values(), b.Values()}, [][]int{{1, 2}, {1, 2}})
	ended(t, a, operators.ErrDisconnected)
	ended(t, b, operators.ErrDisconnected)
}

// Behaviour 40, L14: the ctx of a connection ends it, and gives the source its
// values; that of a subscriber does neither.
func TestBehaviour40_ConnectableCtx(t *testing.T) {
	clock := scheduler.NewVirtual()
	var seen context.Context
	src := marbles.NewTestSource[int]()
	c := operators.Publish(observable.Defer(func(ctx context.Context) observable.Observable[int] {
		seen = ctx
		return src.Observable
	}))
	gone, leave := context.WithCancel(context.Background())
	a, b := marbles.NewTestSubscriber[int](t, 9), marbles.NewTestSubscriber[int](t, 9)
	left := make(chan struct{})
	operators.Finally[int](func() { close(left) })(c.Observable).Subscribe(gone, a.Outside())
	c.Subscribe(context.Background(), b.Outside())
	leave()
	<-left          // or it might be leaving while the source is asked for the first values
	c.Connect(gone) // does nothing
	diff(t, "subscriptions", src.Subscriptions(), 0)

	ctx, cancel := context.WithCancel(scheduler.With(context.Background(), clock))
	c.Connect(ctx)
	src.Next(1)
	if scheduler.From(seen) != scheduler.Scheduler(clock) {
		t.Error("the source does not have the scheduler of who connected it")
	}
	cancel()
	<-b.Done()
	ended(t, b, operators.ErrDisconnected)
	<-seen.Done()
	diff(t, "cancels", src.Cancels(), 1)
}

func TestRefCount(t *testing.T) {
	src := marbles.NewTestSource[int]()
	c := operators.Publish(src.Observable)
	direct := unbounded(t, c.Observable)
	c.RefCount().Subscribe(context.Background(), quitter{}) // behaviour 16
	running(t, direct)
	diff(t, "subscriptions", src.Subscriptions(), 0)
	a, b := unbounded(t, c.RefCount()), unbounded(t, c.RefCount())
	diff(t, "subscriptions", src.Subscriptions(), 1)
	c.Connect(context.Background()) // is connected
	src.Next(1)
	a.Cancel()
	c.RefCount().Subscribe(context.Background(), quitter{})
	src.Next(2)
	b.Cancel()
	diff(t, "cancels", src.Cancels(), 1)
	diff(t, "values", [][]int{direct.Values(), a.Values(), b.Values()}, [][]int{{1, 2}, {1}, {1, 2}})
	ended(t, direct, operators.ErrDisconnected)

	d := unbounded(t, c.RefCount())
	src.Next(3)
	src.Complete()
	ended(t, d, nil)
	e := unbounded(t, c.RefCount())
	diff(t, "subscriptions", src.Subscriptions(), 3)
	src.Error(errInner)
	ended(t, e, errInner)
}

// The last one leaves in the middle of a value, and comes again.
func TestRefCountToZeroInsideOnNext(t *testing.T) {
	src := marbles.NewTestSource[int]()
	shared := operators.Publish(src.Observable).RefCount()
	a, b := marbles.NewTestSubscriber[int](t, 9), marbles.NewTestSubscriber[int](t, 9)
	a.Each = func(int) {
		a.CancelInside()
		shared.Subscribe(context.Background(), b)
	}
	shared.Subscribe(context.Background(), a)
	src.Next(1)
	diff(t, "subscriptions and cancels", []int{src.Subscriptions(), src.Cancels()}, []int{2, 1})
	src.Next(2)
	diff(t, "values", [][]int{a.Values(), b.Values()}, [][]int{{1}, {2}})
}

func TestAutoConnect(t *testing.T) {
	src := marbles.NewTestSource[int]()
	shared := operators.Publish(src.Observable).AutoConnect(2)
	a := unbounded(t, shared)
	diff(t, "subscriptions", src.Subscriptions(), 0)
	b := unbounded(t, shared)
	diff(t, "subscriptions", src.Subscriptions(), 1)
	src.Next(1)
	a.Cancel()
	b.Cancel()
	diff(t, "cancels", src.Cancels(), 0)
	d := unbounded(t, shared)
	src.Next(2)
	src.Complete()
	ended(t, d, nil)
	diff(t, "values", [][]int{a.Values(), b.Values(), d.Values()}, [][]int{{1}, {1}, {2}})
	e := unbounded(t, shared) // behaviour 36: a fresh run, not silence
	diff(t, "subscriptions", src.Subscriptions(), 2)
	src.Next(3)
	diff(t, "values after the end", e.Values(), []int{3})
}

func TestReplay(t *testing.T) {
	for _, err := range []error{nil, errInner} {
		t.Run(fmt.Sprint(err), func(t *testing.T) {
			src := marbles.NewTestSource[int]()
			c := operators.Replay(src.Observable, 2)
			c.Connect(context.Background())
			diff(t, "requests", src.Requests(), []int64{128})
			for i := range 3 {
				src.Next(i + 1)
			}
			a := requesting(t, c.Observable, 1)
			src.Next(4)
			a.Request(2)
			diff(t, "values", a.Values(), []int{2, 3, 4})
			if err == nil {
				src.Complete()
			} else {
				src.Error(err)
			}
			ended(t, a, err)
			for _, o := range []observable.Observable[int]{c.Observable, c.RefCount(), c.AutoConnect(1)} {
				b := unbounded(t, o)
				diff(t, "values after the end", b.Values(), []int{3, 4})
				ended(t, b, err)
			}
			diff(t, "subscriptions", src.Subscriptions(), 1)
			slow := requesting(t, c.Observable, 1) // belongs to the past
			c.Connect(context.Background())
			d := unbounded(t, c.Observable)
			src.Next(5)
			slow.Request(9)
			diff(t, "values", [][]int{slow.Values(), d.Values()}, [][]int{{3, 4}, {5}})
			ended(t, slow, err)
		})
	}
}

func TestReplayDisconnected(t *testing.T) {
	src := marbles.NewTestSource[int]()
	c := operators.Replay(src.Observable, 2)
	disconnect := c.Connect(context.Background())
	src.Next(1)
	a := requesting(t, c.Observable, 0)
	disconnect()
	ended(t, a, operators.ErrDisconnected)
	b := unbounded(t, c.Observable) // nothing is left of the past
	diff(t, "values", b.Values(), []int(nil))
	running(t, b)
}

// L16: an error that nobody is there for goes to the hook, of a Replay when it
// is given up.
func TestConnectableReportsAnUnheardError(t *testing.T) {
	for name, want := range map[string]int{"Publish": 1, "Replay": 0, "Replay, given up": 1, "Replay, heard": 0} {
		t.Run(name, func(t *testing.T) {
			var dropped []error
			ctx := observable.WithDroppedError(context.Background(), func(err error) { dropped = append(dropped, err) })
			src := marbles.NewTestSource[int]()
			c := operators.Replay(src.Observable, 2)
			if name == "Publish" {
				c = operators.Publish(src.Observable)
			}
			disconnect := c.Connect(ctx)
			src.Error(errInner)
			if name == "Replay, heard" {
				ended(t, unbounded(t, c.Observable), errInner)
			}
			if name != "Replay" {
				disconnect()
				disconnect()
			}
			if len(dropped) != want || want == 1 && !errors.Is(dropped[0], errInner) {
				t.Errorf("dropped %v, want %d", dropped, want)
			}
		})
	}
}

// Behaviour 36: whoever comes while others leave gets an end or a connection.
func TestBehaviour36_RefCountNeverSilent(t *testing.T) {
	for _, procs := range []int{1, 2, 8} {
		t.Run(fmt.Sprint("GOMAXPROCS=", procs), func(t *testing.T) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
			for round := range 200 {
				shared := operators.Replay(observable.Range(0, 3+round%5), 2).RefCount()
				if round%2 == 0 {
					shared = operators.Publish(observable.Range(0, 3+round%5)).RefCount()
				}
				var wg sync.WaitGroup
				for s := range 4 {
					wg.Go(func() {
						sub := marbles.NewTestSubscriber[int](t, 1)
						sub.Each = func(int) { sub.Request(1) }
						if s%2 == 1 {
							sub.Each = nil
							shared.Subscribe(context.Background(), sub)
							sub.Cancel()
							return
						}
						shared.Subscribe(context.Background(), sub)
						<-sub.Done()
					})
				}
				wg.Wait()
			}
		})
	}
}

func TestConnectableArguments(t *testing.T) {
	for want, call := range map[string]func(){
		"operators: Replay of 0 values; it is at least 1, or Unlimited":       func() { operators.Replay(observable.Of(1), 0) },
		"operators: AutoConnect at the subscriber number 0; it is at least 1": func() { operators.Publish(observable.Of(1)).AutoConnect(0) },
	} {
		func() {
			defer func() { diff(t, "panic", recover(), any(want)) }()
			call()
		}()
	}
}
