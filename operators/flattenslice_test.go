package operators_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func ExampleFlatten() {
	pages := observable.Of([]string{"a", "b"}, nil, []string{"c"})
	all, err := observable.Pipe1(pages, operators.Flatten[string]).Collect(context.Background())
	fmt.Println(all, err)
	// Output: [a b c] <nil>
}

// chunks plays slices of letters: a value is a slice of its characters, "0" an
// empty one.
func chunks(src stream) observable.Observable[[]string] {
	return operators.Map(func(s string) []string { return strings.Split(strings.Trim(s, "0"), "") })(src)
}

func TestFlatten(t *testing.T) {
	for name, rows := range map[string]struct{ source, want, request string }{
		"one after the other":  {source: "-{ab}-{cd}-|", want: "-[ab]-[cd]-|", request: "(^*)"},
		"empty slices":         {source: "-0-{ab}-0|  ", want: "---[ab]--|", request: "(^*)"},
		"empty source":         {source: "--|         ", want: "--|", request: "^"},
		"a source that never":  {source: "-{ab}       ", want: "-[ab]", request: "(^*)---!"},
		"at once":              {source: "({ab}{cd}|)", want: "(abcd|)", request: "(^*)"},
		"the source fails":     {source: "-{ab}-#     ", want: "-[ab]-#", request: "(^*)"},
		"a failure is at once": {source: "-{abc}-#    ", want: "-a-#", request: "^1"},
		"cancel":               {source: "-{abc}--    ", want: "-a", request: "^1--!"},
		"scarce demand":        {source: "-{abcd}|    ", want: "-a--bc--(d|)", request: "^1--11--*"},
	} {
		t.Run(name, func(t *testing.T) {
			marbles.Run(t, func(m *marbles.Test) {
				src := marbles.Hot[string](m, rows.source)
				marbles.Expect(m, operators.Flatten(chunks(src.Observable))).Demand(rows.request).ToBe(rows.want)
			})
		})
	}
}

// The source is asked for one slice at a time, when there is demand for it.
func TestFlattenRequests(t *testing.T) {
	linkedAndNot(t, func(t *testing.T) {
		src := marbles.NewTestSource[[]int]()
		sub := marbles.NewTestSubscriber[int](t, 0)
		operators.Flatten(src.Observable).Subscribe(t.Context(), sub)
		diff(t, "requests without demand", src.Requests(), []int64(nil))
		sub.Request(2)
		sub.Request(1)
		diff(t, "requests", src.Requests(), []int64{1})
		src.Next([]int{1, 2, 3, 4})
		diff(t, "requests with a slice in progress", src.Requests(), []int64{1})
		sub.Request(1)
		diff(t, "requests without demand", src.Requests(), []int64{1})
		sub.Request(observable.Unbounded)
		diff(t, "requests", src.Requests(), []int64{1, 1})
		src.Next(nil)
		src.Next([]int{5})
		diff(t, "requests", src.Requests(), []int64{1, 1, 1, 1})
		src.Complete()
		diff(t, "values", sub.Values(), []int{1, 2, 3, 4, 5})
		ended(t, sub, nil)
	})
}

// The completion waits for the slice in progress, and for nothing else.
func TestFlattenCompletes(t *testing.T) {
	src := marbles.NewTestSource[[]int]()
	sub := marbles.NewTestSubscriber[int](t, 1)
	operators.Flatten(src.Observable).Subscribe(t.Context(), sub)
	src.Next([]int{1, 2})
	src.Complete()
	running(t, sub)
	sub.Request(1)
	ended(t, sub, nil)
}

func TestFlattenDiscards(t *testing.T) {
	for name, end := range map[string]func(*marbles.TestSource[[]int], *marbles.TestSubscriber[int]){
		"cancel": func(_ *marbles.TestSource[[]int], sub *marbles.TestSubscriber[int]) { sub.Cancel() },
		"error":  func(src *marbles.TestSource[[]int], _ *marbles.TestSubscriber[int]) { src.Error(errInner) },
	} {
		t.Run(name, func(t *testing.T) {
			var lost discards
			src := marbles.NewTestSource[[]int](marbles.IgnoresCancel)
			sub := marbles.NewTestSubscriber[int](t, 1)
			operators.Flatten(src.Observable).Subscribe(lost.context(), sub)
			src.Next([]int{1, 2, 3})
			end(src, sub)
			diff(t, "values", sub.Values(), []int{1})
			diff(t, "discarded", lost.got, []string{"2 " + name, "3 " + name})
		})
	}
}

// Behaviour 15.
func TestBehaviour15_FlattenCancelledInASlice(t *testing.T) {
	linkedAndNot(t, func(t *testing.T) {
		var lost discards
		sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
		sub.Each = func(v int) {
			if v == 2 {
				sub.CancelInside()
			}
		}
		slices := []int{1, 2, 3, 4}
		operators.Flatten(observable.Of(slices, slices)).Subscribe(lost.context(), sub)
		diff(t, "values", sub.Values(), []int{1, 2})
		diff(t, "discarded", lost.got, []string{"3 cancel", "4 cancel"})
		diff(t, "the slice", slices, []int{1, 2, 3, 4})
	})
}

func TestFlattenOverflow(t *testing.T) {
	var lost discards
	src := marbles.NewTestSource[[]int](marbles.Overruns)
	sub := marbles.NewTestSubscriber[int](t, 1)
	operators.Flatten(src.Observable).Subscribe(lost.context(), sub)
	src.Next([]int{1, 2})
	src.Next([]int{3})
	var overflow *observable.OverflowError
	if is, err := sub.Ended(); !is || !errors.As(err, &overflow) || overflow.Op != "Flatten" {
		t.Errorf("ended %t with %v, want an OverflowError of Flatten", is, err)
	}
	diff(t, "discarded", lost.got, []string{"3 overflow", "2 error"})
	diff(t, "active", src.Active(), 0)
}

// Behaviour 29, L11.
func TestBehaviour29_FlattenPanics(t *testing.T) {
	linkedAndNot(t, func(t *testing.T) {
		panicsWith(t, operators.Flatten(observable.Of([]int{1, 2}, []int{3, 4})), func(v int) {
			if v == 4 {
				panic("boom")
			}
		}, 3)
	})
}

func TestFlattenDoesNotAllocatePerValue(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	slice := make([]int, 10)
	for _, step := range []int64{1, 7, observable.Unbounded} {
		allocations := func(n int) float64 {
			o := operators.Flatten(operators.Map(func(int) []int { return slice })(observable.Range(0, n)))
			return testing.AllocsPerRun(1, func() { o.Subscribe(context.Background(), &stepper{n: step}) })
		}
		if once, twice := allocations(1000), allocations(2000); twice > once+10 {
			t.Errorf("in steps of %d: %v allocations for 1000 slices, %v for twice as many", step, once, twice)
		}
	}
}
