package operators_test

import (
	"context"
	"errors"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// L11: the subscriber panics while another observable ends the stream. It hears
// of an end nevertheless, although the source, which has been cancelled, need
// not pass the panic on.
func TestEndDuringAPanic(t *testing.T) {
	late := errors.New("late")
	first := operators.StartWith(0)
	flatten := func(op func(func(int) observable.Observable[int]) intOp) func(src, o observable.Observable[int]) observable.Observable[int] {
		return func(src, o observable.Observable[int]) observable.Observable[int] {
			return op(func(int) observable.Observable[int] { return src })(first(o))
		}
	}
	for name, op := range map[string]func(src, o observable.Observable[int]) observable.Observable[int]{
		"TakeUntil": func(src, o observable.Observable[int]) observable.Observable[int] {
			return operators.TakeUntil[int](o)(src)
		},
		"SkipUntil": func(src, o observable.Observable[int]) observable.Observable[int] {
			return operators.SkipUntil[int](first(o))(src)
		},
		"DistinctBy": func(src, o observable.Observable[int]) observable.Observable[int] {
			return operators.DistinctBy(func(v int) int { return v }, operators.FlushWhen(o))(src)
		},
		"WithLatestFrom": func(src, o observable.Observable[int]) observable.Observable[int] {
			return operators.WithLatestFrom(first(o), func(a, _ int) int { return a })(src)
		},
		"BufferWhen": func(src, o observable.Observable[int]) observable.Observable[int] {
			return operators.Flatten(operators.BufferWhen[int](operators.MergeWith(src)(o))(src))
		},
		"Merge":          func(src, o observable.Observable[int]) observable.Observable[int] { return operators.Merge(src, o) },
		"MergeMap":       flatten(func(f func(int) observable.Observable[int]) intOp { return operators.MergeMap(f) }),
		"ConcatMapEager": flatten(func(f func(int) observable.Observable[int]) intOp { return operators.ConcatMapEager(f) }),
		"ConcatMap":      flatten(operators.ConcatMap[int, int]),
		"SwitchMap":      flatten(operators.SwitchMap[int, int]),
		"ExhaustMap":     flatten(operators.ExhaustMap[int, int]),
		"RetryWhen": func(src, o observable.Observable[int]) observable.Observable[int] {
			tries := 0
			return operators.RetryWhen[int](func(errs observable.Observable[error]) observable.Observable[int] {
				return operators.Merge(operators.MapTo[error](0)(errs), operators.IgnoreElements(o))
			})(observable.Defer(func(context.Context) observable.Observable[int] {
				if tries++; tries == 1 {
					return observable.Throw[int](errTest)
				}
				return src
			}))
		},
		"RepeatWhen": func(src, o observable.Observable[int]) observable.Observable[int] {
			return operators.RepeatWhen[int](func(observable.Observable[struct{}]) observable.Observable[int] { return o })(src)
		},
	} {
		t.Run(name, func(t *testing.T) {
			src, o := observable.NewSubject[int](), observable.NewSubject[int]()
			sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
			sub.Each = func(int) {
				o.Error(late)
				panic("boom")
			}
			ctx := observable.WithDroppedError(t.Context(), func(error) {})
			op(src.Observable, o.Observable).Subscribe(ctx, sub)
			src.Next(1)
			diff(t, "values", sub.Values(), []int{1})
			var boom *observable.PanicError
			if is, err := sub.Ended(); !is || !errors.Is(err, late) && !errors.As(err, &boom) {
				t.Errorf("ended %t with %v, want the panic, or %v", is, err, late)
			}
		})
	}
}
