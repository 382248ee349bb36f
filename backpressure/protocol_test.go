package backpressure_test

import (
	"errors"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

var errSource = errors.New("the source failed")

// Behaviour 2: one error for a bad request, upstream cancelled, nothing after.
func TestBehaviour2_BadRequest(t *testing.T) {
	for _, n := range all() {
		t.Run(n.name, func(t *testing.T) {
			for _, bad := range []int64{0, -1, math.MinInt64} {
				b := newGatedBench(t, 0, n.op)
				if n.name != "Error" {
					b.next(1)
				}
				b.Request(bad)
				b.next(2)
				b.pass(10)
				var err *observable.BadRequestError
				if !errors.As(b.failure(), &err) || err.N != bad {
					t.Errorf("Request(%d) ended with %v", bad, err)
				}
				b.got()
				if c := b.src.Cancels(); c != 1 {
					t.Errorf("upstream was cancelled %d times", c)
				}
			}
		})
	}
}

// Behaviours 3 and 4: demand saturates at Unbounded, and stays there.
func TestBehaviour4_UnboundedIsSticky(t *testing.T) {
	for _, n := range all() {
		t.Run(n.name, func(t *testing.T) {
			b := newBench(t, math.MaxInt64/2, n.op)
			b.Request(math.MaxInt64 / 2)
			b.Request(1)
			for i := range 5 {
				b.next(i)
				b.pass(10)
				b.Request(math.MaxInt64)
			}
			b.got(0, 1, 2, 3, 4)
			b.Cancel()
		})
	}
}

// Behaviour 10: no value without demand, not even the last one on completion,
// which then waits for it.
func TestBehaviour10_NothingWithoutDemand(t *testing.T) {
	for _, n := range all() {
		t.Run(n.name, func(t *testing.T) {
			b := newBench(t, 0, n.op)
			b.next(1)
			b.pass(2) // every timed operator has emitted it; it has not expired
			b.src.Complete()
			b.got()
			switch n.name {
			case "Drop":
				b.completed()
				return
			case "Error":
				b.failed()
				return
			}
			b.live()
			b.Request(1)
			b.got(1)
			b.completed()
		})
	}
}

// Behaviours 11 and 12: terminals need no demand.
func TestBehaviour11_TerminalsNeedNoDemand(t *testing.T) {
	for _, n := range all() {
		t.Run(n.name, func(t *testing.T) {
			b := newBench(t, 0, n.op)
			b.src.Complete()
			b.completed()

			b = newBench(t, 0, n.op)
			b.src.Error(errSource)
			if err := b.failure(); !errors.Is(err, errSource) {
				t.Errorf("failed with %v", err)
			}
		})
	}
}

// Behaviour 14: after the end, values are discarded as late, errors go to the
// hook, and the rest is ignored.
func TestBehaviour14_AfterTheEnd(t *testing.T) {
	for _, n := range all() {
		t.Run(n.name, func(t *testing.T) {
			b := newBench(t, 0, n.op, marbles.EndsTwice)
			b.src.Complete()
			b.next(1)
			b.src.Error(errSource)
			b.src.Complete()
			b.Request(5)
			b.TestSubscriber.Cancel()
			b.pass(10)
			b.completed()
			b.lost(observable.DiscardLate, 1)
			b.reported(errSource)
			if c := b.src.Cancels(); c != 0 {
				t.Errorf("upstream was cancelled %d times after its end", c)
			}
		})
	}
}

// Behaviour 15: a cancel inside OnNext is the end, whatever is queued.
func TestBehaviour15_CancelInsideOnNext(t *testing.T) {
	for _, n := range all() {
		t.Run(n.name, func(t *testing.T) {
			b := newBench(t, 0, n.op)
			b.Each = func(int) { b.CancelInside() }
			if n.name == "Drop" || n.name == "Error" {
				b.Request(5)
			}
			b.next(1)
			if n.name == "Buffer/DropOldest" || n.name == "Block" {
				b.next(2, 3)
			}
			b.pass(2)
			b.Request(math.MaxInt64)
			b.src.Complete()
			b.next(4)
			b.pass(10)
			b.got(1)
			b.live()
			b.still()
		})
	}
}

// Behaviour 17: upstream sees one cancel, however many come from wherever.
func TestBehaviour17_CancelOnce(t *testing.T) {
	for _, n := range all() {
		t.Run(n.name, func(t *testing.T) {
			marbles.Race(20, func(int) ([]func(), func()) {
				b := newGatedBench(t, 0, n.op)
				b.next(1)
				return []func(){b.Cancel, b.Cancel, func() { b.Request(-1) }}, func() {
					if c := b.src.Cancels(); c != 1 {
						t.Errorf("upstream was cancelled %d times", c)
					}
					b.still()
				}
			})
		})
	}
}

// Behaviour 20: values, an end, requests, a cancel and the clock all at once;
// every value is delivered once, or discarded once.
func TestBehaviour20_FourWayRace(t *testing.T) {
	for _, n := range dropping[*marbles.Tracked]() {
		t.Run(n.name, func(t *testing.T) {
			marbles.Race(100, func(round int) ([]func(), func()) { return race(t, n.op, round%2 == 0) })
		})
	}
}

func race(t *testing.T, op observable.Operator[*marbles.Tracked, *marbles.Tracked], cancels bool) (racers []func(), check func()) {
	t.Helper()
	var (
		ledger = marbles.NewLedger(t)
		src    = marbles.NewTestSource[*marbles.Tracked](marbles.IgnoresCancel) // so that what is produced arrives
		sub    = marbles.NewTestSubscriber[*marbles.Tracked](t, 0)
		clock  = scheduler.NewVirtual()
		ctx    = observable.WithDroppedError(scheduler.With(t.Context(), clock), func(error) {})
	)
	sub.Each = ledger.Deliver
	op(src.Observable).Subscribe(ledger.Context(ctx), sub.Outside())
	emit := func() {
		for range 20 {
			src.Next(ledger.Produce())
		}
		src.Complete()
	}
	ask := func() {
		for range 10 {
			sub.Request(1)
		}
	}
	tick := func() {
		for range 10 {
			clock.AdvanceBy(ms)
		}
	}
	racers = []func(){emit, ask, tick}
	if cancels {
		racers = append(racers, sub.Cancel)
	}
	return racers, func() {
		sub.Cancel()
		if c := src.Cancels(); c > 1 {
			t.Errorf("upstream was cancelled %d times", c)
		}
		if p := clock.Pending(); p > 0 {
			t.Errorf("%d timers are left", p)
		}
	}
}

// The same in real time, where timers have goroutines of their own: they meet
// values, requests and a cancel in the same instants.
func TestInRealTime(t *testing.T) {
	for _, n := range dropping[*marbles.Tracked]() {
		t.Run(n.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ledger := marbles.NewLedger(t)
				src := marbles.NewTestSource[*marbles.Tracked](marbles.IgnoresCancel)
				sub := marbles.NewTestSubscriber[*marbles.Tracked](t, 0)
				sub.Each = ledger.Deliver
				ctx := observable.WithDroppedError(t.Context(), func(error) {})
				n.op(src.Observable).Subscribe(ledger.Context(ctx), sub.Outside())
				done := make(chan struct{})
				at := func(i int, f func()) { scheduler.Default.After(time.Duration(i)*ms, f) }
				for i := range 60 {
					at(1+i, func() { src.Next(ledger.Produce()) })
					if i%2 == 0 {
						at(1+i, func() { sub.Request(1) })
					}
				}
				at(50, sub.Cancel)
				at(100, func() { close(done) })
				<-done
			})
		})
	}
}

// What fails first is what the subscriber hears; the rest is not lost (L16).
func TestTwoFailures(t *testing.T) {
	buffer := backpressure.OnBackpressureBuffer[int](9)

	b := newGatedBench(t, 0, buffer)
	b.next(1)
	b.src.Error(errSource) // waits behind 1
	b.Request(-1)          // does not wait
	var bad *observable.BadRequestError
	if !errors.As(b.failure(), &bad) {
		t.Errorf("failed with %v", b.failure())
	}
	b.lost(observable.DiscardError, 1)
	b.reported(errSource)

	boom := errors.New("boom")
	b = newGatedBench(t, 0, buffer)
	b.Each = func(int) {
		b.Request(-1) // has to wait until this value is done
		panic(boom)
	}
	b.next(1)
	b.Request(1)
	if !errors.As(b.failure(), &bad) {
		t.Errorf("failed with %v", b.failure())
	}
	b.reported(boom)

	b = newGatedBench(t, 0, buffer)
	b.Each = func(int) {
		b.CancelInside()
		panic(boom)
	}
	b.next(1)
	b.Request(1)
	b.live()
	b.reported(boom)
}
