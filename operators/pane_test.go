package operators_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

// A window that waits in an operator below when that is cancelled, or that is
// dropped there, takes its values with it (L9), though the source has ended.
func TestPanesThatAreDiscarded(t *testing.T) {
	for _, tt := range []struct {
		name string
		op   func(src ints) ints
		want string
	}{
		{
			"windows, at a cancel",
			func(src ints) ints {
				queued := operators.ObserveOn[ints](scheduler.NewVirtual())
				return operators.MergeAll[int](queued(operators.Window[int](2)(src)))
			},
			"[1 cancel 2 cancel 3 cancel 4 cancel 5 cancel]",
		},
		{
			"groups, at a cancel",
			func(src ints) ints {
				queued := operators.ObserveOn[operators.Group[int, int]](scheduler.NewVirtual())
				flat := operators.MergeMap(func(g operators.Group[int, int]) ints { return g.Observable })
				return flat(queued(operators.GroupBy(func(v int) int { return v / 2 })(src)))
			},
			"[1 cancel 2 cancel 3 cancel 4 cancel 5 cancel]",
		},
		{
			"windows, as a busy operator drops them",
			func(src ints) ints { return operators.ExhaustMap(same[ints])(operators.Window[int](2)(src)) },
			"[2 cancel 3 overflow 4 overflow 5 overflow]",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var gone []string
			ctx := observable.WithDiscard(context.Background(), func(v any, why observable.DiscardReason) {
				if n, ok := v.(int); ok {
					gone = append(gone, fmt.Sprint(n, " ", why))
				}
			})
			sub := marbles.NewTestSubscriber[int](t, 1)
			tt.op(observable.Range(1, 5)).Subscribe(ctx, sub)
			sub.Cancel()
			slices.Sort(gone)
			if got := fmt.Sprint(gone); got != tt.want {
				t.Errorf("discarded %v, want %s", got, tt.want)
			}
		})
	}
}

// L16: an error that waits in a group behind values, and has been told to nobody,
// is reported when that group's subscriber leaves.
func TestPaneThatIsLeftWithAnError(t *testing.T) {
	var lost []error
	ctx := observable.WithDroppedError(t.Context(), func(err error) { lost = append(lost, err) })
	src := marbles.NewTestSource[int]()
	groups := marbles.NewTestSubscriber[operators.Group[int, int]](t, 2)
	operators.GroupBy(func(v int) int { return v % 2 })(src.Observable).Subscribe(ctx, groups)
	src.Next(1)
	src.Next(2)
	var subs []*marbles.TestSubscriber[int]
	for _, g := range groups.Values() {
		sub := marbles.NewTestSubscriber[int](t, 0)
		g.Subscribe(ctx, sub)
		subs = append(subs, sub)
	}
	groups.Cancel()
	src.Error(errTest)
	subs[0].Cancel()
	if len(subs) != 2 || len(lost) != 0 {
		t.Fatalf("%d groups; %v is lost while one of them has it", len(subs), lost)
	}
	subs[1].Cancel()
	if len(lost) != 1 || !errors.Is(lost[0], errTest) {
		t.Errorf("reported %v, want the error of the source, once", lost)
	}
}
