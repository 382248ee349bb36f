package opdoc_test

import (
	"context"
	"maps"
	"math"
	"math/rand/v2"
	"time"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// The keys or values of a map are a sequence, [FromSeq] emits it. For both, emit
// the keys and look up.
func Example_fromMap() {
	ages := map[string]int{"ada": 36, "kim": 41}
	show(observable.Pipe2(
		observable.FromSeq(maps.Keys(ages)),
		operators.Sort, // a map has no order
		operators.Map(func(name string) int { return ages[name] }),
	))
	// Output: [36 41]
}

// Count, and compute each value from the count.
func Example_rangeWithStep() {
	show(observable.Pipe1(observable.Range(0, 5), operators.Map(func(i int) int { return 10 + 5*i })))
	// Output: [10 15 20 25 30]
}

// An [Interval] that ends. It begins with 0 after the first period; with
// an [InitialDelay] of 0 it begins at once.
func Example_rangeWithInterval() {
	play(observable.Pipe2(
		observable.Interval(time.Second, observable.InitialDelay(0)),
		operators.Take[int](3),
		operators.Map(func(i int) int { return 100 + i }),
	))
	// Output:
	// 0s 100
	// 1s 101
	// 2s 102
	// 2s done
}

// All numbers: a range that nobody reads to its end.
func Example_allNumbers() {
	show(observable.Pipe1(observable.Range(0, math.MaxInt), operators.Take[int](4)))
	// Output: [0 1 2 3]
}

// [Interval] counts; [Timestamp] adds the time at which it did.
func Example_ticker() {
	play(observable.Pipe3(
		observable.Interval(time.Minute),
		operators.Take[int](2),
		operators.Timestamp,
		operators.Map(func(s operators.Stamped[int]) string { return s.At.Format(time.TimeOnly) }),
	))
	// Output:
	// 1m0s 00:01:00
	// 2m0s 00:02:00
	// 2m0s done
}

// [Repeat] is an operator; its source may be a single value.
func Example_repeatValue() {
	show(observable.Pipe1(observable.Of("again"), operators.Repeat[string](3)))
	// Output: [again again again]
}

// One value, over and over, at an interval.
func Example_sameAtInterval() {
	play(observable.Pipe2(observable.Interval(time.Second), operators.MapTo[int]("ping"), operators.Take[string](2)))
	// Output:
	// 1s ping
	// 2s ping
	// 2s done
}

// A source of random numbers is a state machine with nothing to remember. [Defer]
// gives every subscriber a generator of its own.
func Example_randomNumbers() {
	dice := observable.Defer(func(context.Context) observable.Observable[int] {
		random := rand.New(rand.NewPCG(1, 2))
		return observable.Generate(0, func(int) (int, int, bool) { return 1 + random.IntN(6), 0, true })
	})
	show(observable.Pipe2(
		dice,
		operators.Take[int](1000),
		operators.Every(func(n int) bool { return 1 <= n && n <= 6 }),
	))
	// Output: [true]
}
