package opdoc_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// [Enumerate] numbers the values; what comes after it has the index. That holds
// for every operator, so none of them needs a form with an index.
func Example_mapWithIndex() {
	show(observable.Pipe2(
		observable.Of("a", "b", "c"),
		operators.Enumerate,
		operators.Map(func(v operators.Indexed[string]) string { return strings.Repeat(v.Value, v.Index+1) }),
	))
	// Output: [a bb ccc]
}

// A call that can be cancelled is an observable of its own: [FromFunc] gives it
// the ctx, which is done when the subscription is cancelled. [ConcatMap] makes
// one call after the other, [MergeMap] several at a time.
func Example_mapWithContext() {
	fetch := func(ctx context.Context, id int) (string, error) { return fmt.Sprintf("user %d", id), ctx.Err() }
	show(observable.Pipe1(observable.Of(1, 2), operators.ConcatMap(func(id int) observable.Observable[string] {
		return observable.FromFunc(func(ctx context.Context) (string, error) { return fetch(ctx, id) })
	})))
	// Output: [user 1 user 2]
}

// The same observable for each value: a function that does not look at it. So
// for [MergeMap], [ConcatMap], [SwitchMap] and [ExhaustMap].
func Example_sameForEach() {
	beep := observable.Of("beep", "beep")
	show(observable.Pipe1(observable.Of(1, 2), operators.MergeMap(func(int) observable.Observable[string] { return beep })))
	// Output: [beep beep beep beep]
}

// Several values for each one, from a slice: [Map] to the slice, then [Flatten].
func Example_sliceForEach() {
	show(observable.Pipe2(observable.Of("to be", "or not"), operators.Map(strings.Fields), operators.Flatten))
	// Output: [to be or not]
}

// Any encoder fits [MapErr].
func Example_encode() {
	toJSON := func(v map[string]int) ([]byte, error) { return json.Marshal(v) }
	show(observable.Pipe2(
		observable.Of(map[string]int{"a": 1}),
		operators.MapErr(toJSON),
		operators.Map(func(b []byte) string { return string(b) }),
	))
	// Output: [{"a":1}]
}

// A fold that begins with the first value: the accumulator says whether it has
// one. So for [Reduce], too.
func Example_scanWithoutSeed() {
	type folded struct {
		max   int
		begun bool
	}
	show(observable.Pipe2(
		observable.Of(3, 1, 4),
		operators.Scan(folded{}, func(acc folded, n int) folded {
			if !acc.begun {
				return folded{n, true}
			}
			return folded{max(acc.max, n), true}
		}),
		operators.Map(func(acc folded) int { return acc.max }),
	))
	// Output: [3 3 4]
}

// Overlapping windows of time: a [Period] shorter than the window.
func Example_slidingWindow() {
	play(observable.Pipe1(at(1, 2, 5, 7), operators.BufferTime[int](4*time.Millisecond, operators.Period(2*time.Millisecond))))
	// Output:
	// 4ms [1 2]
	// 6ms [2 5]
	// 7ms [5 7]
	// 7ms [7]
	// 7ms done
}

// A session ends when nothing has come for a while, which is what [Debounce]
// waits for. [Connect] lets both see the same source.
func Example_sessionWindow() {
	play(observable.Pipe1(at(1, 2, 3, 20, 21), operators.Connect(func(src observable.Observable[int]) observable.Observable[[]int] {
		quiet := backpressure.Debounce[int](10 * time.Millisecond)(src)
		return operators.BufferWhen[int](quiet)(src)
	})))
	// Output:
	// 13ms [1 2 3]
	// 21ms [20 21]
	// 21ms done
}

// A slice ends with the value that satisfies a condition. [BufferWhen] sees a
// value before it sees that this was one to end with.
func Example_sliceUpTo() {
	words := observable.Of("to", "be.", "or", "not.", "to")
	show(observable.Pipe1(words, operators.Connect(func(src observable.Observable[string]) observable.Observable[[]string] {
		ends := operators.Filter(func(w string) bool { return strings.HasSuffix(w, ".") })(src)
		return operators.BufferWhen[string](ends)(src)
	})))
	// Output: [[to be.] [or not.] [to]]
}

// A slice for each run of values with the same key: [GroupBy] with one group
// open, which ends when there is a value with another key.
func Example_sliceOfEquals() {
	odd := func(n int) bool { return n%2 == 1 }
	show(observable.Pipe2(
		observable.Of(2, 4, 1, 3, 6),
		operators.GroupBy(odd, operators.MaxGroups(1), operators.EvictOldest),
		operators.MergeMap(func(run operators.Group[bool, int]) observable.Observable[[]int] {
			return operators.ToSlice(run.Observable)
		}),
	))
	// Output: [[2 4] [1 3] [6]]
}

// Several values for a key: a [Reduce] into a map of slices. [Defer] makes a map
// for each subscriber.
func Example_mapOfSlices() {
	words := observable.Of("ant", "bee", "ape")
	show(observable.Defer(func(context.Context) observable.Observable[map[byte][]string] {
		return operators.Reduce(map[byte][]string{}, func(m map[byte][]string, w string) map[byte][]string {
			m[w[0]] = append(m[w[0]], w)
			return m
		})(words)
	}))
	// Output: [map[97:[ant ape] 98:[bee]]]
}
