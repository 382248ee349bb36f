package backpressure_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/observable"
)

func ExampleOnBackpressureDrop() {
	ctx := context.Background()
	slow := backpressure.NewRequester[int]()
	slow.Request(2)
	observable.Pipe1(
		observable.Range(1, 5),
		backpressure.OnBackpressureDrop[int](backpressure.OnOverflow(func(v int) { fmt.Println("dropped", v) })),
	).Subscribe(ctx, slow)
	for v, err := slow.Take(ctx); err == nil; v, err = slow.Take(ctx) {
		fmt.Println("took", v)
	}
	// Output:
	// dropped 3
	// dropped 4
	// dropped 5
	// took 1
	// took 2
}

func ExampleOnBackpressureLatest() {
	ctx := context.Background()
	slow := backpressure.NewRequester[int]()
	slow.Request(1)
	observable.Pipe1(observable.Range(1, 5), backpressure.OnBackpressureLatest[int]()).Subscribe(ctx, slow)
	slow.Request(1)
	for v, err := slow.Take(ctx); err == nil; v, err = slow.Take(ctx) {
		fmt.Println("took", v)
	}
	// Output:
	// took 1
	// took 5
}

func ExampleOnBackpressureError() {
	ctx := context.Background()
	slow := backpressure.NewRequester[int]()
	slow.Request(1)
	observable.Pipe1(observable.Range(1, 5), backpressure.OnBackpressureError[int]).Subscribe(ctx, slow)

	v, _ := slow.Take(ctx)
	fmt.Println("took", v)
	_, err := slow.Take(ctx)
	var overflow *observable.OverflowError
	fmt.Println(errors.As(err, &overflow), overflow.Op)
	// Output:
	// took 1
	// true OnBackpressureError
}

// Behaviour 27: only the newest value survives, those it replaced are reported
// in order, and nil is a value.
func TestBehaviour27_Latest(t *testing.T) {
	var told []*int
	one, two := 1, 2
	b := newBench(t, 0, backpressure.OnBackpressureLatest[*int](backpressure.OnOverflow(func(v *int) { told = append(told, v) })))
	b.next(&one, &two, nil)
	if !slices.Equal(told, []*int{&one, &two}) {
		t.Errorf("OnOverflow was told of %v", told)
	}
	b.lost(observable.DiscardOverflow, &one, &two)
	b.Request(1)
	b.got(nil)
	b.Request(1)
	b.next(&one)
	b.got(nil, &one)
	b.src.Complete()
	b.completed()
}

func TestLatestFailsAtOnce(t *testing.T) {
	b := newBench(t, 0, backpressure.OnBackpressureLatest[int]())
	b.next(1)
	b.src.Error(errSource)
	b.got()
	b.failed()
	b.lost(observable.DiscardError, 1)
}

func TestDrop(t *testing.T) {
	b := newBench(t, 2, backpressure.OnBackpressureDrop[int]())
	b.next(1, 2, 3)
	b.Request(1)
	b.next(4, 5)
	b.got(1, 2, 4)
	b.lost(observable.DiscardOverflow, 3, 5)
	b.src.Complete()
	b.completed()
}

func TestErrorNamesItsPlace(t *testing.T) {
	for name, op := range map[string]observable.Operator[int, int]{
		"in a pipe": backpressure.OnBackpressureError[int],
		"composed":  observable.Compose2(backpressure.OnBackpressureDrop[int](), backpressure.OnBackpressureError[int]),
	} {
		t.Run(name, func(t *testing.T) {
			through := func(src observable.Observable[int]) observable.Observable[int] { return observable.Pipe1(src, op) }
			b := newBench(t, 1, through)
			b.next(1, 2)
			b.got(1)
			var err *observable.OverflowError
			if !errors.As(b.failure(), &err) || err.Op != "OnBackpressureError" || err.Demand != 0 {
				t.Fatalf("failed with %v", err)
			}
			if !strings.Contains(err.Site, "drop_test.go:") {
				t.Errorf("assembled at %q, want a line of this file", err.Site)
			}
			b.lost(observable.DiscardOverflow, 2)
			if c := b.src.Cancels(); c != 1 {
				t.Errorf("upstream was cancelled %d times", c)
			}
		})
	}
}
