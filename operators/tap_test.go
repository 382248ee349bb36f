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

// The taps come before the signal they tap.
func TestTapOrder(t *testing.T) {
	bothWays(t, func() {
		var seen []string
		say := func(format string, args ...any) { seen = append(seen, fmt.Sprintf(format, args...)) }
		taps := func(where string) observable.Operator[int, int] {
			return observable.Compose4(
				operators.Tap(func(v int) { say("%s %d", where, v) }),
				operators.TapError[int](func(err error) { say("%s %v", where, err) }),
				operators.TapComplete[int](func() { say("%s |", where) }),
				operators.Finally[int](func() { say("%s over", where) }))
		}
		o := func(src observable.Observable[int]) observable.Observable[int] {
			return observable.Pipe2(src, taps("above"), taps("below"))
		}
		for src, want := range map[string][]string{
			"1|": {"above 1", "below 1", "above |", "below |", "below over", "above over"},
			"1#": {"above 1", "below 1", "above test", "below test", "below over", "above over"},
			"1!": {"above 1", "below 1", "above over", "below over"},
		} {
			seen = nil
			values := marbles.NewTestSource[int]()
			sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
			o(values.Observable).Subscribe(t.Context(), sub)
			values.Next(1)
			switch src[1] {
			case '|':
				values.Complete()
			case '#':
				values.Error(errTest)
			case '!':
				sub.Cancel()
			}
			if !slices.Equal(seen, want) {
				t.Errorf("%s: %q, want %q", src, seen, want)
			}
		}
	})
}

// Finally runs once, whoever ends the subscription, and however many do.
func TestFinallyOnce(t *testing.T) {
	marbles.Race(500, func(int) ([]func(), func()) {
		var calls int
		src := marbles.NewTestSource[int]()
		sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
		operators.Finally[int](func() { calls++ })(src.Observable).Subscribe(t.Context(), sub.Outside())
		return []func(){src.Complete, sub.Cancel}, func() {
			if calls != 1 {
				t.Errorf("%d calls, want 1", calls)
			}
		}
	})
}

// Behaviour 29: the panic of a callback at the end of the stream is the end of
// the stream, whatever the source; no error is lost (L16).
func TestBehaviour29_TapsPanic(t *testing.T) {
	boom := func() { panic("boom") }
	failing := observable.New(func(_ context.Context, s observable.Subscriber[int]) {
		s.OnSubscribe(&outsideSub{s: s, over: true})
		s.OnError(errTest)
	})
	for name, tt := range map[string]struct {
		o       observable.Observable[int]
		panics  bool
		dropped error
	}{
		"TapComplete of Range": {operators.TapComplete[int](boom)(observable.Range(0, 3)), true, nil},
		"TapComplete of Empty": {operators.TapComplete[int](boom)(observable.Empty[int]()), true, nil},
		"TapComplete of New":   {operators.TapComplete[int](boom)(outsideRange(3)), true, nil},
		"TapComplete of Take":  {operators.TapComplete[int](boom)(operators.Take[int](1)(outsideRange(3))), true, nil},
		"TapError of Throw":    {operators.TapError[int](func(error) { boom() })(observable.Throw[int](errTest)), true, errTest},
		"TapError of New":      {operators.TapError[int](func(error) { boom() })(failing), true, errTest},
		"Finally of Range":     {operators.Finally[int](boom)(observable.Range(0, 3)), false, nil},
		"Finally of New":       {operators.Finally[int](boom)(outsideRange(3)), false, nil},
	} {
		var dropped []error
		ctx := observable.WithDroppedError(t.Context(), func(err error) { dropped = append(dropped, err) })
		sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
		tt.o.Subscribe(ctx, sub)
		ended, err := sub.Ended()
		if _, isPanic := errors.AsType[*observable.PanicError](err); !ended || isPanic != tt.panics {
			t.Errorf("%s: ended %t with %v", name, ended, err)
		}
		switch {
		case tt.dropped != nil && (len(dropped) != 1 || !errors.Is(dropped[0], tt.dropped)),
			tt.dropped == nil && tt.panics && len(dropped) != 0,
			!tt.panics && len(dropped) != 1:
			t.Errorf("%s: dropped errors %v", name, dropped)
		}
	}
}

func ExampleTap() {
	o := operators.Tap(func(n int) { fmt.Println("passing", n) })(observable.Range(1, 2))
	fmt.Println(o.Collect(context.Background()))
	// Output:
	// passing 1
	// passing 2
	// [1 2] <nil>
}

func ExampleTapError() {
	o := operators.TapError[int](func(err error) { fmt.Println("saw:", err) })(observable.Throw[int](errors.New("no route")))
	_, err := o.Collect(context.Background())
	fmt.Println(err)
	// Output:
	// saw: no route
	// no route
}

func ExampleTapComplete() {
	o := operators.TapComplete[int](func() { fmt.Println("all there") })(observable.Range(1, 2))
	fmt.Println(o.Collect(context.Background()))
	// Output:
	// all there
	// [1 2] <nil>
}

func ExampleFinally() {
	o := observable.Pipe2(observable.Range(1, 1000),
		operators.Finally[int](func() { fmt.Println("closed") }),
		operators.Take[int](2))
	fmt.Println(o.Collect(context.Background()))
	// Output:
	// closed
	// [1 2] <nil>
}
