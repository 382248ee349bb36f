package operators_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// show prints what a stream comes to.
func show[T any](o observable.Observable[T]) {
	values, err := o.Collect(context.Background())
	fmt.Println(values, err)
}

func ExampleReduce() {
	show(operators.Reduce(1, func(product, n int) int { return product * n })(observable.Range(1, 5)))
	// Output: [120] <nil>
}

func ExampleReduceErr() {
	add := func(sum int, s string) (int, error) {
		n, err := strconv.Atoi(s)
		return sum + n, err
	}
	show(operators.ReduceErr(0, add)(observable.Of("1", "2")))
	show(operators.ReduceErr(0, add)(observable.Of("1", "two", "3")))
	// Output:
	// [3] <nil>
	// [] strconv.Atoi: parsing "two": invalid syntax
}

func ExampleScanErr() {
	add := func(sum int, s string) (int, error) {
		n, err := strconv.Atoi(s)
		return sum + n, err
	}
	show(operators.ScanErr(0, add)(observable.Of("1", "2", "three")))
	// Output: [1 3] strconv.Atoi: parsing "three": invalid syntax
}

func ExampleToSlice() {
	show(operators.ToSlice(observable.Of("a", "b")))
	// Output: [[a b]] <nil>
}

func ExampleToMap() {
	length := func(s string) (string, int) { return s, len(s) }
	show(operators.ToMap(length)(observable.Of("one", "three")))
	// Output: [map[one:3 three:5]] <nil>
}

func ExampleCount() {
	show(operators.Count(observable.Of("a", "b", "c")))
	// Output: [3] <nil>
}

func ExampleSum() {
	show(operators.Sum(observable.Of(1, 2, 3)))
	// Output: [6] <nil>
}

func ExampleAverage() {
	show(operators.Average(observable.Of(1, 2, 6)))
	show(operators.Average(observable.Empty[int]()))
	// Output:
	// [3] <nil>
	// [] <nil>
}

func ExampleMin() {
	show(operators.Min(observable.Of(2, 1, 3)))
	// Output: [1] <nil>
}

func ExampleMax() {
	show(operators.Max(observable.Of("b", "c", "a")))
	// Output: [c] <nil>
}

func byLength(a, b string) int { return len(a) - len(b) }

func ExampleMinFunc() {
	show(operators.MinFunc(byLength)(observable.Of("three", "one", "two")))
	// Output: [two] <nil>
}

func ExampleMaxFunc() {
	show(operators.MaxFunc(byLength)(observable.Of("one", "three", "seven")))
	// Output: [seven] <nil>
}

func ExampleEvery() {
	even := func(n int) bool { return n%2 == 0 }
	show(operators.Every(even)(observable.Of(2, 4)))
	// Output: [true] <nil>
}

func ExampleSome() {
	negative := func(n int) bool { return n < 0 }
	show(operators.Some(negative)(observable.Of(2, -4)))
	// Output: [true] <nil>
}

func ExampleContains() {
	show(operators.Contains("b")(observable.Of("a", "b")))
	// Output: [true] <nil>
}

func ExampleIsEmpty() {
	show(operators.IsEmpty(observable.Of(1)))
	// Output: [false] <nil>
}

func ExampleSequenceEqual() {
	show(operators.SequenceEqual(observable.Range(1, 3))(observable.Of(1, 2, 3)))
	// Output: [true] <nil>
}

func ExampleSequenceEqualFunc() {
	show(operators.SequenceEqualFunc(observable.Of("A", "B"), strings.EqualFold)(observable.Of("a", "b", "c")))
	// Output: [false] <nil>
}

func ExampleDefaultIfEmpty() {
	show(operators.DefaultIfEmpty("nobody")(observable.Empty[string]()))
	// Output: [nobody] <nil>
}

func ExampleSwitchIfEmpty() {
	show(operators.SwitchIfEmpty(observable.Of(1, 2))(observable.Empty[int]()))
	// Output: [1 2] <nil>
}

func ExampleThrowIfEmpty() {
	show(operators.ThrowIfEmpty[int](errors.New("no such user"))(observable.Empty[int]()))
	// Output: [] no such user
}

func ExampleFilterMap() {
	number := func(s string) (int, bool) {
		n, err := strconv.Atoi(s)
		return n, err == nil
	}
	show(operators.FilterMap(number)(observable.Of("1", "x", "3")))
	// Output: [1 3] <nil>
}

func ExampleOfType() {
	show(operators.OfType[any, string]()(observable.Of[any](1, "a", nil, "b")))
	// Output: [a b] <nil>
}

func ExampleCast() {
	show(operators.Cast[any, string]()(observable.Of[any]("a", 1)))
	// Output: [a] operators: Cast of a int to string; use OfType to skip other types
}

func ExampleMapTo() {
	show(operators.MapTo[int]("tick")(observable.Range(0, 2)))
	// Output: [tick tick] <nil>
}

func ExampleEnumerate() {
	show(operators.Enumerate(observable.Of("a", "b")))
	// Output: [{0 a} {1 b}] <nil>
}

func ExampleSort() {
	show(operators.Sort(observable.Of(3, 1, 2)))
	// Output: [1 2 3] <nil>
}

func ExampleSortFunc() {
	show(operators.SortFunc(byLength)(observable.Of("three", "one", "two")))
	// Output: [one two three] <nil>
}

func ExampleReverse() {
	show(operators.Reverse(observable.Of(1, 2, 3)))
	// Output: [3 2 1] <nil>
}

func ExampleMaterialize() {
	show(operators.Materialize(operators.Concat(observable.Of(1), observable.Throw[int](errors.New("boom")))))
	// Output: [1 #(boom)] <nil>
}

func ExampleDematerialize() {
	signals := observable.Of(
		operators.Notification[int]{Kind: operators.KindNext, Value: 1},
		operators.Notification[int]{Kind: operators.KindError, Err: errors.New("boom")},
	)
	show(operators.Dematerialize(signals))
	// Output: [1] boom
}
