package opdoc_test

import (
	"time"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// Up to and with the first value that satisfies a condition: [TakeWhile] it does
// not, [Inclusive].
func Example_takeUntilTrue() {
	open := func(n int) bool { return n != 3 }
	show(observable.Pipe1(observable.Range(1, 9), operators.TakeWhile(open, operators.Inclusive)))
	// Output: [1 2 3]
}

// The values of the first while.
func Example_takeForATime() {
	play(observable.Pipe1(at(1, 2, 8), operators.TakeUntil[int](observable.Timer(5*time.Millisecond))))
	// Output:
	// 1ms 1
	// 2ms 2
	// 5ms done
}

// All but the values of the first while.
func Example_skipForATime() {
	play(observable.Pipe1(at(1, 2, 8), operators.SkipUntil[int](observable.Timer(5*time.Millisecond))))
	// Output:
	// 8ms 8
	// 8ms done
}

// At most n values in each period; the others are dropped. For the newest
// instead of the first, take [TakeLast].
func Example_rateLimit() {
	play(observable.Pipe2(
		at(1, 2, 3, 11, 12, 13),
		operators.WindowTime[int](10*time.Millisecond),
		operators.ConcatMap(operators.Take[int](2)),
	))
	// Output:
	// 1ms 1
	// 2ms 2
	// 11ms 11
	// 12ms 12
	// 13ms done
}

// At most one value in each period; the others wait, and a source that can is
// slowed down.
func Example_evenPace() {
	play(observable.Pipe1(
		observable.Of("a", "b", "c"),
		operators.ZipWith(observable.Interval(time.Second), func(v string, _ int) string { return v }),
	))
	// Output:
	// 1s a
	// 2s b
	// 3s c
	// 3s done
}

// A pause before each value, from when the one before it was emitted.
func Example_delayEach() {
	play(observable.Pipe1(observable.Of("a", "b"), operators.ConcatMap(func(v string) observable.Observable[string] {
		return operators.Delay[string](time.Second)(observable.Of(v))
	})))
	// Output:
	// 1s a
	// 2s b
	// 2s done
}
