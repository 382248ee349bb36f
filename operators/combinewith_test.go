package operators_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func ExampleMergeWith() {
	all, err := operators.MergeWith(observable.Of(10, 20))(observable.Of(1, 2)).Collect(context.Background())
	fmt.Println(all, err)
	// Output: [1 2 10 20] <nil>
}

func ExampleConcatWith() {
	all, err := operators.ConcatWith(observable.Of(3), observable.Of(4))(observable.Of(1, 2)).Collect(context.Background())
	fmt.Println(all, err)
	// Output: [1 2 3 4] <nil>
}

func TestWithOthers(t *testing.T) {
	bothWays(t, func() {
		for name, op := range map[string]func(...observable.Observable[int]) intOp{
			"MergeWith": operators.MergeWith[int], "ConcatWith": operators.ConcatWith[int],
		} {
			check(t, name, end(op(observable.Of(2), observable.Of(3))(observable.Of(1))), nil, 1, 2, 3)
			check(t, name+" nothing", end(op()(observable.Of(1))), nil, 1)
			check(t, name+" a failure", end(op(observable.Throw[int](errTest))(observable.Of(1))), errTest, 1)
		}
	})
}

// An operator that is used for several sources does not mix them up, whatever
// room there is in the slice that it was given.
func TestWithOthersTwice(t *testing.T) {
	others := slices.Grow([]observable.Observable[int]{observable.Of(9)}, 8)
	for name, op := range map[string]intOp{
		"MergeWith": operators.MergeWith(others...), "ConcatWith": operators.ConcatWith(others...),
	} {
		one, two := op(observable.Of(1)), op(observable.Of(2))
		check(t, name, end(one), nil, 1, 9)
		check(t, name, end(two), nil, 2, 9)
	}
}

// bad reports whether f panics, as it does with a nil function.
func bad(f func()) (panics bool) {
	defer func() { panics = recover() != nil }()
	f()
	return false
}

func TestCombiningWithNil(t *testing.T) {
	o := observable.Of(1)
	var (
		of2 func(int, int) int
		of3 func(int, int, int) int
	)
	for name, f := range map[string]func(){
		"Zip3":              func() { operators.Zip3(o, o, o, of3) },
		"ZipWith":           func() { operators.ZipWith(o, of2) },
		"CombineLatest3":    func() { operators.CombineLatest3(o, o, o, of3) },
		"CombineLatestWith": func() { operators.CombineLatestWith(o, of2) },
		"ForkJoin2":         func() { operators.ForkJoin2(o, o, of2) },
		"WithLatestFrom":    func() { operators.WithLatestFrom(o, of2) },
		"Partition":         func() { operators.Partition(o, nil) },
		"Iif":               func() { operators.Iif(nil, o, o) },
		"Case":              func() { operators.Case(nil, map[int]observable.Observable[int]{}, o) },
	} {
		if !bad(f) {
			t.Errorf("%s with a nil function does not panic", name)
		}
	}
}
