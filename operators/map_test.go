package operators_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

var errTest = errors.New("test")

// bothWays runs test with the hot path linked, then with it not (L15).
func bothWays(t *testing.T, test func()) {
	t.Helper()
	test()
	defer link.Disable()()
	t.Log("from here on unlinked")
	test()
}

// outcome is what there is to say of a stream at its end.
type outcome struct {
	values []int
	err    error
	panics bool // err is a panic of a callback
}

// end takes all of o, which ends by itself.
func end(o observable.Observable[int]) outcome {
	var got outcome
	o.Subscribe(context.Background(), &sink{got: &got})
	return got
}

// A sink takes everything.
type sink struct{ got *outcome }

func (s *sink) OnSubscribe(up observable.Subscription) { up.Request(observable.Unbounded) }
func (s *sink) OnNext(v int)                           { s.got.values = append(s.got.values, v) }
func (s *sink) OnComplete()                            {}
func (s *sink) OnError(err error) {
	s.got.err = err
	_, s.got.panics = errors.AsType[*observable.PanicError](err)
}

func check(t *testing.T, what string, got outcome, err error, values ...int) {
	t.Helper()
	if !slices.Equal(got.values, values) || !errors.Is(got.err, err) || (err == nil) != (got.err == nil) {
		t.Errorf("%s: got %v and error %v, want %v and error %v", what, got.values, got.err, values, err)
	}
}

func TestMapErr(t *testing.T) {
	bothWays(t, func() {
		fails := operators.MapErr(func(v int) (int, error) {
			if v == 3 {
				return 0, errTest
			}
			return 10 * v, nil
		})
		got := end(fails(observable.Range(1, 5)))
		check(t, "MapErr", got, errTest, 10, 20)
		if got.panics {
			t.Error("an error of f was reported as a panic")
		}
		check(t, "MapErr without an error", end(fails(observable.Range(1, 2))), nil, 10, 20)

		src := marbles.NewTestSource[int](marbles.IgnoresCancel)
		var late []any
		ctx := observable.WithDiscard(t.Context(), func(v any, why observable.DiscardReason) {
			if why == observable.DiscardLate {
				late = append(late, v)
			}
		})
		sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
		fails(src.Observable).Subscribe(ctx, sub)
		src.Next(3)
		src.Next(4)
		if src.Cancels() != 1 || !slices.Equal(late, []any{4}) {
			t.Errorf("upstream was cancelled %d times, late %v; want once and the value after the failure", src.Cancels(), late)
		}
	})
}

// Behaviour 29, L11: a panic of a callback ends the one subscription, and the
// next one works.
func TestBehaviour29_CallbacksPanic(t *testing.T) {
	bothWays(t, func() {
		boom := true
		trip := func(v int) int {
			if boom && v == 2 {
				panic("boom")
			}
			return v
		}
		for name, op := range map[string]observable.Operator[int, int]{
			"Map":                      operators.Map(trip),
			"MapErr":                   operators.MapErr(func(v int) (int, error) { return trip(v), nil }),
			"Filter":                   operators.Filter(func(v int) bool { return trip(v) > 0 }),
			"TakeWhile":                operators.TakeWhile(func(v int) bool { return trip(v) > 0 }),
			"Scan":                     operators.Scan(0, func(_, v int) int { return trip(v) }),
			"DistinctUntilChangedFunc": operators.DistinctUntilChangedFunc(func(_, v int) bool { return trip(v) < 0 }),
			"Tap":                      operators.Tap(func(v int) { trip(v) }),
			"below Take's last value":  observable.Compose2(operators.Take[int](2), operators.Map(trip)),
		} {
			for from, src := range map[string]observable.Observable[int]{"Range": observable.Range(1, 2), "New": outsideRange(2)} {
				boom = true
				if got := end(op(src)); !got.panics || !slices.Equal(got.values, []int{1}) {
					t.Errorf("%s of %s: got %v and error %v, want [1] and a PanicError", name, from, got.values, got.err)
				}
				boom = false
				check(t, name+" of "+from+", subscribed again", end(op(src)), nil, 1, 2)
			}
		}
	})
}

// outsideRange is Range(1, n) as somebody else might write it.
func outsideRange(n int) observable.Observable[int] {
	return observable.New(func(_ context.Context, s observable.Subscriber[int]) {
		s.OnSubscribe(&outsideSub{s: s, n: n})
	})
}

type outsideSub struct {
	s    observable.Subscriber[int]
	n    int
	over bool
}

func (o *outsideSub) Request(int64) {
	for v := 1; v <= o.n && !o.over; v++ {
		o.s.OnNext(v)
	}
	if !o.over {
		o.over = true
		o.s.OnComplete()
	}
}
func (o *outsideSub) Cancel() { o.over = true }

// The steady state of the hot path allocates nothing per value, linked or not.
func TestAllocations(t *testing.T) {
	identity := func(v int) int { return v }
	always := func(int) bool { return true }
	bothWays(t, func() {
		for name, op := range map[string]func(observable.Observable[int]) observable.Observable[int]{
			"Map":                  operators.Map(identity),
			"MapErr":               operators.MapErr(func(v int) (int, error) { return v, nil }),
			"Filter":               operators.Filter(func(v int) bool { return v%3 == 0 }),
			"Take":                 operators.Take[int](1 << 30),
			"TakeWhile":            operators.TakeWhile(always),
			"Skip":                 operators.Skip[int](100),
			"Scan":                 operators.Scan(0, func(acc, v int) int { return acc + v }),
			"DistinctUntilChanged": operators.DistinctUntilChanged[int],
			"Pairwise": func(src observable.Observable[int]) observable.Observable[int] {
				return operators.Map(func(p operators.Pair[int]) int { return p.Cur })(operators.Pairwise(src))
			},
			"Tap":       operators.Tap(func(int) {}),
			"Finally":   operators.Finally[int](func() {}),
			"StartWith": operators.StartWith(-1, -2),
			"Catch":     operators.Catch(func(error) observable.Observable[int] { return observable.Empty[int]() }),
			"Retry":     operators.Retry[int](3),
		} {
			few, many := op(observable.Range(0, 1000)), op(observable.Range(0, 5000))
			ctx := context.Background()
			short := testing.AllocsPerRun(5, func() { few.Subscribe(ctx, &counter{}) })
			long := testing.AllocsPerRun(5, func() { many.Subscribe(ctx, &counter{}) })
			if long > short {
				t.Errorf("%s: %v allocations for 1000 values and %v for 5000", name, short, long)
			}
		}
	})
}

type counter struct{ n int }

func (c *counter) OnSubscribe(up observable.Subscription) { up.Request(observable.Unbounded) }
func (c *counter) OnNext(int)                             { c.n++ }
func (c *counter) OnError(error)                          {}
func (c *counter) OnComplete()                            {}

// Behaviour 1, L3: with one requested per value, inside OnNext, everything
// arrives and nothing nests.
func TestBehaviour1_RequestInsideOnNext(t *testing.T) {
	bothWays(t, func() {
		n := many(100_000)
		o := observable.Pipe9(observable.Range(0, 2*n),
			operators.Map(func(v int) int { return v }),
			operators.MapErr(func(v int) (int, error) { return v, nil }),
			operators.Filter(func(v int) bool { return v%2 == 1 }),
			operators.Skip[int](10),
			operators.Scan(0, func(_, v int) int { return v }),
			operators.DistinctUntilChanged,
			operators.Tap(func(int) {}),
			operators.TakeWhile(func(int) bool { return true }),
			operators.Retry[int](1),
		)
		s := &oneByOne{t: t}
		operators.Catch(func(err error) observable.Observable[int] { return observable.Throw[int](err) })(o).Subscribe(t.Context(), s)
		if s.n != n-10 || !s.complete {
			t.Errorf("%d values, complete %t; want %d and true", s.n, s.complete, n-10)
		}
	})
}

// oneByOne requests one value at a time.
type oneByOne struct {
	t        *testing.T
	up       observable.Subscription
	n, depth int
	complete bool
}

func (s *oneByOne) OnSubscribe(up observable.Subscription) {
	s.up = up
	up.Request(1)
}

func (s *oneByOne) OnNext(int) {
	if s.depth++; s.depth > 1 {
		s.t.Fatal("OnNext inside OnNext")
	}
	s.n++
	s.up.Request(1)
	s.depth--
}
func (s *oneByOne) OnError(err error) { s.t.Errorf("OnError(%v)", err) }
func (s *oneByOne) OnComplete()       { s.complete = true }

// Behaviour 7: an operator that drops a value asks for another one.
func TestBehaviour7_Replenishes(t *testing.T) {
	bothWays(t, func() {
		for name, op := range map[string]observable.Operator[int, int]{
			"Filter":               operators.Filter(func(v int) bool { return v > 8 }),
			"Skip":                 operators.Skip[int](8),
			"DistinctUntilChanged": observable.Compose2(operators.Map(func(v int) int { return v / 9 }), operators.DistinctUntilChanged[int]),
			"Pairwise":             observable.Compose2(operators.Pairwise[int], operators.Map(func(p operators.Pair[int]) int { return p.Cur })),
		} {
			sub := marbles.NewTestSubscriber[int](t, 2)
			op(observable.Range(1, 20)).Subscribe(t.Context(), sub)
			if n := len(sub.Values()); n != 2 {
				t.Errorf("%s: %d values for 2 requested", name, n)
			}

			src := marbles.NewTestSource[int]()
			op(src.Observable).Subscribe(t.Context(), marbles.NewTestSubscriber[int](t, 1))
			src.Next(1)
			if got, want := src.Requested(), int64(2); got != want && name != "DistinctUntilChanged" {
				t.Errorf("%s: requested %d after a value that it dropped, want %d", name, got, want)
			}
		}
	})
}

// Behaviours 11 and 12: the end needs no demand.
func TestBehaviour11_EndsNeedNoDemand(t *testing.T) {
	for name, op := range map[string]observable.Operator[int, int]{
		"Map":                  operators.Map(func(v int) int { return v }),
		"MapErr":               operators.MapErr(func(v int) (int, error) { return v, nil }),
		"Filter":               operators.Filter(func(int) bool { return true }),
		"Take":                 operators.Take[int](3),
		"TakeWhile":            operators.TakeWhile(func(int) bool { return true }),
		"Skip":                 operators.Skip[int](3),
		"Scan":                 operators.Scan(0, func(acc, v int) int { return acc + v }),
		"DistinctUntilChanged": operators.DistinctUntilChanged[int],
		"Tap":                  operators.Tap(func(int) {}),
		"TapError":             operators.TapError[int](func(error) {}),
		"TapComplete":          operators.TapComplete[int](func() {}),
		"Finally":              operators.Finally[int](func() {}),
		"Retry":                operators.Retry[int](3),
	} {
		empty, failing := marbles.NewTestSubscriber[int](t, 0), marbles.NewTestSubscriber[int](t, 0)
		op(observable.Empty[int]()).Subscribe(t.Context(), empty)
		op(observable.Throw[int](errTest)).Subscribe(t.Context(), failing)
		if ended, err := empty.Ended(); !ended || err != nil {
			t.Errorf("%s of Empty: ended %t with %v", name, ended, err)
		}
		if ended, err := failing.Ended(); !ended || !errors.Is(err, errTest) {
			t.Errorf("%s of Throw: ended %t with %v", name, ended, err)
		}
	}
}

// The functions that make operators refuse what cannot work, and say so.
func TestArguments(t *testing.T) {
	for want, f := range map[string]func(){
		"operators: Map with a nil function":                      func() { operators.Map[int, int](nil) },
		"operators: MapErr with a nil function":                   func() { operators.MapErr[int, int](nil) },
		"operators: Filter with a nil predicate":                  func() { operators.Filter[int](nil) },
		"operators: Take of a negative count (-1)":                func() { operators.Take[int](-1) },
		"operators: TakeWhile with a nil predicate":               func() { operators.TakeWhile[int](nil) },
		"operators: Skip of a negative count (-1)":                func() { operators.Skip[int](-1) },
		"operators: Scan with a nil function":                     func() { operators.Scan[int](0, nil) },
		"operators: DistinctUntilChangedFunc with a nil function": func() { operators.DistinctUntilChangedFunc[int](nil) },
		"operators: Tap with a nil function":                      func() { operators.Tap[int](nil) },
		"operators: TapError with a nil function":                 func() { operators.TapError[int](nil) },
		"operators: TapComplete with a nil function":              func() { operators.TapComplete[int](nil) },
		"operators: Finally with a nil function":                  func() { operators.Finally[int](nil) },
		"operators: Checkpoint without a name":                    func() { operators.Checkpoint[int]("") },
		"operators: Catch with a nil function":                    func() { operators.Catch[int](nil) },
		"operators: Retry of a negative count (-1)":               func() { operators.Retry[int](-1) },
		"operators: ObserveOn with a non-positive Prefetch (0)":   func() { operators.ObserveOn[int](clock(), operators.Prefetch(0)) },
		"operators: ObserveOn a nil scheduler":                    func() { operators.ObserveOn[int](nil) },
		"operators: SubscribeOn a nil scheduler":                  func() { operators.SubscribeOn[int](nil) },
		"operators: Delay of a negative duration (-1ns)":          func() { operators.Delay[int](-1) },
		"operators: Timeout of a non-positive duration (0s)":      func() { operators.Timeout[int](0) },
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.HasPrefix(got, want) {
					t.Errorf("panicked with %q, want %q", got, want)
				}
			}()
			f()
		}()
	}
}

func ExampleMap() {
	lengths := operators.Map(func(s string) int { return len(s) })(observable.Of("a", "bcd"))
	fmt.Println(lengths.Collect(context.Background()))
	// Output: [1 3] <nil>
}

func ExampleMapErr() {
	numbers := operators.MapErr(strconv.Atoi)(observable.Of("1", "2", "three"))
	fmt.Println(numbers.Collect(context.Background()))
	// Output: [1 2] strconv.Atoi: parsing "three": invalid syntax
}
