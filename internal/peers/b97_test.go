package peers_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

// B1: a value that comes while a subscriber is given what is remembered never
// reaches that subscriber.
func TestB1_ReplayHasNoGapWhileItReplays(t *testing.T) {
	replay := observable.NewReplay[int](observable.Unlimited, 0)
	for i := range 3 {
		replay.Next(i)
	}
	early, late := everything[int](t), everything[int](t)
	early.Each = func(v int) {
		if v == 0 {
			replay.Next(100)
		}
	}
	replay.Subscribe(t.Context(), early)
	replay.Next(200)
	replay.Subscribe(t.Context(), late)
	same(t, "who was there", early.Values(), []int{0, 1, 2, 100, 200})
	same(t, "who came later", late.Values(), []int{0, 1, 2, 100, 200})
}

// B1: the same with the producer on a goroutine of its own.
func TestB1_ReplayHasNoGapForAProducerElsewhere(t *testing.T) {
	var want []int
	for i := range 40 {
		want = append(want, i)
	}
	marbles.Race(300, func(int) ([]func(), func()) {
		replay, sub := observable.NewReplay[int](observable.Unlimited, 0), everything[int](t)
		for _, v := range want[:20] {
			replay.Next(v)
		}
		return []func(){
			func() { replay.Subscribe(t.Context(), sub) },
			func() {
				for _, v := range want[20:] {
					replay.Next(v)
				}
			},
		}, func() { same(t, "values", sub.Values(), want) }
	})
}

// B1: the same for a source that is shared.
func TestB1_ShareReplayHasNoGapWhileItReplays(t *testing.T) {
	src := observable.NewSubject[int]()
	shared := operators.ShareReplay[int](observable.Unlimited)(src.Observable)
	first, early, late := everything[int](t), everything[int](t), everything[int](t)
	shared.Subscribe(t.Context(), first)
	src.Next(0)
	src.Next(1)
	early.Each = func(v int) {
		if v == 0 {
			src.Next(100)
		}
	}
	shared.Subscribe(t.Context(), early)
	src.Next(200)
	shared.Subscribe(t.Context(), late)
	for _, sub := range []*marbles.TestSubscriber[int]{first, early, late} {
		same(t, "values", sub.Values(), []int{0, 1, 100, 200})
		sub.Cancel()
	}
	src.Complete()
}

// B2: what comes for a group before somebody subscribes to it is lost.
func TestB2_GroupsKeepWhatComesBeforeTheirSubscriber(t *testing.T) {
	got, err := observable.Pipe3(
		observable.Range(0, 6),
		operators.GroupBy(parity),
		backpressure.OnBackpressureBuffer[operators.Group[int, int]](8),
		operators.MergeMap(values),
	).Collect(t.Context())
	slices.Sort(got)
	same(t, "values", got, []int{0, 1, 2, 3, 4, 5})
	same(t, "error", err, nil)
}

func parity(v int) int { return v % 2 }

func values(g operators.Group[int, int]) observable.Observable[int] { return g.Observable }

// B3: of a panic only the fact is told, not what it was called with nor where;
// on another goroutine it ends the process.
func TestB3_PanicsKeepTheirDetail(t *testing.T) {
	for name, place := range map[string]observable.Operator[int, int]{
		"here":        operators.Skip[int](0),
		"ObserveOn":   operators.ObserveOn[int](scheduler.Default),
		"SubscribeOn": operators.SubscribeOn[int](scheduler.Default),
	} {
		sub := everything[int](t)
		observable.Pipe2(observable.Of(1), place, operators.Map(explode)).Subscribe(t.Context(), sub)
		<-sub.Done()
		_, err := sub.Ended()
		same(t, name, panicValue(t, err), any(errBoom))
		same(t, name+": errors.Is sees the value", errors.Is(err, errBoom), true)
		if p, _ := errors.AsType[*observable.PanicError](err); !strings.Contains(string(p.Stack), "explode") {
			t.Errorf("%s: the stack does not show where:\n%s", name, p.Stack)
		}
	}
}

func explode(int) int { panic(errBoom) }

// B4: Debounce has a goroutine and a timer for each value. More than one task
// for the thousand would exceed the cap, at which the clock panics.
func TestB4_DebounceHasOneTimer(t *testing.T) {
	clock := scheduler.NewVirtual(scheduler.MaxActions(1))
	src, sub := marbles.NewTestSource[int](), everything[int](t)
	backpressure.Debounce[int](time.Second)(src.Observable).Subscribe(scheduler.With(t.Context(), clock), sub)
	for i := range 1000 {
		src.Next(i)
		same(t, "timers", clock.Pending(), 1)
	}
	clock.AdvanceBy(time.Second)
	same(t, "values", sub.Values(), []int{999})
}

// B5: what is queued when the source fails is lost, without a word.
func TestB5_BufferDeliversBeforeTheError(t *testing.T) {
	src, sub := marbles.NewTestSource[int](), marbles.NewTestSubscriber[int](t, 0)
	backpressure.OnBackpressureBuffer[int](4)(src.Observable).Subscribe(t.Context(), sub)
	src.Next(1)
	src.Next(2)
	src.Error(errBoom)
	sub.Request(2)
	same(t, "values", sub.Values(), []int{1, 2})
	ended(t, sub, errBoom)
}

// B5: no hook tells what the operators that may lose values have lost. The
// ledger fails for a value that is neither delivered nor discarded.
func TestB5_LostValuesAreReported(t *testing.T) {
	type op = observable.Operator[*marbles.Tracked, *marbles.Tracked]
	for name, lossy := range map[string]op{
		"Buffer": backpressure.OnBackpressureBuffer[*marbles.Tracked](2, backpressure.FailFast, backpressure.DropOldest),
		"Drop":   backpressure.OnBackpressureDrop[*marbles.Tracked](),
		"Latest": backpressure.OnBackpressureLatest[*marbles.Tracked](),
	} {
		t.Run(name, func(t *testing.T) {
			ledger, src := marbles.NewLedger(t), marbles.NewTestSource[*marbles.Tracked]()
			sub := marbles.NewTestSubscriber[*marbles.Tracked](t, 1)
			sub.Each = ledger.Deliver
			lossy(src.Observable).Subscribe(ledger.Context(t.Context()), sub)
			for range 5 {
				src.Next(ledger.Produce())
			}
			src.Error(errBoom)
			ended(t, sub, errBoom)
			lost := 0
			for why := observable.DiscardOverflow; why <= observable.DiscardLate; why++ {
				lost += ledger.Discarded(why)
			}
			same(t, "reported", lost, 4)
		})
	}
}

// B5: after a cancel a signal may come from anywhere, at any time.
func TestB5_CancelIsSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		subs := []*marbles.TestSubscriber[int]{everything[int](t), everything[int](t)}
		for _, sub := range subs {
			observable.Pipe2(observable.Interval(time.Second), operators.ObserveOn[int](scheduler.Default),
				backpressure.OnBackpressureLatest[int]()).Subscribe(ctx, sub.Outside())
		}
		<-time.After(2500 * time.Millisecond)
		cancel()
		subs[1].Cancel()
		<-time.After(time.Hour)
		for _, sub := range subs {
			done, err := sub.Ended()
			same(t, "values", sub.Values(), []int{0, 1})
			same(t, "after the cancel", append(sub.Late(), 0), []int{0})
			same(t, "ended", done || err != nil, false)
		}
	})
}

// B5: groups are for ever: each key that ever came takes memory. Here two
// may be open, and each ends with its first value.
func TestB5_GroupsCanEnd(t *testing.T) {
	first := operators.GroupUntil(values)
	byItself := operators.GroupBy(func(v int) int { return v }, operators.MaxGroups(2), first)
	n, err := observable.Pipe3(observable.Range(0, 1000), byItself, operators.MergeMap(values), operators.Count).FirstValue(t.Context())
	same(t, "values", n, 1000)
	same(t, "error", err, nil)
}

// B5: the garbage collector ends a subject that nobody refers to.
func TestB5_ForgottenSubjectsDoNotEnd(t *testing.T) {
	sub := everything[int](t)
	observable.NewSubject[int]().Subscribe(t.Context(), sub)
	for range 3 {
		runtime.GC()
	}
	done, _ := sub.Ended()
	same(t, "ended", done, false)
	runtime.KeepAlive(sub)
}

// B5: Retry cannot wait before it tries again.
func TestB5_RetryCanWait(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		src := marbles.Cold[string](m, "a#", marbles.Err(errBoom))
		retry := operators.Retry[string](2, operators.Backoff(m.Time("--|"), m.Time("----|")))
		marbles.Expect(m, retry(src.Observable)).ToBe("a--a----a#", marbles.Err(errBoom))
	})
}

// B5: Retry cannot tell a failure that may pass from one that will not.
func TestB5_RetryCanBeSelective(t *testing.T) {
	runs := 0
	src := observable.Defer(func(context.Context) observable.Observable[int] {
		if runs++; runs < 3 {
			return observable.Throw[int](errors.New("busy"))
		}
		return observable.Throw[int](errBoom)
	})
	passes := operators.RetryIf(func(err error) bool { return !errors.Is(err, errBoom) })
	_, err := operators.Retry[int](operators.Forever, passes)(src).Collect(t.Context())
	same(t, "error", err, errBoom)
	same(t, "runs", runs, 3)
}
