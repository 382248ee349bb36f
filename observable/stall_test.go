package observable_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

// A clog is an operator that has lost count, in the way that the test chooses.
type clog struct {
	down observable.Subscriber[int]
	up   observable.Subscription

	asks  int64 // requested of the source at first
	hoard bool  // values are kept, and not forgotten
	deaf  bool  // the end is not passed on
	held  int64
}

func (c *clog) OnSubscribe(up observable.Subscription) {
	c.up = up
	c.down.OnSubscribe(c)
	if c.asks > 0 {
		up.Request(c.asks)
	}
}

// Held is how an operator of the library tells what it has.
func (c *clog) Held(link.Seal) link.Holding {
	if !c.hoard {
		return link.Holding{}
	}
	return link.Holding{Queued: c.held, Ready: c.held, Capacity: 10}
}

func (c *clog) OnNext(int) {
	if c.hoard {
		c.held++
	}
}
func (c *clog) OnError(err error) { c.down.OnError(err) }
func (c *clog) Request(int64)     {}
func (c *clog) Cancel()           { c.up.Cancel() }
func (c *clog) OnComplete() {
	if !c.deaf {
		c.down.OnComplete()
	}
}

func Clog(c clog) observable.Operator[int, int] {
	return observable.Lift(func(_ context.Context, down observable.Subscriber[int]) observable.Subscriber[int] {
		c := c
		c.down = down
		return &c
	})
}

func TestStallNamesTheOperator(t *testing.T) {
	pass := operators.Map(func(v int) int { return v })
	for name, test := range map[string]struct {
		o        observable.Observable[int]
		operator string
		reason   observable.StallReason
	}{
		"asks for nothing":       {observable.Pipe3(observable.Range(0, 9), pass, Clog(clog{}), pass), "Clog", observable.StallUnasked},
		"asks for too little":    {observable.Pipe2(observable.Range(0, 9), Clog(clog{asks: 3}), pass), "Clog", observable.StallUnasked},
		"hoards":                 {observable.Pipe2(observable.Range(0, 9), Clog(clog{asks: 3, hoard: true}), pass), "Clog", observable.StallHeld},
		"does not end":           {observable.Pipe2(observable.Range(0, 9), Clog(clog{asks: 10, deaf: true}), pass), "Clog", observable.StallUnended},
		"a silent source":        {observable.Pipe1(observable.Never[int](), pass), "Never", observable.StallSource},
		"one of two":             {operators.Zip2(observable.Never[int](), observable.Range(0, 9), func(a, b int) int { return a + b }), "Never", observable.StallSource},
		"an inner one":           {operators.MergeMap(func(int) observable.Observable[int] { return Clog(clog{})(observable.Of(1)) })(observable.Of(1)), "Clog", observable.StallUnasked},
		"behind what has a hand": {operators.TakeLast[int](2)(Clog(clog{asks: 3})(observable.Range(0, 9))), "Clog", observable.StallUnasked},
	} {
		t.Run(name, func(t *testing.T) {
			sub := marbles.NewTestSubscriber[int](t, 5)
			in := inspect(test.o, sub.Outside())
			e := in.Inspect().Stall()
			if e == nil {
				t.Fatalf("no stall is seen in\n%v", in.Inspect())
			}
			if e.Stage.Operator != test.operator || e.Reason != test.reason {
				t.Errorf("%v\nblames %s (%d), want %s (%d)", e, e.Stage.Operator, e.Reason, test.operator, test.reason)
			}
			if !strings.Contains(e.Error(), "sluice: nothing has moved: "+test.operator+" has been asked for values") {
				t.Errorf("the error reads %q", e)
			}
			sub.Cancel()
			if e := in.Inspect().Stall(); e != nil {
				t.Errorf("after the cancel: %v", e)
			}
		})
	}
}

func TestNoStall(t *testing.T) {
	sub := marbles.NewTestSubscriber[int](t, 0)
	in := inspect(Clog(clog{asks: 3})(observable.Range(0, 9)), sub.Outside())
	if e := in.Inspect().Stall(); e != nil {
		t.Errorf("nobody has asked for anything: %v", e)
	}
	sub.Request(1)
	if e := in.Inspect().Stall(); e == nil {
		t.Error("the stall is not seen")
	}
	sub.Cancel()
}

func TestStallDetector(t *testing.T) {
	var (
		clock  = scheduler.NewVirtual()
		stalls []*observable.StallError
		ctx    = observable.WithStallDetector(scheduler.With(context.Background(), clock), 10*time.Second, func(e *observable.StallError) { stalls = append(stalls, e) })
		src    = marbles.NewTestSource[int]()
		sub    = marbles.NewTestSubscriber[int](t, 5)
	)
	src.Observable.Subscribe(ctx, sub.Outside())
	for range 5 {
		clock.AdvanceBy(6 * time.Second)
		src.Next(1)
		sub.Request(1)
	}
	if len(stalls) > 0 {
		t.Fatalf("something moves every 6 s: %v", stalls[0])
	}
	clock.AdvanceBy(12500 * time.Millisecond)
	if len(stalls) != 1 || stalls[0].Still != 10*time.Second || stalls[0].Stage.Operator == "" {
		t.Fatalf("after 12.5 s: %v", stalls)
	}
	if !strings.Contains(stalls[0].Error(), "nothing has moved for 10s") {
		t.Errorf("the error reads %q", stalls[0])
	}
	clock.AdvanceBy(time.Minute)
	if len(stalls) != 1 {
		t.Errorf("a stall is reported %d times", len(stalls))
	}
	src.Next(2)
	clock.AdvanceBy(time.Minute)
	if len(stalls) != 2 {
		t.Errorf("it moved and stands again: %d reports", len(stalls))
	}
	src.Complete()
	if n := clock.Pending(); n > 0 {
		t.Errorf("L12: %d timers are left", n)
	}

	// Another subscription winds the detector up again; a cancel lets it go.
	sub = marbles.NewTestSubscriber[int](t, 1)
	observable.Never[int]().Subscribe(ctx, sub.Outside())
	clock.AdvanceBy(time.Minute)
	sub.Cancel()
	if n := clock.Pending(); n > 0 || len(stalls) != 3 {
		t.Errorf("%d timers, %d reports", n, len(stalls))
	}
}

func TestStallDetectorArguments(t *testing.T) {
	for want, f := range map[string]func(){
		"not positive": func() { observable.WithStallDetector(context.Background(), 0, func(*observable.StallError) {}) },
		"nil function": func() { observable.WithStallDetector(context.Background(), 1, nil) },
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, want) {
					t.Errorf("panicked with %q, want %q", got, want)
				}
			}()
			f()
		}()
	}
}

func ExampleWithStallDetector() {
	clock := scheduler.NewVirtual() // a program has the real one
	ctx := scheduler.With(context.Background(), clock)
	ctx = observable.WithStallDetector(ctx, 5*time.Second, func(e *observable.StallError) { fmt.Print(e) })

	forgetful := Clog(clog{asks: 2})
	chain := observable.Pipe2(
		observable.Range(0, 100),
		forgetful,
		operators.Scan(0, func(sum, v int) int { return sum + v }),
	)
	subscriber := subscribe(ctx, chain, 10)
	clock.AdvanceBy(7 * time.Second)
	subscriber.up.Cancel()

	// Output:
	// sluice: nothing has moved for 5s: Clog has been asked for values (10), but it asks its sources for nothing
	// Scan       demand 10  delivered 0
	//   Clog     demand 10  delivered 0
	//     Range  demand 0   delivered 2
}
