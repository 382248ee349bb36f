package operators_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func ExampleWithLatestFrom() {
	rate := observable.Of(2)
	inEuro := operators.WithLatestFrom(rate, func(price, rate int) int { return price * rate })
	fmt.Println(inEuro(observable.Of(1, 2, 3)).Collect(context.Background()))
	// Output: [2 4 6] <nil>
}

func TestWithLatestFrom(t *testing.T) {
	for _, tt := range []struct{ source, o, want, subs string }{
		{"-a---b---c-|", "---1---2-3---|", "-----{b1}---{c2}-|", "^----------!"},
		{"-a---b---c-|", "---1|", "-----{b1}---{c1}-|", "^---!"},
		{"-a---b---c-|", "|", "-----------|", "(^!)"},
		{"-a---b---c-|", "1--#", "-{a1}-#", "^--!"},
		{"-a-#", "1--", "-{a1}-#", "^--!"},
		{"-a-(b|)", "1--(2|)", "-{a1}-({b1}|)", "^--!"}, // the source was made first
	} {
		marbles.Run(t, func(m *marbles.Test) {
			src, o := marbles.Hot[string](m, tt.source), marbles.Hot[string](m, tt.o)
			marbles.Expect(m, operators.WithLatestFrom(o.Observable, plus)(src.Observable)).Named(tt.source + " " + tt.o).ToBe(tt.want)
			o.ExpectSubscriptions(tt.subs)
		})
	}
}

// A value that comes too early is replaced in demand; o is asked for everything.
func TestWithLatestFromRequests(t *testing.T) {
	bothWays(t, func() {
		src, o := marbles.NewTestSource[int](), marbles.NewTestSource[int]()
		sub := marbles.NewTestSubscriber[[2]int](t, 2)
		operators.WithLatestFrom(o.Observable, pair)(src.Observable).Subscribe(context.Background(), sub)
		src.Next(1)
		o.Next(10)
		o.Next(20)
		src.Next(2)
		src.Next(3)
		diff(t, "values", sub.Values(), [][2]int{{2, 20}, {3, 20}})
		diff(t, "requests", src.Requests(), []int64{2, 1})
		diff(t, "requests of o", o.Requests(), []int64{observable.Unbounded})
		sub.Cancel()
		diff(t, "cancels", []int{src.Cancels(), o.Cancels()}, []int{1, 1})
	})
}

// o is there first, and if it fails at once the source is not subscribed to.
func TestWithLatestFromOrder(t *testing.T) {
	bothWays(t, func() {
		sum := operators.WithLatestFrom(observable.Of(1, 10), func(a, b int) int { return a + b })
		check(t, "synchronous", end(sum(observable.Of(1, 2, 3))), nil, 11, 12, 13)

		src := marbles.NewTestSource[int]()
		fails := operators.WithLatestFrom(observable.Throw[int](errTest), func(a, b int) int { return a + b })
		check(t, "o fails", end(fails(src.Observable)), errTest)
		diff(t, "subscriptions", src.Subscriptions(), 0)
	})
}

// An error of o that comes while a value is delivered waits for that.
func TestWithLatestFromErrorDuringAValue(t *testing.T) {
	bothWays(t, func() {
		var lost discards
		src, o := marbles.NewTestSource[int](marbles.IgnoresCancel), marbles.NewTestSource[int]()
		sub := marbles.NewTestSubscriber[[2]int](t, observable.Unbounded)
		sub.Each = func([2]int) {
			elsewhere(func() { o.Error(errInner) })
			running(t, sub)
		}
		operators.WithLatestFrom(o.Observable, pair)(src.Observable).Subscribe(lost.context(), sub)
		o.Next(1)
		src.Next(2)
		ended(t, sub, errInner)
		src.Next(3)
		diff(t, "discarded", lost.got, []string{"3 late"})
		diff(t, "cancels", []int{src.Cancels(), o.Cancels()}, []int{1, 0})
	})
}

func TestWithLatestFromPanics(t *testing.T) {
	bothWays(t, func() {
		o := marbles.NewTestSource[int]()
		boom := operators.WithLatestFrom(o.Observable, func(a, _ int) int {
			if a == 2 {
				panic("boom")
			}
			return a
		})
		sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
		src := observable.NewSubject[int]()
		boom(src.Observable).Subscribe(context.Background(), sub)
		o.Next(1)
		src.Next(1)
		src.Next(2)
		src.Next(3)
		if is, err := sub.Ended(); !is || err == nil {
			t.Errorf("ended %t with %v", is, err)
		}
		diff(t, "values", sub.Values(), []int{1})
		diff(t, "active", o.Active(), 0)
	})
}

// L3, L4, L7: everything at once.
func TestWithLatestFromRaces(t *testing.T) {
	for range 300 {
		src, o := marbles.NewTestSource[int](), marbles.NewTestSource[int]()
		sub := marbles.NewTestSubscriber[[2]int](t, 3)
		ctx := observable.WithDroppedError(context.Background(), func(error) {})
		operators.WithLatestFrom(o.Observable, pair)(src.Observable).Subscribe(ctx, sub.Outside())
		o.Next(1)
		var wg sync.WaitGroup
		wg.Go(func() { src.Next(1); src.Next(2); src.Complete() })
		wg.Go(func() { o.Next(2); o.Error(errInner) })
		wg.Go(func() { sub.Request(3) })
		wg.Wait()
		<-sub.Done()
		diff(t, "active", src.Active()+o.Active(), 0)
	}
}
