package operators_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// Whichever comes first in an instant counts: the rows are hot, and that of o is
// played first.
func TestTakeUntil(t *testing.T) {
	for _, tt := range []struct{ o, source, want, subs, subsO string }{
		{"-----x--", "-a-b-c-d-|", "-a-b-|    ", "^----!    ", "^----!    "},
		{"----x---", "-a-b-c-d-|", "-a-b|     ", "^---!     ", "^---!     "},
		{"--|     ", "-a-b-c-d-|", "-a-b-c-d-|", "^--------!", "^-!       "},
		{"--#     ", "-a-b-c-d-|", "-a#       ", "^-!       ", "^-!       "},
		{"------- ", "-a-b-c-d-|", "-a-b-c-d-|", "^--------!", "^--------!"},
		{"------- ", "-a-b-#    ", "-a-b-#    ", "^----!    ", "^----!    "},
		{"------x ", "-a-b-|    ", "-a-b-|    ", "^----!    ", "^----!    "},
		{"x       ", "-a-b-|    ", "|         ", "(^!)      ", "(^!)      "},
	} {
		marbles.Run(t, func(m *marbles.Test) {
			o, src := marbles.Hot[string](m, tt.o), marbles.Hot[string](m, tt.source)
			marbles.Expect(m, operators.TakeUntil[string](o.Observable)(src.Observable)).Named(tt.o).ToBe(tt.want)
			src.ExpectSubscriptions(tt.subs)
			o.ExpectSubscriptions(tt.subsO)
		})
	}
}

// An observable that has fired already lets nothing through, and neither does
// one that has failed; the source is not subscribed to.
func TestTakeUntilFiredAlready(t *testing.T) {
	for _, tt := range []struct {
		o    observable.Observable[int]
		want error
	}{{observable.Of(1), nil}, {observable.Throw[int](errTest), errTest}} {
		src := marbles.NewTestSource[string]()
		sub := marbles.NewTestSubscriber[string](t, 1)
		operators.TakeUntil[string](tt.o)(src.Observable).Subscribe(t.Context(), sub)
		ended(t, sub, tt.want)
		diff(t, "subscriptions", src.Subscriptions(), 0)
	}
}

// The end waits for the value that is being delivered, which caused it.
func TestTakeUntilFiresInsideOnNext(t *testing.T) {
	linkedAndNot(t, func(t *testing.T) {
		o := observable.NewSubject[int]()
		sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
		sub.Each = func(v int) {
			if v == 2 {
				o.Next(0)
				running(t, sub)
			}
		}
		operators.TakeUntil[int](o.Observable)(observable.Range(1, 9)).Subscribe(t.Context(), sub)
		ended(t, sub, nil)
		diff(t, "values", sub.Values(), []int{1, 2})
	})
}

// L7: what ends the stream from beside is silent after a cancel.
func TestTakeUntilFiresAfterACancelInsideOnNext(t *testing.T) {
	o := observable.NewSubject[int]()
	src := marbles.NewTestSource[int]()
	sub := marbles.NewTestSubscriber[int](t, 1)
	sub.Each = func(int) {
		o.Next(0)
		sub.CancelInside()
	}
	operators.TakeUntil[int](o.Observable)(src.Observable).Subscribe(t.Context(), sub)
	src.Next(1)
	running(t, sub)
	diff(t, "cancels", src.Cancels(), 1)
}

// L11, L16: a panic of the subscriber's outruns the failure that waits for it.
func TestTakeUntilFailsInsideAPanic(t *testing.T) {
	o := observable.NewSubject[int]()
	var dropped []error
	ctx := observable.WithDroppedError(t.Context(), func(err error) { dropped = append(dropped, err) })
	sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
	sub.Each = func(int) {
		o.Error(errTest)
		panic("boom")
	}
	operators.TakeUntil[int](o.Observable)(observable.Range(1, 9)).Subscribe(ctx, sub)
	_, err := sub.Ended()
	if _, ok := errors.AsType[*observable.PanicError](err); !ok {
		t.Errorf("ended with %v, want a PanicError", err)
	}
	if len(dropped) != 1 || !errors.Is(dropped[0], errTest) {
		t.Errorf("dropped %v, want %v", dropped, errTest)
	}
}

// L12: a source that panics while it is subscribed to leaves nobody listening.
func TestTakeUntilSubscribingPanics(t *testing.T) {
	o := marbles.NewTestSource[int]()
	broken := operators.Map(func(v int) int { return v })(observable.Lift(
		func(context.Context, observable.Subscriber[int]) observable.Subscriber[int] { panic("boom") },
	)(observable.Never[int]()))
	got := end(operators.TakeUntil[int](o.Observable)(broken))
	if !got.panics || o.Active() != 0 {
		t.Errorf("ended with %v and %d listeners, want a PanicError and none", got.err, o.Active())
	}
}

func ExampleTakeUntil() {
	stop := observable.NewSubject[struct{}]()
	numbers := operators.Tap(func(n int) {
		if n == 3 {
			stop.Next(struct{}{})
		}
	})(observable.Range(1, 1_000_000))
	fmt.Println(operators.TakeUntil[int](stop.Observable)(numbers).Collect(context.Background()))
	// Output: [1 2] <nil>
}
