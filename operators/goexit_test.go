package operators_test

import (
	"runtime"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

// exits calls f on a goroutine that f may leave, as t.FailNow does.
func exits(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	<-done
}

// A leaver leaves its goroutine inside OnSubscribe, after it has requested.
type leaver struct{ observable.Subscriber[int] }

func (l leaver) OnSubscribe(up observable.Subscription) {
	l.Subscriber.OnSubscribe(up)
	runtime.Goexit()
}

// Behaviour 29, L11: a callback that leaves its goroutine counts as a panic.
// Its stream ends, and nothing is held for ever.
func TestBehaviour29_CallbacksLeaveTheirGoroutine(t *testing.T) {
	leave := func(int) observable.Observable[int] { runtime.Goexit(); panic("unreachable") }
	two := func(int) observable.Observable[int] { return observable.Of(7, 8) }
	for name, op := range map[string]intOp{
		"MergeMap": operators.MergeMap(leave), "ConcatMap": operators.ConcatMap(leave), "SwitchMap": operators.SwitchMap(leave),
	} {
		t.Run(name+"/f", func(t *testing.T) {
			sub := marbles.NewTestSubscriber[int](t, 5)
			exits(func() { op(observable.Of(1, 2, 3)).Subscribe(t.Context(), sub.Outside()) })
			<-sub.Done()
		})
	}
	for name, op := range map[string]intOp{
		"MergeMap": operators.MergeMap(two), "ConcatMap": operators.ConcatMap(two), "SwitchMap": operators.SwitchMap(two),
		"ObserveOn": operators.ObserveOn[int](scheduler.Default),
	} {
		t.Run(name+"/OnNext", func(t *testing.T) {
			sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
			sub.Each = func(int) { runtime.Goexit() }
			exits(func() { op(observable.Of(1, 2, 3)).Subscribe(t.Context(), sub.Outside()) })
			<-sub.Done()
		})
		t.Run(name+"/OnSubscribe", func(t *testing.T) {
			sub := marbles.NewTestSubscriber[int](t, 5)
			exits(func() { op(observable.Of(1, 2, 3)).Subscribe(t.Context(), leaver{sub.Outside()}) })
			<-sub.Done()
		})
	}
}

// The others who share a source go on.
func TestBehaviour29_SharersLeaveTheirGoroutine(t *testing.T) {
	t.Run("OnNext", func(t *testing.T) {
		subject := observable.NewSubject[int]()
		shared := operators.Share(subject.Observable)
		bad, good := marbles.NewTestSubscriber[int](t, 9), marbles.NewTestSubscriber[int](t, 9)
		bad.Each = func(int) { runtime.Goexit() }
		shared.Subscribe(t.Context(), bad.Outside())
		shared.Subscribe(t.Context(), good)
		exits(func() { subject.Next(1) })
		subject.Next(2)
		subject.Complete()
		<-bad.Done()
		<-good.Done()
		diff(t, "values of the other", good.Values(), []int{1})
	})
	t.Run("OnSubscribe", func(t *testing.T) {
		subject := observable.NewSubject[int]()
		shared := operators.Share(subject.Observable)
		bad, good := marbles.NewTestSubscriber[int](t, 9), marbles.NewTestSubscriber[int](t, 9)
		exits(func() { shared.Subscribe(t.Context(), leaver{bad.Outside()}) })
		shared.Subscribe(t.Context(), good)
		subject.Next(1)
		subject.Complete()
		<-bad.Done()
		<-good.Done()
		diff(t, "values of the other", good.Values(), []int{1})
	})
}
