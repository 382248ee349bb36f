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

// A slicePrinter prints what it gets.
type slicePrinter[T any] struct{}

func (slicePrinter[T]) OnSubscribe(up observable.Subscription) { up.Request(observable.Unbounded) }
func (slicePrinter[T]) OnNext(slice []T)                       { fmt.Println(slice) }
func (slicePrinter[T]) OnError(err error)                      { fmt.Println(err) }
func (slicePrinter[T]) OnComplete()                            { fmt.Println("done") }

func ExampleBufferWhen() {
	clicks, pauses := observable.NewSubject[string](), observable.NewSubject[struct{}]()
	operators.BufferWhen[string](pauses.Observable)(clicks.Observable).Subscribe(context.Background(), slicePrinter[string]{})
	clicks.Next("left")
	clicks.Next("left")
	pauses.Next(struct{}{})
	clicks.Next("right")
	clicks.Complete()
	// Output:
	// [left left]
	// [right]
	// done
}

func ExampleBufferUntil() {
	values, stop := observable.NewSubject[int](), observable.NewSubject[string]()
	stopped := func() observable.Observable[string] { return stop.Observable }
	operators.BufferUntil[int](stopped)(values.Observable).Subscribe(context.Background(), slicePrinter[int]{})
	values.Next(1)
	stop.Next("now")
	values.Next(2)
	values.Next(3)
	values.Complete()
	// Output:
	// [1]
	// [2 3]
	// done
}

func ExampleBufferToggle() {
	values, press, release := observable.NewSubject[int](), observable.NewSubject[string](), observable.NewSubject[string]()
	released := func(string) observable.Observable[string] { return release.Observable }
	operators.BufferToggle[int](press.Observable, released)(values.Observable).Subscribe(context.Background(), slicePrinter[int]{})
	values.Next(1)
	press.Next("shift")
	values.Next(2)
	values.Next(3)
	release.Next("shift")
	values.Next(4)
	values.Complete()
	// Output:
	// [2 3]
	// done
}

func TestBufferWhen(t *testing.T) {
	for _, tt := range []struct {
		name, source, o, demand, want, subs, notifier string
		where                                         map[string]string
	}{
		{"values, then the rest", "-a-b---c--|", "----1-----", "", "----x-----(y|)", "^---------!", "^---------!", map[string]string{"x": "ab", "y": "c"}},
		{"empty ones", "     -----|", "     -1-1|", "", "     -x-x-(x|)", "     ^----!", "     ^---!", map[string]string{"x": ""}},
		{"empty source", "   |", "         -1", "", "       (x|)", "         (^!)", "      (^!)", map[string]string{"x": ""}},
		{"notifier ends", "  -a--b|", "    --|", "", "      -----(x|)", "    ^----!", "     ^-!", map[string]string{"x": "ab"}},
		{"notifier fails", " -a--b|", "    --#", "", "      --#", "         ^-!", "       ^-!", nil},
		{"source fails", "   -a-#", "      --1-", "", "     --x#", "        ^--!", "      ^--!", map[string]string{"x": "a"}},
		{"never", "          -a--", "      ----", "^*--!", "----", "        ^---!", "     ^---!", nil},
		{"cancel", "         -a-b-c-", "   --1---1", "^*--!", "--x-", "     ^---!", "     ^---!", map[string]string{"x": "a"}},
		{"no demand: it grows", "-a-b-c-d-|", "--1---1---", "^---1---1--1", "----x---y--(z|)", "^--------!", "^--------!", map[string]string{"x": "ab", "y": "cd", "z": ""}},
		{"it is due once", "   -a-b---|", "-1-1-1-1-", "^-----1--1", "------x--(y|)", "^------!", "^------!", map[string]string{"x": "ab", "y": ""}},
	} {
		marbles.Run(t, func(m *marbles.Test) {
			src, o := marbles.Hot[rune](m, tt.source), marbles.Hot[int](m, tt.o)
			e := marbles.Expect(m, marbles.Text(operators.BufferWhen[rune](o.Observable)(src.Observable))).Named(tt.name)
			if tt.demand != "" {
				e = e.Demand(tt.demand)
			}
			e.ToBe(tt.want, slicesOf(tt.where))
			if tt.name != "empty source" {
				src.ExpectSubscriptions(tt.subs)
				o.ExpectSubscriptions(tt.notifier)
			}
		})
	}
}

func TestBufferUntil(t *testing.T) {
	for _, tt := range []struct {
		name, source, closing, demand, want string
		subs                                []string
		where                               map[string]string
	}{
		{"values, then the rest", "-a-b-c-d-|", "----1", "", "----x---y(z|)", []string{"^---!", "----^---!", "--------^!"}, map[string]string{"x": "ab", "y": "cd", "z": ""}},
		{"closing ends", "-a-b-c-|", "  --|", "", "  -------(x|)", []string{"^-!"}, map[string]string{"x": "abc"}},
		{"closing fails", "-a-b-|", "   --#", "", "  --#", []string{"  ^-!"}, nil},
		{"source fails", "-a-b-#", "    ----1", "", "----x#", []string{"^---!", "----^!"}, map[string]string{"x": "ab"}},
		{"cancel", "-a-b---", "         ----1", "^*----!", "----x-", []string{"^---!", "----^-!"}, map[string]string{"x": "ab"}},
		{"no demand: it grows", "-a-b-c-d-|", "--1", "^-------1-1", "--------x-(y|)", []string{"^-!", "--------^!"}, map[string]string{"x": "abcd", "y": ""}},
	} {
		marbles.Run(t, func(m *marbles.Test) {
			src, closing := marbles.Hot[rune](m, tt.source), marbles.Cold[int](m, tt.closing)
			op := operators.BufferUntil[rune](func() observable.Observable[int] { return closing.Observable })
			e := marbles.Expect(m, marbles.Text(op(src.Observable))).Named(tt.name)
			if tt.demand != "" {
				e = e.Demand(tt.demand)
			}
			e.ToBe(tt.want, slicesOf(tt.where))
			closing.ExpectSubscriptions(tt.subs...)
		})
	}
}

func TestBufferToggle(t *testing.T) {
	for _, tt := range []struct {
		name, source, openings, one, two, demand, want string
		where                                          map[string]string
	}{
		{"some are left out", "-a-b-c-d-e-|", "  --1-----1", "   --x", "", "", "----x-----y|", map[string]string{"x": "b", "y": "e"}},
		{"overlap", "-a-b-c-d-e-|", "            1-1-------", "   ------x", "", "", "------x-y--|", map[string]string{"x": "abc", "y": "bcd"}},
		{"the second ends first", "-a-b-c-d-|", "1-2-----", "       ------x", "--x", "", "----y-x--|", map[string]string{"x": "abc", "y": "b"}},
		{"closing ends", "-a-b-|", "               1-2--", "          -|", "--x", "", "----y(x|)", map[string]string{"x": "ab", "y": "b"}},
		{"closing fails", "-a-b-|", "              1----", "          ---#", "", "", "---#", nil},
		{"openings end", "-a-b-|", "               1|", "             -----x", "", "", "-----(x|)", map[string]string{"x": "ab"}},
		{"openings fail", "-a-b-|", "              1-#", "            -----x", "", "", "--#", nil},
		{"source fails", "-a-b-#", "               1-----", "         -------x", "", "", "-----#", nil},
		{"cancel", "-a-b-c-|", "                   1-1---", "         --x", "", "^*--!", "--x-", map[string]string{"x": "a"}},
		{"no demand: one holds all", "--a-b-c-d--|", "-1-1------", "----x", "", "^--------1", "---------x-|", map[string]string{"x": "abcd"}},
		{"no demand: the first opened", "--a-b-c---|", "-1-2----", "  ------x", "-x", "^--------1", "---------x|", map[string]string{"x": "abc"}},
		{"the end waits for each", "-a-b-|", "     1-1--", "---------x", "", "^-------1-1", "--------x-(y|)", map[string]string{"x": "ab", "y": "b"}},
	} {
		marbles.Run(t, func(m *marbles.Test) {
			src, openings := marbles.Hot[rune](m, tt.source), marbles.Hot[rune](m, tt.openings)
			one, two := marbles.Cold[rune](m, tt.one), marbles.Cold[rune](m, tt.two)
			op := operators.BufferToggle[rune](openings.Observable, func(which rune) observable.Observable[rune] {
				if which == '1' {
					return one.Observable
				}
				return two.Observable
			})
			e := marbles.Expect(m, marbles.Text(op(src.Observable))).Named(tt.name)
			if tt.demand != "" {
				e = e.Demand(tt.demand)
			}
			e.ToBe(tt.want, slicesOf(tt.where))
		})
	}
}

// A closing that emits at once closes its own slice, once, and the next one
// only when there is demand.
func TestBufferClosesAtOnce(t *testing.T) {
	calls := 0
	now := func() observable.Observable[int] { calls++; return observable.Of(1, 2) }
	src := marbles.NewTestSource[string]()
	sub := marbles.NewTestSubscriber[[]string](t, 2)
	operators.BufferUntil[string](now)(src.Observable).Subscribe(t.Context(), sub)
	diff(t, "slices", sub.Values(), [][]string{{}, {}})
	src.Next("a")
	src.Next("b")
	diff(t, "calls", calls, 3)
	sub.Request(1)
	diff(t, "slices", sub.Values(), [][]string{{}, {}, {"a", "b"}})
	diff(t, "calls", calls, 4)
	src.Complete()
	sub.Request(1)
	ended(t, sub, nil)

	sub = marbles.NewTestSubscriber[[]string](t, 9)
	operators.BufferToggle[string](observable.Of("x", "y"), func(string) observable.Observable[int] { return now() })(src.Observable).
		Subscribe(t.Context(), sub)
	diff(t, "slices", sub.Values(), [][]string{{}, {}})
	sub.Cancel()
	diff(t, "active", src.Active(), 0)
}

// L3: a notifier that the subscriber sets off inside a slice does not nest.
func TestBufferWhenInside(t *testing.T) {
	src, o := marbles.NewTestSource[int](), observable.NewSubject[int]()
	sub := marbles.NewTestSubscriber[[]int](t, observable.Unbounded)
	depth := 0
	sub.Each = func(s []int) {
		if depth++; depth > 1 {
			t.Error("a slice inside a slice")
		}
		if s[0] < 3 {
			src.Next(s[0] + 1)
			o.Next(0)
		}
		depth--
	}
	operators.BufferWhen[int](o.Observable)(src.Observable).Subscribe(t.Context(), sub)
	src.Next(1)
	o.Next(0)
	diff(t, "slices", sub.Values(), [][]int{{1}, {2}, {3}})
	sub.Cancel()
}

// Whoever ends the stream, all that it listens to is cancelled.
func TestBuffersCancelEverything(t *testing.T) {
	for name, end := range map[string]func(src, o, closing *marbles.TestSource[int], sub *marbles.TestSubscriber[[]int]){
		"cancel":          func(_, _, _ *marbles.TestSource[int], sub *marbles.TestSubscriber[[]int]) { sub.Cancel() },
		"source fails":    func(src, _, _ *marbles.TestSource[int], _ *marbles.TestSubscriber[[]int]) { src.Error(errInner) },
		"source is done":  func(src, _, _ *marbles.TestSource[int], _ *marbles.TestSubscriber[[]int]) { src.Complete() },
		"openings fail":   func(_, o, _ *marbles.TestSource[int], _ *marbles.TestSubscriber[[]int]) { o.Error(errInner) },
		"a closing fails": func(_, _, c *marbles.TestSource[int], _ *marbles.TestSubscriber[[]int]) { c.Error(errInner) },
	} {
		t.Run(name, func(t *testing.T) {
			src, openings, closing := marbles.NewTestSource[int](), marbles.NewTestSource[int](), marbles.NewTestSource[int]()
			sub := marbles.NewTestSubscriber[[]int](t, 9)
			operators.BufferToggle[int](openings.Observable, func(int) observable.Observable[int] { return closing.Observable })(src.Observable).
				Subscribe(observable.WithDroppedError(t.Context(), func(error) {}), sub)
			openings.Next(1)
			openings.Next(2)
			diff(t, "closings", closing.Active(), 2)
			end(src, openings, closing, sub)
			diff(t, "active", []int{src.Active(), openings.Active(), closing.Active()}, []int{0, 0, 0})
		})
	}
}

// Behaviour 29, L11: a panic in a function, or below, ends the stream.
func TestBehaviour29_PanicsAroundBuffers(t *testing.T) {
	boom := func(int) observable.Observable[int] { panic("boom") }
	once := observable.Of(1)
	for name, op := range map[string]observable.Operator[int, []int]{
		"f":        operators.BufferUntil[int](func() observable.Observable[int] { return boom(0) }),
		"closing":  operators.BufferToggle[int](once, boom),
		"notifier": operators.BufferWhen[int](operators.MergeMap(boom)(once)),
	} {
		t.Run(name, func(t *testing.T) {
			src := marbles.NewTestSource[int]()
			sub := marbles.NewTestSubscriber[[]int](t, 9)
			op(src.Observable).Subscribe(t.Context(), sub.Outside())
			_, err := sub.Ended()
			if p, ok := errors.AsType[*observable.PanicError](err); !ok || p.Value != "boom" || src.Active() != 0 {
				t.Errorf("ended with %v and %d active, want a PanicError and none", err, src.Active())
			}
		})
	}
	t.Run("downstream", func(t *testing.T) {
		var lost discards
		src, o := marbles.NewTestSource[int](), observable.NewSubject[int]()
		sub := marbles.NewTestSubscriber[[]int](t, 9)
		sub.Each = func([]int) { src.Next(2); panic("boom") }
		operators.BufferWhen[int](o.Observable)(src.Observable).Subscribe(lost.context(), sub)
		src.Next(1)
		o.Next(0)
		_, err := sub.Ended()
		if p, ok := errors.AsType[*observable.PanicError](err); !ok || p.Value != "boom" || src.Active() != 0 {
			t.Errorf("ended with %v and %d active, want a PanicError and none", err, src.Active())
		}
		diff(t, "discarded", lost.got, []string{"2 error"})
	})
}

func TestBufferWhenArguments(t *testing.T) {
	for want, assemble := range map[string]func(){
		"operators: BufferUntil with a nil function": func() { operators.BufferUntil[int, int](nil) },
		"operators: BufferToggle with a nil function": func() {
			operators.BufferToggle[int, int, int](observable.Never[int](), nil)
		},
	} {
		func() {
			defer func() { diff(t, "panic", recover(), any(want)) }()
			assemble()
		}()
	}
}
