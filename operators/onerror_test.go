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

func TestOnErrorComplete(t *testing.T) {
	for _, tt := range []struct{ source, want, subs string }{
		{"-a-b-#", "-a-b-|", "^----!"},
		{"-a-b-|", "-a-b-|", "^----!"},
		{"-a----", "-a----", "^--------!"},
		{"#", "|", "[^!]"},
		{"-a-(b#)", "-a-(b|)", "^--!"},
	} {
		marbles.Run(t, func(m *marbles.Test) {
			src := marbles.Cold[string](m, tt.source)
			marbles.Expect(m, operators.OnErrorComplete(src.Observable)).Named(tt.source).Demand("^--------!").ToBe(tt.want)
			src.ExpectSubscriptions(tt.subs)
		})
	}
}

func TestMapError(t *testing.T) {
	renamed := errors.New("renamed")
	bothWays(t, func() {
		rename := operators.MapError[int](func(err error) error { return fmt.Errorf("%w: %w", renamed, err) })
		failing := operators.StartWith(1)(observable.Throw[int](errTest))
		got := end(rename(failing))
		check(t, "MapError", got, errTest, 1)
		check(t, "MapError", got, renamed, 1)
		check(t, "MapError without an error", end(rename(observable.Of(1, 2))), nil, 1, 2)
	})
}

// What f may not do ends the stream.
func TestBehaviour29_MapErrorFunction(t *testing.T) {
	for name, f := range map[string]func(error) error{
		"panics":      func(error) error { panic("boom") },
		"returns nil": func(error) error { return nil },
	} {
		if got := end(operators.MapError[int](f, operators.Panics())(observable.Throw[int](errTest))); !got.panics {
			t.Errorf("f %s: error %v, want a PanicError", name, got.err)
		}
	}
}

func TestOnErrorResumeNext(t *testing.T) {
	for _, tt := range []struct{ a, b, want, subsB string }{
		{"-a-#", "-x-y|", "-a--x-y|", "---^---!"},
		{"-a-|", "-x-#", "-a--x-|", "---^--!"}, // the last one's, too
		{"#", "#", "|", "[^!]"},
		{"-a--", "-x-|", "-a--", ""},
		{"-a#", "-x--", "-a-x--", "--^-----!"},
	} {
		marbles.Run(t, func(m *marbles.Test) {
			a, b := marbles.Cold[string](m, tt.a), marbles.Cold[string](m, tt.b)
			marbles.Expect(m, operators.OnErrorResumeNext(a.Observable, b.Observable)).Named(tt.a + " " + tt.b).Demand("^-------!").ToBe(tt.want)
			if tt.subsB == "" {
				b.ExpectSubscriptions()
			} else {
				b.ExpectSubscriptions(tt.subsB)
			}
		})
	}
	check(t, "OnErrorResumeNext()", end(operators.OnErrorResumeNext[int]()), nil)
	check(t, "OnErrorResumeNextWith()", end(operators.OnErrorResumeNextWith[int]()(observable.Throw[int](errTest))), nil)
}

// Behaviour 6: the next one is asked for what the one before has left unmet.
func TestBehaviour6_OnErrorResumeNextWithCarriesDemand(t *testing.T) {
	bothWays(t, func() {
		src, next := marbles.NewTestSource[int](), marbles.NewTestSource[int]()
		sub := marbles.NewTestSubscriber[int](t, 3)
		operators.OnErrorResumeNextWith(next.Observable)(src.Observable).Subscribe(t.Context(), sub)
		src.Next(1)
		src.Error(errTest)
		next.Next(2)
		sub.Request(4)
		if want := []int64{2, 4}; !slices.Equal(next.Requests(), want) {
			t.Errorf("requested %v of the next one, want %v", next.Requests(), want)
		}
		sub.Cancel()
		if src.Cancels() != 0 || next.Cancels() != 1 {
			t.Errorf("%d and %d cancels, want 0 of the source and 1 of the next one", src.Cancels(), next.Cancels())
		}
	})
}

// Behaviour 29: a panic is a bug, and passes; below the operator in any case.
func TestBehaviour29_OnErrorAndPanics(t *testing.T) {
	bothWays(t, func() {
		panicking := operators.Map(explode)
		for name, op := range map[string]intOp{
			"CatchValue":            operators.CatchValue(-1),
			"MapError":              operators.MapError[int](func(error) error { return errTest }),
			"OnErrorComplete":       operators.OnErrorComplete[int],
			"OnErrorResumeNextWith": operators.OnErrorResumeNextWith(observable.Of(-1)),
		} {
			for from, o := range map[string]observable.Observable[int]{
				"above": op(panicking(observable.Range(1, 2))),
				"below": panicking(op(observable.Range(1, 2))),
			} {
				if got := end(o); !got.panics || !slices.Equal(got.values, []int{1}) {
					t.Errorf("%s, a panic %s: got %v and error %v, want [1] and a PanicError", name, from, got.values, got.err)
				}
			}
		}
		above := panicking(observable.Range(1, 2))
		check(t, "CatchValue with Panics", end(operators.CatchValue(-1, operators.Panics())(above)), nil, 1, -1)
		rename := operators.MapError[int](func(error) error { return errTest }, operators.Panics())
		check(t, "MapError with Panics", end(rename(above)), errTest, 1)
	})
}

// L6: the error of a bad request is not the source's.
func TestBehaviour2_BadRequestBelowOnError(t *testing.T) {
	for name, op := range map[string]intOp{
		"CatchValue":            operators.CatchValue(-1),
		"MapError":              operators.MapError[int](func(error) error { return errTest }),
		"OnErrorComplete":       operators.OnErrorComplete[int],
		"OnErrorResumeNextWith": operators.OnErrorResumeNextWith(observable.Of(-1)),
	} {
		s := &badRequester{n: -1}
		op(observable.Range(0, 3)).Subscribe(t.Context(), s)
		if bad, ok := errors.AsType[*observable.BadRequestError](s.err); !ok || bad.N != -1 || s.signals != 2 {
			t.Errorf("%s: %d signals, error %v", name, s.signals, s.err)
		}
	}
}

func TestCatchValue(t *testing.T) {
	for _, tt := range []struct{ source, demand, want string }{
		{"-a-b-#", "^", "-a-b-(x|)"},
		{"-a-b-|", "^", "-a-b-|"},
		{"#", "^", "(x|)"},
		{"-a-#", "[^1]----1", "-a---(x|)"}, // x waits for demand, and the end for x
		{"-a-#", "[^1]----!", "-a----"},
	} {
		marbles.Run(t, func(m *marbles.Test) {
			src := marbles.Cold[string](m, tt.source)
			marbles.Expect(m, operators.CatchValue("x")(src.Observable)).Named(tt.source).Demand(tt.demand).ToBe(tt.want)
		})
	}
}

func ExampleCatchValue() {
	numbers := observable.Pipe2(observable.Throw[int](io.ErrUnexpectedEOF), operators.StartWith(1, 2), operators.CatchValue(-1))
	fmt.Println(numbers.Collect(context.Background()))
	// Output: [1 2 -1] <nil>
}

func ExampleOnErrorComplete() {
	lines := observable.Pipe2(observable.Throw[string](io.ErrUnexpectedEOF), operators.StartWith("one", "two"), operators.OnErrorComplete[string])
	fmt.Println(lines.Collect(context.Background()))
	// Output: [one two] <nil>
}

func ExampleMapError() {
	named := operators.MapError[string](func(err error) error { return fmt.Errorf("reading the orders: %w", err) })
	_, err := named(observable.Throw[string](io.ErrUnexpectedEOF)).Collect(context.Background())
	fmt.Println(err)
	// Output: reading the orders: unexpected EOF
}

func ExampleOnErrorResumeNext() {
	all := operators.OnErrorResumeNext(
		operators.StartWith(1)(observable.Throw[int](io.ErrUnexpectedEOF)),
		observable.Of(2, 3))
	fmt.Println(all.Collect(context.Background()))
	// Output: [1 2 3] <nil>
}

func ExampleOnErrorResumeNextWith() {
	primary := operators.StartWith("a")(observable.Throw[string](io.ErrUnexpectedEOF))
	both := operators.OnErrorResumeNextWith(observable.Of("b", "c"))(primary)
	fmt.Println(both.Collect(context.Background()))
	// Output: [a b c] <nil>
}
