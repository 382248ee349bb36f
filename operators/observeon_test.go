package operators_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"
	"weak"

	"github.com/sluicego/sluice/internal/ungated"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

// Behaviour 8: the prefetch at once, then three quarters of it each time that
// as many were passed on, whatever is requested below.
func TestBehaviour8_ObserveOnRequests(t *testing.T) {
	for _, tt := range []struct {
		prefetch operators.Prefetch
		asked    int64
		values   int
		want     []int64
	}{
		{8, observable.Unbounded, 20, []int64{8, 6, 6, 6}},
		{8, 5, 8, []int64{8}},
		{8, 6, 8, []int64{8, 6}},
		{1, observable.Unbounded, 3, []int64{1, 1, 1, 1}},
		{operators.Unlimited, 1, 3, []int64{observable.Unbounded}},
	} {
		clock, src := clock(), marbles.NewTestSource[int]()
		sub := marbles.NewTestSubscriber[int](t, tt.asked)
		operators.ObserveOn[int](clock, tt.prefetch)(src.Observable).Subscribe(t.Context(), sub)
		for v := range tt.values {
			src.Next(v)
			clock.AdvanceBy(0)
		}
		if got := src.Requests(); !slices.Equal(got, tt.want) {
			t.Errorf("Prefetch(%d), %d requested, %d values: requested %v, want %v", tt.prefetch, tt.asked, tt.values, got, tt.want)
		}
		sub.Cancel()
	}
}

// Behaviours 11 and 24: an end needs no demand, but does not overtake values.
func TestBehaviour11_ObserveOnEndsInOrder(t *testing.T) {
	for name, end := range map[string]func(*marbles.TestSource[int]){
		"complete": (*marbles.TestSource[int]).Complete,
		"error":    func(s *marbles.TestSource[int]) { s.Error(errTest) },
	} {
		clock, src := clock(), marbles.NewTestSource[int]()
		sub := marbles.NewTestSubscriber[int](t, 0)
		operators.ObserveOn[int](clock)(src.Observable).Subscribe(t.Context(), sub)
		src.Next(1)
		src.Next(2)
		end(src)
		clock.AdvanceBy(0)
		sub.Request(1)
		clock.AdvanceBy(0)
		if ended, _ := sub.Ended(); ended || !slices.Equal(sub.Values(), []int{1}) {
			t.Errorf("%s: got %v, ended %t; want [1] and false", name, sub.Values(), ended)
		}
		sub.Request(1) // the end comes with the last value
		clock.AdvanceBy(0)
		if ended, err := sub.Ended(); !ended || (err != nil) != (name == "error") || !slices.Equal(sub.Values(), []int{1, 2}) {
			t.Errorf("%s: got %v, ended %t with %v", name, sub.Values(), ended, err)
		}
	}
}

// Behaviour 28: cancelled while the task is queued and has not started, all
// values are discarded, whether or not the task ever runs.
func TestBehaviour28_ObserveOnCancelledBeforeTask(t *testing.T) {
	for _, runs := range []bool{true, false} {
		clock, src, ledger := clock(), marbles.NewTestSource[*marbles.Tracked](), marbles.NewLedger(t)
		sub := marbles.NewTestSubscriber[*marbles.Tracked](t, observable.Unbounded)
		operators.ObserveOn[*marbles.Tracked](clock)(src.Observable).Subscribe(ledger.Context(t.Context()), sub)
		for range 3 {
			src.Next(ledger.Produce())
		}
		sub.CancelInside()
		if runs {
			clock.AdvanceBy(0)
		}
		if n := ledger.Discarded(observable.DiscardCancel); n != 3 || clock.Pending() != 0 || src.Cancels() != 1 {
			t.Errorf("%d discarded, %d tasks, %d cancels; want 3, 0, 1", n, clock.Pending(), src.Cancels())
		}
	}
}

// Behaviour 15: a cancel inside a value is the end, however much is queued.
func TestBehaviour15_ObserveOnCancelInsideOnNext(t *testing.T) {
	bothWays(t, func() {
		clock, src, ledger := clock(), marbles.NewTestSource[*marbles.Tracked](marbles.IgnoresCancel), marbles.NewLedger(t)
		sub := marbles.NewTestSubscriber[*marbles.Tracked](t, observable.Unbounded)
		sub.Each = func(v *marbles.Tracked) {
			ledger.Deliver(v)
			if v.ID == 2 {
				sub.CancelInside()
			}
		}
		operators.ObserveOn[*marbles.Tracked](clock)(src.Observable).Subscribe(ledger.Context(t.Context()), sub)
		for range 5 {
			src.Next(ledger.Produce())
		}
		clock.AdvanceBy(0)
		src.Next(ledger.Produce())
		if held, late := ledger.Discarded(observable.DiscardCancel), ledger.Discarded(observable.DiscardLate); held != 3 || late != 1 {
			t.Errorf("%d discarded by the cancel and %d late, want 3 and 1", held, late)
		}
	})
}

// A source that emits too much ends with an OverflowError, after what it was
// entitled to; nothing grows.
func TestObserveOnOverflow(t *testing.T) {
	clock, src, ledger := clock(), marbles.NewTestSource[*marbles.Tracked](marbles.Overruns, marbles.IgnoresCancel), marbles.NewLedger(t)
	sub := marbles.NewTestSubscriber[*marbles.Tracked](t, 3)
	sub.Each = ledger.Deliver
	operators.ObserveOn[*marbles.Tracked](clock, operators.Prefetch(2))(src.Observable).Subscribe(ledger.Context(t.Context()), sub)
	for range 4 {
		src.Next(ledger.Produce())
	}
	clock.AdvanceBy(0)
	_, err := sub.Ended()
	if overflow, ok := errors.AsType[*observable.OverflowError](err); !ok || overflow.Capacity != 2 || overflow.Op != "ObserveOn" {
		t.Errorf("ended with %v, want an OverflowError of 2", err)
	}
	if len(sub.Values()) != 2 || ledger.Discarded(observable.DiscardOverflow) != 1 || ledger.Discarded(observable.DiscardLate) != 1 || src.Cancels() != 1 {
		t.Errorf("%v delivered, %d cancels", sub.Values(), src.Cancels())
	}
}

// Behaviour 29: a panic below, on the worker.
func TestBehaviour29_PanicBelowObserveOn(t *testing.T) {
	bothWays(t, func() {
		clock, src, ledger := clock(), marbles.NewTestSource[*marbles.Tracked](), marbles.NewLedger(t)
		sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
		ids := operators.Map(func(v *marbles.Tracked) int {
			ledger.Deliver(v)
			return explode(v.ID)
		})
		ids(operators.ObserveOn[*marbles.Tracked](clock)(src.Observable)).Subscribe(ledger.Context(t.Context()), sub)
		for range 4 {
			src.Next(ledger.Produce())
		}
		clock.AdvanceBy(0)
		_, err := sub.Ended()
		if _, ok := errors.AsType[*observable.PanicError](err); !ok || ledger.Discarded(observable.DiscardError) != 2 || src.Cancels() != 1 {
			t.Errorf("ended with %v, %d discarded, %d cancels; want a PanicError, 2, 1", err, ledger.Discarded(observable.DiscardError), src.Cancels())
		}
	})
	// At the end, too.
	clock, sub := clock(), marbles.NewTestSubscriber[int](t, observable.Unbounded)
	o := operators.TapComplete[int](func() { panic("boom") })(operators.ObserveOn[int](clock)(observable.Range(0, 2)))
	o.Subscribe(t.Context(), sub)
	clock.AdvanceBy(0)
	_, err := sub.Ended()
	if _, ok := errors.AsType[*observable.PanicError](err); !ok {
		t.Errorf("ended with %v, want a PanicError", err)
	}
}

// Behaviour 2: a bad request ends the stream at once.
func TestBehaviour2_BadRequestBelowObserveOn(t *testing.T) {
	clock, s := clock(), &badRequester{n: -1}
	operators.ObserveOn[int](clock)(observable.Range(0, 3)).Subscribe(t.Context(), s)
	clock.AdvanceBy(0)
	if bad, ok := errors.AsType[*observable.BadRequestError](s.err); !ok || bad.N != -1 || s.signals != 2 {
		t.Errorf("%d signals, error %v", s.signals, s.err)
	}
}

// Behaviours 1 and 39: order, on real goroutines, with one requested at a time.
func TestObserveOnKeepsOrder(t *testing.T) {
	const n = 20_000
	pool := scheduler.Pool(2)
	defer pool.Close()
	for name, s := range map[string]scheduler.Scheduler{"Default": scheduler.Default, "Pool": pool} {
		sub := marbles.NewTestSubscriber[int](t, 1)
		next := 0
		sub.Each = func(v int) {
			if v != next {
				t.Errorf("%s: got %d, want %d", name, v, next)
			}
			next++
			sub.Request(1)
		}
		o := observable.Pipe2(observable.Range(0, n), operators.ObserveOn[int](s, operators.Prefetch(7)), operators.ObserveOn[int](s))
		o.Subscribe(t.Context(), sub.Outside())
		<-sub.Done()
		if next != n {
			t.Errorf("%s: %d values, want %d", name, next, n)
		}
	}
}

// Behaviours 18 and 20: values, a request, an end and a cancel at once, with
// the worker on a goroutine of its own. L9 holds.
func TestBehaviour20_ObserveOnRace(t *testing.T) {
	ledger := marbles.NewLedger(t)
	ctx := observable.WithDroppedError(ledger.Context(t.Context()), func(error) {})
	pool := scheduler.Pool(1)
	defer pool.Close()
	settle := func() { // what runs on the pool has returned
		done := make(chan struct{})
		pool.Schedule(func() { close(done) })
		<-done
	}
	marbles.Race(500, func(round int) ([]func(), func()) {
		src := marbles.NewTestSource[*marbles.Tracked](marbles.IgnoresCancel)
		sub := marbles.NewTestSubscriber[*marbles.Tracked](t, 1)
		sub.Each = ledger.Deliver
		operators.ObserveOn[*marbles.Tracked](pool, operators.Prefetch(4))(src.Observable).Subscribe(ctx, sub.Outside())
		emit := func() {
			for range 4 {
				src.Next(ledger.Produce())
			}
			if round%2 == 0 {
				src.Complete()
			}
		}
		ask := func() { sub.Request(2) }
		return []func(){emit, ask, sub.Cancel}, func() {
			settle()
			if src.Cancels() > 1 {
				t.Errorf("%d cancels", src.Cancels())
			}
		}
	})
}

// Behaviour 30: nothing is kept of a value that was delivered or discarded.
func TestBehaviour30_ObserveOnForgets(t *testing.T) {
	clock, src := clock(), marbles.NewTestSource[*[64]byte]()
	var refs []weak.Pointer[[64]byte]
	up := &forgetful{refs: &refs}
	operators.ObserveOn[*[64]byte](clock)(src.Observable).Subscribe(t.Context(), up)
	for range 4 {
		src.Next(new([64]byte))
	}
	up.sub.Request(2)
	clock.AdvanceBy(0)
	runtime.GC()
	for i, ref := range refs {
		if ref.Value() != nil {
			t.Errorf("value %d is still reachable after its delivery", i)
		}
	}
	if len(refs) != 2 {
		t.Fatalf("%d values, want 2", len(refs))
	}
	up.sub.Cancel()
	runtime.KeepAlive(src)
}

// A forgetful subscriber keeps only weak references.
type forgetful struct {
	sub  observable.Subscription
	refs *[]weak.Pointer[[64]byte]
}

func (f *forgetful) OnSubscribe(up observable.Subscription) { f.sub = up }
func (f *forgetful) OnNext(v *[64]byte)                     { *f.refs = append(*f.refs, weak.Make(v)) }
func (f *forgetful) OnError(error)                          {}
func (f *forgetful) OnComplete()                            {}

// A round of values costs the scheduler's task, not an allocation per value.
func TestObserveOnAllocations(t *testing.T) {
	clock := clock()
	var down observable.Subscriber[int]
	src := ungated.New(func(_ context.Context, s observable.Subscriber[int]) {
		down = s
		s.OnSubscribe(quiet{})
	})
	sub := &counter{}
	operators.ObserveOn[int](clock)(src).Subscribe(t.Context(), sub)
	const values = 96 // as many as are refilled
	round := func() {
		for v := range values {
			down.OnNext(v)
		}
		clock.AdvanceBy(time.Millisecond)
	}
	round()
	if n := testing.AllocsPerRun(50, round); n > 4 {
		t.Errorf("%v allocations for %d values", n, values)
	}
	if sub.n < 50*values {
		t.Errorf("%d values arrived", sub.n)
	}
	down.OnComplete()
	clock.AdvanceBy(0)
}

// quiet is the subscription of a source that is driven by hand.
type quiet struct{}

func (quiet) Request(int64) {}
func (quiet) Cancel()       {}

// BenchmarkHop is one value from one goroutine to another. hops=2 has a
// producer and a consumer that run in parallel.
func BenchmarkHop(b *testing.B) {
	const n = 1_000_000
	perValue := func(b *testing.B, hops int) {
		b.Helper()
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n/float64(hops), "ns/value")
	}
	b.Run("chan=128", func(b *testing.B) {
		for b.Loop() {
			c, sum := make(chan int, 128), 0
			go func() {
				for v := range n {
					c <- v
				}
				close(c)
			}()
			for v := range c {
				sum += v
			}
		}
		perValue(b, 1)
	})
	for _, prefetch := range []operators.Prefetch{128, 1024} {
		for _, hops := range []int{1, 2} {
			b.Run(fmt.Sprintf("ObserveOn=%d/hops=%d", prefetch, hops), func(b *testing.B) {
				o := observable.Range(0, n)
				for range hops {
					o = operators.ObserveOn[int](scheduler.Default, prefetch)(o)
				}
				for b.Loop() {
					sum := 0
					if err := o.ForEach(context.Background(), func(v int) error { sum += v; return nil }); err != nil {
						b.Fatal(err)
					}
				}
				perValue(b, hops)
			})
		}
	}
}

func ExampleObserveOn() {
	screen := scheduler.NewEventLoop() // the goroutine that may draw
	o := operators.ObserveOn[string](screen)(observable.Of("one", "two"))
	o.Run(context.Background(), observable.Observer[string]{
		Next:     func(s string) { fmt.Println("draw", s) },
		Complete: screen.Close,
	})
	screen.Run()
	// Output:
	// draw one
	// draw two
}
