package operators_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func TestTakeLast(t *testing.T) {
	plays(t, operators.TakeLast[string](2), []played{
		{source: "-a-b-c-|", want: "-------(bc|)", subs: "^------!"},
		{source: "-a-----|", want: "-------(a|)", subs: "^------!"},
		{source: "-------|", want: "-------|", subs: "^------!"},
		{source: "-a-b-c-#", want: "-------#", subs: "^------!"},
		{source: "-a-b----", want: "--------", subs: "^------!", cancel: "^------!"},
	})
}

// Behaviours 10 and 25: the last values wait for demand, and the end for them.
func TestBehaviour25_TakeLastObeysDemand(t *testing.T) {
	for lane, want := range map[string]string{
		"^----------1-1":  "-----------b-(c|)",
		"^--1-------1--":  "-------b---(c|)",
		"(^9)          ":  "-------(bc|)",
		"^--------3    ":  "---------(bc|)",
		"^-2-!         ":  "-----",
		"^----------1!  ": "-----------b",
	} {
		marbles.Run(t, func(m *marbles.Test) {
			src := marbles.Hot[string](m, "-a-b-c-|")
			marbles.Expect(m, operators.TakeLast[string](2)(src.Observable)).Named(lane).Demand(lane).ToBe(want)
		})
	}
}

func TestTakeLastNothing(t *testing.T) {
	src := marbles.NewTestSource[int]()
	sub := marbles.NewTestSubscriber[int](t, 0)
	operators.TakeLast[int](0)(src.Observable).Subscribe(t.Context(), sub)
	ended(t, sub, nil)
	diff(t, "subscriptions", src.Subscriptions(), 0)
}

// L9: what is held is discarded, once, with the reason; what has been pushed out
// by newer values is not.
func TestTakeLastDiscards(t *testing.T) {
	for name, tt := range map[string]struct {
		end  func(*marbles.TestSource[int], *marbles.TestSubscriber[int])
		want []string
	}{
		"error":  {func(src *marbles.TestSource[int], _ *marbles.TestSubscriber[int]) { src.Error(errTest) }, []string{"2 error", "3 error"}},
		"cancel": {func(_ *marbles.TestSource[int], sub *marbles.TestSubscriber[int]) { sub.Cancel() }, []string{"2 cancel", "3 cancel"}},
		"cancel after the end": {func(src *marbles.TestSource[int], sub *marbles.TestSubscriber[int]) {
			src.Complete()
			sub.Request(1)
			sub.Cancel()
		}, []string{"3 cancel"}},
		"panic": {func(src *marbles.TestSource[int], sub *marbles.TestSubscriber[int]) {
			sub.Each = func(int) { panic("boom") }
			src.Complete()
			sub.Request(9)
		}, []string{"3 error"}},
	} {
		t.Run(name, func(t *testing.T) {
			var lost discards
			src := marbles.NewTestSource[int]()
			sub := marbles.NewTestSubscriber[int](t, 0)
			operators.TakeLast[int](2)(src.Observable).Subscribe(lost.context(), sub)
			for v := range 3 {
				src.Next(v + 1)
			}
			tt.end(src, sub)
			diff(t, "discarded", lost.got, tt.want)
			if _, err := sub.Ended(); name == "panic" {
				if _, ok := errors.AsType[*observable.PanicError](err); !ok {
					t.Errorf("ended with %v, want a PanicError", err)
				}
			}
			diff(t, "active", src.Active(), 0)
		})
	}
}

// L5: a Request inside a value adds to the demand of the drain that runs.
func TestBehaviour1_TakeLastRequestInsideOnNext(t *testing.T) {
	linkedAndNot(t, func(t *testing.T) {
		s := &oneByOne{t: t}
		n := many(100_000)
		operators.TakeLast[int](n)(observable.Range(0, 2*n)).Subscribe(t.Context(), s)
		if s.n != n || !s.complete {
			t.Errorf("%d values, complete %t", s.n, s.complete)
		}
	})
}

// SkipLast and TakeLast part a stream.
func TestSkipLastAndTakeLastPart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(rapid.Int(), 0, 20).Draw(t, "values")
		n := rapid.IntRange(0, 25).Draw(t, "n")
		src := observable.FromSlice(all)
		head, tail := end(operators.SkipLast[int](n)(src)), end(operators.TakeLast[int](n)(src))
		if got := slices.Concat(head.values, tail.values); !slices.Equal(got, all) || len(tail.values) != min(n, len(all)) {
			t.Fatalf("SkipLast(%d) gave %v and TakeLast %v of %v", n, head.values, tail.values, all)
		}
	})
}

func ExampleTakeLast() {
	latest := operators.TakeLast[int](3)(observable.Range(1, 100))
	fmt.Println(latest.Collect(context.Background()))
	// Output: [98 99 100] <nil>
}
