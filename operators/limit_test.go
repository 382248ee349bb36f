package operators_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"weak"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// outsideRequested is Range(0, n) by way of an outside subscriber.
func outsideRequested(n int) observable.Observable[int] {
	return observable.New(func(ctx context.Context, s observable.Subscriber[int]) {
		observable.Range(0, n).Subscribe(ctx, struct{ observable.Subscriber[int] }{s})
	})
}

// limits are the operators of the family, each with values that it lets pass.
var limits = map[string]observable.Operator[int, int]{
	"TakeWhile":              operators.TakeWhile(func(v int) bool { return v < 3 }, operators.Inclusive),
	"TakeLast":               operators.TakeLast[int](3),
	"TakeUntil":              operators.TakeUntil[int](observable.Never[int]()),
	"SkipWhile":              operators.SkipWhile(func(v int) bool { return v < 2 }),
	"SkipLast":               operators.SkipLast[int](1),
	"SkipUntil":              operators.SkipUntil[int](observable.Of(0)),
	"First":                  operators.First[int],
	"FirstOr":                operators.FirstOr(9),
	"ElementAt":              operators.ElementAt[int](1),
	"ElementAtOr":            operators.ElementAtOr(9, 9),
	"Last":                   operators.Last[int],
	"LastOr":                 operators.LastOr(9),
	"Find":                   operators.Find(func(v int) bool { return v == 2 }),
	"FindIndex":              operators.FindIndex(func(v int) bool { return v == 2 }),
	"Distinct":               operators.Distinct[int],
	"DistinctBy":             operators.DistinctBy(func(v int) int { return v }),
	"DistinctBy, flushed":    operators.DistinctBy(func(v int) int { return v }, operators.FlushWhen(observable.Never[int]())),
	"DistinctUntilChangedBy": operators.DistinctUntilChangedBy(func(v int) int { return v }),
}

// Behaviour 15, L7: a cancel inside a value is the last thing that happens.
func TestBehaviour15_LimitsCancelInsideOnNext(t *testing.T) {
	bothWays(t, func() {
		for name, op := range limits {
			src := marbles.NewTestSource[int]()
			sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
			sub.Each = func(int) { sub.CancelInside() }
			op(src.Observable).Subscribe(t.Context(), sub)
			for v := range 4 {
				src.Next(v)
			}
			src.Complete()
			if ended, _ := sub.Ended(); ended || len(sub.Values()) != 1 || len(sub.Late()) > 0 || src.Active() > 0 {
				t.Errorf("%s: values %v, late %v, ended %t", name, sub.Values(), sub.Late(), ended)
			}
		}
	})
}

// Behaviour 29, L11: a panic below ends the stream with it, once, and the source
// is not subscribed to any more. Another subscription is not touched.
func TestBehaviour29_PanicBelowLimits(t *testing.T) {
	bothWays(t, func() {
		for name, op := range limits {
			for from, src := range map[string]observable.Observable[int]{"Range": observable.Range(0, 4), "New": outsideRequested(4)} {
				o := operators.Map(func(int) int { panic("boom") })(op(src))
				for range 2 {
					if got := end(o); !got.panics || len(got.values) > 0 {
						t.Errorf("%s of %s: got %v and %v, want a PanicError", name, from, got.values, got.err)
					}
				}
			}
		}
	})
}

// Behaviour 29: so does a panic of a callback.
func TestBehaviour29_LimitCallbacksPanic(t *testing.T) {
	boom := func(int) bool { panic("boom") }
	key := func(int) int { panic("boom") }
	bothWays(t, func() {
		for name, op := range map[string]observable.Operator[int, int]{
			"TakeWhile":              operators.TakeWhile(boom, operators.Inclusive),
			"SkipWhile":              operators.SkipWhile(boom),
			"Find":                   operators.Find(boom),
			"FindIndex":              operators.FindIndex(boom),
			"DistinctBy":             operators.DistinctBy(key),
			"DistinctBy, flushed":    operators.DistinctBy(key, operators.FlushWhen(observable.Never[int]())),
			"DistinctUntilChangedBy": operators.DistinctUntilChangedBy(key),
		} {
			for from, src := range map[string]observable.Observable[int]{"Range": observable.Range(0, 4), "New": outsideRequested(4)} {
				if got := end(op(src)); !got.panics || len(got.values) > 0 {
					t.Errorf("%s of %s: got %v and %v, want a PanicError", name, from, got.values, got.err)
				}
			}
		}
	})
}

// Behaviour 11: an error needs no demand, and neither does the end of a stream
// that owes no value.
func TestBehaviour11_LimitsEndWithoutDemand(t *testing.T) {
	for name, op := range limits {
		empty, failing := marbles.NewTestSubscriber[int](t, 0), marbles.NewTestSubscriber[int](t, 0)
		op(observable.Empty[int]()).Subscribe(t.Context(), empty)
		op(observable.Throw[int](errTest)).Subscribe(t.Context(), failing)
		var want error
		owes := false
		switch name {
		case "First", "Last":
			want = observable.ErrEmpty
		case "ElementAt":
			want = operators.ErrTooFew
		case "FirstOr", "ElementAtOr", "LastOr", "FindIndex":
			owes = true
		}
		if ended, err := empty.Ended(); ended == owes || !errors.Is(err, want) {
			t.Errorf("%s of Empty: ended %t with %v, want %v", name, ended, err, want)
		}
		if ended, err := failing.Ended(); !ended || !errors.Is(err, errTest) {
			t.Errorf("%s of Throw: ended %t with %v", name, ended, err)
		}
		if owes { // behaviour 10
			empty.Request(1)
			if ended, err := empty.Ended(); !ended || err != nil || len(empty.Values()) != 1 {
				t.Errorf("%s of Empty, requested: %v, ended %t with %v", name, empty.Values(), ended, err)
			}
		}
	}
}

// Behaviour 2, L6: a bad request inside a value ends the stream after it.
func TestBehaviour2_BadRequestInLimits(t *testing.T) {
	bothWays(t, func() {
		for name, op := range limits {
			s := &badRequester{n: -1}
			op(observable.Range(1, 3)).Subscribe(t.Context(), s)
			if bad, ok := errors.AsType[*observable.BadRequestError](s.err); !ok || bad.N != -1 || s.signals != 2 {
				t.Errorf("%s: %d signals, error %v", name, s.signals, s.err)
			}
		}
	})
}

func TestArgumentsOfLimits(t *testing.T) {
	for want, f := range map[string]func(){
		"operators: TakeLast of a negative count (-1)":          func() { operators.TakeLast[int](-1) },
		"operators: TakeWhile with a nil option":                func() { operators.TakeWhile(func(int) bool { return true }, nil) },
		"operators: SkipLast of a negative count (-1)":          func() { operators.SkipLast[int](-1) },
		"operators: SkipWhile with a nil predicate":             func() { operators.SkipWhile[int](nil) },
		"operators: ElementAt of a negative index (-1)":         func() { operators.ElementAt[int](-1) },
		"operators: ElementAtOr of a negative index (-1)":       func() { operators.ElementAtOr(-1, 0) },
		"operators: Find with a nil predicate":                  func() { operators.Find[int](nil) },
		"operators: FindIndex with a nil predicate":             func() { operators.FindIndex[int](nil) },
		"operators: DistinctBy with a nil function":             func() { operators.DistinctBy[int, int](nil) },
		"operators: DistinctBy with a nil option":               func() { operators.DistinctBy(func(v int) int { return v }, nil) },
		"operators: DistinctUntilChangedBy with a nil function": func() { operators.DistinctUntilChangedBy[int, int](nil) },
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); got != want {
					t.Errorf("panicked with %q, want %q", got, want)
				}
			}()
			f()
		}()
	}
}

// The steady state allocates nothing per value, linked or not.
func TestAllocationsOfLimits(t *testing.T) {
	bothWays(t, func() {
		for name, op := range map[string]intOp{
			"TakeWhile":              operators.TakeWhile(func(int) bool { return true }, operators.Inclusive),
			"TakeLast":               operators.TakeLast[int](100),
			"TakeUntil":              operators.TakeUntil[int](observable.Never[int]()),
			"SkipWhile":              operators.SkipWhile(func(v int) bool { return v < 100 }),
			"SkipLast":               operators.SkipLast[int](100),
			"SkipUntil":              operators.SkipUntil[int](observable.Of(0)),
			"ElementAt":              operators.ElementAt[int](900),
			"Last":                   operators.Last[int],
			"Find":                   operators.Find(func(v int) bool { return v == 900 }),
			"FindIndex":              operators.FindIndex(func(v int) bool { return v == 900 }),
			"IgnoreElements":         operators.IgnoreElements[int],
			"DistinctBy":             operators.DistinctBy(func(v int) int { return v % 10 }, operators.FlushWhen(observable.Never[int]())),
			"DistinctUntilChangedBy": operators.DistinctUntilChangedBy(func(v int) int { return v / 2 }),
		} {
			few, many := op(observable.Range(0, 1000)), op(observable.Range(0, 5000))
			short := testing.AllocsPerRun(5, func() { few.Subscribe(t.Context(), &counter{}) })
			long := testing.AllocsPerRun(5, func() { many.Subscribe(t.Context(), &counter{}) })
			if long > short {
				t.Errorf("%s: %v allocations for 1000 values and %v for 5000", name, short, long)
			}
		}
	})
}

// Behaviour 30: a value that was delivered, or given up, is not kept.
func TestBehaviour30_TakeLastForgets(t *testing.T) {
	var refs []weak.Pointer[[64]byte]
	src := marbles.NewTestSource[*[64]byte]()
	sub := &forgetful{refs: new([]weak.Pointer[[64]byte])}
	operators.TakeLast[*[64]byte](3)(src.Observable).Subscribe(t.Context(), sub)
	sub.sub.Request(1)
	for range 8 {
		v := new([64]byte)
		refs = append(refs, weak.Make(v))
		src.Next(v)
	}
	src.Complete()
	sub.sub.Cancel()
	runtime.GC()
	for i, ref := range refs {
		if ref.Value() != nil {
			t.Errorf("value %d of %d is still reachable after the cancel", i+1, len(refs))
		}
	}
	runtime.KeepAlive(sub)
	runtime.KeepAlive(src)
}

// Behaviours 19 and 20: values, the end of the source, the other observable's
// and a cancel, all at once.
func TestBehaviour20_BesideRace(t *testing.T) {
	for name, op := range map[string]func(o observable.Observable[int]) observable.Operator[*marbles.Tracked, *marbles.Tracked]{
		"TakeUntil": operators.TakeUntil[*marbles.Tracked, int],
		"SkipUntil": func(o observable.Observable[int]) observable.Operator[*marbles.Tracked, *marbles.Tracked] {
			return operators.SkipUntil[*marbles.Tracked](operators.StartWith(0)(o))
		},
		"FlushWhen": func(o observable.Observable[int]) observable.Operator[*marbles.Tracked, *marbles.Tracked] {
			return operators.DistinctBy(func(v *marbles.Tracked) *marbles.Tracked { return v }, operators.FlushWhen(o))
		},
	} {
		t.Run(name, func(t *testing.T) {
			ledger := marbles.NewLedger(t)
			ctx := observable.WithDroppedError(ledger.Context(t.Context()), func(error) {}) // of the loser
			marbles.Race(500, func(round int) ([]func(), func()) {
				src, o := marbles.NewTestSource[*marbles.Tracked](marbles.IgnoresCancel), marbles.NewTestSource[int]()
				sub := marbles.NewTestSubscriber[*marbles.Tracked](t, observable.Unbounded)
				sub.Each = ledger.Deliver
				op(o.Observable)(src.Observable).Subscribe(ctx, sub.Outside())
				racers := []func(){
					func() {
						src.Next(ledger.Produce())
						src.Next(ledger.Produce())
						src.Complete()
					},
					func() {
						o.Next(1)
						o.Error(errTest)
					},
				}
				if round%2 == 1 {
					racers = append(racers, sub.Cancel)
				}
				return racers, func() {
					sub.Cancel()
					if src.Cancels() > 1 || o.Cancels() > 1 || o.Active() > 0 {
						t.Errorf("the source was cancelled %d times, and the other one %d times; %d listen to that", src.Cancels(), o.Cancels(), o.Active())
					}
				}
			})
		})
	}
}
