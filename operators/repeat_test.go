package operators_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func TestRepeat(t *testing.T) {
	for _, tt := range []struct {
		source, want string
		n            int
		subs         []string
	}{
		{"-a-|", "-a--a--a-|", 3, []string{"^--!", "---^--!", "------^--!"}},
		{"-a-|", "-a-|", 1, []string{"^--!"}},
		{"-a-|", "|", 0, nil},
		{"-a-#", "-a-#", 3, []string{"^--!"}},
		{"|", "|", 2, []string{"[^!]", "[^!]"}},
		{"(a|)", "(aa|)", 2, []string{"[^!]", "[^!]"}},
	} {
		marbles.Run(t, func(m *marbles.Test) {
			src := marbles.Cold[string](m, tt.source)
			marbles.Expect(m, operators.Repeat[string](tt.n)(src.Observable)).Named(fmt.Sprintf("%s, %d times", tt.source, tt.n)).ToBe(tt.want)
			src.ExpectSubscriptions(tt.subs...)
		})
	}
	marbles.Run(t, func(m *marbles.Test) {
		src := marbles.Cold[string](m, "--a-|")
		marbles.Expect(m, operators.Repeat[string](operators.Forever)(src.Observable)).Demand("^---------!").ToBe("--a---a---")
		src.ExpectSubscriptions("^---!", "----^---!", "--------^-!")
	})
}

func TestRepeatAfter(t *testing.T) {
	for _, tt := range []struct{ name, source, pause, demand, want string }{
		{"a value goes on", "-a|", "--x--|", "^-----!", "-a---a"},
		{"a completion completes", "-a|", "--|", "^----------!", "-a--|"},
		{"an error fails", "-a|", "--#", "^----------!", "-a--#"},
		{"at once", "-a|", "(x|)", "^---!", "-a-a"},
		{"nothing at once", "-a|", "|", "^---------!", "-a|"},
		{"never", "-a|", "---", "^----!", "-a---"},
		{"an error of the source", "-a#", "--x", "^---------!", "-a#"},
	} {
		marbles.Run(t, func(m *marbles.Test) {
			src, pause := marbles.Cold[string](m, tt.source), marbles.Cold[string](m, tt.pause)
			op := operators.RepeatAfter[string](func(int) observable.Observable[string] { return pause.Observable })
			marbles.Expect(m, op(src.Observable)).Named(tt.name).Demand(tt.demand).ToBe(tt.want)
		})
	}
	var asked []int
	o := operators.RepeatAfter[int](func(times int) observable.Observable[int] {
		if asked = append(asked, times); times == 3 {
			return observable.Empty[int]()
		}
		return observable.Of(0, 0) // the second comes too late to matter
	})(observable.Of(7))
	bothWays(t, func() {
		asked = nil
		check(t, "RepeatAfter", end(o), nil, 7, 7, 7)
		if !slices.Equal(asked, []int{1, 2, 3}) {
			t.Errorf("f was asked with %v, want 1, 2 and 3", asked)
		}
	})
}

func TestRepeatWhen(t *testing.T) {
	later := func(d time.Duration, n int) func(observable.Observable[struct{}]) observable.Observable[struct{}] {
		return observable.Compose2(operators.Take[struct{}](n), operators.Delay[struct{}](d*time.Millisecond))
	}
	type f = func(observable.Observable[struct{}]) observable.Observable[struct{}]
	for _, tt := range []struct {
		name, source, want string
		f                  f
		subs               []string
	}{
		{"each completion", "-a|", "-a---a---a|", later(2, 2), []string{"^-!", "----^-!", "--------^-!"}},
		{"at once", "-a|", "-a-a-a|", later(0, 2), []string{"^-!", "--^-!", "----^-!"}},
		{"never", "-a|", "-a------------", func(o observable.Observable[struct{}]) observable.Observable[struct{}] {
			return observable.Never[struct{}]()
		}, []string{"^-!"}},
		{"completed", "-a|", "-a|", func(o observable.Observable[struct{}]) observable.Observable[struct{}] {
			return observable.Empty[struct{}]()
		}, []string{"^-!"}},
		{"an error", "-a--|", "-a-----a#", func(o observable.Observable[struct{}]) observable.Observable[struct{}] {
			return operators.Merge(later(2, 1)(o), operators.ConcatMap(func(struct{}) observable.Observable[struct{}] {
				return observable.Throw[struct{}](marbles.ErrMarble)
			})(operators.Delay[struct{}](4*time.Millisecond)(o)))
		}, []string{"^---!", "------^-!"}},
	} {
		marbles.Run(t, func(m *marbles.Test) {
			src := marbles.Cold[string](m, tt.source)
			marbles.Expect(m, operators.RepeatWhen[string](tt.f)(src.Observable)).Named(tt.name).Demand("^-------------!").ToBe(tt.want)
			src.ExpectSubscriptions(tt.subs...)
		})
	}
}

// Behaviour 6: each subscription is asked for what the ones before left unmet.
func TestBehaviour6_RepeatCarriesDemand(t *testing.T) {
	for name, op := range map[string]intOp{
		"Repeat":      operators.Repeat[int](9),
		"RepeatAfter": operators.RepeatAfter[int](func(int) observable.Observable[int] { return observable.Of(0) }),
		"RepeatWhen": operators.RepeatWhen[int](func(o observable.Observable[struct{}]) observable.Observable[struct{}] {
			return o
		}),
		"While":   operators.While[int](times(9)),
		"DoWhile": operators.DoWhile[int](times(9)),
	} {
		src, sub := marbles.NewTestSource[int](), marbles.NewTestSubscriber[int](t, 5)
		op(src.Observable).Subscribe(t.Context(), sub)
		src.Next(1)
		src.Next(2)
		src.Complete()
		src.Next(3)
		sub.Request(2)
		src.Complete()
		if want := []int64{5, 3, 2, 4}; !slices.Equal(src.Requests(), want) {
			t.Errorf("%s: requested %v, want %v", name, src.Requests(), want)
		}
		sub.Cancel()
		if src.Cancels() != 1 || src.Active() != 0 {
			t.Errorf("%s: %d cancels, %d active; want 1 and none", name, src.Cancels(), src.Active())
		}

		limited := marbles.NewTestSubscriber[int](t, 5)
		op(observable.Of(1, 2)).Subscribe(t.Context(), limited)
		if want := []int{1, 2, 1, 2, 1}; !slices.Equal(limited.Values(), want) {
			t.Errorf("%s: got %v for 5 requested, want %v", name, limited.Values(), want)
		}
		limited.Cancel()
	}
}

// Behaviour 37: a million repetitions of an empty source, and retries of a
// failing one, take no stack, and a cancel stops them.
func TestBehaviour37_AMillionTimes(t *testing.T) {
	n := many(1_000_000)
	for name, tt := range map[string]struct {
		op   intOp
		fail bool
	}{
		"Repeat": {op: operators.Repeat[int](operators.Forever)},
		"RepeatAfter": {op: operators.RepeatAfter[int](func(int) observable.Observable[int] {
			return observable.Of(0)
		})},
		"RepeatWhen": {op: operators.RepeatWhen[int](func(o observable.Observable[struct{}]) observable.Observable[struct{}] { return o })},
		"While":      {op: operators.While[int](func() bool { return true })},
		"DoWhile":    {op: operators.DoWhile[int](func() bool { return true })},
		"RetryAfter": {op: operators.RetryAfter[int](func(error, int) observable.Observable[int] {
			return observable.Of(0)
		}), fail: true},
		"RetryWhen": {op: operators.RetryWhen[int](func(o observable.Observable[error]) observable.Observable[error] { return o }), fail: true},
	} {
		t.Run(name, func(t *testing.T) {
			n := n
			if strings.HasSuffix(name, "After") || strings.HasSuffix(name, "When") {
				n /= 5 // they take longer
			}
			var (
				tries, depth int
				sub          = marbles.NewTestSubscriber[int](t, observable.Unbounded)
				pcs          = make([]uintptr, 512)
				inner        = observable.Empty[int]()
			)
			if tt.fail {
				inner = observable.Throw[int](errTest)
			}
			src := observable.Lift(func(_ context.Context, down observable.Subscriber[int]) observable.Subscriber[int] {
				switch tries++; tries {
				case 10:
					depth = runtime.Callers(0, pcs)
				case n:
					if d := runtime.Callers(0, pcs); d != depth {
						t.Errorf("the stack has %d frames after %d tries, and %d after 10", d, n, depth)
					}
					sub.Cancel()
				}
				return down
			})(inner)
			ctx := observable.WithDroppedError(t.Context(), func(error) {})
			tt.op(src).Subscribe(ctx, sub)
			if tries != n {
				t.Errorf("%d tries, want %d", tries, n)
			}
		})
	}
}

// Behaviour 29: a panic in a function of the operator's ends the stream.
func TestBehaviour29_RepeatFunctionsPanic(t *testing.T) {
	for name, op := range map[string]intOp{
		"RepeatAfter": operators.RepeatAfter[int](func(int) observable.Observable[int] { panic("boom") }),
		"RepeatAfter, in subscribing": operators.RepeatAfter[int](func(int) observable.Observable[int] {
			return panicsInSubscribe()
		}),
		"RepeatWhen": operators.RepeatWhen[int](func(observable.Observable[struct{}]) observable.Observable[int] { panic("boom") }),
		"While": operators.While[int](func() bool {
			panic("boom")
		}),
		"DoWhile": operators.DoWhile[int](func() bool { panic("boom") }),
		"RetryAfter": observable.Compose2(fails, operators.RetryAfter[int](func(error, int) observable.Observable[int] { panic("boom") },
			operators.Panics())),
		"RetryWhen": observable.Compose2(fails, operators.RetryWhen[int](func(observable.Observable[error]) observable.Observable[int] { panic("boom") },
			operators.Panics())),
	} {
		got := end(op(observable.Of(1)))
		want := []int{1}
		if name == "While" {
			want = nil
		}
		if !got.panics || !slices.Equal(got.values, want) {
			t.Errorf("%s: got %v and %v, want %v and a PanicError", name, got.values, got.err, want)
		}
	}
}

// fails makes src fail where it completes.
func fails(src observable.Observable[int]) observable.Observable[int] {
	return operators.Concat(src, observable.Throw[int](errTest))
}

// Behaviour 29: a panic below is the end, and comes once.
func TestBehaviour29_PanicBelowRepeat(t *testing.T) {
	bothWays(t, func() {
		panicking := operators.Map(explode)
		for name, op := range map[string]intOp{
			"Repeat":     operators.Repeat[int](3),
			"RepeatWhen": operators.RepeatWhen[int](func(o observable.Observable[struct{}]) observable.Observable[struct{}] { return o }),
			"RetryAfter": operators.RetryAfter[int](afterAttempt, operators.Panics()),
			"RetryWhen":  operators.RetryWhen[int](func(o observable.Observable[error]) observable.Observable[error] { return o }, operators.Panics()),
		} {
			for from, src := range map[string]observable.Observable[int]{"Range": observable.Range(1, 3), "New": outsideRange(3)} {
				if got := end(panicking(op(src))); !got.panics || !slices.Equal(got.values, []int{1}) {
					t.Errorf("%s of %s: got %v and %v, want [1] and a PanicError", name, from, got.values, got.err)
				}
			}
			// At the end, too.
			below := operators.TapComplete[int](func() { panic("boom") })
			if name != "RepeatWhen" {
				if got := end(below(op(observable.Range(1, 1)))); !got.panics {
					t.Errorf("%s, a panic at the end: got %v and %v, want a PanicError", name, got.values, got.err)
				}
			}
		}
	})
}

func TestWhile(t *testing.T) {
	bothWays(t, func() {
		check(t, "While, twice", end(operators.While[int](times(2))(observable.Of(1, 2))), nil, 1, 2, 1, 2)
		check(t, "While, never", end(operators.While[int](times(0))(observable.Throw[int](errTest))), nil)
		check(t, "While of a failure", end(operators.While[int](times(2))(fails(observable.Of(1)))), errTest, 1)
		check(t, "DoWhile, twice more", end(operators.DoWhile[int](times(2))(observable.Of(1))), nil, 1, 1, 1)
		check(t, "DoWhile, never again", end(operators.DoWhile[int](times(0))(observable.Of(1))), nil, 1)
		check(t, "DoWhile of a failure", end(operators.DoWhile[int](times(2))(fails(observable.Of(1)))), errTest, 1)
	})
	marbles.Run(t, func(m *marbles.Test) {
		src := marbles.Cold[string](m, "-a|")
		marbles.Expect(m, operators.While[string](times(2))(src.Observable)).ToBe("-a-a|")
		src.ExpectSubscriptions("^-!", "--^-!")
	})
}

func ExampleRepeat() {
	again := operators.Repeat[int](3)(observable.Of(1, 2))
	fmt.Println(again.Collect(context.Background()))
	// Output: [1 2 1 2 1 2] <nil>
}

func ExampleRepeatAfter() {
	// Three times in all, with a pause in between.
	poll := operators.RepeatAfter[string](func(times int) observable.Observable[int] {
		if times == 3 {
			return observable.Empty[int]()
		}
		return observable.Timer(time.Millisecond)
	})
	fmt.Println(poll(observable.Of("poll")).Collect(context.Background()))
	// Output: [poll poll poll] <nil>
}

func ExampleRepeatWhen() {
	// A pause after each completion, two of them.
	pauses := func(completions observable.Observable[struct{}]) observable.Observable[struct{}] {
		return observable.Pipe2(completions, operators.Take[struct{}](2), operators.Delay[struct{}](time.Millisecond))
	}
	fmt.Println(operators.RepeatWhen[string](pauses)(observable.Of("poll")).Collect(context.Background()))
	// Output: [poll poll poll] <nil>
}

func ExampleWhile() {
	left := 3
	down := observable.Defer(func(context.Context) observable.Observable[int] {
		left--
		return observable.Of(left)
	})
	fmt.Println(operators.While[int](func() bool { return left > 0 })(down).Collect(context.Background()))
	// Output: [2 1 0] <nil>
}

func ExampleDoWhile() {
	page := 0
	fetch := observable.Defer(func(context.Context) observable.Observable[string] {
		page++
		return observable.Of(fmt.Sprintf("page %d", page))
	})
	all := operators.DoWhile[string](func() bool { return page < 3 })(fetch)
	fmt.Println(all.Collect(context.Background()))
	// Output: [page 1 page 2 page 3] <nil>
}
