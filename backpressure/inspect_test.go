package backpressure_test

import (
	"context"
	"testing"
	"time"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// What waits for its time goes on by itself, and is to blame for nothing. When
// the time has come, the source is.
func TestAWaitIsNoStall(t *testing.T) {
	for name, op := range map[string]observable.Operator[int, int]{
		"Debounce": backpressure.Debounce[int](time.Second),
		"Sample":   backpressure.Sample[int](time.Second),
		"Audit":    backpressure.Audit[int](time.Second),
		"Pace":     backpressure.Pace[int](1, 1),
	} {
		t.Run(name, func(t *testing.T) {
			clock := scheduler.NewVirtual()
			ctx, in := observable.WithInspection(scheduler.With(context.Background(), clock))
			src := marbles.NewTestSource[int]()
			sub := marbles.NewTestSubscriber[int](t, 3)
			op(src.Observable).Subscribe(ctx, sub.Outside())
			src.Next(1)
			if e := in.Inspect().Stall(); e != nil {
				t.Errorf("while it waits: %v", e)
			}
			for range 9 {
				clock.AdvanceBy(time.Second)
			}
			e := in.Inspect().Stall()
			if e == nil {
				t.Fatalf("when the time is over, nobody is to blame:\n%v", in.Inspect())
			}
			if e.Reason != observable.StallSource {
				t.Errorf("the source is silent, but the blame goes elsewhere: %v", e)
			}
			sub.Cancel()
		})
	}
}

// What an operator holds can be seen, and what it waits for.
func TestInspectHeld(t *testing.T) {
	for name, test := range map[string]struct {
		op               observable.Operator[int, int]
		queued, capacity int64
	}{
		"OnBackpressureBuffer": {backpressure.OnBackpressureBuffer[int](7), 5, 7},
		"OnBackpressureLatest": {backpressure.OnBackpressureLatest[int](), 1, 1},
		"OnBackpressureDrop":   {backpressure.OnBackpressureDrop[int](), 0, 0},
		"Debounce":             {backpressure.Debounce[int](time.Second), 1, 2},
	} {
		ctx, in := observable.WithInspection(scheduler.With(context.Background(), scheduler.NewVirtual()))
		src := marbles.NewTestSource[int]()
		sub := marbles.NewTestSubscriber[int](t, 0)
		test.op(src.Observable).Subscribe(ctx, sub.Outside())
		for v := range 5 {
			src.Next(v)
		}
		if s := in.Inspect()[0]; s.Operator != name || s.Queued != test.queued || s.Capacity != test.capacity {
			t.Errorf("%s: %+v, want %d of %d held", name, s, test.queued, test.capacity)
		}
		sub.Cancel()
		if s := in.Inspect()[0]; s.Queued != 0 {
			t.Errorf("%s: holds %d after a cancel", name, s.Queued)
		}
	}
}
