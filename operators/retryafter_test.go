package operators_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

func TestRetryAfter(t *testing.T) {
	for _, tt := range []struct{ name, source, delay, demand, want string }{
		{"a value goes on", "-a#", "--x--|", "^-----!", "-a---a"},
		{"a completion completes", "-a#", "--|", "^----------!", "-a--|"},
		{"an error fails", "-a#", "--#", "^----------!", "-a--#"},
		{"at once", "-a#", "(x|)", "^---!", "-a-a"},
		{"nothing at once", "-a#", "|", "^---------!", "-a|"},
		{"never", "-a#", "---", "^----!", "-a---"},
		{"a completion of the source", "-a|", "--x", "^---------!", "-a|"},
	} {
		marbles.Run(t, func(m *marbles.Test) {
			src, delay := marbles.Cold[string](m, tt.source), marbles.Cold[string](m, tt.delay)
			op := operators.RetryAfter[string](func(error, int) observable.Observable[string] { return delay.Observable })
			marbles.Expect(m, op(src.Observable)).Named(tt.name).Demand(tt.demand).ToBe(tt.want)
		})
	}
	marbles.Run(t, func(m *marbles.Test) { // the first value is the last that is wanted
		src, delay := marbles.Cold[string](m, "-a#"), marbles.Cold[string](m, "--x-x-x")
		op := operators.RetryAfter[string](func(error, int) observable.Observable[string] { return delay.Observable })
		marbles.Expect(m, op(src.Observable)).Demand("^-------!").ToBe("-a---a---")
		src.ExpectSubscriptions("^-!", "----^-!")
		delay.ExpectSubscriptions("--^-!", "------^-!")
	})
}

func TestRetryAfterCounts(t *testing.T) {
	var asked []string
	f := func(err error, attempt int) observable.Observable[int] {
		if asked = append(asked, fmt.Sprint(err, attempt)); attempt == 3 {
			return observable.Throw[int](err)
		}
		return observable.Of(0)
	}
	bothWays(t, func() {
		asked = nil
		check(t, "RetryAfter", end(operators.RetryAfter[int](f)(failsBefore(9))), errTest, 1, 2, 1, 2, 1, 2)
		if want := []string{"test 1", "test 2", "test 3"}; !slices.Equal(asked, want) {
			t.Errorf("f was asked with %v, want %v", asked, want)
		}
		check(t, "with ResetOnValue", end(operators.RetryAfter[int](f, operators.ResetOnValue)(failsBefore(5))), nil, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2)
	})
}

func TestRetryWhen(t *testing.T) {
	type errs = observable.Observable[error]
	delay := operators.Delay[error](2 * time.Millisecond)
	for _, tt := range []struct {
		name, source, want string
		f                  func(errs) errs
		subs               []string
	}{
		{"each error", "-a#", "-a---a---a---", delay, []string{"^-!", "----^-!", "--------^-!", "------------^!"}},
		{"at once", "-a#", "-a-a-a-a-a-a-", func(o errs) errs { return o }, []string{"^-!", "--^-!", "----^-!", "------^-!", "--------^-!", "----------^-!", "------------^!"}},
		{"one after the other", "-a#", "-a---a---a---", operators.ConcatMap(func(err error) errs { return delay(observable.Of(err)) }), []string{"^-!", "----^-!", "--------^-!", "------------^!"}},
		{"completed", "-a#", "-a|", func(errs) errs { return observable.Empty[error]() }, []string{"^-!"}},
		{"completed at once with a value", "-a#", "-a|", operators.Take[error](1), []string{"^-!"}},
		{"never", "-a#", "-a-----------", func(errs) errs { return observable.Never[error]() }, []string{"^-!"}},
		{"a completion of the source", "-a|", "-a|", delay, []string{"^-!"}},
	} {
		marbles.Run(t, func(m *marbles.Test) {
			src := marbles.Cold[string](m, tt.source)
			marbles.Expect(m, operators.RetryWhen[string](tt.f)(src.Observable)).Named(tt.name).Demand("^------------!").ToBe(tt.want)
			src.ExpectSubscriptions(tt.subs...)
		})
	}
	marbles.Run(t, func(m *marbles.Test) { // it ends while the source emits, which is cancelled
		src, notifier := marbles.Cold[string](m, "-a--b#"), marbles.Hot[string](m, "-------x-|")
		op := operators.RetryWhen[string](func(errs) observable.Observable[string] { return notifier.Observable })
		marbles.Expect(m, op(src.Observable)).ToBe("-a--b---a|")
		src.ExpectSubscriptions("^----!", "-------^-!")
		notifier.ExpectSubscriptions("-----^---!")
	})
	marbles.Run(t, func(m *marbles.Test) { // or fails; a value while the source emits changes nothing
		src, notifier := marbles.Cold[string](m, "-a----b#"), marbles.Hot[string](m, "---------x-x-#")
		op := operators.RetryWhen[string](func(errs) observable.Observable[string] { return notifier.Observable })
		marbles.Expect(m, op(src.Observable)).ToBe("-a----b---a--#")
		src.ExpectSubscriptions("^------!", "---------^---!")
	})
}

// What nobody requests of the errors waits, and the newest is what waits.
func TestRetryWhenErrorsWait(t *testing.T) {
	src, notifier := marbles.NewTestSource[int](), marbles.NewTestSource[int]()
	slow := marbles.NewTestSubscriber[error](t, 0)
	op := operators.RetryWhen[int](func(errs observable.Observable[error]) observable.Observable[int] {
		errs.Subscribe(t.Context(), slow)
		return notifier.Observable
	})
	sub := marbles.NewTestSubscriber[int](t, 1)
	op(src.Observable).Subscribe(t.Context(), sub)
	other := errors.New("other")
	src.Error(errTest)
	notifier.Next(1)
	notifier.Next(2) // the source emits; nobody waits for it
	src.Error(other)
	slow.Request(5)
	if got := slow.Values(); !slices.Equal(got, []error{other}) || src.Subscriptions() != 2 {
		t.Errorf("got the errors %v after %d subscriptions, want the newest after 2", got, src.Subscriptions())
	}
	sub.Cancel()
	slow.Cancel()
	if notifier.Cancels() != 1 || src.Cancels() != 0 {
		t.Errorf("%d cancels of the notifier and %d of the source, want 1 and none: that has failed", notifier.Cancels(), src.Cancels())
	}
}

// Behaviour 6.
func TestBehaviour6_RetryAfterCarriesDemand(t *testing.T) {
	for name, op := range map[string]intOp{
		"Backoff":    operators.Retry[int](9, operators.Backoff(time.Second, time.Second)),
		"RetryAfter": operators.RetryAfter[int](func(error, int) observable.Observable[int] { return observable.Timer(time.Second) }),
		"RetryWhen":  operators.RetryWhen[int](operators.Delay[error](time.Second)),
	} {
		clock, src, sub := clock(), marbles.NewTestSource[int](), marbles.NewTestSubscriber[int](t, 5)
		op(src.Observable).Subscribe(scheduler.With(t.Context(), clock), sub)
		src.Next(1)
		src.Error(errTest)
		sub.Request(2) // while there is no source
		clock.AdvanceBy(time.Second)
		src.Next(2)
		src.Error(errTest)
		clock.AdvanceBy(time.Second)
		if want := []int64{5, 6, 5}; !slices.Equal(src.Requests(), want) {
			t.Errorf("%s: requested %v, want %v", name, src.Requests(), want)
		}
		sub.Cancel()
	}
}

// L7, L12: a cancel stops the timer, and what it would have done.
func TestRetryCancelWhileWaiting(t *testing.T) {
	for name, op := range map[string]intOp{
		"Backoff":    operators.Retry[int](9, operators.Backoff(time.Second, time.Second)),
		"RetryAfter": operators.RetryAfter[int](func(error, int) observable.Observable[int] { return observable.Timer(time.Second) }),
		"RetryWhen":  operators.RetryWhen[int](operators.Delay[error](time.Second)),
	} {
		clock, src, sub := clock(), marbles.NewTestSource[int](), marbles.NewTestSubscriber[int](t, 5)
		op(src.Observable).Subscribe(scheduler.With(t.Context(), clock), sub)
		src.Error(errTest)
		if clock.Pending() != 1 {
			t.Errorf("%s: %d timers while it waits, want 1", name, clock.Pending())
		}
		sub.Cancel()
		if clock.Pending() != 0 {
			t.Errorf("%s: %d timers after the cancel", name, clock.Pending())
		}
		clock.AdvanceBy(time.Hour)
		if src.Subscriptions() != 1 || src.Cancels() != 0 {
			t.Errorf("%s: %d subscriptions, %d cancels; want 1 and none", name, src.Subscriptions(), src.Cancels())
		}
	}
}

// L7: a cancel inside f is the end.
func TestRetryAfterCancelInside(t *testing.T) {
	asked := observable.Defer(func(context.Context) observable.Observable[int] {
		t.Error("what f returned was subscribed to after the cancel")
		return observable.Of(0)
	})
	for name, make := range map[string]func(cancel func()) intOp{
		"RetryAfter": func(cancel func()) intOp {
			return operators.RetryAfter[int](func(error, int) observable.Observable[int] { cancel(); return asked })
		},
		"RetryWhen": func(cancel func()) intOp {
			return operators.RetryWhen[int](func(observable.Observable[error]) observable.Observable[int] { cancel(); return asked })
		},
	} {
		src, sub := marbles.NewTestSource[int](), marbles.NewTestSubscriber[int](t, 5)
		make(sub.CancelInside)(src.Observable).Subscribe(t.Context(), sub)
		src.Error(errTest)
		if ended, err := sub.Ended(); ended || src.Subscriptions() != 1 {
			t.Errorf("%s: ended %t with %v, %d subscriptions; want neither", name, ended, err, src.Subscriptions())
		}
	}
}

// Behaviour 39: a scheduler that is closed ends what waits for it.
func TestBehaviour39_RetryOnAClosedScheduler(t *testing.T) {
	pool, src := scheduler.Pool(1), marbles.NewTestSource[int]()
	for name, close := range map[string]func(){"while it waits": pool.Close, "before": func() {}} {
		sub := marbles.NewTestSubscriber[int](t, 1)
		operators.Retry[int](3, operators.Backoff(time.Hour, time.Hour), scheduler.On(pool))(src.Observable).Subscribe(t.Context(), sub)
		src.Error(errTest)
		if name == "before" {
			pool.Close()
		}
		close()
		<-sub.Done()
		if _, err := sub.Ended(); !errors.Is(err, scheduler.ErrClosed) {
			t.Errorf("closed %s: ended with %v, want ErrClosed", name, err)
		}
	}
}

// L4, L7: the notifier ends the stream, or wants another subscription, while the
// source emits and ends and the subscriber cancels.
func TestRetryWhenRaces(t *testing.T) {
	ledger := marbles.NewLedger(t)
	ctx := observable.WithDroppedError(ledger.Context(t.Context()), func(error) {}) // of the loser
	marbles.Race(2000, func(round int) ([]func(), func()) {
		src, notifier := marbles.NewTestSource[*marbles.Tracked](marbles.IgnoresCancel), marbles.NewTestSource[int]()
		sub := marbles.NewTestSubscriber[*marbles.Tracked](t, observable.Unbounded)
		sub.Each = ledger.Deliver
		operators.RetryWhen[*marbles.Tracked](func(observable.Observable[error]) observable.Observable[int] {
			return notifier.Observable
		})(src.Observable).Subscribe(ctx, sub.Outside())
		src.Error(errTest)
		notifier.Next(0)
		emit := func() {
			for range 3 {
				src.Next(ledger.Produce())
			}
			if round%3 == 0 {
				src.Error(errTest)
			}
		}
		notify := func() {
			notifier.Next(1)
			if round%2 == 0 {
				notifier.Error(errInner)
			} else {
				notifier.Complete()
			}
		}
		racers := []func(){emit, notify}
		if round%5 == 0 {
			racers = append(racers, sub.Cancel)
		}
		return racers, func() {
			sub.Cancel()
			if ended, err := sub.Ended(); round%5 != 0 && (!ended || (round%2 == 0) != (err != nil)) {
				t.Errorf("ended %t with %v", ended, err)
			}
			if notifier.Active() != 0 {
				t.Error("the notifier is subscribed to still")
			}
		}
	})
}

// A retry against a cancel: the source is subscribed to and cancelled, or not
// subscribed to.
func TestRetryAfterRace(t *testing.T) {
	marbles.Race(1000, func(int) ([]func(), func()) {
		clock, src := clock(), marbles.NewTestSource[int]()
		sub := marbles.NewTestSubscriber[int](t, 1)
		ctx := observable.WithDroppedError(t.Context(), func(error) {})
		operators.Retry[int](9, operators.Backoff(time.Second, time.Second), scheduler.On(clock))(src.Observable).Subscribe(ctx, sub.Outside())
		fail := func() { src.Error(errTest) }
		return []func(){sub.Cancel, fail, func() { clock.AdvanceBy(time.Second) }, func() { sub.Request(1) }}, func() {
			if src.Active() != 0 || src.Cancels() > 1 || clock.Pending() != 0 {
				t.Errorf("%d subscriptions left, %d cancels, %d timers", src.Active(), src.Cancels(), clock.Pending())
			}
		}
	})
}

func ExampleRetryAfter() {
	tries := 0
	connect := observable.Defer(func(context.Context) observable.Observable[string] {
		if tries++; tries < 3 {
			return observable.Throw[string](errors.New("no connection"))
		}
		return observable.Of("hello")
	})
	patiently := operators.RetryAfter[string](func(err error, attempt int) observable.Observable[int] {
		if attempt > 5 {
			return observable.Throw[int](err)
		}
		return observable.Timer(time.Duration(attempt) * time.Millisecond)
	})
	fmt.Println(patiently(connect).Collect(context.Background()))
	// Output: [hello] <nil>
}

func ExampleRetryWhen() {
	tries := 0
	connect := observable.Defer(func(context.Context) observable.Observable[string] {
		tries++
		return operators.StartWith(fmt.Sprint("try ", tries))(observable.Throw[string](errors.New("no connection")))
	})
	// A pause after each error, and a third try that is the last.
	pauses := func(errs observable.Observable[error]) observable.Observable[error] {
		return observable.Pipe2(errs, operators.Delay[error](time.Millisecond), operators.Take[error](2))
	}
	fmt.Println(operators.RetryWhen[string](pauses)(connect).Collect(context.Background()))
	// Output: [try 1 try 2 try 3] <nil>
}
