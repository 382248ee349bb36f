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

func ExampleShare() {
	shared := observable.Pipe2(
		observable.Range(1, 2),
		operators.Tap(func(v int) { fmt.Println("computed", v) }),
		operators.Share,
	)
	negated := observable.Pipe1(shared, operators.Map(func(v int) int { return -v }))
	all, err := operators.Zip2(shared, negated, func(a, b int) string { return fmt.Sprint(a, b) }).Collect(context.Background())
	fmt.Printf("%q %v\n", all, err)
	// Output:
	// computed 1
	// computed 2
	// ["1 -1" "2 -2"] <nil>
}

func TestShare(t *testing.T) {
	src := marbles.NewTestSource[int]()
	shared := operators.Share(src.Observable)
	a, b := marbles.NewTestSubscriber[int](t, observable.Unbounded), marbles.NewTestSubscriber[int](t, observable.Unbounded)
	diff(t, "subscriptions before the first subscriber", src.Subscriptions(), 0)
	shared.Subscribe(context.Background(), a)
	src.Next(1)
	shared.Subscribe(context.Background(), b)
	diff(t, "subscriptions", src.Subscriptions(), 1)
	src.Next(2)
	a.Cancel()
	src.Next(3)
	diff(t, "values", [][]int{a.Values(), b.Values()}, [][]int{{1, 2}, {2, 3}})
	diff(t, "active", src.Active(), 1)
	b.Cancel()
	diff(t, "cancels", src.Cancels(), 1)

	c := marbles.NewTestSubscriber[int](t, observable.Unbounded)
	shared.Subscribe(context.Background(), c)
	diff(t, "subscriptions after all had left", src.Subscriptions(), 2)
	src.Next(4)
	src.Complete()
	ended(t, c, nil)
	diff(t, "values", c.Values(), []int{4})

	d := marbles.NewTestSubscriber[int](t, observable.Unbounded)
	shared.Subscribe(context.Background(), d)
	diff(t, "subscriptions after the end", src.Subscriptions(), 3)
	src.Error(errInner)
	ended(t, d, errInner)
}

func TestBehaviour36_TheSlowestSetsThePace(t *testing.T) {
	src := marbles.NewTestSource[int]()
	shared := operators.Share(src.Observable)
	fast, slow := marbles.NewTestSubscriber[int](t, 0), marbles.NewTestSubscriber[int](t, 0)
	shared.Subscribe(context.Background(), fast)
	shared.Subscribe(context.Background(), slow)
	fast.Request(10)
	diff(t, "requests", src.Requests(), []int64(nil))
	slow.Request(2)
	diff(t, "requests", src.Requests(), []int64{2})
	src.Next(1)
	src.Next(2)
	slow.Request(1)
	diff(t, "requests", src.Requests(), []int64{2, 1})
	src.Next(3)
	slow.Cancel() // un-stalls the others
	diff(t, "requests", src.Requests(), []int64{2, 1, 7})
	src.Next(4)
	diff(t, "values", [][]int{fast.Values(), slow.Values()}, [][]int{{1, 2, 3, 4}, {1, 2, 3}})
	fast.Cancel()
}

func TestShareRequestsInWindows(t *testing.T) {
	src := marbles.NewTestSource[int]()
	sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
	operators.Share(src.Observable).Subscribe(context.Background(), sub)
	for i := range 250 {
		src.Next(i)
	}
	diff(t, "requests", src.Requests(), []int64{128, 96, 96})
	diff(t, "values", len(sub.Values()), 250)
	sub.Cancel()
}

// What was asked for before a slower subscriber came waits for it.
func TestShareHoldsForANewcomer(t *testing.T) {
	var lost discards
	src := marbles.NewTestSource[int]()
	shared := operators.Share(src.Observable)
	fast, slow := marbles.NewTestSubscriber[int](t, 5), marbles.NewTestSubscriber[int](t, 0)
	shared.Subscribe(lost.context(), fast)
	src.Next(1)
	shared.Subscribe(context.Background(), slow)
	for i := range 4 {
		src.Next(2 + i)
	}
	diff(t, "values", [][]int{fast.Values(), slow.Values()}, [][]int{{1}, nil})
	slow.Request(2)
	diff(t, "values", [][]int{fast.Values(), slow.Values()}, [][]int{{1, 2, 3}, {2, 3}})
	diff(t, "requests", src.Requests(), []int64{5})
	src.Complete()
	running(t, fast)

	late := marbles.NewTestSubscriber[int](t, 9) // joins what is left
	shared.Subscribe(context.Background(), late)
	slow.Request(1)
	diff(t, "values of a newcomer", late.Values(), []int{4})
	slow.Cancel()
	diff(t, "values", [][]int{fast.Values(), late.Values()}, [][]int{{1, 2, 3, 4, 5}, {4, 5}})
	ended(t, fast, nil)
	ended(t, late, nil)
	diff(t, "discarded", lost.got, []string(nil))
}

func TestShareDiscards(t *testing.T) {
	for _, how := range []string{"error", "cancel"} {
		t.Run(how, func(t *testing.T) {
			var lost discards
			src := marbles.NewTestSource[int]()
			shared := operators.Share(src.Observable)
			fast, slow := marbles.NewTestSubscriber[int](t, 5), marbles.NewTestSubscriber[int](t, 0)
			shared.Subscribe(lost.context(), fast)
			shared.Subscribe(context.Background(), slow)
			src.Next(1)
			src.Next(2)
			if how == "error" {
				src.Error(errInner)
				ended(t, fast, errInner)
				ended(t, slow, errInner)
			} else {
				fast.Cancel()
				slow.Cancel()
				src.Next(3)
			}
			diff(t, "discarded", lost.got, []string{"1 " + how, "2 " + how})
		})
	}
}

func TestBehaviour16_ShareCancelInsideOnSubscribe(t *testing.T) {
	src := marbles.NewTestSource[int]()
	shared := operators.Share(src.Observable)
	shared.Subscribe(context.Background(), quitter{})
	diff(t, "subscriptions", src.Subscriptions(), 0)
	sub := marbles.NewTestSubscriber[int](t, 3)
	shared.Subscribe(context.Background(), sub)
	shared.Subscribe(context.Background(), quitter{})
	diff(t, "active", src.Active(), 1)
	src.Next(1)
	diff(t, "values", sub.Values(), []int{1})
	sub.Cancel()
	diff(t, "cancels", src.Cancels(), 1)
	diff(t, "active", src.Active(), 0)
}

func TestShareOfASynchronousSource(t *testing.T) {
	linkedAndNot(t, func(t *testing.T) {
		shared := operators.Share(observable.Range(0, 1000))
		for range 2 { // the second time it starts afresh
			all, err := shared.Collect(context.Background())
			if err != nil || len(all) != 1000 {
				t.Errorf("%d values, error %v", len(all), err)
			}
		}
		a, b := marbles.NewTestSubscriber[int](t, 3), marbles.NewTestSubscriber[int](t, 0)
		shared.Subscribe(context.Background(), a)
		shared.Subscribe(context.Background(), b)
		b.Request(observable.Unbounded)
		a.Request(observable.Unbounded)
		diff(t, "values of the first", len(a.Values()), 1000)
		diff(t, "values of the second", len(b.Values()), 997)
		ended(t, a, nil)
		ended(t, b, nil)
	})
}

// L3: subscribing and cancelling inside OnNext.
func TestShareReentrantly(t *testing.T) {
	src := marbles.NewTestSource[int]()
	shared := operators.Share(src.Observable)
	a, b, c := marbles.NewTestSubscriber[int](t, observable.Unbounded), marbles.NewTestSubscriber[int](t, observable.Unbounded), marbles.NewTestSubscriber[int](t, observable.Unbounded)
	a.Each = func(v int) {
		switch v {
		case 1:
			shared.Subscribe(context.Background(), c)
		case 2:
			b.Cancel() // b is next
		case 3:
			a.CancelInside()
		}
	}
	shared.Subscribe(context.Background(), a)
	shared.Subscribe(context.Background(), b)
	for i := range 4 {
		src.Next(i + 1)
	}
	diff(t, "values", [][]int{a.Values(), b.Values(), c.Values()}, [][]int{{1, 2, 3}, {1}, {2, 3, 4}})
	c.Cancel()
	diff(t, "active", src.Active(), 0)
}

// Subscribing again inside OnComplete gets a fresh run, not silence.
func TestBehaviour36_SubscribingInsideOnComplete(t *testing.T) {
	src := marbles.NewTestSource[int]()
	shared := operators.Share(src.Observable)
	again := marbles.NewTestSubscriber[int](t, 1)
	shared.Subscribe(context.Background(), &returner{func() { shared.Subscribe(context.Background(), again) }})
	src.Complete()
	diff(t, "subscriptions", src.Subscriptions(), 2)
	src.Next(1)
	diff(t, "values", again.Values(), []int{1})
	again.Cancel()
}

// A returner does something at the end.
type returner struct{ complete func() }

func (*returner) OnSubscribe(observable.Subscription) {}
func (*returner) OnNext(int)                          {}
func (*returner) OnError(error)                       {}
func (r *returner) OnComplete()                       { r.complete() }

// Behaviour 29, L11.
func TestSharePanicEndsOneSubscriber(t *testing.T) {
	linkedAndNot(t, func(t *testing.T) {
		for _, outside := range []bool{false, true} {
			shared := operators.Share(observable.Range(0, 300))
			a, b, c := marbles.NewTestSubscriber[int](t, 0), marbles.NewTestSubscriber[int](t, 0), marbles.NewTestSubscriber[int](t, 0)
			b.Each = func(v int) {
				if v == 200 {
					panic("boom")
				}
			}
			for _, s := range []*marbles.TestSubscriber[int]{a, b, c} {
				if outside {
					shared.Subscribe(context.Background(), s.Outside())
				} else {
					shared.Subscribe(context.Background(), s)
				}
			}
			for _, s := range []*marbles.TestSubscriber[int]{a, b, c} {
				s.Request(observable.Unbounded)
			}
			var p *observable.PanicError
			if is, err := b.Ended(); !is || !errors.As(err, &p) || p.Value != "boom" {
				t.Errorf("ended %t with %v, want a PanicError", is, err)
			}
			diff(t, "values", []int{len(a.Values()), len(b.Values()), len(c.Values())}, []int{300, 201, 300})
			ended(t, a, nil)
			ended(t, c, nil)
		}
	})
}

func TestShareBadRequestEndsOneSubscriber(t *testing.T) {
	src := marbles.NewTestSource[int]()
	shared := operators.Share(src.Observable)
	a, b := marbles.NewTestSubscriber[int](t, 5), marbles.NewTestSubscriber[int](t, 1)
	shared.Subscribe(context.Background(), a)
	shared.Subscribe(context.Background(), b.Outside())
	b.Request(0)
	var bad *observable.BadRequestError
	if is, err := b.Ended(); !is || !errors.As(err, &bad) {
		t.Errorf("ended %t with %v, want a BadRequestError", is, err)
	}
	diff(t, "requests", src.Requests(), []int64{5})
	src.Next(1)
	diff(t, "values", a.Values(), []int{1})
	a.Cancel()
}

// Behaviour 40, L14: the ctx of the first subscriber gives its values to the
// source, not its cancellation.
func TestBehaviour40_ShareOutlivesTheFirstCtx(t *testing.T) {
	clock := scheduler.NewVirtual()
	first, cancel := context.WithCancel(scheduler.With(context.Background(), clock))
	var seen context.Context
	src := marbles.NewTestSource[int]()
	shared := operators.Share(observable.Defer(func(ctx context.Context) observable.Observable[int] {
		seen = ctx
		return src.Observable
	}))
	a, b := marbles.NewTestSubscriber[int](t, 9), marbles.NewTestSubscriber[int](t, 9)
	left := make(chan struct{})
	operators.Finally[int](func() { close(left) })(shared).Subscribe(first, a.Outside())
	shared.Subscribe(context.Background(), b.Outside())
	src.Next(1)
	cancel()
	<-left // the cancel comes on a goroutine of its own
	src.Next(2)
	diff(t, "values", b.Values(), []int{1, 2})
	if seen.Err() != nil || src.Active() != 1 {
		t.Error("the cancellation of the first subscriber reached the source")
	}
	if scheduler.From(seen) != scheduler.Scheduler(clock) {
		t.Error("the source does not have the first subscriber's scheduler")
	}
	b.Cancel()
	for src.Active() > 0 {
		runtime.Gosched() // a may not have left yet
	}
	<-seen.Done()
}

// Behaviour 36: whoever subscribes while the source ends gets an end or a run
// of its own.
func TestBehaviour36_NeverSilence(t *testing.T) {
	for _, procs := range []int{1, 2, 8} {
		t.Run(fmt.Sprint("GOMAXPROCS=", procs), func(t *testing.T) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
			for round := range 300 {
				shared := operators.Share(observable.Create(func(_ context.Context, emit observable.Emitter[int]) error {
					for i := range round % 7 {
						if !emit.Next(i) {
							return nil
						}
					}
					return nil
				}))
				var wg sync.WaitGroup
				for s := range 4 {
					wg.Go(func() {
						sub := marbles.NewTestSubscriber[int](t, 1)
						sub.Each = func(int) { sub.Request(1) }
						if s == 3 && round%2 == 0 {
							sub.Each = func(int) { sub.Cancel() }
						}
						shared.Subscribe(context.Background(), sub)
						if s == 3 && round%2 == 0 {
							sub.Cancel()
							return
						}
						<-sub.Done()
					})
				}
				wg.Wait()
			}
		})
	}
}

// L9: a source that emits more than it was asked for is stopped, and no value
// disappears.
func TestShareOverflow(t *testing.T) {
	ledger := marbles.NewLedger(t)
	src := marbles.NewTestSource[*marbles.Tracked](marbles.Overruns)
	sub := marbles.NewTestSubscriber[*marbles.Tracked](t, 1)
	sub.Each = ledger.Deliver
	operators.Share(src.Observable).Subscribe(ledger.Context(t.Context()), sub)
	for range 200 {
		src.Next(ledger.Produce())
		if src.Active() == 0 {
			break
		}
	}
	var overflow *observable.OverflowError
	if is, err := sub.Ended(); !is || !errors.As(err, &overflow) || overflow.Op != "Share" {
		t.Errorf("ended %t with %v, want an OverflowError of Share", is, err)
	}
	diff(t, "cancels of the source", src.Cancels(), 1)
}

// What a subscriber did not count was asked for again only with the next value,
// which did not come.
func TestShareAsksForAnotherValueInPlaceOfOneThatIsRefused(t *testing.T) {
	for name, op := range map[string]observable.Operator[int, int]{
		"Share":       operators.Share[int],
		"ShareReplay": operators.ShareReplay[int](2),
		"Connect":     operators.Connect(func(o observable.Observable[int]) observable.Observable[int] { return o }),
	} {
		t.Run(name, func(t *testing.T) {
			sub := marbles.NewTestSubscriber[int](t, 1)
			observable.Pipe2(observable.Range(1, 9), op, operators.Filter(func(v int) bool { return v == 9 })).
				Subscribe(t.Context(), sub)
			diff(t, "with one value requested, values", sub.Values(), []int{9})
		})
	}
}
