package operators_test

import (
	"context"
	"testing"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// A stepper requests n values at a time, as often as it has received n.
type stepper struct {
	link.Inside
	up   observable.Subscription
	n    int64
	got  int64
	done bool
}

func (s *stepper) OnSubscribe(up observable.Subscription) { s.up = up; up.Request(s.n) }

func (s *stepper) OnNext(int) {
	if s.got++; s.got%s.n == 0 {
		s.up.Request(s.n)
	}
}

func (s *stepper) OnError(err error) { panic(err) }
func (s *stepper) OnComplete()       { s.done = true }

// In the steady state nothing is allocated per value: a stream twice as long
// takes no more allocations.
func TestFlatteningDoesNotAllocatePerValue(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	// Take hands itself down, so that its inner is not a synchronous one.
	serialised := func(n int) observable.Observable[int] {
		return observable.Pipe1(observable.Range(0, 2*n), operators.Take[int](n))
	}
	plus := func(a, b int) int { return a + b }
	for name, stream := range map[string]func(n int) observable.Observable[int]{
		"MergeMap, synchronous": func(n int) observable.Observable[int] {
			return operators.MergeMap(func(int) observable.Observable[int] { return observable.Range(0, n) })(observable.Range(0, 3))
		},
		"MergeMap, serialised": func(n int) observable.Observable[int] {
			return operators.MergeMap(func(int) observable.Observable[int] { return serialised(n) })(observable.Range(0, 3))
		},
		"Merge": func(n int) observable.Observable[int] {
			return operators.Merge(serialised(n), observable.Range(0, n), serialised(n))
		},
		"ConcatMap, synchronous": func(n int) observable.Observable[int] {
			return operators.ConcatMap(func(int) observable.Observable[int] { return observable.Range(0, n) })(observable.Range(0, 3))
		},
		"ConcatMap, serialised": func(n int) observable.Observable[int] {
			return operators.ConcatMap(func(int) observable.Observable[int] { return serialised(n) })(observable.Range(0, 3))
		},
		"SwitchMap": func(n int) observable.Observable[int] {
			return operators.SwitchMap(func(int) observable.Observable[int] { return serialised(n) })(observable.Range(0, 3))
		},
		"ExhaustMap": func(n int) observable.Observable[int] {
			return operators.ExhaustMap(func(int) observable.Observable[int] { return serialised(n) })(observable.Range(0, 3))
		},
		"ConcatMapEager": func(n int) observable.Observable[int] {
			return operators.ConcatMapEager(func(int) observable.Observable[int] { return serialised(n) })(observable.Range(0, 3))
		},
		"MergeScan": func(n int) observable.Observable[int] {
			return operators.MergeScan(0, func(int, int) observable.Observable[int] { return serialised(n) })(observable.Range(0, 3))
		},
		"Zip2": func(n int) observable.Observable[int] {
			return operators.Zip2(observable.Range(0, n), serialised(n), plus)
		},
		"CombineLatest2": func(n int) observable.Observable[int] {
			return operators.CombineLatest2(observable.Of(1), serialised(n), plus)
		},
		"Share": func(n int) observable.Observable[int] { return operators.Share(observable.Range(0, n)) },
	} {
		for _, step := range []int64{1, 10, observable.Unbounded} {
			allocations := func(n int) float64 {
				o := stream(n)
				return testing.AllocsPerRun(1, func() {
					s := &stepper{n: step}
					o.Subscribe(context.Background(), s)
					if !s.done || s.got < int64(n) {
						t.Errorf("%s in steps of %d: %d values, completed %t", name, step, s.got, s.done)
					}
				})
			}
			if once, twice := allocations(10_000), allocations(20_000); twice > once+50 {
				t.Errorf("%s in steps of %d: %v allocations for 10 000 values, %v for twice as many", name, step, once, twice)
			}
		}
	}
}
