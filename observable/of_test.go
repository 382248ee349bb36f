package observable_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
)

// Of, FromSlice and Range follow demand, and end with the last value.
func TestListsFollowDemand(t *testing.T) {
	for name, src := range map[string]observable.Observable[string]{
		"Of":        observable.Of("1", "2", "3", "4"),
		"FromSlice": observable.FromSlice([]string{"1", "2", "3", "4"}),
		"Range":     marbles.Text(observable.Range(1, 4)),
	} {
		t.Run(name, func(t *testing.T) {
			marbles.Run(t, func(m *marbles.Test) {
				marbles.Expect(m, src).Demand("-^-1--2---1").ToBe("---1--(23)(4|)")
				marbles.Expect(m, src).Demand("(^1)-!").ToBe("1")
				marbles.Expect(m, src).Demand("(^1)--*").ToBe("1-----(234|)")
			})
		})
	}
}

// Behaviour 12, L4: an end needs no demand, and comes after OnSubscribe.
func TestBehaviour12_ListsEndWithoutDemand(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		marbles.Expect(m, observable.Of[int]()).ToBe("|")
		marbles.Expect(m, observable.Range(7, 0)).ToBe("|")
		marbles.Expect(m, observable.Throw[int](marbles.ErrMarble)).ToBe("#", marbles.Err(marbles.ErrMarble))
		var zero observable.Observable[int]
		marbles.Expect(m, zero).ToBe("|")
		marbles.Expect(m, observable.Never[int]()).Demand("^----!").ToBe("")
	})
}

// L11: a panic in OnNext ends the loop, whose other subscriptions go on.
func TestListsSurvivePanics(t *testing.T) {
	for name, src := range map[string]observable.Observable[int]{
		"a list": observable.Of(1, 2, 3), "one": observable.Of(1), "a range": observable.Range(1, 3),
	} {
		for _, linked := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, linked %t", name, linked), func(t *testing.T) {
				if !linked {
					defer link.Disable()()
				}
				sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
				sub.Each = func(int) { panic("boom") }
				src.Subscribe(context.Background(), sub)
				var p *observable.PanicError
				if ended, err := sub.Ended(); !ended || !errors.As(err, &p) || p.Value != "boom" {
					t.Errorf("ended %t with %v, want the panic", ended, err)
				}
				if got, err := src.Collect(context.Background()); err != nil || got[0] != 1 {
					t.Errorf("the next subscription: %v, %v", got, err)
				}
			})
		}
	}
}

// Allocations are exact: a loop makes none for its values.
func TestListsDoNotAllocatePerValue(t *testing.T) {
	run := func(n int) float64 {
		src := observable.Range(0, n)
		return testing.AllocsPerRun(20, func() { src.Subscribe(context.Background(), &sink{}) })
	}
	if few, many := run(10), run(10_000); few != many {
		t.Errorf("%v allocations for 10 values, %v for 10000", few, many)
	}
}

// sink takes everything.
type sink struct{}

func (*sink) OnSubscribe(s observable.Subscription) { s.Request(observable.Unbounded) }
func (*sink) OnNext(int)                            {}
func (*sink) OnError(error)                         {}
func (*sink) OnComplete()                           {}

func TestBadArguments(t *testing.T) {
	for want, f := range map[string]func(){
		"observable: Range of a negative count (-1)":       func() { observable.Range(0, -1) },
		"observable: Throw of a nil error":                 func() { observable.Throw[int](nil) },
		"observable: New with a nil function":              func() { observable.New[int](nil) },
		"observable: Lift with a nil function":             func() { observable.Lift[int, int](nil) },
		"observable: Subscribe with a nil Subscriber":      func() { observable.Of(1).Subscribe(context.Background(), nil) },
		"observable: WithDiscard with a nil function":      func() { observable.WithDiscard(context.Background(), nil) },
		"observable: WithDroppedError with a nil function": func() { observable.WithDroppedError(context.Background(), nil) },
	} {
		t.Run(want, func(t *testing.T) {
			defer func() {
				if v := recover(); fmt.Sprint(v) != want {
					t.Errorf("panicked with %v", v)
				}
			}()
			f()
		})
	}
}

func ExampleOf() {
	fmt.Println(observable.Of("a", "b").Collect(context.Background()))
	// Output: [a b] <nil>
}

func ExampleFromSlice() {
	fmt.Println(observable.FromSlice([]int{3, 1, 2}).Collect(context.Background()))
	// Output: [3 1 2] <nil>
}

func ExampleRange() {
	fmt.Println(observable.Range(5, 3).Collect(context.Background()))
	// Output: [5 6 7] <nil>
}

func ExampleEmpty() {
	fmt.Println(observable.Empty[int]().Collect(context.Background()))
	// Output: [] <nil>
}

func ExampleNever() {
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(errors.New("enough"))
	fmt.Println(observable.Never[int]().Collect(ctx))
	// Output: [] enough
}

func ExampleThrow() {
	fmt.Println(observable.Throw[int](errors.New("broken")).Collect(context.Background()))
	// Output: [] broken
}

func TestRangeToTheLargestInt(t *testing.T) {
	for _, ask := range []int64{5, observable.Unbounded} {
		p := subscribe(t.Context(), observable.Range(math.MaxInt-1, 2), ask)
		p.expectComplete(t, math.MaxInt-1, math.MaxInt)
	}
	defer func() {
		if got := fmt.Sprint(recover()); !strings.Contains(got, "it has room for 2") {
			t.Errorf("panicked with %q", got)
		}
	}()
	observable.Range(math.MaxInt-1, 3)
}

// Behaviour 2, L16: a bad request and then a panic in one value: the end tells
// of both.
func TestBehaviour2_BadRequestAndAPanic(t *testing.T) {
	for name, o := range map[string]observable.Observable[int]{"Of one": observable.Of(1), "Of two": observable.Of(1, 2)} {
		p := newProbe[int](5)
		p.onNext = func(int) {
			p.up.Request(0)
			panic("boom")
		}
		o.Subscribe(t.Context(), p)
		_, bad := errors.AsType[*observable.BadRequestError](p.err())
		_, panicked := errors.AsType[*observable.PanicError](p.err())
		if !bad || !panicked {
			t.Errorf("%s ended with %.100v, want both errors", name, p.err())
		}
	}
}
