package operators_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/ungated"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

var errInner = errors.New("inner")

// sources are what the values 1, 2, … stand for.
type sources []*marbles.TestSource[int]

func newSources(n int) sources {
	s := make(sources, n)
	for i := range s {
		s[i] = marbles.NewTestSource[int]()
	}
	return s
}

// pick is the function to hand to a flattening operator.
func (s sources) pick(n int) observable.Observable[int] { return s[n-1].Observable }

func (s sources) active() (n int) {
	for _, src := range s {
		n += src.Active()
	}
	return n
}

func diff(t *testing.T, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func ended(t *testing.T, s interface{ Ended() (bool, error) }, want error) {
	t.Helper()
	if is, err := s.Ended(); !is || !errors.Is(err, want) {
		t.Errorf("ended %t with %v, want the end with %v", is, err, want)
	}
}

func running(t *testing.T, s interface{ Ended() (bool, error) }) {
	t.Helper()
	if is, err := s.Ended(); is {
		t.Errorf("it ended with %v, want it to go on", err)
	}
}

// linkedAndNot runs test with the fast path and without it (L15).
func linkedAndNot(t *testing.T, test func(t *testing.T)) {
	t.Run("linked", test)
	t.Run("unlinked", func(t *testing.T) {
		defer link.Disable()()
		test(t)
	})
}

// discards records what is given up.
type discards struct {
	mu  sync.Mutex
	got []string // guarded by mu
}

func (d *discards) context() context.Context {
	return observable.WithDiscard(context.Background(), func(v any, why observable.DiscardReason) {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.got = append(d.got, fmt.Sprint(v, " ", why))
	})
}

// Behaviours 1 and 29, L3, L11.
func TestMillionSynchronousInners(t *testing.T) {
	n := many(1_000_000)
	for name, op := range map[string]intOp{
		"MergeMap":       operators.MergeMap(func(v int) observable.Observable[int] { return observable.Of(v) }),
		"ConcatMap":      operators.ConcatMap(func(v int) observable.Observable[int] { return observable.Of(v) }),
		"SwitchMap":      operators.SwitchMap(func(v int) observable.Observable[int] { return observable.Of(v) }),
		"Expand":         operators.Expand(func(int) observable.Observable[int] { return observable.Empty[int]() }),
		"MergeMap/0":     operators.MergeMap(func(int) observable.Observable[int] { return observable.Empty[int]() }),
		"ConcatMapEager": operators.ConcatMapEager(func(v int) observable.Observable[int] { return observable.Of(v) }),
	} {
		t.Run(name, func(t *testing.T) {
			linkedAndNot(t, func(t *testing.T) {
				var depth, most int
				calls := 0
				sub := &oneByOneCounter{deep: func() {
					if calls++; calls%100 != 0 { // unwinding is slow
						return
					}
					var pcs [64]uintptr
					depth = runtime.Callers(0, pcs[:])
					most = max(most, depth)
				}}
				op(observable.Range(0, n)).Subscribe(context.Background(), sub)
				if !sub.complete || name != "MergeMap/0" && sub.n != n {
					t.Errorf("%d values, complete %t", sub.n, sub.complete)
				}
				if most >= 60 {
					t.Errorf("the stack was %d calls deep", most)
				}
			})
		})
	}
}

// A oneByOneCounter requests one value at a time.
type oneByOneCounter struct {
	up       observable.Subscription
	n        int
	complete bool
	deep     func()
}

func (c *oneByOneCounter) OnSubscribe(up observable.Subscription) { c.up = up; up.Request(1) }

func (c *oneByOneCounter) OnNext(int) {
	if c.n++; c.n%1000 == 1 {
		c.deep()
	}
	c.up.Request(1)
}

func (c *oneByOneCounter) OnError(err error) { panic(err) }
func (c *oneByOneCounter) OnComplete()       { c.complete = true }

// Behaviour 29, L11: a panic of f, of an inner, or of the downstream ends the
// stream, and only that.
func TestFlatteningPanics(t *testing.T) {
	ops := map[string]func(func(int) observable.Observable[int]) intOp{
		"MergeMap":       func(f func(int) observable.Observable[int]) intOp { return operators.MergeMap(f) },
		"ConcatMapEager": func(f func(int) observable.Observable[int]) intOp { return operators.ConcatMapEager(f) },
		"ExhaustMap":     operators.ExhaustMap[int, int],
		"ConcatMap":      operators.ConcatMap[int, int], "SwitchMap": operators.SwitchMap[int, int],
	}
	for name, op := range ops {
		t.Run(name, func(t *testing.T) {
			linkedAndNot(t, func(t *testing.T) {
				t.Run("f", func(t *testing.T) {
					f := func(v int) observable.Observable[int] {
						if v == 2 {
							panic("boom")
						}
						return observable.Of(v, v)
					}
					panicsWith(t, op(f)(observable.Range(0, 9)), func(int) {}, 4)
				})
				t.Run("inner", func(t *testing.T) {
					f := func(v int) observable.Observable[int] {
						return observable.Pipe1(observable.Of(v, v), operators.Map(func(v int) int {
							if v == 2 {
								panic("boom")
							}
							return v
						}))
					}
					panicsWith(t, op(f)(observable.Range(0, 9)), func(int) {}, 4)
				})
				t.Run("downstream", func(t *testing.T) {
					f := func(v int) observable.Observable[int] { return observable.Of(v, v) }
					panicsWith(t, op(f)(observable.Range(0, 9)), func(v int) {
						if v == 2 {
							panic("boom")
						}
					}, 4)
				})
				t.Run("downstream of a serialised inner", func(t *testing.T) {
					f := func(v int) observable.Observable[int] {
						return observable.Pipe1(observable.Range(10*v, 9), operators.Take[int](2))
					}
					panicsWith(t, op(f)(observable.Range(0, 9)), func(v int) {
						if v == 20 {
							panic("boom")
						}
					}, 4)
				})
			})
		})
	}
}

// panicsWith subscribes with a callback and expects a PanicError after n values.
func panicsWith(t *testing.T, o observable.Observable[int], callback func(int), n int) {
	t.Helper()
	sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
	values := 0
	sub.Each = func(v int) { callback(v); values++ }
	o.Subscribe(context.Background(), sub)
	var p *observable.PanicError
	if is, err := sub.Ended(); !is || !errors.As(err, &p) || p.Value != "boom" {
		t.Errorf("ended %t with %v, want a PanicError", is, err)
	}
	diff(t, "values before the panic", values, n)
}

// L11: a panic of the subscriber ends the stream, also if somebody between the
// inner's source and the operator swallows it.
func TestFlatteningEndsAtASwallowedPanic(t *testing.T) {
	src := &swallower{}
	for name, op := range map[string]intOp{
		"MergeMap":  operators.MergeMap(func(int) observable.Observable[int] { return src.observable() }),
		"ConcatMap": operators.ConcatMap(func(int) observable.Observable[int] { return src.observable() }),
	} {
		t.Run(name, func(t *testing.T) {
			sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
			sub.Each = func(v int) {
				if v == 1 {
					panic("boom")
				}
			}
			op(observable.Of(0)).Subscribe(context.Background(), sub)
			src.next(1)
			src.next(2)
			src.down.OnComplete()
			diff(t, "values", sub.Values(), []int{1})
			var boom *observable.PanicError
			if is, err := sub.Ended(); !is || !errors.As(err, &boom) {
				t.Errorf("ended %t with %v, want a PanicError", is, err)
			}
		})
	}
}

// A swallower is a source that recovers panics of its subscriber and goes on.
type swallower struct{ down observable.Subscriber[int] }

func (s *swallower) observable() observable.Observable[int] {
	return observable.Lift(func(_ context.Context, down observable.Subscriber[int]) observable.Subscriber[int] {
		s.down = down
		return &swallowing{down}
	})(observable.Never[int]())
}

func (s *swallower) next(v int) {
	defer func() { _ = recover() }()
	s.down.OnNext(v)
}

type swallowing struct{ observable.Subscriber[int] }

func (s *swallowing) OnSubscribe(observable.Subscription) { s.Subscriber.OnSubscribe(quiet{}) }

// An inner that is subscribed to late, and emits at once then, may be the last.
func TestFlatteningWaitsForALateInner(t *testing.T) {
	ops := map[string]func(func(int) observable.Observable[int]) intOp{
		"MergeMap":       func(f func(int) observable.Observable[int]) intOp { return operators.MergeMap(f) },
		"ConcatMapEager": func(f func(int) observable.Observable[int]) intOp { return operators.ConcatMapEager(f) },
		"ConcatMap":      operators.ConcatMap[int, int], "SwitchMap": operators.SwitchMap[int, int], "ExhaustMap": operators.ExhaustMap[int, int],
	}
	for name, op := range ops {
		t.Run(name, func(t *testing.T) {
			linkedAndNot(t, func(t *testing.T) {
				var subscribe func()
				late := ungated.New(func(ctx context.Context, down observable.Subscriber[int]) {
					subscribe = func() { observable.Range(0, 3).Subscribe(ctx, down) }
				})
				sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
				op(func(int) observable.Observable[int] { return late })(observable.Of(1)).Subscribe(t.Context(), sub)
				running(t, sub)
				subscribe()
				diff(t, "values", sub.Values(), []int{0, 1, 2})
				ended(t, sub, nil)
			})
		})
	}
}
