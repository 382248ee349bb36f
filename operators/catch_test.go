package operators_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func TestCatch(t *testing.T) {
	bothWays(t, func() {
		onTen := operators.Catch(func(error) observable.Observable[int] { return observable.Of(10, 11) })
		replaced := operators.Catch(func(err error) observable.Observable[int] {
			return observable.Throw[int](fmt.Errorf("replaced: %w", err))
		})
		failing := operators.MapErr(func(v int) (int, error) {
			if v == 3 {
				return 0, errTest
			}
			return v, nil
		})(observable.Range(1, 5))
		check(t, "Catch", end(onTen(failing)), nil, 1, 2, 10, 11)
		check(t, "Catch without an error", end(onTen(observable.Range(1, 2))), nil, 1, 2)
		check(t, "Catch of a failed fallback", end(onTen(replaced(failing))), nil, 1, 2, 10, 11)
		check(t, "Catch with another error", end(replaced(failing)), errTest, 1, 2)
	})
}

// Behaviours 4 and 6: the fallback is asked for what the source has left unmet.
func TestBehaviour6_CatchCarriesDemand(t *testing.T) {
	for _, tt := range []struct{ asked, want int64 }{{5, 3}, {2, 0}, {observable.Unbounded, observable.Unbounded}} {
		src, fallback := marbles.NewTestSource[int](), marbles.NewTestSource[int]()
		sub := marbles.NewTestSubscriber[int](t, tt.asked)
		operators.Catch(func(error) observable.Observable[int] { return fallback.Observable })(src.Observable).Subscribe(t.Context(), sub)
		src.Next(1)
		src.Next(2)
		src.Error(errTest)
		if got := fallback.Requested(); got != tt.want {
			t.Errorf("of %d requested, %d were requested from the fallback, want %d", tt.asked, got, tt.want)
		}
		sub.Request(1)
		sub.Cancel()
		if fallback.Cancels() != 1 || src.Cancels() != 0 {
			t.Errorf("%d and %d cancels, want 0 of the source and 1 of the fallback", src.Cancels(), fallback.Cancels())
		}
	}
}

func explode(v int) int {
	if v == 2 {
		panic(io.ErrUnexpectedEOF)
	}
	return v
}

// Behaviour 29: a panic passes, unless the option says otherwise; a panic below
// the operator passes in any case.
func TestBehaviour29_CatchAndPanics(t *testing.T) {
	bothWays(t, func() {
		calls := 0
		fallback := func(error) observable.Observable[int] {
			calls++
			return observable.Of(10)
		}
		plain, all := operators.Catch(fallback), operators.Catch(fallback, operators.Panics())
		panicking := operators.Map(explode)
		for from, src := range map[string]observable.Observable[int]{"Range": observable.Range(1, 2), "New": outsideRange(2)} {
			got := end(plain(panicking(src)))
			if !got.panics || !slices.Equal(got.values, []int{1}) {
				t.Errorf("%s: a panic above: got %v and %v", from, got.values, got.err)
			}
			got = end(panicking(plain(src)))
			if !got.panics {
				t.Errorf("%s: a panic below: got %v and %v", from, got.values, got.err)
			}
			got = end(panicking(all(src)))
			if !got.panics || !slices.Equal(got.values, []int{1}) {
				t.Errorf("%s: a panic below, with Panics: got %v and %v", from, got.values, got.err)
			}
			if calls != 0 {
				t.Fatalf("%s: the fallback was used %d times", from, calls)
			}
			check(t, from+": a panic above, with Panics", end(all(panicking(src))), nil, 1, 10)
			calls = 0
		}
		// The end is a call of the downstream's, too.
		got := end(operators.TapComplete[int](func() { panic("boom") })(all(observable.Range(0, 2))))
		if !got.panics || calls != 0 {
			t.Errorf("a panic at the end, below, with Panics: %v, and %d calls of the fallback", got.err, calls)
		}
	})
}

// Behaviour 29: a panic in f is the end.
func TestBehaviour29_CatchFunctionPanics(t *testing.T) {
	for name, f := range map[string]func(error) observable.Observable[int]{
		"f":            func(error) observable.Observable[int] { panic("boom") },
		"its fallback": func(error) observable.Observable[int] { return panicsInSubscribe() },
	} {
		for _, opts := range [][]operators.CatchOption{nil, {operators.Panics()}} {
			got := end(operators.Catch(f, opts...)(observable.Throw[int](errTest)))
			if !got.panics {
				t.Errorf("a panic in %s: error %v, want a PanicError", name, got.err)
			}
		}
	}
}

func panicsInSubscribe() observable.Observable[int] {
	return observable.Lift(func(context.Context, observable.Subscriber[int]) observable.Subscriber[int] {
		panic("boom")
	})(observable.Range(0, 3))
}

// L7: after a cancel the fallback is not subscribed to, and the error goes to
// the hook (L16).
func TestCatchAfterCancel(t *testing.T) {
	src := marbles.NewTestSource[int](marbles.IgnoresCancel)
	var dropped []error
	ctx := observable.WithDroppedError(t.Context(), func(err error) { dropped = append(dropped, err) })
	sub := marbles.NewTestSubscriber[int](t, 1)
	operators.Catch(func(error) observable.Observable[int] {
		t.Error("the fallback was asked for")
		return observable.Empty[int]()
	})(src.Observable).Subscribe(ctx, sub.Outside())
	sub.CancelInside()
	src.Error(errTest)
	if len(dropped) != 1 || !errors.Is(dropped[0], errTest) {
		t.Errorf("dropped %v, want the error", dropped)
	}
}

// The catchError of RxJS hands its selector the observable that it makes itself,
// to try again. Here that is an observable which names itself; Retry does the
// same without an operator on top for each try.
func TestCatchWithItself(t *testing.T) {
	gaveUp := errors.New("gave up")
	for n := range 4 {
		for failures := range 5 {
			calls := 0
			src := failsBefore(failures + 1)
			var caught observable.Observable[int]
			caught = operators.Catch(func(error) observable.Observable[int] {
				if calls++; calls <= n {
					return caught
				}
				return observable.Throw[int](gaveUp)
			})(src)
			retried := observable.Pipe2(failsBefore(failures+1), operators.Retry[int](n),
				operators.MapError[int](func(error) error { return gaveUp }))
			got, want := end(caught), end(retried)
			check(t, fmt.Sprintf("%d tries after %d failures", n, failures), got, want.err, want.values...)
		}
	}
}

func ExampleCatch() {
	numbers := observable.Pipe2(observable.Throw[string](io.ErrUnexpectedEOF),
		operators.StartWith("fresh"),
		operators.Catch(func(err error) observable.Observable[string] {
			return observable.Of("from the cache, because of " + err.Error())
		}))
	fmt.Println(numbers.Collect(context.Background()))
	// Output: [fresh from the cache, because of unexpected EOF] <nil>
}

func ExamplePanics() {
	halves := operators.Map(func(n int) int { return 100 / n })
	o := observable.Pipe2(observable.Of(5, 0), halves,
		operators.Catch(func(error) observable.Observable[int] { return observable.Of(-1) }, operators.Panics()))
	fmt.Println(o.Collect(context.Background()))
	// Output: [20 -1] <nil>
}
