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

func ExampleZip2() {
	names, ages := observable.Of("Ada", "Alan"), observable.Of(36, 41, 99)
	all, err := operators.Zip2(names, ages, func(n string, a int) string { return fmt.Sprint(n, " ", a) }).Collect(context.Background())
	fmt.Printf("%q %v\n", all, err)
	// Output: ["Ada 36" "Alan 41"] <nil>
}

func pair(a, b int) [2]int { return [2]int{a, b} }

// Behaviour 8.
func TestZip2Requests(t *testing.T) {
	src := newSources(2)
	sub := marbles.NewTestSubscriber[[2]int](t, 3)
	operators.Zip2(src[0].Observable, src[1].Observable, pair).Subscribe(context.Background(), sub)
	for i := range 32 {
		src[0].Next(i)
	}
	for i := range 32 {
		src[1].Next(100 + i)
	}
	diff(t, "values", sub.Values(), [][2]int{{0, 100}, {1, 101}, {2, 102}})
	diff(t, "requests", [][]int64{src[0].Requests(), src[1].Requests()}, [][]int64{{32}, {32}})
	sub.Request(20)
	diff(t, "requests", [][]int64{src[0].Requests(), src[1].Requests()}, [][]int64{{32}, {32}})
	sub.Request(1)
	diff(t, "requests", [][]int64{src[0].Requests(), src[1].Requests()}, [][]int64{{32, 24}, {32, 24}})
	sub.Cancel()
	diff(t, "cancels", []int{src[0].Cancels(), src[1].Cancels()}, []int{1, 1})
}

func TestBehaviour33_ZipEndsWithTheShorter(t *testing.T) {
	for shorter := range 2 {
		t.Run(fmt.Sprint(shorter), func(t *testing.T) {
			var lost discards
			src := newSources(2)
			longer := 1 - shorter
			sub := marbles.NewTestSubscriber[[2]int](t, 1)
			operators.Zip2(src[0].Observable, src[1].Observable, pair).Subscribe(lost.context(), sub)
			for i := range 4 {
				src[longer].Next(10 + i)
			}
			src[shorter].Next(1)
			src[shorter].Next(2)
			src[shorter].Complete() // a value waits for demand
			running(t, sub)
			sub.Request(1)
			ended(t, sub, nil)
			diff(t, "values", len(sub.Values()), 2)
			diff(t, "discarded", lost.got, []string{"12 cancel", "13 cancel"})
			diff(t, "cancels", []int{src[shorter].Cancels(), src[longer].Cancels()}, []int{0, 1})
			src[longer].Next(14)
		})
	}
}

func TestZip2WithAnEmptySource(t *testing.T) {
	src := marbles.NewTestSource[int]()
	for name, o := range map[string]observable.Observable[[2]int]{
		"first":  operators.Zip2(observable.Empty[int](), src.Observable, pair),
		"second": operators.Zip2(src.Observable, observable.Empty[int](), pair),
	} {
		t.Run(name, func(t *testing.T) {
			sub := marbles.NewTestSubscriber[[2]int](t, 0)
			o.Subscribe(context.Background(), sub)
			ended(t, sub, nil)
			diff(t, "active", src.Active(), 0)
		})
	}
}

func TestZip2Error(t *testing.T) {
	var lost discards
	src := newSources(2)
	sub := marbles.NewTestSubscriber[[2]int](t, 0)
	operators.Zip2(src[0].Observable, src[1].Observable, pair).Subscribe(lost.context(), sub)
	src[0].Next(1)
	src[0].Next(2)
	src[1].Next(3)
	src[1].Error(errInner)
	ended(t, sub, errInner)
	diff(t, "discarded", lost.got, []string{"1 error", "2 error", "3 error"})
	diff(t, "active", src.active(), 0)
}

func TestZip2Panic(t *testing.T) {
	src := newSources(2)
	sub := marbles.NewTestSubscriber[int](t, 9)
	operators.Zip2(src[0].Observable, src[1].Observable, func(int, int) int { panic("boom") }).Subscribe(context.Background(), sub)
	src[0].Next(1)
	src[1].Next(1)
	var p *observable.PanicError
	if is, err := sub.Ended(); !is || !errors.As(err, &p) {
		t.Errorf("ended %t with %v, want a PanicError", is, err)
	}
	diff(t, "active", src.active(), 0)
}

func TestZip2Synchronous(t *testing.T) {
	linkedAndNot(t, func(t *testing.T) {
		sum := 0
		err := operators.Zip2(observable.Range(0, 1000), observable.Range(0, 2000), func(a, b int) int { return a + b }).
			ForEach(context.Background(), func(v int) error { sum += v; return nil })
		if err != nil || sum != 999_000 {
			t.Errorf("sum %d, error %v", sum, err)
		}
	})
}

// Behaviour 18: two goroutines into one line; no signal overlaps, which the
// subscriber would notice, and no value is lost or out of its source's order.
func TestBehaviour18_TwoGoroutinesJoined(t *testing.T) {
	n := 100_000
	if raceEnabled {
		n = 10_000
	}
	type pair struct{ a, b int }
	both := func(a, b int) pair { return pair{a, b} }
	counting := observable.Create(func(_ context.Context, emit observable.Emitter[int]) error {
		for i := 1; i <= n && emit.Next(i); i++ {
		}
		return nil
	})
	for name, o := range map[string]observable.Observable[pair]{
		"Zip2":           operators.Zip2(counting, counting, both),
		"CombineLatest2": operators.CombineLatest2(counting, counting, both),
	} {
		t.Run(name, func(t *testing.T) {
			sub := marbles.NewTestSubscriber[pair](t, observable.Unbounded)
			last, values := pair{}, 0
			sub.Each = func(p pair) {
				stepA, stepB := p.a-last.a, p.b-last.b
				switch {
				case name == "Zip2" && (stepA != 1 || stepB != 1 || p.a != p.b),
					name != "Zip2" && values > 0 && stepA+stepB != 1:
					t.Errorf("%v follows %v", p, last)
				}
				last = p
				values++
			}
			o.Subscribe(t.Context(), sub.Outside())
			<-sub.Done()
			if want := (pair{n, n}); last != want {
				t.Errorf("the last pair is %v, want %v", last, want)
			}
		})
	}
}
