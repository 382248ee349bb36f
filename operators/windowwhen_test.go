package operators_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

// counts emits how many values each window has, again with each of them.
var counts = operators.MergeMap(func(w observable.Observable[string]) observable.Observable[int] {
	return operators.Scan(0, func(n int, _ string) int { return n + 1 })(w)
})

// flushing emits lines, and makes flush emit before each that is empty.
func flushing(flush *observable.Subject[bool], lines ...string) observable.Observable[string] {
	return operators.Tap(func(line string) {
		if line == "" {
			flush.Next(true)
		}
	})(observable.Of(lines...))
}

func ExampleWindowUntil() {
	flush := observable.NewSubject[bool]()
	windows := operators.WindowUntil[string](func() observable.Observable[bool] { return flush.Observable })
	fmt.Println(observable.Pipe2(flushing(flush, "a", "b", "", "c"), windows, counts).Collect(context.Background()))
	// Output: [1 2 1 2] <nil>
}

func ExampleWindowToggle() {
	flush := observable.NewSubject[bool]()
	windows := operators.WindowToggle[string](flush.Observable, func(bool) observable.Observable[int] { return observable.Never[int]() })
	fmt.Println(observable.Pipe2(flushing(flush, "a", "b", "", "c"), windows, counts).Collect(context.Background()))
	// Output: [1 2] <nil>
}

func ExampleWindowWhen() {
	clock := scheduler.NewVirtual()
	windows := operators.WindowWhen[string](observable.Interval(2500 * time.Millisecond))
	line := operators.Map(func(int) string { return "line" })
	o := observable.Pipe3(observable.Interval(time.Second), line, windows, counts)
	o.Subscribe(scheduler.With(context.Background(), clock), windowPrinter{})
	clock.AdvanceBy(4 * time.Second)
	// Output: 1 2 1 2
}

// A windowPrinter prints what it gets.
type windowPrinter struct{}

func (windowPrinter) OnSubscribe(up observable.Subscription) { up.Request(observable.Unbounded) }
func (windowPrinter) OnNext(n int)                           { fmt.Print(n, " ") }
func (windowPrinter) OnError(err error)                      { fmt.Print(err) }
func (windowPrinter) OnComplete()                            {}

func TestWindowWhen(t *testing.T) {
	for _, tt := range []struct {
		source, o, want, subs string
		where                 map[string]string
	}{
		{"-a-b--c-d-|", "----1----1|", "----x----y(z|)", "^---------!", map[string]string{"x": "ab", "y": "cd", "z": ""}},
		{"-a-b-|", "--|", "-----(x|)", "^-!", map[string]string{"x": "ab"}},
		{"-a-b-|", "--#", "--#", "^-!", nil},
		{"-a-#", "--1", "--x#", "^--!", map[string]string{"x": "a"}},
		{"--a-|", "--1-|", "--x-(e|)", "^---!", map[string]string{"x": "a", "e": ""}},
	} {
		t.Run(tt.source+tt.o, func(t *testing.T) {
			marbles.Run(t, func(m *marbles.Test) {
				src, o := marbles.Hot[string](m, tt.source), marbles.Hot[string](m, tt.o)
				marbles.Expect(m, windowsOf(operators.WindowWhen[string](o.Observable)(src.Observable))).ToBe(tt.want, listed(tt.where))
				o.ExpectSubscriptions(tt.subs)
			})
		})
	}
}

func TestWindowUntil(t *testing.T) {
	for _, tt := range []struct {
		source, closing, want string
		where                 map[string]string
	}{
		{"-a-b-c-d-|", "---1", "---x--y--(z|)", map[string]string{"x": "ab", "y": "c", "z": "d"}},
		{"-a-b-c-|", "----|", "----x--(y|)", map[string]string{"x": "ab", "y": "c"}},
		{"-a-b-c-|", "----#", "----#", nil},
		{"|", "----1", "(e|)", map[string]string{"e": ""}},
	} {
		t.Run(tt.source+tt.closing, func(t *testing.T) {
			marbles.Run(t, func(m *marbles.Test) {
				src, closing := marbles.Hot[string](m, tt.source), marbles.Cold[string](m, tt.closing)
				f := func() stream { return closing.Observable }
				marbles.Expect(m, windowsOf(operators.WindowUntil[string](f)(src.Observable))).ToBe(tt.want, listed(tt.where))
			})
		})
	}
}

func TestWindowToggle(t *testing.T) {
	for _, tt := range []struct {
		source, openings, closing, want string
		where                           map[string]string
	}{
		{"-a-b-c-d-e-f-|", "--1-----1", "----2", "------x-----y|", map[string]string{"x": "bc", "y": "ef"}},
		{"-a-b-c-d-|", "--1-1|", "---2", "-----x-y-|", map[string]string{"x": "bc", "y": "cd"}},
		{"-a-b-c-|", "--1", "-|", "-------(x|)", map[string]string{"x": "bc"}},
		{"-a-b-c-|", "--1", "--#", "----#", nil},
		{"-a-b-c-|", "--1-#", "---1", "----#", nil},
		{"-a-b-#", "--1--", "---1", "-----#", nil},
	} {
		t.Run(tt.source+tt.openings+tt.closing, func(t *testing.T) {
			marbles.Run(t, func(m *marbles.Test) {
				src, openings, closing := marbles.Hot[string](m, tt.source), marbles.Hot[string](m, tt.openings), marbles.Cold[string](m, tt.closing)
				f := func(string) stream { return closing.Observable }
				marbles.Expect(m, windowsOf(operators.WindowToggle[string](openings.Observable, f)(src.Observable))).ToBe(tt.want, listed(tt.where))
			})
		})
	}
}

// A window that is not requested stands for those that were to open after it.
func TestWindowsOfNotifiersWaitForDemand(t *testing.T) {
	for name, op := range map[string]func(o, ends observable.Observable[int]) observable.Operator[int, observable.Observable[int]]{
		"WindowWhen": func(o, _ observable.Observable[int]) observable.Operator[int, observable.Observable[int]] {
			return operators.WindowWhen[int](o)
		},
		"WindowUntil": func(o, _ observable.Observable[int]) observable.Operator[int, observable.Observable[int]] {
			return operators.WindowUntil[int](func() observable.Observable[int] { return o })
		},
		"WindowToggle": func(o, ends observable.Observable[int]) observable.Operator[int, observable.Observable[int]] {
			return operators.WindowToggle[int](o, func(int) observable.Observable[int] { return ends })
		},
	} {
		t.Run(name, func(t *testing.T) {
			src, o, ends := marbles.NewTestSource[int](), marbles.NewTestSource[int](), marbles.NewTestSource[int]()
			k := keepWindows(t, 0, 9)
			op(o.Observable, ends.Observable)(src.Observable).Subscribe(t.Context(), k)
			for v := range 3 {
				o.Next(v)
				src.Next(v)
			}
			k.Request(1)
			diff(t, "windows", k.values(), [][]int{{0, 1, 2}})
			running(t, k.windows[0])
			ends.Next(1)
			o.Next(9)
			ended(t, k.windows[0], nil)
			k.Cancel()
			diff(t, "cancels", []int{src.Cancels(), o.Active(), ends.Active()}, []int{1, 0, 0})
		})
	}
}

func TestWindowNotifierPanics(t *testing.T) {
	boom := func() observable.Observable[int] { panic("boom") }
	for name, op := range map[string]observable.Operator[int, observable.Observable[int]]{
		"WindowUntil":  operators.WindowUntil[int](boom),
		"WindowToggle": operators.WindowToggle[int](observable.Of(1), func(int) observable.Observable[int] { return boom() }),
	} {
		src, k := marbles.NewTestSource[int](), keepWindows(t, 9, 9)
		op(src.Observable).Subscribe(t.Context(), k)
		_, err := k.Ended()
		if p, ok := errors.AsType[*observable.PanicError](err); !ok || p.Value != "boom" || src.Active() != 0 {
			t.Errorf("%s: ended with %v, %d sources", name, err, src.Active())
		}
	}
}
