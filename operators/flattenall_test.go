package operators_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// twins are two observables of two values each.
func twins() observable.Observable[observable.Observable[int]] {
	return observable.Of(observable.Of(1, 2), observable.Of(3, 4))
}

func ExampleMergeAll() {
	all, err := observable.Pipe1(twins(), operators.MergeAll[int]).Collect(context.Background())
	fmt.Println(all, err)
	// Output: [1 2 3 4] <nil>
}

func ExampleConcatAll() {
	all, err := observable.Pipe1(twins(), operators.ConcatAll[int]).Collect(context.Background())
	fmt.Println(all, err)
	// Output: [1 2 3 4] <nil>
}

func ExampleSwitchAll() {
	calls := observable.Of(observable.Never[string](), observable.Of("the newest call"))
	all, err := observable.Pipe1(calls, operators.SwitchAll[string]).Collect(context.Background())
	fmt.Println(all, err)
	// Output: [the newest call] <nil>
}

func ExampleExhaustAll() {
	calls := observable.Of(observable.Of("the first call"), observable.Of("the next one"))
	all, err := observable.Pipe1(calls, operators.ExhaustAll[string]).Collect(context.Background())
	fmt.Println(all, err)
	// Output: [the first call the next one] <nil>
}

func TestFlattenAll(t *testing.T) {
	ops := map[string]func(observable.Observable[stream]) stream{
		"MergeAll": operators.MergeAll[string], "ConcatAll": operators.ConcatAll[string],
		"SwitchAll": operators.SwitchAll[string], "ExhaustAll": operators.ExhaustAll[string],
	}
	for name, rows := range map[string]struct {
		source, a, b string
		want         map[string]string
	}{
		"in turn": {
			source: "-a---b---|", a: "x-x|", b: "y-y|",
			want: map[string]string{
				"MergeAll": "-x-x-y-y-|", "ConcatAll": "-x-x-y-y-|", "SwitchAll": "-x-x-y-y-|", "ExhaustAll": "-x-x-y-y-|",
			},
		},
		"at once": {
			source: "-ab|", a: "x-x-x|", b: "-y-y|",
			want: map[string]string{
				"MergeAll": "-x-[xy]-[xy]|", "SwitchAll": "-x-y-y|", "ExhaustAll": "-x-x-x|",
			},
		},
		"empty": {
			source: "|",
			want:   map[string]string{"MergeAll": "|", "ConcatAll": "|", "SwitchAll": "|", "ExhaustAll": "|"},
		},
		"failing": {
			source: "-a--#", a: "x-x-x|",
			want: map[string]string{"MergeAll": "-x-x#", "ConcatAll": "-x-x#", "SwitchAll": "-x-x#", "ExhaustAll": "-x-x#"},
		},
		"a failing inner": {
			source: "-a--b--|", a: "x-#", b: "y|",
			want: map[string]string{"MergeAll": "-x-#", "ConcatAll": "-x-#", "SwitchAll": "-x-#", "ExhaustAll": "-x-#"},
		},
	} {
		for op, want := range rows.want {
			t.Run(name+"/"+op, func(t *testing.T) {
				marbles.Run(t, func(m *marbles.Test) {
					inner := map[string]stream{}
					if rows.a != "" {
						inner["a"] = marbles.Cold[string](m, rows.a).Observable
					}
					if rows.b != "" {
						inner["b"] = marbles.Cold[string](m, rows.b).Observable
					}
					src := marbles.Hot[string](m, rows.source)
					all := operators.Map(func(s string) stream { return inner[s] })(src.Observable)
					marbles.Expect(m, ops[op](all)).ToBe(want)
				})
			})
		}
	}
}

// An overflow names the operator that the user has written.
func TestConcatAllOverflow(t *testing.T) {
	outer := marbles.NewTestSource[observable.Observable[int]](marbles.Overruns)
	sub := marbles.NewTestSubscriber[int](t, 1)
	operators.ConcatAll(outer.Observable).Subscribe(context.Background(), sub)
	outer.Next(observable.Never[int]())
	outer.Next(observable.Never[int]())
	var overflow *observable.OverflowError
	if is, err := sub.Ended(); !is || !errors.As(err, &overflow) || overflow.Op != "ConcatAll" {
		t.Errorf("ended %t with %v, want an OverflowError of ConcatAll", is, err)
	}
}
