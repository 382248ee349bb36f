package operators_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/internal/fates"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

func ExampleMulticast() {
	status := operators.Multicast(
		func() operators.Hub[string] { return observable.NewReplay[string](1, 0) },
		operators.KeepOnComplete,
	)(observable.Of("starting", "ready"))
	for range 2 {
		fmt.Println(status.Collect(context.Background()))
	}
	// Output:
	// [starting ready] <nil>
	// [ready] <nil>
}

// A factory makes subjects and counts them.
type factory struct{ made []*observable.Subject[int] }

func (f *factory) make() operators.Hub[int] {
	f.made = append(f.made, observable.NewSubject[int]())
	return f.made[len(f.made)-1]
}

func TestMulticast(t *testing.T) {
	linkedAndNot(t, func(t *testing.T) {
		var f factory
		src := marbles.NewTestSource[int]()
		shared := operators.Multicast(f.make)(src.Observable)
		diff(t, "subjects before the first subscriber", len(f.made), 0)
		a := unbounded(t, shared)
		diff(t, "requests", src.Requests(), []int64{observable.Unbounded})
		src.Next(1)
		b := unbounded(t, shared)
		src.Next(2)
		a.Cancel()
		src.Next(3)
		diff(t, "values", [][]int{a.Values(), b.Values()}, [][]int{{1, 2}, {2, 3}})
		b.Cancel()
		diff(t, "cancels", src.Cancels(), 1)
		d := unbounded(t, shared)
		src.Next(4)
		src.Complete()
		ended(t, d, nil)
		e := unbounded(t, shared)
		src.Error(errInner)
		ended(t, e, errInner)
		diff(t, "subjects and subscriptions", []int{len(f.made), src.Subscriptions()}, []int{3, 3})
	})
}

func TestMulticastKeeps(t *testing.T) {
	for _, keep := range []operators.Keeping{0, operators.KeepOnComplete, operators.KeepOnError, operators.KeepWhenIdle} {
		var opts []operators.MulticastOption
		if keep != 0 {
			opts = append(opts, keep)
		}
		for how, end := range map[operators.Keeping]func(*marbles.TestSource[int], *marbles.TestSubscriber[int]){
			operators.KeepOnComplete: func(src *marbles.TestSource[int], _ *marbles.TestSubscriber[int]) { src.Complete() },
			operators.KeepOnError:    func(src *marbles.TestSource[int], _ *marbles.TestSubscriber[int]) { src.Error(errInner) },
			operators.KeepWhenIdle:   func(_ *marbles.TestSource[int], sub *marbles.TestSubscriber[int]) { sub.Cancel() },
		} {
			t.Run(fmt.Sprint(keep, " and ", how), func(t *testing.T) {
				src := marbles.NewTestSource[int]()
				shared := operators.Multicast(func() operators.Hub[int] { return observable.NewReplay[int](1, 0) }, opts...)(src.Observable)
				a := unbounded(t, shared)
				src.Next(1)
				end(src, a)
				b := unbounded(t, shared)
				kept := keep == how
				if want := map[bool]int{false: 2, true: 1}[kept]; src.Subscriptions() != want {
					t.Errorf("%d subscriptions, want %d", src.Subscriptions(), want)
				}
				if got := len(b.Values()) == 1; got != kept {
					t.Errorf("the next one got %v", b.Values())
				}
				switch {
				case !kept || how == operators.KeepWhenIdle:
					running(t, b)
				case how == operators.KeepOnComplete:
					ended(t, b, nil)
				default:
					ended(t, b, errInner)
				}
			})
		}
	}
}

// The subject fails the slow one, and leaves the others alone.
func TestBehaviour36_MulticastFailsTheSlow(t *testing.T) {
	src := marbles.NewTestSource[int]()
	shared := operators.Multicast(func() operators.Hub[int] { return observable.NewSubject[int]() })(src.Observable)
	fast, slow := unbounded(t, shared), requesting(t, shared, 1)
	patient := marbles.NewTestSubscriber[int](t, 1)
	backpressure.OnBackpressureLatest[int]()(shared).Subscribe(context.Background(), patient)
	for i := range 3 {
		src.Next(i + 1)
	}
	var overflow *observable.OverflowError
	if is, err := slow.Ended(); !is || !errors.As(err, &overflow) {
		t.Errorf("ended %t with %v, want an OverflowError", is, err)
	}
	patient.Request(1)
	diff(t, "values", [][]int{fast.Values(), slow.Values(), patient.Values()}, [][]int{{1, 2, 3}, {1}, {1, 3}})
	fast.Cancel()
	patient.Cancel()
	diff(t, "cancels", src.Cancels(), 1) // the one that failed does not count any more
	alone := requesting(t, shared, 0)
	src.Next(4)
	diff(t, "cancels", src.Cancels(), 2)
	if is, _ := alone.Ended(); !is {
		t.Error("it goes on, want an OverflowError")
	}
}

func TestBehaviour16_MulticastCancelInsideOnSubscribe(t *testing.T) {
	var f factory
	src := marbles.NewTestSource[int]()
	shared := operators.Multicast(f.make)(src.Observable)
	shared.Subscribe(context.Background(), quitter{})
	diff(t, "subscriptions", src.Subscriptions(), 0)
	a := unbounded(t, shared)
	shared.Subscribe(context.Background(), quitter{})
	src.Next(1)
	diff(t, "values", a.Values(), []int{1})
	a.Cancel()
	diff(t, "cancels", src.Cancels(), 1)
	diff(t, "subjects", len(f.made), 2)
}

// L3: subscribing and leaving inside OnNext and OnComplete.
func TestMulticastReentrantly(t *testing.T) {
	var f factory
	src := marbles.NewTestSource[int]()
	shared := operators.Multicast(f.make)(src.Observable)
	a, b := marbles.NewTestSubscriber[int](t, observable.Unbounded), marbles.NewTestSubscriber[int](t, observable.Unbounded)
	a.Each = func(v int) {
		if v == 1 {
			shared.Subscribe(context.Background(), b)
		} else {
			a.CancelInside()
		}
	}
	shared.Subscribe(context.Background(), a)
	again := marbles.NewTestSubscriber[int](t, observable.Unbounded)
	shared.Subscribe(context.Background(), &returner{func() { shared.Subscribe(context.Background(), again) }})
	src.Next(1)
	src.Next(2)
	src.Complete() // a returner does not request: it has failed, and b is the last
	diff(t, "values", [][]int{a.Values(), b.Values()}, [][]int{{1, 2}, {2}})

	shared.Subscribe(context.Background(), &returner{func() { shared.Subscribe(context.Background(), again) }})
	src.Complete()
	src.Next(3)
	diff(t, "values of who came in OnComplete", again.Values(), []int{3})
}

// Behaviour 29, L11.
func TestBehaviour29_MulticastPanics(t *testing.T) {
	src := marbles.NewTestSource[int]()
	calls := 0
	shared := operators.Multicast(func() operators.Hub[int] {
		switch calls++; calls {
		case 1:
			panic("boom")
		case 2:
			return nil
		}
		return observable.NewSubject[int]()
	})(src.Observable)
	for range 2 {
		var p *observable.PanicError
		if is, err := unbounded(t, shared).Ended(); !is || !errors.As(err, &p) {
			t.Errorf("ended %t with %v, want a PanicError", is, err)
		}
	}
	good := unbounded(t, shared)
	bad := marbles.NewTestSubscriber[int](t, observable.Unbounded)
	bad.Each = func(int) { panic("boom") }
	shared.Subscribe(context.Background(), bad)
	leaving := marbles.NewTestSubscriber[int](t, observable.Unbounded)
	exits(func() { shared.Subscribe(context.Background(), leaver{leaving.Outside()}) })
	src.Next(1)
	src.Next(2)
	diff(t, "values", [][]int{good.Values(), bad.Values(), leaving.Values()}, [][]int{{1, 2}, {1}, nil})
	good.Cancel()
	diff(t, "cancels", src.Cancels(), 1)
}

// Behaviour 40: the ctx of one subscriber does not end the others.
func TestBehaviour40_MulticastOutlivesTheFirstCtx(t *testing.T) {
	clock := scheduler.NewVirtual()
	first, cancel := context.WithCancel(scheduler.With(context.Background(), clock))
	var seen context.Context
	subject := observable.NewSubject[int]()
	shared := operators.Multicast(func() operators.Hub[int] { return observable.NewSubject[int]() })(observable.Defer(func(ctx context.Context) ints {
		seen = ctx
		return subject.Observable
	}))
	a := marbles.NewTestSubscriber[int](t, observable.Unbounded)
	shared.Subscribe(first, a.Outside())
	b, got := marbles.NewTestSubscriber[int](t, observable.Unbounded), make(chan int, 1)
	b.Each = func(v int) { got <- v }
	shared.Subscribe(context.Background(), b.Outside())
	cancel()
	subject.Next(1) // perhaps while a leaves, on another goroutine, which then delivers it
	diff(t, "value", <-got, 1)
	if seen.Err() != nil || scheduler.From(seen) != scheduler.Scheduler(clock) {
		t.Error("the source does not have the values of the first ctx, or has its cancellation")
	}
	b.Cancel()
	<-seen.Done() // when a has left, too
}

// L16: an error that nobody is there for goes to the hook.
func TestMulticastReportsAnUnheardError(t *testing.T) {
	for _, opts := range [][]operators.MulticastOption{
		{operators.KeepWhenIdle},
		{operators.KeepWhenIdle, operators.KeepOnError},
	} {
		var dropped []error
		ctx := observable.WithDroppedError(context.Background(), func(err error) { dropped = append(dropped, err) })
		src := marbles.NewTestSource[int]()
		shared := operators.Multicast(func() operators.Hub[int] { return observable.NewSubject[int]() }, opts...)(src.Observable)
		a := marbles.NewTestSubscriber[int](t, 1)
		shared.Subscribe(ctx, a)
		a.Cancel()
		src.Error(errInner)
		if want := 2 - len(opts); len(dropped) != want {
			t.Errorf("with %v: dropped %v, want %d", opts, dropped, want)
		}
	}
}

// Behaviour 36: whoever comes while others leave gets an end or a fresh run.
func TestBehaviour36_MulticastNeverSilent(t *testing.T) {
	for _, procs := range []int{1, 2, 8} {
		t.Run(fmt.Sprint("GOMAXPROCS=", procs), func(t *testing.T) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
			for round := range 200 {
				shared := operators.Multicast(func() operators.Hub[int] { return observable.NewReplay[int](operators.Unlimited, 0) })(observable.Range(0, round%5))
				var wg sync.WaitGroup
				for s := range 4 {
					wg.Go(func() {
						sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
						shared.Subscribe(context.Background(), sub)
						if s%2 == 1 {
							sub.Cancel()
							return
						}
						<-sub.Done()
						diff(t, "values", len(sub.Values()), round%5)
					})
				}
				wg.Wait()
			}
		})
	}
}

func TestMulticastArguments(t *testing.T) {
	subject := func() operators.Hub[int] { return observable.NewSubject[int]() }
	for want, call := range map[string]func(){
		"operators: Multicast with a nil function": func() { operators.Multicast[int](nil) },
		"operators: Multicast with the unknown option <nil>; there are KeepOnComplete, KeepOnError and KeepWhenIdle": func() { operators.Multicast(subject, nil) },
		"operators: Multicast with the unknown option 9; there are KeepOnComplete, KeepOnError and KeepWhenIdle":     func() { operators.Multicast(subject, operators.Keeping(9)) },
	} {
		func() {
			defer func() { diff(t, "panic", recover(), any(want)) }()
			call()
		}()
	}
}

// L9: a Unicast that has overflowed accounts for what Multicast still gives it.
func TestMulticastByAUnicastThatOverflows(t *testing.T) {
	book := fates.New()
	ctx := observable.WithDiscard(t.Context(), func(v any, why observable.DiscardReason) {
		book.Discarded[v.(int)] = append(book.Discarded[v.(int)], why)
	})
	o := operators.Multicast(func() operators.Hub[int] { return observable.NewUnicast[int](2) })(observable.Range(1, 9))
	sub := marbles.NewTestSubscriber[int](t, 1)
	sub.Each = func(v int) { book.Delivered[v]++ }
	o.Subscribe(ctx, sub)
	sub.Request(observable.Unbounded)
	for v := range 9 {
		book.Produced = append(book.Produced, v+1)
	}
	for _, p := range book.Problems(false) {
		t.Error(p)
	}
	if _, err := sub.Ended(); !errors.As(err, new(*observable.OverflowError)) {
		t.Errorf("ended with %v, want an OverflowError", err)
	}
}

// A failing hub lets its source fail when its subscriber has left it, and before
// Multicast has heard of that.
type failingHub struct {
	*observable.Subject[int]
	fail func()
}

func (h failingHub) Subscribe(ctx context.Context, s observable.Subscriber[int]) {
	h.Subject.Subscribe(ctx, &failingMember{Subscriber: s, fail: h.fail})
}

type failingMember struct {
	observable.Subscriber[int]
	observable.Subscription
	fail func()
}

func (m *failingMember) OnSubscribe(up observable.Subscription) {
	m.Subscription = up
	m.Subscriber.OnSubscribe(m)
}

func (m *failingMember) Cancel() {
	m.Subscription.Cancel()
	m.fail()
}

// L16.
func TestMulticastSourceFailsAsTheLastOneLeaves(t *testing.T) {
	var lost []error
	ctx := observable.WithDroppedError(t.Context(), func(err error) { lost = append(lost, err) })
	src := marbles.NewTestSource[int]()
	fail := func() { src.Error(errTest) }
	o := operators.Multicast(func() operators.Hub[int] {
		return failingHub{observable.NewSubject[int](), fail}
	})(src.Observable)
	sub := marbles.NewTestSubscriber[int](t, 1)
	o.Subscribe(ctx, sub)
	sub.Cancel()
	if len(lost) != 1 || !errors.Is(lost[0], errTest) {
		t.Errorf("reported %v, want the error of the source, once", lost)
	}
}
