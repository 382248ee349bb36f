package operators_test

import (
	"context"
	"testing"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// In the steady state nothing is allocated per value, but for the slices that
// are emitted.
func TestCombiningDoesNotAllocatePerValue(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	upTo := func(n int) observable.Observable[int] { return observable.Range(0, n) }
	one := observable.Of(1)
	sum := func(a, b, c int) int { return a + b + c }
	for name, stream := range map[string]func(n int) observable.Observable[int]{
		"Zip3":           func(n int) observable.Observable[int] { return operators.Zip3(upTo(n), upTo(n), upTo(n), sum) },
		"CombineLatest3": func(n int) observable.Observable[int] { return operators.CombineLatest3(one, upTo(n), upTo(n), sum) },
		"ForkJoin2": func(n int) observable.Observable[int] {
			last := operators.ForkJoin2(upTo(n), one, func(a, _ int) int { return a })
			return operators.ConcatMap(func(n int) observable.Observable[int] { return upTo(n + 1) })(last)
		},
		"Race": func(n int) observable.Observable[int] { return operators.Race(observable.Never[int](), upTo(n)) },
		"WithLatestFrom": func(n int) observable.Observable[int] {
			return operators.WithLatestFrom(one, func(a, b int) int { return a + b })(upTo(n))
		},
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
