package observable_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"testing"

	"github.com/sluicego/sluice/observable"
)

func ExampleFromSeq() {
	ages := map[string]int{"Ada": 36, "Grace": 85}
	show(observable.FromSeq(slices.Values(slices.Sorted(maps.Keys(ages)))))
	// Output: [Ada Grace] <nil>
}

func ExampleFromSeq2() {
	rows := func(yield func(int, error) bool) {
		_ = yield(1, nil) && yield(2, nil) && yield(0, errors.New("connection lost"))
	}
	show(observable.FromSeq2(rows))
	// Output: [1 2] connection lost
}

// tracked is a sequence that says what happens to it.
func tracked(n int, log func(string)) iter.Seq[int] {
	return func(yield func(int) bool) {
		defer log("released")
		for i := range n {
			log(fmt.Sprint("makes ", i))
			if !yield(i) {
				return
			}
		}
		log("exhausted")
	}
}

// A sequence is asked for nothing that is not requested, not even whether it
// is exhausted, and is released once.
func TestFromSeqDoesNotLookAhead(t *testing.T) {
	var log []string
	p := subscribe(t.Context(), observable.FromSeq(tracked(2, func(s string) { log = append(log, s) })), 0)
	step := func(n int64, want ...string) {
		t.Helper()
		log = nil
		p.up.Request(n)
		if !slices.Equal(log, want) {
			t.Errorf("after Request(%d): %q, want %q", n, log, want)
		}
	}
	step(1, "makes 0")
	step(1, "makes 1")
	p.expectLive(t, 0, 1)
	step(1, "exhausted", "released")
	p.expectComplete(t, 0, 1)
	step(1)
	p.up.Cancel()
	step(1)
}

func TestFromSeqRelease(t *testing.T) {
	for _, ask := range []int64{1, 2, observable.Unbounded} {
		for _, end := range []string{"cancel", "fail", "panic"} {
			t.Run(fmt.Sprint(end, ask), func(t *testing.T) {
				released := 0
				p := newProbe[int](0)
				p.onNext = func(int) {
					switch end {
					case "cancel":
						p.up.Cancel()
					case "fail":
						p.up.Request(0)
					default:
						panic(end)
					}
				}
				observable.FromSeq(tracked(9, func(s string) {
					if s == "released" {
						released++
					}
				})).Subscribe(t.Context(), p)
				p.up.Request(ask)
				if released != 1 || len(p.got()) != 1 {
					t.Errorf("released %d times, values %v", released, p.got())
				}
			})
		}
	}
	t.Run("cancel while idle", func(t *testing.T) {
		released := 0
		p := subscribe(t.Context(), observable.FromSeq(tracked(9, func(s string) {
			if s == "released" {
				released++
			}
		})), 1)
		p.up.Cancel()
		if released != 1 {
			t.Errorf("released %d times", released)
		}
	})
}

// Bounded demand that becomes unbounded goes on where it was.
func TestFromSeqUnboundedLater(t *testing.T) {
	p := newProbe[int](2)
	p.onNext = func(v int) {
		if v == 3 {
			p.up.Request(observable.Unbounded)
		}
	}
	observable.FromSeq(slices.Values(numbers(9))).Subscribe(t.Context(), p)
	p.expectLive(t, 0, 1)
	p.up.Request(2)
	p.expectComplete(t, numbers(9)...)
}

// Behaviour 29: the panics of the sequence itself.
func TestBehaviour29_FromSeqPanics(t *testing.T) {
	for _, ask := range []int64{5, observable.Unbounded} {
		seq := func(yield func(int) bool) {
			yield(0)
			panic(errTest)
		}
		p := subscribe(t.Context(), observable.FromSeq(seq), ask)
		if err := failure[*observable.PanicError](t, p, 0); !errors.Is(err, errTest) {
			t.Errorf("error %v", err)
		}
	}
	ctx, errs := dropped(t.Context())
	cleanup := func(yield func(int) bool) {
		defer func() { panic(errTest) }()
		yield(0)
	}
	p := subscribe(ctx, observable.FromSeq(cleanup), 1)
	p.up.Cancel()
	p.expectLive(t, 0)
	if got := errs(); len(got) != 1 || !errors.Is(got[0], errTest) {
		t.Errorf("dropped %v", got)
	}
}

// A value or an error that the sequence makes while it is cancelled is
// accounted for.
func TestFromSeqLate(t *testing.T) {
	for _, ask := range []int64{5, observable.Unbounded} {
		var l ledger
		ctx, errs := dropped(l.context(t.Context()))
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		var p *probe[int]
		seq := func(fail error) iter.Seq2[int, error] {
			return func(yield func(int, error) bool) {
				if yield(0, nil) {
					p.up.Cancel() // as if from elsewhere, while it works
					yield(1, fail)
				}
			}
		}
		p = newProbe[int](0)
		observable.FromSeq2(seq(nil)).Subscribe(ctx, p)
		p.up.Request(ask)
		p.expectLive(t, 0)
		l.expect(t, entry{1, observable.DiscardLate})
		p = newProbe[int](0)
		observable.FromSeq2(seq(errTest)).Subscribe(ctx, p)
		p.up.Request(ask)
		p.expectLive(t, 0)
		if got := errs(); len(got) != 1 || !errors.Is(got[0], errTest) {
			t.Errorf("dropped %v", got)
		}
	}
}

func TestSourcesPanicOnNil(t *testing.T) {
	for want, f := range map[string]func(){
		"observable: FromSeq of a nil sequence":             func() { observable.FromSeq[int](nil) },
		"observable: FromSeq2 of a nil sequence":            func() { observable.FromSeq2[int](nil) },
		"observable: FromChan of a nil channel; use Never":  func() { observable.FromChan[int](nil) },
		"observable: FromFunc with a nil function":          func() { observable.FromFunc[int](nil) },
		"observable: Generate with a nil function":          func() { observable.Generate[int, int](0, nil) },
		"observable: Create with a nil producer":            func() { observable.Create[int](nil) },
		"observable: Defer with a nil function":             func() { observable.Defer[int](nil) },
		"observable: Using with a nil function":             func() { observable.Using[int, int](nil, nil, nil) },
		"observable: FromReader of a nil reader":            func() { observable.FromReader(nil, 1) },
		"observable: Lines of a nil reader":                 func() { observable.Lines(nil) },
		"observable: FromCallback with a nil function":      func() { observable.FromCallback[int](nil) },
		"observable: Throw of a nil error":                  func() { observable.Throw[int](nil) },
		"observable: Range of a negative count (-1)":        func() { observable.Range(0, -1) },
		"observable: New with a nil function":               func() { observable.New[int](nil) },
		"observable: Lift with a nil function":              func() { observable.Lift[int, int](nil) },
		"observable: Subscribe with a nil Subscriber":       func() { observable.Never[int]().Subscribe(context.Background(), nil) },
		"observable: Interval of 0s; it has to be positive": func() { observable.Interval(0) },
		"observable: WithDiscard with a nil function":       func() { observable.WithDiscard(context.Background(), nil) },
		"observable: WithDroppedError with a nil function":  func() { observable.WithDroppedError(context.Background(), nil) },
	} {
		mustPanicWith(t, want, f)
	}
}
