package operators_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

func clock() *scheduler.Virtual { return scheduler.NewVirtual() }

// What is requested before the source is there is requested then, in one.
func TestSubscribeOnRemembersRequests(t *testing.T) {
	clock, src := clock(), marbles.NewTestSource[int]()
	sub := marbles.NewTestSubscriber[int](t, 2)
	operators.SubscribeOn[int](clock)(src.Observable).Subscribe(t.Context(), sub)
	sub.Request(3)
	if src.Subscriptions() != 0 {
		t.Fatal("subscribed before the task ran")
	}
	clock.AdvanceBy(0)
	sub.Request(1)
	if got, want := src.Requests(), []int64{5, 1}; !slices.Equal(got, want) {
		t.Errorf("requested %v, want %v", got, want)
	}
	sub.Cancel()
	if src.Cancels() != 1 {
		t.Errorf("%d cancels, want 1", src.Cancels())
	}
}

// Behaviour 16: cancelled before the task ran, or inside OnSubscribe.
func TestBehaviour16_SubscribeOnCancelled(t *testing.T) {
	clock, src := clock(), marbles.NewTestSource[int]()
	o := operators.SubscribeOn[int](clock)(src.Observable)
	sub := marbles.NewTestSubscriber[int](t, 2)
	o.Subscribe(t.Context(), sub)
	sub.Cancel()
	o.Subscribe(t.Context(), quitter{})
	if n := clock.Pending(); n != 0 {
		t.Errorf("%d tasks are queued", n)
	}
	clock.AdvanceBy(0)
	if src.Subscriptions() != 0 {
		t.Error("the source was subscribed to")
	}
}

// A quitter cancels at once.
type quitter struct{}

func (quitter) OnSubscribe(up observable.Subscription) { up.Cancel() }
func (quitter) OnNext(int)                             {}
func (quitter) OnError(error)                          {}
func (quitter) OnComplete()                            {}

// Behaviour 39: a scheduler that is closed before the task, or was closed
// before, is an error.
func TestBehaviour39_SubscribeOnClosed(t *testing.T) {
	for name, close := range map[string]func(before bool, s *scheduler.EventLoop){
		"before": func(before bool, s *scheduler.EventLoop) {
			if before {
				s.Close()
			}
		},
		"after": func(before bool, s *scheduler.EventLoop) {
			if !before {
				s.Close()
			}
		},
	} {
		loop := scheduler.NewEventLoop() // nobody runs it
		sub := marbles.NewTestSubscriber[int](t, 1)
		close(true, loop)
		operators.SubscribeOn[int](loop)(observable.Of(1, 2)).Subscribe(t.Context(), sub)
		close(false, loop)
		<-sub.Done()
		if _, err := sub.Ended(); !errors.Is(err, scheduler.ErrClosed) {
			t.Errorf("closed %s subscribing: %v, want ErrClosed", name, err)
		}
	}
}

// Behaviour 29: subscribing panics, on the scheduler.
func TestBehaviour29_SubscribeOnPanics(t *testing.T) {
	clock, sub := clock(), marbles.NewTestSubscriber[int](t, 1)
	operators.SubscribeOn[int](clock)(panicsInSubscribe()).Subscribe(t.Context(), sub)
	clock.AdvanceBy(0)
	_, err := sub.Ended()
	if _, ok := errors.AsType[*observable.PanicError](err); !ok {
		t.Errorf("got %v, want a PanicError", err)
	}
}

// A request, a cancel and the task at once: upstream is cancelled if it is
// subscribed to, and never twice.
func TestSubscribeOnRace(t *testing.T) {
	marbles.Race(500, func(int) ([]func(), func()) {
		clock, src := clock(), marbles.NewTestSource[int]()
		sub := marbles.NewTestSubscriber[int](t, 1)
		operators.SubscribeOn[int](clock)(src.Observable).Subscribe(t.Context(), sub.Outside())
		run := func() { clock.AdvanceBy(0) }
		return []func(){sub.Cancel, run, func() { sub.Request(1) }}, func() {
			if src.Active() != 0 || src.Cancels() > 1 {
				t.Errorf("%d subscriptions left, %d cancels", src.Active(), src.Cancels())
			}
		}
	})
}

func ExampleSubscribeOn() {
	pool := scheduler.Pool(1)
	defer pool.Close()
	o := operators.SubscribeOn[int](pool)(observable.Range(1, 3)) // emits on the pool
	fmt.Println(o.Collect(context.Background()))
	// Output: [1 2 3] <nil>
}
