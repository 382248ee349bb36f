package operators_test

import (
	"context"
	"errors"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// L11: the subscriber panics while the stream is being ended from beside the
// source. He hears of an end nevertheless, although the source, which was
// cancelled, passes nothing on any more (L7).
func TestEndWhileTheSubscriberPanics(t *testing.T) {
	for name, op := range map[string]func(src, o observable.Observable[int]) observable.Observable[int]{
		"TakeUntil": func(src, o observable.Observable[int]) observable.Observable[int] {
			return operators.TakeUntil[int](o)(src)
		},
		"WithLatestFrom": func(src, o observable.Observable[int]) observable.Observable[int] {
			return operators.WithLatestFrom(operators.StartWith(0)(o), func(a, _ int) int { return a })(src)
		},
		"RetryWhen": func(src, o observable.Observable[int]) observable.Observable[int] {
			tries := 0
			source := observable.Defer(func(context.Context) observable.Observable[int] {
				if tries++; tries == 1 {
					return observable.Throw[int](errTest)
				}
				return src
			})
			return operators.RetryWhen[int](func(errs observable.Observable[error]) observable.Observable[int] {
				return operators.MergeWith(o)(operators.MapTo[error](0)(errs))
			})(source)
		},
	} {
		t.Run(name, func(t *testing.T) {
			src, o := observable.NewSubject[int](), observable.NewSubject[int]()
			var dropped []error
			ctx := observable.WithDroppedError(t.Context(), func(err error) { dropped = append(dropped, err) })
			sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
			sub.Each = func(int) {
				o.Error(errTest)
				panic("boom")
			}
			op(src.Observable, o.Observable).Subscribe(ctx, sub)
			src.Next(1)
			ended, err := sub.Ended()
			if err := errors.Join(append(dropped, err)...); !ended || !errors.Is(err, errTest) || len(dropped) != 1 {
				t.Errorf("ended %t with %v, dropped %v; want an end, and the other error dropped", ended, err, dropped)
			}
		})
	}
}
