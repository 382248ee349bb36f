package operators_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

func ExampleWindowTime() {
	clock := scheduler.NewVirtual()
	each := operators.MergeMap(func(w observable.Observable[int]) observable.Observable[int] {
		return operators.Scan(0, func(n, _ int) int { return n + 1 })(w)
	})
	o := observable.Pipe2(observable.Interval(time.Second), operators.WindowTime[int](3500*time.Millisecond), each)
	o.Subscribe(scheduler.With(context.Background(), clock), windowPrinter{})
	clock.AdvanceBy(6 * time.Second)
	// Output: 1 2 3 1 2 3
}

const ms = time.Millisecond

func TestBehaviour38_WindowTime(t *testing.T) {
	for _, tt := range []struct {
		d            time.Duration
		opts         []operators.SpanOption
		source, want string
		where        map[string]string
	}{
		{4 * ms, nil, "-a-b-----c-|", "----x---y--(z|)", map[string]string{"x": "ab", "y": "", "z": "c"}},
		{2 * ms, nil, "--a-b-|", "--x-y-(z|)", map[string]string{"x": "a", "y": "b", "z": ""}}, // the source is first
		{9 * ms, nil, "|", "(e|)", map[string]string{"e": ""}},
		{9 * ms, nil, "-a-#", "---#", nil},
		{4 * ms, []operators.SpanOption{operators.AtMost(2)}, "-abc-----|", "--x---y--(e|)", map[string]string{"x": "ab", "y": "c", "e": ""}},
		{4 * ms, []operators.SpanOption{operators.Period(2 * ms)}, "-a-b-c-|", "----x-y(zw|)", map[string]string{"x": "ab", "y": "bc", "z": "c", "w": ""}},
		{1 * ms, []operators.SpanOption{operators.Period(3 * ms)}, "a--bc-|", "-x--y-|", map[string]string{"x": "a", "y": "c"}},
		{5 * ms, []operators.SpanOption{operators.Period(3 * ms), operators.AtMost(1)}, "-ab-c-|", "-x--y-|", map[string]string{"x": "a", "y": "c"}},
	} {
		t.Run(fmt.Sprint(tt.source, tt.d, tt.opts), func(t *testing.T) {
			marbles.Run(t, func(m *marbles.Test) {
				src := marbles.Hot[string](m, tt.source)
				marbles.Expect(m, windowsOf(operators.WindowTime[string](tt.d, tt.opts...)(src.Observable))).ToBe(tt.want, listed(tt.where))
			})
		})
	}
}

// L17: without demand no window is emitted, none is lost, and no more than one
// waits. Its time begins when it is emitted.
func TestWindowTimeWaitsForDemand(t *testing.T) {
	for name, opts := range map[string][]operators.SpanOption{"one by one": nil, "every": {operators.Period(2 * ms)}} {
		t.Run(name, func(t *testing.T) {
			clock, src, k := clock(), marbles.NewTestSource[int](), keepWindows(t, 1, 9)
			operators.WindowTime[int](2*ms, append(opts, scheduler.On(clock), operators.Prefetch(8))...)(src.Observable).Subscribe(t.Context(), k)
			for v := range 8 {
				src.Next(v)
				clock.AdvanceBy(ms)
			}
			diff(t, "windows", k.values(), [][]int{{0, 1}})
			diff(t, "requests", src.Requests(), []int64{8})
			k.Request(1)
			diff(t, "windows", k.values(), [][]int{{0, 1}, {2, 3, 4, 5, 6, 7}})
			running(t, k.windows[1])
			clock.AdvanceBy(2 * ms)
			ended(t, k.windows[1], nil)
			k.Cancel()
			diff(t, "timers", clock.Pending(), 0)
			diff(t, "cancels", src.Cancels(), 1)
		})
	}
}

// A window that is not requested is full at some time, all the same.
func TestWindowTimeAtMostWithoutDemand(t *testing.T) {
	clock, src, k := clock(), marbles.NewTestSource[int](), keepWindows(t, 0, 9)
	operators.WindowTime[int](9*ms, operators.AtMost(2), scheduler.On(clock))(src.Observable).Subscribe(t.Context(), k)
	for v := range 5 {
		src.Next(v)
	}
	clock.AdvanceBy(time.Second)
	k.Request(9)
	diff(t, "windows", k.values(), [][]int{{0, 1}, {2, 3}, {4}})
	src.Complete()
	ended(t, k, nil)
	diff(t, "timers", clock.Pending(), 0)
}

// Behaviour 35, L12: the timers of windows that outlive the stream of them.
func TestBehaviour35_WindowTimeAfterACancel(t *testing.T) {
	clock, src, k := clock(), marbles.NewTestSource[int](), keepWindows(t, 9, 9)
	operators.WindowTime[int](4*ms, operators.Period(2*ms), scheduler.On(clock))(src.Observable).Subscribe(t.Context(), k)
	clock.AdvanceBy(3 * ms)
	src.Next(0)
	k.Cancel()
	clock.AdvanceBy(ms)
	ended(t, k.windows[0], nil)
	src.Next(1)
	diff(t, "cancels", src.Cancels(), 0)
	clock.AdvanceBy(2 * ms)
	ended(t, k.windows[1], nil)
	diff(t, "cancels", src.Cancels(), 1)
	diff(t, "windows", k.values(), [][]int{{0}, {0, 1}})
	diff(t, "timers", clock.Pending(), 0)
}

// Behaviour 39: the end of the scheduler is the end of the windows.
func TestBehaviour39_WindowTimeOnAClosedScheduler(t *testing.T) {
	loop := scheduler.NewEventLoop()
	src, k := marbles.NewTestSource[int](), keepWindows(t, 9, 9)
	operators.WindowTime[int](time.Hour, scheduler.On(loop))(src.Observable).Subscribe(t.Context(), k)
	loop.Close()
	<-k.Done()
	ended(t, k, scheduler.ErrClosed)
	ended(t, k.windows[0], scheduler.ErrClosed)
	diff(t, "cancels", src.Cancels(), 1)
}

func TestWindowTimeOptions(t *testing.T) {
	for want, call := range map[string]func(){
		"operators: WindowTime of a non-positive duration (0s)":   func() { operators.WindowTime[int](0) },
		"operators: WindowTime with a non-positive Period (-1ms)": func() { operators.WindowTime[int](1, operators.Period(-ms)) },
		"operators: WindowTime with a non-positive AtMost (0)":    func() { operators.WindowTime[int](1, operators.AtMost(0)) },
		"operators: WindowTime with a non-positive Prefetch (-1)": func() { operators.WindowTime[int](1, operators.Prefetch(-1)) },
		"operators: WindowTime with a nil option":                 func() { operators.WindowTime[int](1, nil) },
		"operators: Window with a nil option":                     func() { operators.Window[int](1, nil) },
		"operators: WindowUntil with a nil function":              func() { operators.WindowUntil[int, int](nil) },
		"operators: WindowToggle with a nil function":             func() { operators.WindowToggle[int, int, int](observable.Of(1), nil) },
	} {
		func() {
			defer func() { diff(t, "panic", recover(), any(want)) }()
			call()
		}()
	}
}

// L9: a value is reported once, if one window that it waits in is cancelled while
// the next is still to be given it.
func TestWindowTimeCancelledWhileAValueIsSpread(t *testing.T) {
	ledger, src := marbles.NewLedger(t), marbles.NewTestSource[*marbles.Tracked]()
	clock := &stoppable{Virtual: scheduler.NewVirtual()}
	var windows []*marbles.TestSubscriber[*marbles.Tracked]
	sub := marbles.NewTestSubscriber[observable.Observable[*marbles.Tracked]](t, 2)
	sub.Each = func(window observable.Observable[*marbles.Tracked]) {
		w := marbles.NewTestSubscriber[*marbles.Tracked](t, int64(len(windows)))
		w.Each = ledger.Deliver
		windows = append(windows, w)
		window.Subscribe(t.Context(), w)
	}
	op := operators.WindowTime[*marbles.Tracked](9*ms, operators.Period(ms), operators.AtMost(1), scheduler.On(clock))
	op(src.Observable).Subscribe(ledger.Context(t.Context()), sub)
	clock.AdvanceBy(ms)
	clock.stopping = windows[0].Cancel // the first one is full, and its timer of no use
	src.Next(ledger.Produce())
	if got := len(windows[1].Values()); got != 1 {
		t.Errorf("the other window got %d values, want 1", got)
	}
	sub.Cancel()
}

// A stoppable scheduler tells when a timer is stopped, the first time.
type stoppable struct {
	*scheduler.Virtual
	stopping func()
}

func (s *stoppable) After(d time.Duration, f func()) (stop func() bool) {
	halt := s.Virtual.After(d, f)
	return func() bool {
		if tell := s.stopping; tell != nil {
			s.stopping = nil
			tell()
		}
		return halt()
	}
}
