package operators_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func ExampleExpand() {
	folders := map[string][]string{"/": {"/etc", "/home"}, "/home": {"/home/ada", "/home/alan"}}
	list := func(path string) observable.Observable[string] { return observable.FromSlice(folders[path]) }
	all, err := observable.Pipe1(observable.Of("/"), operators.Expand(list)).Collect(context.Background())
	fmt.Println(all, err)
	// Output: [/ /etc /home /home/ada /home/alan] <nil>
}

func TestExpand(t *testing.T) {
	one := operators.Concurrency(1)
	for name, rows := range map[string]struct {
		source, a, b  string
		opts          []operators.FlattenOption
		want, request string
	}{
		"in time":               {source: "-a--a|", a: "--b|", b: "|", want: "-a-ba-b|", request: "(^*)"},
		"at once":               {source: "-a|", a: "(bc|)", b: "|", want: "-[abc]|", request: "(^*)"},
		"empty source":          {source: "--|", want: "--|", request: "^"},
		"nothing to expand":     {source: "-x-y|", want: "-x-y|", request: "(^*)"},
		"one at a time":         {source: "-aa|", a: "-b-b|", b: "|", opts: []operators.FlattenOption{one}, want: "-a---a---(bbbb|)", request: "(^*)"},
		"an inner that never":   {source: "-a|", a: "-", want: "-a", request: "(^*)-!"},
		"source fails":          {source: "-a-#", a: "-b---|", b: "-c-c", want: "-ab#", request: "(^*)"},
		"an inner fails":        {source: "-a---", a: "-#", want: "-a#", request: "(^*)"},
		"cancel":                {source: "-a---", a: "-b---b", b: "-", want: "-ab", request: "(^*)!"},
		"no demand for a while": {source: "-a|", a: "(bb|)", b: "c|", want: "-a--b--[bcc]|", request: "^1--1--*"},
	} {
		t.Run(name, func(t *testing.T) {
			marbles.Run(t, func(m *marbles.Test) {
				inner := map[string]stream{}
				for letter, row := range map[string]string{"a": rows.a, "b": rows.b} {
					if row != "" {
						inner[letter] = marbles.Cold[string](m, row).Observable
					}
				}
				src := marbles.Hot[string](m, rows.source)
				out := operators.Expand(func(s string) stream { return inner[s] }, rows.opts...)(src.Observable)
				marbles.Expect(m, out).Demand(rows.request).ToBe(rows.want)
			})
		})
	}
}

// A tree of observables that have their values at once comes depth first, and
// each value before those below it, whatever the demand is.
func TestExpandWalksDepthFirst(t *testing.T) {
	children := func(v int) []int {
		if v > 3 {
			return nil
		}
		return []int{2 * v, 2*v + 1}
	}
	for name, f := range map[string]func(int) observable.Observable[int]{
		"synchronous": func(v int) observable.Observable[int] { return observable.FromSlice(children(v)) },
		"other": func(v int) observable.Observable[int] {
			return operators.Take[int](2)(observable.FromSlice(children(v)))
		},
	} {
		for _, step := range []int64{1, 2, observable.Unbounded} {
			t.Run(fmt.Sprint(name, step), func(t *testing.T) {
				linkedAndNot(t, func(t *testing.T) {
					sub := marbles.NewTestSubscriber[int](t, step)
					sub.Each = func(int) { sub.Request(1) }
					operators.Expand(f)(observable.Of(1, 3)).Subscribe(t.Context(), sub)
					diff(t, "values", sub.Values(), []int{1, 2, 4, 5, 3, 6, 7, 3, 6, 7})
					ended(t, sub, nil)
				})
			})
		}
	}
}

// L3, behaviour 1: neither the stack nor what is held grows.
func TestExpandAMillionTimes(t *testing.T) {
	n := many(1_000_000)
	linkedAndNot(t, func(t *testing.T) {
		most := 0
		sub := &oneByOneCounter{deep: func() {
			var pcs [64]uintptr
			most = max(most, runtime.Callers(0, pcs[:]))
		}}
		f := func(v int) observable.Observable[int] {
			if v == n-1 {
				return observable.Empty[int]()
			}
			return observable.Of(v + 1)
		}
		operators.Expand(f)(observable.Of(0)).Subscribe(t.Context(), sub)
		if !sub.complete || sub.n != n || most >= 60 {
			t.Errorf("%d values, complete %t, the stack was %d calls deep", sub.n, sub.complete, most)
		}
	})
}

// Who has a value at once is asked for no more than one, while it waits.
func TestExpandRequests(t *testing.T) {
	var asks []int64
	outer, inner := marbles.NewTestSource[int](), newSources(2)
	f := func(v int) observable.Observable[int] {
		switch {
		case v == 1:
			return inner.pick(1)
		case v == 2:
			return asked(&asks, observable.Of(7, 8, 9))
		}
		return observable.Empty[int]()
	}
	sub := marbles.NewTestSubscriber[int](t, 1)
	operators.Expand(f, operators.Prefetch(8))(outer.Observable).Subscribe(context.Background(), sub)
	diff(t, "outer requests", outer.Requests(), []int64{1, 7})
	outer.Next(1)
	diff(t, "inner requests", inner[0].Requests(), []int64{1, 7})
	for i := range 7 {
		inner[0].Next(10 + i)
	}
	sub.Request(5)
	diff(t, "inner requests when 5 were passed on", inner[0].Requests(), []int64{1, 7})
	sub.Request(2)
	diff(t, "inner requests when 6 were passed on", inner[0].Requests(), []int64{1, 7, 6})
	outer.Next(2)
	sub.Request(1)
	diff(t, "requests of a synchronous inner", asks, []int64{1})
	sub.Request(1)
	diff(t, "requests of a synchronous inner", asks, []int64{1, 1})
	sub.Request(5)
	diff(t, "values", sub.Values(), []int{1, 10, 11, 12, 13, 14, 15, 16, 2, 7, 8, 9})
	inner[0].Complete()
	outer.Complete()
	ended(t, sub, nil)
	diff(t, "active", outer.Active()+inner.active(), 0)
}

// Behaviour 31.
func TestBehaviour31_ExpandNeverHasMoreActiveThanTheConcurrency(t *testing.T) {
	var active, most, n int
	f := func(v int) observable.Observable[int] {
		if active++; active > most {
			most = active
		}
		var below []int
		if v < 4 {
			below = []int{v + 1, v + 1}
		}
		return operators.TapComplete[int](func() { active-- })(observable.FromSlice(below))
	}
	err := operators.Expand(f, operators.Concurrency(3))(observable.Of(0, 0)).ForEach(t.Context(), func(int) error { n++; return nil })
	if err != nil || most > 3 || n != 62 {
		t.Errorf("%d values, %d inners at once, error %v; want 62, at most 3, nil", n, most, err)
	}
}

// What waits has a bound, and it is exact.
func TestExpandOverflow(t *testing.T) {
	linkedAndNot(t, func(t *testing.T) {
		for below, fits := range map[int]bool{6: true, 7: false} {
			var lost discards
			f := func(v int) observable.Observable[int] {
				if v > 0 {
					return observable.Empty[int]()
				}
				return observable.Range(1, below)
			}
			sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
			operators.Expand(f, operators.Concurrency(1), operators.Prefetch(6))(observable.Of(0)).Subscribe(lost.context(), sub)
			if fits {
				diff(t, "values", sub.Values(), []int{0, 1, 2, 3, 4, 5, 6})
				ended(t, sub, nil)
				continue
			}
			var overflow *observable.OverflowError
			if is, err := sub.Ended(); !is || !errors.As(err, &overflow) || overflow.Op != "Expand" || overflow.Capacity != 6 {
				t.Errorf("ended %t with %v, want an OverflowError of Expand", is, err)
			} else if advice := "let it hold more: its buffer is Concurrency times Prefetch"; !strings.Contains(err.Error(), advice) {
				t.Errorf("the error is %q, want %q in it", err, advice)
			}
			diff(t, "discarded", lost.got, []string{"1 error", "2 error", "3 error", "4 error", "5 error", "6 error"})
		}
	})
}

// Inners that could not end otherwise are asked for more than their prefetch.
func TestExpandStretches(t *testing.T) {
	outer, inner := marbles.NewTestSource[int](), newSources(2)
	f := func(v int) observable.Observable[int] {
		if v > 2 {
			return observable.Empty[int]()
		}
		return inner.pick(v)
	}
	sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
	operators.Expand(f, operators.Concurrency(2), operators.Prefetch(4))(outer.Observable).Subscribe(context.Background(), sub)
	outer.Next(1)
	outer.Next(2)
	for i := range 3 {
		inner[0].Next(10 + i)
		inner[1].Next(20 + i)
	}
	inner[0].Next(13)
	diff(t, "requests while one may go on", inner[0].Requests(), []int64{1, 3})
	inner[1].Complete()
	diff(t, "values", sub.Values(), []int{1, 2, 10, 20, 11, 21, 12, 22, 13})
	outer.Next(2)
	diff(t, "values", len(sub.Values()), 10)
	sub.Cancel()
}

func TestExpandPanics(t *testing.T) {
	leaf := func(int) observable.Observable[int] { return observable.Empty[int]() }
	for want, call := range map[string]func(){
		"operators: Expand with a nil function":                 func() { operators.Expand[int](nil) },
		"operators: Expand with a non-positive Concurrency (0)": func() { operators.Expand(leaf, operators.Concurrency(0)) },
		"operators: Expand with a non-positive Prefetch (-1)":   func() { operators.Expand(leaf, operators.Prefetch(-1)) },
	} {
		func() {
			defer func() { diff(t, "panic", recover(), any(want)) }()
			call()
		}()
	}
	linkedAndNot(t, func(t *testing.T) {
		f := func(v int) observable.Observable[int] {
			if v == 3 {
				panic("boom")
			}
			return observable.Of(v + 1)
		}
		panicsWith(t, operators.Expand(f)(observable.Of(1)), func(int) {}, 3)
		panicsWith(t, operators.Expand(f)(observable.Of(1)), func(v int) {
			if v == 2 {
				panic("boom")
			}
		}, 1)
	})
}
