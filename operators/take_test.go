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

// Behaviours 4 and 9: no more than n is requested in total.
func TestBehaviour9_TakeRequestsNoMore(t *testing.T) {
	for _, tt := range []struct{ requests, want []int64 }{
		{[]int64{3, 10, 10}, []int64{3, 2}},
		{[]int64{observable.Unbounded, 1}, []int64{5}},
		{[]int64{5, 1}, []int64{5}},
	} {
		src := marbles.NewTestSource[int]()
		sub := marbles.NewTestSubscriber[int](t, 0)
		operators.Take[int](5)(src.Observable).Subscribe(t.Context(), sub)
		for _, n := range tt.requests {
			sub.Request(n)
		}
		if got := src.Requests(); !slices.Equal(got, tt.want) {
			t.Errorf("requests %v reached the source as %v, want %v", tt.requests, got, tt.want)
		}
	}
}

// Behaviour 9: upstream is cancelled once, before the end is passed on.
func TestBehaviour9_TakeCancelsOnce(t *testing.T) {
	var signals []string
	note := func(s string) func() { return func() { signals = append(signals, s) } }
	src := marbles.NewTestSource[int]()
	o := observable.Pipe3(src.Observable, operators.Finally[int](note("cancelled")), operators.Take[int](2), operators.TapComplete[int](note("completed")))
	sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
	o.Subscribe(t.Context(), sub)
	src.Next(1)
	src.Next(2)
	sub.Cancel()
	if want := []string{"cancelled", "completed"}; !slices.Equal(signals, want) || src.Cancels() != 1 {
		t.Errorf("signals %v and %d cancels, want %v and 1", signals, src.Cancels(), want)
	}
}

func TestTakeNothing(t *testing.T) {
	src := marbles.NewTestSource[int]()
	sub := marbles.NewTestSubscriber[int](t, 0)
	operators.Take[int](0)(src.Observable).Subscribe(t.Context(), sub)
	if ended, err := sub.Ended(); !ended || err != nil || src.Subscriptions() != 0 {
		t.Errorf("ended %t with %v after %d subscriptions; want a completion and none", ended, err, src.Subscriptions())
	}
}

// L15: a value that the downstream did not count is replaced only within n.
func TestTakeAboveFilter(t *testing.T) {
	bothWays(t, func() {
		var asked int
		o := observable.Pipe3(observable.Range(1, 100),
			operators.Tap(func(int) { asked++ }),
			operators.Take[int](4),
			operators.Filter(func(v int) bool { return v%2 == 0 }))
		sub := marbles.NewTestSubscriber[int](t, 3)
		o.Subscribe(t.Context(), sub)
		if ended, _ := sub.Ended(); !slices.Equal(sub.Values(), []int{2, 4}) || !ended || asked != 4 {
			t.Errorf("got %v, ended %t, after %d values; want [2 4], true, 4", sub.Values(), ended, asked)
		}
	})
}

// Behaviours 14 and 15: what a source that does not listen sends after the end
// is late, and its terminals change nothing.
func TestBehaviour14_TakeAfterTheEnd(t *testing.T) {
	bothWays(t, func() {
		for name, op := range map[string]observable.Operator[int, int]{
			"Take":      operators.Take[int](1),
			"TakeWhile": operators.TakeWhile(func(v int) bool { return v == 1 }),
		} {
			src := marbles.NewTestSource[int](marbles.IgnoresCancel, marbles.EndsTwice, marbles.Overruns)
			var late []any
			var dropped []error
			ctx := observable.WithDiscard(t.Context(), func(v any, _ observable.DiscardReason) { late = append(late, v) })
			ctx = observable.WithDroppedError(ctx, func(err error) { dropped = append(dropped, err) })
			op(src.Observable).Subscribe(ctx, marbles.NewTestSubscriber[int](t, observable.Unbounded))
			src.Next(1)
			if name == "TakeWhile" {
				src.Next(2) // refused
			}
			src.Next(3)
			src.Complete()
			src.Error(errTest)
			if !slices.Equal(late, []any{3}) || len(dropped) != 1 || src.Cancels() != 1 {
				t.Errorf("%s: late %v, dropped %v, %d cancels; want [3], [test], 1", name, late, dropped, src.Cancels())
			}
		}
	})
}

// Behaviour 2, L6: a bad request ends the stream, even while the last value is
// being delivered and the source is gone.
func TestBehaviour2_BadRequestInLastValue(t *testing.T) {
	bothWays(t, func() {
		for _, n := range []int64{0, -1, -1 << 63} {
			for name, op := range map[string]observable.Operator[int, int]{
				"Take":      operators.Take[int](1),
				"TakeWhile": operators.TakeWhile(func(int) bool { return true }),
				"Finally":   operators.Finally[int](func() {}),
			} {
				s := &badRequester{n: n}
				op(observable.Range(0, 3)).Subscribe(t.Context(), s)
				if bad, ok := errors.AsType[*observable.BadRequestError](s.err); !ok || bad.N != n || s.signals != 2 {
					t.Errorf("%s, Request(%d): %d signals, error %v", name, n, s.signals, s.err)
				}
			}
		}
	})
}

// A badRequester requests n inside its first value.
type badRequester struct {
	n       int64
	up      observable.Subscription
	signals int
	err     error
}

func (b *badRequester) OnSubscribe(up observable.Subscription) {
	b.up = up
	up.Request(3)
}

func (b *badRequester) OnNext(int) {
	b.signals++
	b.up.Request(b.n)
}

func (b *badRequester) OnError(err error) {
	b.signals++
	b.err = err
}
func (b *badRequester) OnComplete() { b.signals++ }

func TestTakeWhile(t *testing.T) {
	bothWays(t, func() {
		small := operators.TakeWhile(func(v int) bool { return v < 3 })
		check(t, "TakeWhile", end(small(observable.Of(1, 2, 3, 1))), nil, 1, 2)
		check(t, "TakeWhile, never refused", end(small(observable.Of(1, 2))), nil, 1, 2)
		check(t, "TakeWhile, refused at once", end(small(observable.Of(5, 1))), nil)
	})
}

// Behaviour 15, L7: a cancel inside a value is the last thing that happens.
func TestBehaviour15_CancelInsideOnNext(t *testing.T) {
	bothWays(t, func() {
		for name, op := range map[string]observable.Operator[int, int]{
			"Take":      operators.Take[int](1),
			"TakeWhile": operators.TakeWhile(func(int) bool { return true }),
			"MapErr":    operators.MapErr(func(v int) (int, error) { return v, nil }),
			"Skip":      operators.Skip[int](1),
			"Catch":     operators.Catch(func(error) observable.Observable[int] { return observable.Of(9) }),
			"Retry":     operators.Retry[int](5),
			"StartWith": operators.StartWith(0),
		} {
			sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
			sub.Each = func(int) { sub.CancelInside() }
			op(observable.Range(0, 9)).Subscribe(t.Context(), sub)
			if n := len(sub.Values()) + len(sub.Late()); n > 1 {
				t.Errorf("%s: %d values", name, n)
			}
		}
	})
}

func ExampleTake() {
	first := operators.Take[int](3)(observable.Range(1, 1_000_000))
	fmt.Println(first.Collect(context.Background()))
	// Output: [1 2 3] <nil>
}

func ExampleTakeWhile() {
	small := operators.TakeWhile(func(n int) bool { return n*n < 20 })(observable.Range(1, 1_000_000))
	fmt.Println(small.Collect(context.Background()))
	// Output: [1 2 3 4] <nil>
}
