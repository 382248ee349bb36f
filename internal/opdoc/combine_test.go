package opdoc_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// Each value with the newest of several others: combine these first.
func Example_latestOfSeveral() {
	low, high := observable.Of(1), observable.Of(9)
	limits := operators.CombineLatest(low, high)
	show(observable.Pipe1(observable.Of(5, 12), operators.WithLatestFrom(limits, func(n int, limit []int) bool {
		return limit[0] <= n && n <= limit[1]
	})))
	// Output: [true false]
}

// A source that cannot wait and runs ahead of the other gets a buffer of its
// own, with what bound and policy it may need.
func Example_zipWithBuffer() {
	buffered := backpressure.OnBackpressureBuffer[int](100)
	play(operators.Zip2(buffered(at(1, 2, 3)), at(5, 6), func(a, b int) string { return fmt.Sprint(a, b) }))
	// Output:
	// 5ms 1 5
	// 6ms 2 6
	// 6ms done
}

// The join of ReactiveX: each value of either side is open until an observable
// says otherwise, and every two values that are open at the same time meet. The
// later of the two finds the earlier one open.
func Example_join() {
	left, right := at(1, 10), at(2, 3, 12)
	open := func(int) observable.Observable[int] { return observable.Timer(5 * time.Millisecond) }
	pair := func(l, r int) string { return fmt.Sprint(l, "-", r) }

	play(operators.Connect(func(left observable.Observable[int]) observable.Observable[string] {
		return operators.Connect(func(right observable.Observable[int]) observable.Observable[string] {
			laterRights := operators.MergeMap(func(l int) observable.Observable[string] {
				return observable.Pipe2(right, operators.TakeUntil[int](open(l)), operators.Map(func(r int) string { return pair(l, r) }))
			})
			laterLefts := operators.MergeMap(func(r int) observable.Observable[string] {
				return observable.Pipe2(left, operators.TakeUntil[int](open(r)), operators.Map(func(l int) string { return pair(l, r) }))
			})
			return operators.Merge(laterRights(left), laterLefts(right))
		})(right)
	})(left))
	// Output:
	// 2ms 1-2
	// 3ms 1-3
	// 12ms 10-12
	// 12ms done
}

// Number the values and group them by the number: each of n consumers gets every
// nth value.
func Example_roundRobin() {
	workers := 2
	show(observable.Pipe3(
		observable.Of("a", "b", "c", "d"),
		operators.Enumerate,
		operators.GroupBy(func(v operators.Indexed[string]) int { return v.Index % workers }),
		operators.MergeMap(func(g operators.Group[int, operators.Indexed[string]]) observable.Observable[string] {
			return operators.Map(func(v operators.Indexed[string]) string { return fmt.Sprint(v.Value, g.Key) })(g.Observable)
		}),
	))
	// Output: [a0 b1 c0 d1]
}

// As [StartWith], but an observable first: it is a concatenation, the other way
// round.
func Example_observableFirst() {
	cached, fresh := observable.Of("old"), observable.Of("new")
	show(operators.Concat(cached, fresh))
	// Output: [old new]
}

// Wait for the end of one, then go on with another, of another type.
func Example_thenAnother() {
	migrate, rows := observable.Of(1, 2), observable.Of("x", "y")
	onlyTheEnd := operators.FilterMap(func(int) (string, bool) { return "", false })
	show(observable.Pipe2(migrate, onlyTheEnd, operators.ConcatWith(rows)))
	// Output: [x y]
}

// All at once, their values in order: [ConcatMapEager] over the observables.
func Example_concatAtOnce() {
	slow, fast := operators.Delay[string](time.Second)(observable.Of("slow")), observable.Of("fast")
	same := func(o observable.Observable[string]) observable.Observable[string] { return o }
	play(operators.ConcatMapEager(same)(observable.Of(slow, fast)))
	// Output:
	// 1s slow
	// 1s fast
	// 1s done
}

// Let all sources come to their end, and fail then: the errors are kept, and are
// what is left when the values are done. So for [Concat].
func Example_errorsLast() {
	bad, good := observable.Throw[int](errors.New("bad")), observable.Of(1, 2)
	show(observable.Defer(func(context.Context) observable.Observable[int] {
		errs := observable.NewReplay[error](observable.Unlimited, 0)
		kept := func(o observable.Observable[int]) observable.Observable[int] {
			return operators.OnErrorComplete(operators.TapError[int](errs.Next)(o))
		}
		joined := operators.Reduce(error(nil), func(acc, err error) error { return errors.Join(acc, err) })
		return operators.Concat(
			operators.Finally[int](errs.Complete)(operators.Merge(kept(bad), kept(good))),
			observable.Pipe2(errs.Observable, joined, operators.MapErr(func(err error) (int, error) { return 0, err })),
		)
	}))
	// Output: [1 2] bad
}
