package observable_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

func ExampleWithInspection() {
	orders := observable.NewUnicast[int](100)
	chain := observable.Pipe3(
		orders.Observable,
		operators.Filter(func(n int) bool { return n%2 == 1 }),
		operators.MergeMap(func(n int) observable.Observable[string] {
			return observable.Of(fmt.Sprint(n, " a"), fmt.Sprint(n, " b"))
		}, operators.Concurrency(4)),
		operators.TakeLast[string](3),
	)

	ctx, inspection := observable.WithInspection(context.Background())
	subscriber := subscribe(ctx, chain, 10)
	for n := range 4 {
		orders.Next(n)
	}
	fmt.Print(inspection.Inspect())
	subscriber.up.Cancel()

	// Output:
	// TakeLast       demand 10         delivered 0  holds 3 of 3
	//   MergeMap     demand unbounded  delivered 4
	//     Filter     demand 4          delivered 2
	//       Unicast  demand 4          delivered 2
	//     Of         demand unbounded  delivered 2  completed
	//     Of         demand unbounded  delivered 2  completed
}

// inspect subscribes sub to o and returns the inspection.
func inspect[T any](o observable.Observable[T], sub observable.Subscriber[T]) *observable.Inspection {
	ctx, in := observable.WithInspection(scheduler.With(context.Background(), scheduler.NewVirtual()))
	o.Subscribe(observable.WithDroppedError(ctx, func(error) {}), sub)
	return in
}

// stage finds the stage of the given name.
func stage(t *testing.T, c observable.Chain, name string) observable.Stage {
	t.Helper()
	for _, s := range c {
		if s.Operator == name {
			return s
		}
	}
	t.Fatalf("there is no %s in\n%v", name, c)
	return observable.Stage{}
}

func TestInspectCounts(t *testing.T) {
	src := marbles.NewTestSource[int]()
	sub := marbles.NewTestSubscriber[int](t, 0)
	in := inspect(operators.Take[int](10)(operators.Map(func(v int) int { return v })(src.Observable)), sub.Outside())
	for range 3 {
		sub.Request(2)
	}
	src.Next(1)
	src.Next(2)
	c := in.Inspect()
	for i, want := range []observable.Stage{
		{Operator: "Take", Depth: 0, Demand: 4, Delivered: 2},
		{Operator: "Map", Depth: 1, Demand: 4, Delivered: 2},
	} {
		if got := c[i]; got.Operator != want.Operator || got.Depth != want.Depth || got.Demand != want.Demand || got.Delivered != want.Delivered {
			t.Errorf("stage %d is %+v, want %+v", i, got, want)
		}
	}
	sub.Request(observable.Unbounded)
	if got := stage(t, in.Inspect(), "Take").Demand; got != observable.Unbounded {
		t.Errorf("demand is %d, want Unbounded", got)
	}
	if got := stage(t, in.Inspect(), "Map").Demand; got != 8 {
		t.Errorf("Take asks for %d more, want what is left of 10: 8", got)
	}
	sub.Cancel()
	for _, s := range in.Inspect() {
		if !s.Cancelled || s.Ended {
			t.Errorf("%s: cancelled %t, ended %t after a cancel", s.Operator, s.Cancelled, s.Ended)
		}
	}
}

func TestInspectEnds(t *testing.T) {
	errTest := errors.New("no luck")
	src := marbles.NewTestSource[int]()
	sub := marbles.NewTestSubscriber[int](t, 1)
	in := inspect(operators.Take[int](1)(src.Observable), sub.Outside())
	src.Next(1)
	if s := in.Inspect()[0]; !s.Ended || s.Err != nil || s.Cancelled {
		t.Errorf("Take is %+v after its last value, want it completed", s)
	}
	if s := in.Inspect()[1]; s.Ended || !s.Cancelled {
		t.Errorf("the source of Take is %+v, want it cancelled", s)
	}

	src = marbles.NewTestSource[int]()
	in = inspect(operators.Map(func(v int) int { return v })(src.Observable), marbles.NewTestSubscriber[int](t, 1).Outside())
	src.Error(errTest)
	for _, s := range in.Inspect() {
		if !errors.Is(s.Err, errTest) {
			t.Errorf("%s has failed with %v", s.Operator, s.Err)
		}
	}
	if got := in.Inspect().String(); !strings.Contains(got, "failed: no luck") {
		t.Errorf("the table does not show the failure:\n%s", got)
	}
}

// TestInspectForgets is L12 for the book-keeping: subscriptions come and go, and
// what is kept of them does not grow.
func TestInspectForgets(t *testing.T) {
	ctx, in := observable.WithInspection(context.Background())
	inner := operators.MergeMap(func(v int) observable.Observable[int] { return observable.Of(v) })
	n, err := observable.Pipe2(observable.Range(0, 10_000), inner, operators.Count[int]).LastValue(ctx)
	if err != nil || n != 10_000 {
		t.Fatal(n, err)
	}
	for range 1000 {
		if _, err := observable.Of(1).Collect(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if got := len(in.Inspect()); got > 100 {
		t.Errorf("%d stages are kept of subscriptions that are over", got)
	}
}

// What stands between the library's operators must not change what they know of
// each other: how demand reaches the source, and what ends on demand.
func TestInspectionChangesNothing(t *testing.T) {
	for name, op := range map[string]observable.Operator[int, int]{
		"MergeMap":  operators.MergeMap(func(v int) observable.Observable[int] { return observable.Range(v, 3) }),
		"ConcatMap": operators.ConcatMap(func(v int) observable.Observable[int] { return observable.Range(v, 3) }),
		"Filter":    operators.Filter(func(v int) bool { return v%3 == 0 }),
	} {
		run := func(ctx context.Context) ([]int64, []int) {
			src := marbles.NewTestSource[int]()
			sub := marbles.NewTestSubscriber[int](t, 2)
			op(src.Observable).Subscribe(ctx, sub.Outside())
			for v := range 5 {
				if src.Requested() > int64(v) {
					src.Next(v)
				}
			}
			sub.Request(3)
			sub.Request(-1)
			var bad *observable.BadRequestError
			if _, err := sub.Ended(); !errors.As(err, &bad) {
				t.Errorf("%s: ended with %v, want a BadRequestError", name, err)
			}
			return src.Requests(), sub.Values()
		}
		ctx, _ := observable.WithInspection(context.Background())
		requests, values := run(context.Background())
		inspectedRequests, inspectedValues := run(ctx)
		if fmt.Sprint(requests, values) != fmt.Sprint(inspectedRequests, inspectedValues) {
			t.Errorf("%s: requests %v and values %v, inspected %v and %v", name, requests, values, inspectedRequests, inspectedValues)
		}
	}
}

// An inspection may come from anywhere, also from inside a callback.
func TestInspectWhileItRuns(t *testing.T) {
	ctx, in := observable.WithInspection(context.Background())
	src := operators.MergeMap(func(v int) observable.Observable[int] {
		return operators.ObserveOn[int](scheduler.Default)(observable.Range(v, 100))
	})(observable.Range(0, 20))
	looked := make(chan struct{})
	go func() {
		defer close(looked)
		for range 200 {
			_ = in.Inspect().String()
		}
	}()
	n := 0
	err := src.ForEach(ctx, func(int) error {
		if n++; n%100 == 0 {
			if c := in.Inspect(); c[0].Delivered != int64(n) {
				t.Errorf("%d delivered, inspected %d", n, c[0].Delivered)
			}
		}
		return nil
	})
	<-looked
	if err != nil || n != 2000 {
		t.Errorf("%d values, %v", n, err)
	}
}
