package peers_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

// S1: a synchronous source runs to its end although nobody listens any more.
func TestS1_TakeStopsASynchronousSource(t *testing.T) {
	calls := 0
	count := operators.Tap(func(int) { calls++ })
	got, _ := observable.Pipe2(observable.Range(0, 100_000_000), count, operators.Take[int](1)).Collect(t.Context())
	same(t, "values", got, []int{0})
	same(t, "calls", calls, 1)
}

// S2: after a panic come an error, further values and the completion. That
// nothing follows the error is checked by the subscriber.
func TestS2_NothingFollowsAPanic(t *testing.T) {
	sub := everything[int](t)
	operators.Map(func(v int) int {
		if v == 2 {
			panic("oops")
		}
		return v
	})(observable.Of(1, 2, 3)).Subscribe(t.Context(), sub)
	same(t, "values", sub.Values(), []int{1})
	_, err := sub.Ended()
	same(t, "panic", panicValue(t, err), "oops")
}

// S2: the same for a panic of the subscriber itself, which is invisible there.
func TestS2_NothingFollowsAPanicOfTheSubscriber(t *testing.T) {
	var signals []string
	r := observable.Of(1, 2, 3).Run(t.Context(), observable.Observer[int]{
		Next:     func(int) { signals = append(signals, "next"); panic("oops") },
		Error:    func(error) { signals = append(signals, "error") },
		Complete: func() { signals = append(signals, "complete") },
	})
	<-r.Done()
	same(t, "signals", signals, []string{"next", "error"})
	same(t, "panic", panicValue(t, r.Err()), "oops")
}

// S3: Next of a subject called from inside one of its subscribers deadlocks.
func TestS3_SubjectNextMayBeCalledFromASubscriber(t *testing.T) {
	for name, subject := range map[string]interface {
		Next(int)
		Subscribe(context.Context, observable.Subscriber[int])
	}{
		"Subject":  observable.NewSubject[int](),
		"Behavior": observable.NewBehavior(0),
		"Replay":   observable.NewReplay[int](1, 0),
	} {
		t.Run(name, func(t *testing.T) {
			a, b := everything[int](t), everything[int](t)
			a.Each = func(v int) {
				if v > 0 && v < 3 {
					subject.Next(v + 1)
				}
			}
			subject.Subscribe(t.Context(), a)
			subject.Subscribe(t.Context(), b)
			subject.Next(1)
			for _, sub := range []*marbles.TestSubscriber[int]{a, b} {
				got := sub.Values()
				same(t, "values", got[max(len(got)-3, 0):], []int{1, 2, 3})
			}
		})
	}
}

// S4: a cancel closes a channel on which others send; the panic goes to a hook
// that nobody reads.
func TestS4_CancelDoesNotTripTheSender(t *testing.T) {
	for name, op := range map[string]observable.Operator[int, int]{
		"ObserveOn":   operators.ObserveOn[int](scheduler.Default),
		"SubscribeOn": operators.SubscribeOn[int](scheduler.Default),
	} {
		t.Run(name, func(t *testing.T) {
			ctx := observable.WithDroppedError(t.Context(), func(err error) { t.Error(err) })
			marbles.Race(200, func(int) ([]func(), func()) {
				subject, sub := observable.NewSubject[int](), everything[int](t)
				observable.Pipe2(subject.Observable, backpressure.OnBackpressureBuffer[int](64), op).Subscribe(ctx, sub)
				return []func(){func() {
					for i := range 50 {
						subject.Next(i)
					}
					subject.Complete()
				}, sub.Cancel}, nil
			})
		})
	}
}

// S4: the same for the channel that leads out of the stream.
func TestS4_ChanEndsWhileTheSourceSends(t *testing.T) {
	marbles.Race(200, func(int) ([]func(), func()) {
		ctx, cancel := context.WithCancel(observable.WithDroppedError(t.Context(), func(err error) { t.Error(err) }))
		subject := observable.NewSubject[int]()
		values, errs := backpressure.OnBackpressureLatest[int]()(subject.Observable).Chan(ctx, 1)
		send := func() {
			for i := range 50 {
				subject.Next(i)
			}
		}
		return []func(){send, cancel, func() { <-values }}, func() {
			for range values { // until it is closed
			}
			if err := <-errs; !errors.Is(err, context.Canceled) {
				t.Errorf("the error is %v, want %v", err, context.Canceled)
			}
		}
	})
}

// S5: the subscribers of a subject get a value in random order.
func TestS5_SubscribersAreServedInOrder(t *testing.T) {
	subject := observable.NewSubject[int]()
	var order, want []int
	for i := range 50 {
		sub := everything[int](t)
		sub.Each = func(int) { order = append(order, i) }
		subject.Subscribe(t.Context(), sub)
		want = append(want, i)
	}
	for range 50 {
		order = nil
		subject.Next(0)
		same(t, "order", order, want)
	}
}

// S6: sources do not heed the ctx, or complete when it ends.
func TestS6_EverySourceHeedsTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ch := make(chan int)
		for name, src := range map[string]observable.Observable[int]{
			"Range":    observable.Range(0, 1000),
			"FromChan": observable.FromChan(ch),
			"Subject":  observable.NewSubject[int]().Observable,
			"Interval": observable.Interval(time.Second),
		} {
			ctx, cancel := context.WithCancel(t.Context())
			if name != "Range" {
				go func() {
					<-time.After(1500 * time.Millisecond)
					cancel()
				}()
			} else {
				cancel()
			}
			got, err := src.Collect(ctx)
			if want := map[string]int{"Interval": 1}[name]; len(got) != want || !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %d values and %v, want %d and %v", name, len(got), err, want, context.Canceled)
			}
		}
	})
}

// S7: the iterator loses values of a source that emits elsewhere.
func TestS7_AllLosesNothing(t *testing.T) {
	src := observable.Create(func(_ context.Context, emit observable.Emitter[int]) error {
		emit.Next(1)
		emit.Next(2)
		return nil
	})
	for range 1000 {
		sumUp := 0
		for v, err := range src.All(t.Context()) {
			same(t, "error", err, nil)
			sumUp += v
		}
		same(t, "sum", sumUp, 3)
	}
}

// S7: the iterator hangs for a synchronous source, and hides the error.
func TestS7_AllOfASynchronousSourceEndsWithItsError(t *testing.T) {
	var got []int
	var last error
	for v, err := range operators.Concat(observable.Of(1, 2, 3), observable.Throw[int](errBoom)).All(t.Context()) {
		got, last = append(got, v), err
	}
	same(t, "values", got, []int{1, 2, 3, 0})
	same(t, "error", last, errBoom)
}

// S8: Subscribe of what never ends blocks for ever, so that there is nothing to
// cancel it with.
func TestS8_SubscribeReturnsAndCanBeCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, op := range map[string]observable.Operator[int, int]{
			"Retry":       operators.Retry[int](operators.Forever),
			"SubscribeOn": operators.SubscribeOn[int](scheduler.Default),
			"ConcatMap": operators.ConcatMap(func(int) observable.Observable[int] {
				return observable.Interval(time.Second)
			}),
		} {
			sub := everything[int](t)
			op(observable.Interval(time.Second)).Subscribe(t.Context(), sub)
			<-time.After(3500 * time.Millisecond)
			sub.Cancel()
			if n := len(sub.Values()); n < 2 {
				t.Errorf("%s: %d values before the cancel", name, n)
			}
			<-time.After(time.Hour)
			same(t, name+": values after the cancel", len(sub.Late()), 0)
		}
	})
}

// S9: an operator that counts goes on where the subscription before stopped.
func TestS9_EachSubscriptionCountsFromZero(t *testing.T) {
	for name, op := range map[string]observable.Operator[int, int]{
		"FindIndex": operators.FindIndex(func(v int) bool { return v == 12 }),
		"ElementAt": operators.ElementAt[int](2),
		"Skip":      operators.Skip[int](2),
		"Take":      operators.Take[int](2),
		"Scan":      operators.Scan(0, sum),
		"Distinct":  operators.Distinct[int],
		"Enumerate": observable.Compose2(operators.Enumerate[int], operators.Map(index)),
	} {
		src := op(observable.Range(10, 3))
		first, _ := src.Collect(t.Context())
		if len(first) == 0 {
			t.Errorf("%s: no values", name)
		}
		second, _ := src.Collect(t.Context())
		same(t, name, second, first)
	}
}

func index(v operators.Indexed[int]) int { return v.Index }

// S10: an operator that is given other observables adds to them what it was
// applied to before.
func TestS10_OperatorsCanBeAppliedAgain(t *testing.T) {
	other := observable.Of(9)
	next := operators.OnErrorResumeNextWith(other)
	for name, tt := range map[string]struct {
		op   observable.Operator[int, int]
		want []int // for the source 2
	}{
		"ConcatWith": {operators.ConcatWith(other), []int{2, 9}},
		"Resume":     {next, []int{2, 9}},
		"MergeWith":  {operators.MergeWith(other), []int{2, 9}},
		"RaceWith":   {operators.RaceWith(other), []int{2}},
		"StartWith":  {operators.StartWith(9), []int{9, 2}},
		"EndWith":    {operators.EndWith(9), []int{2, 9}},
		"ZipWith":    {operators.ZipWith(other, sum), []int{11}},
		"Catch":      {operators.Catch(func(error) observable.Observable[int] { return other }), []int{2}},
	} {
		before := tt.op(observable.Of(1))
		after := tt.op(observable.Of(2))
		before.Collect(t.Context())
		got, _ := after.Collect(t.Context())
		same(t, name, got, tt.want)
	}
}

// S11: TakeUntil lets values through although its signal has come already.
func TestS11_TakeUntilListensToTheSignalFirst(t *testing.T) {
	src := marbles.NewTestSource[int]()
	sub := everything[int](t)
	operators.TakeUntil[int](observable.Of("now"))(src.Observable).Subscribe(t.Context(), sub)
	ended(t, sub, nil)
	same(t, "subscriptions to the source", src.Subscriptions(), 0)
}

// S12: what is cut by time is full of emptiness. Sample has nothing to say when
// nothing came; BufferTime says it with an empty slice, as RxJS does, and a
// Filter leaves that out.
func TestS12_NothingComesOfNothing(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		src, d := marbles.Hot[string](m, "-a--------b-|").Observable, m.Time("--|")
		marbles.Expect(m, backpressure.Sample[string](d)(src)).ToBe("--a-------b-|")
		full := operators.Filter(func(vs []string) bool { return len(vs) > 0 })
		slices := observable.Pipe3(src, operators.BufferTime[string](d+d/2), full, operators.Map(join))
		marbles.Expect(m, slices).ToBe("---a--------(b|)")
	})
}

// S14: the timers of Delay and its kin survive the subscription.
func TestS14_NoTimerOutlivesItsSubscription(t *testing.T) {
	for name, op := range map[string]observable.Operator[int, int]{
		"Delay":    operators.Delay[int](time.Hour),
		"Timeout":  operators.Timeout[int](time.Hour),
		"Debounce": backpressure.Debounce[int](time.Hour),
		"Audit":    backpressure.Audit[int](time.Hour),
		"Sample":   backpressure.Sample[int](time.Hour),
	} {
		clock := scheduler.NewVirtual()
		src, sub := marbles.NewTestSource[int](), everything[int](t)
		op(src.Observable).Subscribe(scheduler.With(t.Context(), clock), sub)
		for i := range 5 {
			src.Next(i)
		}
		if clock.Pending() == 0 {
			t.Errorf("%s does not wait on the clock it was given", name)
		}
		sub.Cancel()
		same(t, name+": timers after the cancel", clock.Pending(), 0)
	}
}

// S14: Timeout counts the time that its consumer takes.
func TestS14_TimeoutDoesNotBlameTheSourceForItsConsumer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ticks := observable.Pipe2(observable.Interval(time.Second), operators.Timeout[int](1500*time.Millisecond), operators.Take[int](3))
		same(t, "error", ticks.ForEach(t.Context(), func(int) error {
			<-time.After(10 * time.Second)
			return nil
		}), nil)
	})
}

// S14: queues have no bound, or none that one could set.
func TestS14_QueuesAreBounded(t *testing.T) {
	fast, slow := marbles.NewTestSource[int](), marbles.NewTestSource[int]()
	operators.Zip2(fast.Observable, slow.Observable, sum).Subscribe(t.Context(), everything[int](t))
	holdsWhatItAskedFor(t, fast)

	many, one := marbles.NewTestSource[int](), marbles.NewTestSubscriber[operators.Group[int, int]](t, 1)
	operators.GroupBy(parity)(many.Observable).Subscribe(t.Context(), one)
	holdsWhatItAskedFor(t, many)

	replay, sub := observable.NewReplay[int](2, 0), everything[int](t)
	for i := range 5 {
		replay.Next(i)
	}
	replay.Subscribe(t.Context(), sub)
	same(t, "remembered", sub.Values(), []int{3, 4})

	forget, again := observable.NewSubject[int](), everything[int](t)
	src := marbles.NewTestSource[int]()
	operators.DistinctBy(func(v int) int { return v }, operators.FlushWhen(forget.Observable))(src.Observable).Subscribe(t.Context(), again)
	src.Next(1)
	src.Next(1)
	forget.Next(0)
	src.Next(1)
	same(t, "distinct values, forgotten once", again.Values(), []int{1, 1})
}
