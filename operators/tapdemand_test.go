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
)

// What goes up the chain meets the lower tap first, and every tap before the
// source.
func TestTapOrderUpwards(t *testing.T) {
	bothWays(t, func() {
		for src, want := range map[string][]string{
			"|": {"below ^", "above ^", "below 2", "above 2"},
			"#": {"below ^", "above ^", "below 2", "above 2"},
			"!": {"below ^", "above ^", "below 2", "above 2", "below !", "above !"},
		} {
			var seen []string
			taps := func(where string) observable.Operator[int, int] {
				say := func(what any) { seen = append(seen, fmt.Sprint(where, " ", what)) }
				return observable.Compose3(
					operators.TapSubscribe[int](func() { say("^") }),
					operators.TapRequest[int](func(n int64) { say(n) }),
					operators.TapCancel[int](func() { say("!") }))
			}
			values := marbles.NewTestSource[int]()
			sub := marbles.NewTestSubscriber[int](t, 2)
			observable.Pipe2(values.Observable, taps("above"), taps("below")).Subscribe(t.Context(), sub)
			switch values.Next(1); src {
			case "|":
				values.Complete()
			case "#":
				values.Error(errTest)
			case "!":
				sub.Cancel()
			}
			if !slices.Equal(seen, want) {
				t.Errorf("%s: %q, want %q", src, seen, want)
			}
		}
	})
}

// L15: what an operator below requests in the place of a value that it has
// dropped is seen, linked or not.
func TestTapRequestSeesReplacements(t *testing.T) {
	bothWays(t, func() {
		var seen []int64
		o := observable.Pipe3(observable.Range(1, 100),
			operators.TapRequest[int](func(n int64) { seen = append(seen, n) }),
			operators.Filter(func(v int) bool { return v%2 == 0 }),
			operators.Take[int](2))
		check(t, "TapRequest", end(o), nil, 2, 4)
		if want := []int64{2, 1, 1}; !slices.Equal(seen, want) {
			t.Errorf("saw %v, want %v", seen, want)
		}
	})
}

// A cancel inside the end cancels nothing, and neither does a second one.
func TestTapCancelOnce(t *testing.T) {
	calls := 0
	tap := operators.TapCancel[int](func() { calls++ })
	src, sub := marbles.NewTestSource[int](), marbles.NewTestSubscriber[int](t, 1)
	operators.TapComplete[int](func() { sub.Cancel() })(tap(src.Observable)).Subscribe(t.Context(), sub.Outside())
	src.Complete()
	if calls != 0 {
		t.Errorf("%d calls for a cancel inside OnComplete", calls)
	}
	marbles.Race(300, func(int) ([]func(), func()) {
		calls := 0
		src, sub := marbles.NewTestSource[int](), marbles.NewTestSubscriber[int](t, 1)
		operators.TapCancel[int](func() { calls++ })(src.Observable).Subscribe(t.Context(), sub.Outside())
		return []func(){sub.Cancel, sub.Cancel}, func() {
			if calls != 1 || src.Cancels() != 1 {
				t.Errorf("%d calls and %d cancels, want 1 and 1", calls, src.Cancels())
			}
		}
	})
}

// Behaviour 29: the panic of a tap that a request meets is the end of the
// stream, wherever the request is made and whatever the source.
func TestBehaviour29_TapRequestPanics(t *testing.T) {
	bothWays(t, func() {
		boomAt := func(at int64) observable.Operator[int, int] {
			return operators.TapRequest[int](func(n int64) {
				if n == at {
					panic("boom")
				}
			})
		}
		for name, src := range map[string]observable.Observable[int]{
			"Range": observable.Range(1, 9),
			"New":   outsideRange(9),
			"Catch": operators.Catch(func(error) observable.Observable[int] { return observable.Of(0) })(observable.Range(1, 9)),
		} {
			sub := marbles.NewTestSubscriber[int](t, 5) // in OnSubscribe
			boomAt(5)(src).Subscribe(t.Context(), sub)
			wantPanic(t, name+" in OnSubscribe", sub)

			sub = marbles.NewTestSubscriber[int](t, 9) // in OnNext
			sub.Each = func(v int) {
				if v == 2 {
					sub.Request(5)
				}
			}
			boomAt(5)(src).Subscribe(t.Context(), sub)
			wantPanic(t, name+" in OnNext", sub, 1, 2)
		}

		sub := marbles.NewTestSubscriber[int](t, 2) // in the place of a value
		odd := operators.Filter(func(v int) bool { return v%2 == 1 })
		odd(boomAt(1)(observable.Range(1, 9))).Subscribe(t.Context(), sub)
		wantPanic(t, "below Filter", sub, 1)

		src := marbles.NewTestSource[int]() // on its own
		sub = marbles.NewTestSubscriber[int](t, 2)
		boomAt(5)(src.Observable).Subscribe(t.Context(), sub)
		src.Next(1)
		sub.Request(5)
		wantPanic(t, "from outside", sub, 1)
		if src.Cancels() != 1 || src.Requested() != 2 {
			t.Errorf("%d cancels and %d requested, want 1 and 2", src.Cancels(), src.Requested())
		}
	})
}

func wantPanic(t *testing.T, what string, sub *marbles.TestSubscriber[int], values ...int) {
	t.Helper()
	_, err := sub.Ended()
	if _, ok := errors.AsType[*observable.PanicError](err); !ok || !slices.Equal(sub.Values(), values) {
		t.Errorf("%s: got %v and %v, want %v and a PanicError", what, sub.Values(), err, values)
	}
}

// L3: the panic of a request waits for the value that is being delivered.
func TestTapRequestPanicRace(t *testing.T) {
	ctx := observable.WithDroppedError(t.Context(), func(error) {})
	marbles.Race(500, func(int) ([]func(), func()) {
		src := marbles.NewTestSource[int](marbles.IgnoresCancel)
		sub := marbles.NewTestSubscriber[int](t, 2)
		tap := operators.TapRequest[int](func(n int64) {
			if n == 1 {
				panic("boom")
			}
		})
		tap(src.Observable).Subscribe(ctx, sub)
		return []func(){func() { src.Next(1); src.Next(2); src.Complete() }, func() { sub.Request(1) }}, func() {
			if ended, _ := sub.Ended(); !ended || src.Cancels() > 1 {
				t.Errorf("ended %t, %d cancels", ended, src.Cancels())
			}
		}
	})
}

// Behaviour 29: a panic at the cancel goes to the hook, and the source is
// cancelled; one at the subscription is the end.
func TestBehaviour29_TapCancelAndSubscribePanic(t *testing.T) {
	boom := func() { panic("boom") }
	var dropped []error
	ctx := observable.WithDroppedError(t.Context(), func(err error) { dropped = append(dropped, err) })
	src, sub := marbles.NewTestSource[int](), marbles.NewTestSubscriber[int](t, 2)
	operators.TapCancel[int](boom)(src.Observable).Subscribe(ctx, sub)
	sub.Cancel()
	if ended, _ := sub.Ended(); ended || src.Cancels() != 1 || len(dropped) != 1 {
		t.Errorf("TapCancel: ended %t, %d cancels, dropped %v; want false, 1 and the panic", ended, src.Cancels(), dropped)
	}
	sub = marbles.NewTestSubscriber[int](t, 2)
	operators.TapSubscribe[int](boom)(src.Observable).Subscribe(ctx, sub)
	wantPanic(t, "TapSubscribe", sub)
	if src.Subscriptions() != 1 {
		t.Error("TapSubscribe: the source was subscribed to after the panic")
	}
}

func ExampleTapSubscribe() {
	o := operators.TapSubscribe[int](func() { fmt.Println("subscribed") })(observable.Range(1, 2))
	fmt.Println(o.Collect(context.Background()))
	fmt.Println(o.Collect(context.Background()))
	// Output:
	// subscribed
	// [1 2] <nil>
	// subscribed
	// [1 2] <nil>
}

func ExampleTapRequest() {
	o := observable.Pipe2(observable.Range(1, 1000),
		operators.TapRequest[int](func(n int64) { fmt.Println("asked for", n) }),
		operators.Take[int](2))
	fmt.Println(o.Collect(context.Background()))
	// Output:
	// asked for 2
	// [1 2] <nil>
}

func ExampleTapCancel() {
	o := observable.Pipe2(observable.Range(1, 1000),
		operators.TapCancel[int](func() { fmt.Println("enough") }),
		operators.Take[int](2))
	fmt.Println(o.Collect(context.Background()))
	// Output:
	// enough
	// [1 2] <nil>
}
