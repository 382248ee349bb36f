package observable_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

func ExampleTimer() {
	v := scheduler.NewVirtual()
	observable.Timer(time.Hour, scheduler.On(v)).Subscribe(context.Background(), printer[int]{"timer"})
	v.AdvanceBy(59 * time.Minute)
	fmt.Println("not yet")
	v.AdvanceBy(time.Minute)
	// Output:
	// not yet
	// timer: 0
	// timer: done
}

func ExampleInterval() {
	v := scheduler.NewVirtual()
	observable.Interval(time.Second, scheduler.On(v)).Subscribe(context.Background(), printer[int]{"tick"})
	v.AdvanceBy(3500 * time.Millisecond)
	// Output:
	// tick: 0
	// tick: 1
	// tick: 2
}

func ExampleInitialDelay() {
	v := scheduler.NewVirtual()
	ticks := observable.Interval(time.Minute, observable.InitialDelay(time.Second), scheduler.On(v))
	ticks.Subscribe(context.Background(), printer[int]{"tick"})
	v.AdvanceBy(time.Second)
	fmt.Println("a minute later")
	v.AdvanceBy(time.Minute)
	// Output:
	// tick: 0
	// a minute later
	// tick: 1
}

// virtually returns a ctx with a virtual clock.
func virtually(t *testing.T) (context.Context, *scheduler.Virtual) {
	t.Helper()
	v := scheduler.NewVirtual()
	return scheduler.With(t.Context(), v), v
}

func TestTimer(t *testing.T) {
	ctx, v := virtually(t)
	p := subscribe(ctx, observable.Timer(3*time.Millisecond), 1)
	v.AdvanceBy(2 * time.Millisecond)
	p.expectLive(t)
	v.AdvanceBy(time.Millisecond)
	p.expectComplete(t, 0)

	late := subscribe(ctx, observable.Timer(time.Millisecond), 0)
	v.AdvanceBy(5 * time.Millisecond)
	late.expectLive(t)
	late.up.Request(2)
	late.expectComplete(t, 0)

	now := subscribe(ctx, observable.Timer(-time.Second), 1)
	now.expectLive(t)
	v.AdvanceBy(0)
	now.expectComplete(t, 0)

	gone := subscribe(ctx, observable.Timer(time.Millisecond), 1)
	gone.up.Cancel()
	if n := v.Pending(); n != 0 {
		t.Errorf("%d timers after the cancel", n)
	}
	bad := newProbe[int](1)
	bad.onNext = func(int) { bad.up.Request(0) }
	observable.Timer(0).Subscribe(ctx, bad)
	v.AdvanceBy(0)
	expectError[*observable.BadRequestError](t, bad, 0)
}

// Ticks that nobody asks for are missed, and cost no timer.
func TestIntervalDemand(t *testing.T) {
	ctx, v := virtually(t)
	p := subscribe(ctx, observable.Interval(10*time.Millisecond), 2)
	v.AdvanceBy(35 * time.Millisecond)
	p.expectLive(t, 0, 1)
	if n := v.Pending(); n != 0 {
		t.Errorf("%d timers without demand", n)
	}
	p.up.Request(1)
	v.AdvanceBy(4 * time.Millisecond)
	p.expectLive(t, 0, 1)
	v.AdvanceBy(time.Millisecond)
	p.expectLive(t, 0, 1, 3)
	p.onNext = func(int) { p.up.Request(1) }
	p.up.Request(1)
	v.AdvanceBy(30 * time.Millisecond)
	p.expectLive(t, 0, 1, 3, 4, 5, 6)
	p.up.Cancel()
	if n := v.Pending(); n != 0 {
		t.Errorf("%d timers after the cancel", n)
	}
}

// The ticks are counted from the subscription: a slow subscriber misses some,
// but does not shift them.
func TestIntervalDoesNotDrift(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		p := newProbe[int](observable.Unbounded)
		var at []time.Duration
		p.onNext = func(v int) {
			at = append(at, time.Since(start))
			if v == 1 {
				<-time.After(25 * time.Millisecond)
			}
		}
		observable.Interval(10*time.Millisecond).Subscribe(t.Context(), p)
		<-time.After(65 * time.Millisecond)
		p.up.Cancel()
		p.expectLive(t, 0, 1, 4, 5)
		for i, v := range p.got() {
			if want := time.Duration(v+1) * 10 * time.Millisecond; at[i] != want {
				t.Errorf("tick %d came at %v", v, at[i])
			}
		}
	})
}

// The first tick is not missed where it is due at once.
func TestIntervalInitialDelay(t *testing.T) {
	ctx, v := virtually(t)
	p := subscribe(ctx, observable.Interval(10*time.Millisecond, observable.InitialDelay(0)), observable.Unbounded)
	v.AdvanceBy(0)
	p.expectLive(t, 0)
	v.AdvanceBy(19 * time.Millisecond)
	p.expectLive(t, 0, 1)
	p.up.Cancel()

	late := subscribe(ctx, observable.Interval(10*time.Millisecond, observable.InitialDelay(5*time.Millisecond)), 0)
	v.AdvanceBy(20 * time.Millisecond) // the ticks of 5 and 15 are missed
	late.up.Request(1)
	v.AdvanceBy(5 * time.Millisecond)
	late.expectLive(t, 2)
	late.up.Cancel()
}

func TestIntervalRefusesItsOptions(t *testing.T) {
	for name, opt := range map[string]observable.IntervalOption{"nil": nil, "negative": observable.InitialDelay(-1)} {
		func() {
			defer func() {
				if text := fmt.Sprint(recover()); !strings.Contains(text, name) {
					t.Errorf("panicked with %q, want something about %q", text, name)
				}
			}()
			observable.Interval(time.Second, opt)
		}()
	}
}

func TestIntervalFail(t *testing.T) {
	ctx, v := virtually(t)
	p := newProbe[int](5)
	p.onNext = func(v int) {
		if v == 1 {
			p.up.Request(-1)
		}
	}
	observable.Interval(time.Millisecond).Subscribe(ctx, p)
	v.AdvanceBy(9 * time.Millisecond)
	expectError[*observable.BadRequestError](t, p, 0, 1)
}

func TestBehaviour29_IntervalPanics(t *testing.T) {
	ctx, v := virtually(t)
	p := newProbe[int](5)
	p.onNext = func(int) { panic(errTest) }
	observable.Interval(time.Millisecond).Subscribe(ctx, p)
	v.AdvanceBy(9 * time.Millisecond)
	expectError[*observable.PanicError](t, p, 0)
	if n := v.Pending(); n != 0 {
		t.Errorf("%d timers after the end", n)
	}
}

// Behaviour 39: the end of the scheduler is the end of the stream, before and
// after the subscription.
func TestBehaviour39_ClosedScheduler(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, o := range map[string]func(scheduler.TimeOption) observable.Observable[int]{
			"Timer": func(s scheduler.TimeOption) observable.Observable[int] { return observable.Timer(time.Hour, s) },
			"Interval": func(s scheduler.TimeOption) observable.Observable[int] {
				return observable.Interval(time.Hour, s.(scheduler.OnOption))
			},
		} {
			pool := scheduler.Pool(1)
			during := subscribe(t.Context(), o(scheduler.On(pool)), 1)
			without := subscribe(t.Context(), o(scheduler.On(pool)), 0)
			gone := subscribe(t.Context(), o(scheduler.On(pool)), 1)
			gone.up.Cancel()
			pool.Close()
			after := subscribe(t.Context(), o(scheduler.On(pool)), 1)
			synctest.Wait()
			gone.expectLive(t)
			for _, p := range []*probe[int]{during, without, after} {
				p.expect(t)
				if !errors.Is(p.err(), scheduler.ErrClosed) {
					t.Errorf("%s: error %v", name, p.err())
				}
			}
		}
	})
}

func TestIntervalRace(t *testing.T) {
	for range 200 {
		p := subscribe(t.Context(), observable.Interval(time.Microsecond), 1)
		for range 3 {
			go p.up.Request(2)
		}
		p.up.Cancel()
		if b := p.broken.Load(); b != nil {
			t.Fatal(*b)
		}
	}
}

// Behaviour 2: a callback that asks for nothing and leaves its goroutine: the
// end comes nevertheless.
func TestBehaviour2_TimerThenGoexit(t *testing.T) {
	p := newProbe[int](1)
	p.onNext = func(int) {
		p.up.Request(0)
		runtime.Goexit()
	}
	observable.Timer(0, scheduler.On(scheduler.Default)).Subscribe(t.Context(), p)
	<-p.done
}
