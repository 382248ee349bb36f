package peers_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

// G1: a producer that waits for a subscriber holds the lock that the
// subscriber needs in order to leave.
func TestG1_SubscriberLeavesWhileTheProducerWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		subject, blocked := observable.NewSubject[int](), observable.NewSubject[int]()
		a, b := marbles.NewTestSubscriber[int](t, 0), marbles.NewTestSubscriber[int](t, 0)
		subject.Subscribe(t.Context(), a)
		backpressure.OnBackpressureBlock[int](1)(blocked.Observable).Subscribe(t.Context(), b)
		var emitted, sent bool
		go func() { emitted = subject.Emit(t.Context(), 1) == nil }()
		go func() {
			blocked.Next(1)
			blocked.Next(2)
			sent = true
		}()
		synctest.Wait()
		same(t, "producers that went on", emitted || sent, false)
		a.Cancel()
		b.Cancel()
		synctest.Wait()
		same(t, "producers that went on after the cancel", emitted && sent, true)
	})
}

// G2: the iterators hide the error.
func TestG2_TerminalsShowTheError(t *testing.T) {
	failing := operators.Concat(observable.Of(1, 2), observable.Throw[int](errBoom))
	var last error
	for _, err := range failing.All(t.Context()) {
		last = err
	}
	same(t, "All", last, errBoom)
	values, errs := failing.Chan(t.Context(), 8)
	n := 0
	for range values {
		n++
	}
	same(t, "values", n, 2)
	same(t, "Chan", <-errs, errBoom)
}

// G2: a channel of errors ends at its first element, taken for a failure.
func TestG2_ErrorsCanBeValues(t *testing.T) {
	ch := make(chan error, 2)
	ch <- errBoom
	ch <- nil
	close(ch)
	got, err := observable.FromChan(ch).Collect(t.Context())
	same(t, "values", got, []error{errBoom, nil})
	same(t, "error", err, nil)
}

// G2: a subject refuses its 33rd subscriber.
func TestG2_SubjectsHaveAnyNumberOfSubscribers(t *testing.T) {
	subject, served := observable.NewSubject[int](), 0
	for range 1000 {
		sub := everything[int](t)
		sub.Each = func(int) { served++ }
		subject.Subscribe(t.Context(), sub)
	}
	subject.Next(1)
	same(t, "served", served, 1000)
}

// G3: ConcatMap deadlocks when an inner observable, one that is not the
// library's, emits while it is being subscribed to.
func TestG3_ConcatMapOfASynchronousSource(t *testing.T) {
	custom := func(v int) observable.Observable[int] {
		return observable.New(func(_ context.Context, s observable.Subscriber[int]) {
			s.OnSubscribe(&pair{s: s, next: v, end: v + 2})
		})
	}
	for _, demand := range []int64{1, observable.Unbounded} {
		sub := marbles.NewTestSubscriber[int](t, demand)
		sub.Each = func(int) { sub.Request(1) }
		operators.ConcatMap(custom)(observable.Of(10, 20)).Subscribe(t.Context(), sub)
		same(t, "values", sub.Values(), []int{10, 11, 20, 21})
		ended(t, sub, nil)
	}
}

// A pair emits next and the value after it, on the goroutine that requests.
type pair struct {
	s         observable.Subscriber[int]
	next, end int
	demand    int64
	busy      bool
}

func (p *pair) Request(n int64) {
	p.demand = max(p.demand, p.demand+n) // saturates
	if p.busy {
		return
	}
	p.busy = true
	for ; p.demand > 0 && p.next < p.end; p.demand-- {
		p.next++
		p.s.OnNext(p.next - 1)
	}
	p.busy = false
	if p.next == p.end {
		p.next++
		p.s.OnComplete()
	}
}

func (p *pair) Cancel() { p.demand, p.next, p.busy = 0, p.end+1, true }

// G4: whoever waits for a timer keeps a processor busy. In a bubble time stands
// still while anybody is busy, so that a wait of that kind would never end.
func TestG4_WaitingForATimerIsIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		loop, trampoline := scheduler.NewEventLoop(), scheduler.NewTrampoline()
		go loop.Run()
		defer loop.Close()
		for _, s := range []scheduler.Scheduler{scheduler.Default, scheduler.Pool(2), loop} {
			n, err := observable.Timer(900*time.Millisecond, scheduler.On(s)).FirstValue(t.Context())
			same(t, "value", n, 0)
			same(t, "error", err, nil)
		}
		sub := everything[int](t)
		trampoline.Run(func() {
			observable.Timer(900*time.Millisecond, scheduler.On(trampoline)).Subscribe(t.Context(), sub)
		})
		ended(t, sub, nil)
	})
}

// G4: idle subscriptions keep a processor busy. Wait would not return.
func TestG4_IdleSubscriptionsAreIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		subject := observable.NewSubject[int]()
		for range 10 {
			operators.ObserveOn[int](scheduler.Default)(subject.Observable).Subscribe(t.Context(), everything[int](t))
		}
		subject.Next(1)
		synctest.Wait()
		subject.Complete()
	})
}

// G5: panics are not recovered, whichever function panics, and wherever.
func TestG5_PanicsEndTheSubscriptionOnly(t *testing.T) {
	oops := func() int { panic("oops") }
	for name, o := range map[string]observable.Observable[int]{
		"producer":  observable.Create(func(context.Context, observable.Emitter[int]) error { oops(); return nil }),
		"function":  observable.FromFunc(func(context.Context) (int, error) { return oops(), nil }),
		"predicate": operators.Filter(func(int) bool { return oops() > 0 })(observable.Of(1)),
		"inner": operators.MergeMap(func(int) observable.Observable[int] {
			return observable.FromSeq(func(func(int) bool) { oops() })
		})(observable.Of(1)),
		"on a timer": operators.Tap(func(int) { oops() })(observable.Timer(0)),
	} {
		sub := everything[int](t)
		o.Subscribe(t.Context(), sub)
		<-sub.Done()
		_, err := sub.Ended()
		same(t, name, panicValue(t, err), "oops")
	}
}
