package operators_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
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

func ExampleZip() {
	all, err := operators.Zip(observable.Of(1, 2), observable.Of(10, 20), observable.Of(100, 200, 300)).Collect(context.Background())
	fmt.Println(all, err)
	// Output: [[1 10 100] [2 20 200]] <nil>
}

func ExampleZipWith() {
	numbered := operators.ZipWith(observable.Of("a", "b"), func(n int, s string) string { return fmt.Sprint(n, s) })
	fmt.Println(numbered(observable.Range(1, 100)).Collect(context.Background()))
	// Output: [1a 2b] <nil>
}

func ExampleZipAll() {
	sources := observable.Of(observable.Of(1, 2), observable.Of(10, 20))
	fmt.Println(operators.ZipAll(sources).Collect(context.Background()))
	// Output: [[1 10] [2 20]] <nil>
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

// spelled makes a word of each slice of letters.
var spelled = operators.Map(func(row []string) string { return strings.Join(row, "") })

func TestZip(t *testing.T) {
	for _, tt := range []struct{ a, b, c, want string }{
		{"-a-d-|", "--b--e|", "---c--f-|", "---{abc}--({def}|)"},
		{"-a-d--|", "--b--e-|", "---c--f-g|", "---{abc}--({def}|)"}, // the others have ended before
		{"-a-d-----|", "--b--e-|", "---c|", "---{abc}|"},
		{"-a-d-----|", "--b--e-|", "---c-|", "---{abc}-|"},
		{"-a-|", "----|", "-------", "----|"},
		{"|", "-b-|", "-c-|", "|"},
		{"-a-", "--#", "----", "--#"},
	} {
		marbles.Run(t, func(m *marbles.Test) {
			a, b, c := marbles.Hot[string](m, tt.a), marbles.Hot[string](m, tt.b), marbles.Hot[string](m, tt.c)
			marbles.Expect(m, spelled(operators.Zip(a.Observable, b.Observable, c.Observable))).Named(tt.a + " " + tt.b + " " + tt.c).ToBe(tt.want)
		})
	}
}

func TestZipOfFew(t *testing.T) {
	for name, o := range map[string]observable.Observable[[]int]{
		"none, Zip": operators.Zip[int](), "none, ZipAll": operators.ZipAll(observable.Empty[observable.Observable[int]]()),
	} {
		sub := marbles.NewTestSubscriber[[]int](t, 0)
		o.Subscribe(context.Background(), sub)
		if is, err := sub.Ended(); !is || err != nil {
			t.Errorf("%s: ended %t with %v", name, is, err)
		}
	}
	all, _ := operators.Zip(observable.Of(1, 2)).Collect(context.Background())
	diff(t, "one", all, [][]int{{1}, {2}})
}

// The sources are subscribed to in order, and all are asked for the same.
func TestZip9Requests(t *testing.T) {
	src := newSources(9)
	o := func(i int) observable.Observable[int] { return src[i].Observable }
	sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
	operators.Zip9(o(0), o(1), o(2), o(3), o(4), o(5), o(6), o(7), o(8), func(a, b, c, d, e, f, g, h, i int) int {
		return a + b + c + d + e + f + g + h + i
	}).Subscribe(context.Background(), sub)
	for range 24 {
		for i := range src {
			src[i].Next(1 << i)
		}
	}
	for i := range src {
		diff(t, "requests", src[i].Requests(), []int64{32, 24})
	}
	diff(t, "values", len(sub.Values()), 24)
	diff(t, "value", sub.Values()[0], 1<<9-1)
	sub.Cancel()
	diff(t, "active", src.active(), 0)
}

// A slice that was emitted is the receiver's.
func TestZipEmitsFreshSlices(t *testing.T) {
	for name, o := range map[string]observable.Observable[[]int]{
		"Zip":           operators.Zip(observable.Of(1, 2, 3), observable.Of(4, 5, 6)),
		"CombineLatest": operators.CombineLatest(observable.Of(1), observable.Of(4, 5, 6)),
	} {
		all, _ := o.Collect(context.Background())
		for i := range all {
			all[i][0] = 10 * i
		}
		for i := range all {
			if all[i][0] != 10*i {
				t.Errorf("%s: slice %d is %v", name, i, all[i])
			}
		}
	}
}

func TestZipAll(t *testing.T) {
	for _, tt := range []struct{ source, want string }{
		{"ab--|", "-----{13}-{24}|"},
		{"ab#", "--#"},
		{"|", "|"},
		{"a-|", "---1-2|"},
	} {
		marbles.Run(t, func(m *marbles.Test) {
			a, b := marbles.Cold[string](m, "-1-2|"), marbles.Cold[string](m, "-3-4-5|")
			named := map[string]stream{"a": a.Observable, "b": b.Observable}
			src := operators.Map(func(name string) stream { return named[name] })(marbles.Hot[string](m, tt.source).Observable)
			marbles.Expect(m, spelled(operators.ZipAll(src))).Named(tt.source).ToBe(tt.want)
		})
	}
}

// The observables that are held are given up once, whoever ends the stream.
func TestZipAllDiscards(t *testing.T) {
	for _, how := range []string{"error", "cancel"} {
		var why []observable.DiscardReason
		ctx := observable.WithDiscard(context.Background(), func(_ any, r observable.DiscardReason) { why = append(why, r) })
		src := marbles.NewTestSource[observable.Observable[int]](marbles.IgnoresCancel)
		sub := marbles.NewTestSubscriber[[]int](t, 1)
		operators.ZipAll(src.Observable).Subscribe(ctx, sub)
		diff(t, "requests", src.Requests(), []int64{observable.Unbounded})
		src.Next(observable.Of(1))
		src.Next(observable.Of(2))
		if how == "error" {
			src.Error(errInner)
			ended(t, sub, errInner)
			diff(t, "discarded", why, []observable.DiscardReason{observable.DiscardError, observable.DiscardError})
			continue
		}
		sub.Cancel()
		src.Next(observable.Of(3))
		diff(t, "discarded", why, []observable.DiscardReason{observable.DiscardCancel, observable.DiscardCancel, observable.DiscardLate})
		diff(t, "cancels", src.Cancels(), 1)
	}
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
