package operators_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func ExampleMergeScan() {
	deposit := func(balance, amount int) observable.Observable[int] { return observable.Of(balance + amount) }
	all, err := observable.Pipe1(observable.Of(10, 20, 30), operators.MergeScan(0, deposit)).Collect(context.Background())
	fmt.Println(all, err)
	// Output: [10 30 60] <nil>
}

func ExampleSwitchScan() {
	page := func(last string, n int) observable.Observable[string] {
		return observable.Of(fmt.Sprintf("%s%d", last, n))
	}
	all, err := observable.Pipe1(observable.Of(1, 2, 3), operators.SwitchScan("p", page)).Collect(context.Background())
	fmt.Println(all, err)
	// Output: [p1 p12 p123] <nil>
}

// added is a function for MergeScan and SwitchScan: the digits of a row, with
// the accumulator added.
func added(row func(string) stream) func(int, string) observable.Observable[int] {
	return func(acc int, name string) observable.Observable[int] {
		return operators.Map(func(digit string) int { return acc + int(digit[0]-'0') })(row(name))
	}
}

func TestScansOfObservables(t *testing.T) {
	for name, rows := range map[string]struct{ source, a, b, merge, change string }{
		"one after the other": {source: "-a---b-----|", a: "1-1|", b: "2-3|", merge: "-1-1-3-4---|", change: "-1-1-3-4---|"},
		"at the same time":    {source: "-a-b-|      ", a: "1-1-1|", b: "1-|", merge: "-1-[12]-1|", change: "-1-2-|"},
		"the seed is not one": {source: "-|          ", merge: "-|", change: "-|"},
		"an empty inner":      {source: "-a-b-|      ", a: "|", b: "1|", merge: "---1-|", change: "---1-|"},
		"a failing inner":     {source: "-a----b     ", a: "1-#", merge: "-1-#", change: "-1-#"},
		"a failing source":    {source: "-a-#        ", a: "1-2-3|", merge: "-1-#", change: "-1-#"},
	} {
		t.Run(name, func(t *testing.T) {
			marbles.Run(t, func(m *marbles.Test) {
				row := func(name string) stream {
					return marbles.Cold[string](m, map[string]string{"a": rows.a, "b": rows.b}[name]).Observable
				}
				src := marbles.Hot[string](m, rows.source)
				marbles.Expect(m, marbles.Text(operators.MergeScan(0, added(row))(src.Observable))).ToBe(rows.merge)
				marbles.Expect(m, marbles.Text(operators.SwitchScan(0, added(row))(src.Observable))).ToBe(rows.change)
			})
		})
	}
}

// A value that nobody has asked for yet is not the accumulator.
func TestMergeScanWaitsForDemand(t *testing.T) {
	linkedAndNot(t, func(t *testing.T) {
		var accs []int
		f := func(acc, v int) observable.Observable[int] {
			accs = append(accs, acc)
			return observable.Of(10*v, 10*v+1)
		}
		outer := marbles.NewTestSource[int]()
		sub := marbles.NewTestSubscriber[int](t, 1)
		operators.MergeScan(-1, f, operators.Concurrency(2), operators.Prefetch(2))(outer.Observable).Subscribe(context.Background(), sub)
		outer.Next(1)
		outer.Next(2)
		diff(t, "outer requests", outer.Requests(), []int64{2})
		sub.Request(1)
		diff(t, "outer requests", outer.Requests(), []int64{2, 1})
		outer.Next(3)
		diff(t, "accumulators", accs, []int{-1, 10, 11})
		sub.Cancel()
	})
}

// What the downstream does with a value sees it as the accumulator already.
func TestScansReentrantly(t *testing.T) {
	for name, op := range map[string]func(int, func(int, int) observable.Observable[int]) intOp{
		"MergeScan": func(seed int, f func(int, int) observable.Observable[int]) intOp {
			return operators.MergeScan(seed, f)
		},
		"SwitchScan": operators.SwitchScan[int, int],
	} {
		t.Run(name, func(t *testing.T) {
			linkedAndNot(t, func(t *testing.T) {
				outer := marbles.NewTestSource[int]()
				sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
				sub.Each = func(v int) {
					if v < 3 {
						outer.Next(1)
					}
				}
				op(0, func(acc, v int) observable.Observable[int] { return observable.Of(acc + v) })(outer.Observable).Subscribe(t.Context(), sub)
				outer.Next(1)
				diff(t, "values", sub.Values(), []int{1, 2, 3})
				sub.Cancel()
			})
		})
	}
}

// L10: every subscription begins with the seed.
func TestScansShareNothing(t *testing.T) {
	sum := func(acc, v int) observable.Observable[int] { return observable.Of(acc + v) }
	for name, op := range map[string]intOp{"MergeScan": operators.MergeScan(0, sum), "SwitchScan": operators.SwitchScan(0, sum)} {
		o := op(observable.Range(1, 3))
		for range 2 {
			all, err := o.Collect(t.Context())
			diff(t, name, fmt.Sprint(all, err), "[1 3 6] <nil>")
		}
	}
}

func TestScansPanic(t *testing.T) {
	f := func(int, int) observable.Observable[int] { return observable.Empty[int]() }
	for want, call := range map[string]func(){
		"operators: MergeScan with a nil function":                 func() { operators.MergeScan[int, int](0, nil) },
		"operators: MergeScan with a non-positive Concurrency (0)": func() { operators.MergeScan(0, f, operators.Concurrency(0)) },
		"operators: MergeScan with a non-positive Prefetch (-1)":   func() { operators.MergeScan(0, f, operators.Prefetch(-1)) },
		"operators: SwitchScan with a nil function":                func() { operators.SwitchScan[int, int](0, nil) },
	} {
		func() {
			defer func() { diff(t, "panic", recover(), any(want)) }()
			call()
		}()
	}
}
