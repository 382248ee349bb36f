package operators_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func ExampleRace() {
	mirrors := operators.Race(observable.Never[string](), observable.Of("found", "here"), observable.Of("late"))
	fmt.Println(mirrors.Collect(context.Background()))
	// Output: [found here] <nil>
}

func ExampleRaceWith() {
	answer := operators.RaceWith(observable.Of("a default"))(observable.Never[string]())
	fmt.Println(answer.Collect(context.Background()))
	// Output: [a default] <nil>
}

func TestRace(t *testing.T) {
	for _, tt := range []struct{ a, b, want, subsA, subsB string }{
		{"---x-y--|", "-z---w|", "-z---w|", "^!", "^-----!"},
		{"-x-y--|", "-z---w|", "-x-y--|", "^-----!", "^!"}, // at the same instant: in order
		{"---x-y--|", "-|", "-|", "^!", "^!"},
		{"-#", "---z|", "-#", "^!", "^!"},
		{"---", "--#", "--#", "^-!", "^-!"},
		{"(xy|)", "(z|)", "(xy|)", "(^!)", "(^!)"},
	} {
		marbles.Run(t, func(m *marbles.Test) {
			a, b := marbles.Cold[string](m, tt.a), marbles.Cold[string](m, tt.b)
			marbles.Expect(m, operators.Race(a.Observable, b.Observable)).Named(tt.a + " " + tt.b).ToBe(tt.want)
			a.ExpectSubscriptions(tt.subsA)
			b.ExpectSubscriptions(tt.subsB)
		})
	}
}

func TestRaceOfFew(t *testing.T) {
	bothWays(t, func() {
		check(t, "none", end(operators.Race[int]()), nil)
		check(t, "one", end(operators.Race(observable.Of(1, 2))), nil, 1, 2)
		check(t, "none with it", end(operators.RaceWith[int]()(observable.Of(1, 2))), nil, 1, 2)
	})
}

// All are asked for what is demanded, also those that come to it late; the
// winner is asked for the rest.
func TestRaceRequests(t *testing.T) {
	bothWays(t, func() {
		src := newSources(3)
		sub := marbles.NewTestSubscriber[int](t, 2)
		operators.Race(src[0].Observable, src[1].Observable, src[2].Observable).Subscribe(context.Background(), sub)
		sub.Request(1)
		src[1].Next(1)
		sub.Request(5)
		diff(t, "requests", [][]int64{src[0].Requests(), src[1].Requests(), src[2].Requests()}, [][]int64{{2, 1}, {2, 1, 5}, {2, 1}})
		diff(t, "cancels", []int{src[0].Cancels(), src[1].Cancels(), src[2].Cancels()}, []int{1, 0, 1})
		src[1].Complete()
		diff(t, "values", sub.Values(), []int{1})
		ended(t, sub, nil)
		sub.Cancel()
		diff(t, "cancels", src[1].Cancels(), 0)
	})
}

// One that wins while it subscribes, or while it is asked, keeps the others
// from anything.
func TestRaceIsDecidedAtOnce(t *testing.T) {
	bothWays(t, func() {
		second := marbles.NewTestSource[int]()
		o := operators.Race(observable.Of(1, 2), second.Observable)
		check(t, "with demand", end(o), nil, 1, 2)
		diff(t, "subscriptions", second.Subscriptions(), 0)

		sub := marbles.NewTestSubscriber[int](t, 0)
		o.Subscribe(context.Background(), sub)
		diff(t, "subscriptions", second.Subscriptions(), 1)
		sub.Request(1)
		diff(t, "values", sub.Values(), []int{1})
		diff(t, "requests", second.Requests(), []int64(nil))
		diff(t, "cancels", second.Cancels(), 1)
		sub.Request(1)
		diff(t, "values", sub.Values(), []int{1, 2})
		ended(t, sub, nil)
	})
}

// What a loser says when the race is decided is accounted for once.
func TestRaceLosers(t *testing.T) {
	bothWays(t, func() {
		var lost discards
		var dropped []error
		src := sources{marbles.NewTestSource[int](), marbles.NewTestSource[int](marbles.IgnoresCancel)}
		ctx := observable.WithDroppedError(lost.context(), func(err error) { dropped = append(dropped, err) })
		sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
		operators.Race(src[0].Observable, src[1].Observable).Subscribe(ctx, sub)
		src[0].Next(1)
		src[1].Next(2)
		src[1].Error(errInner)
		src[0].Next(3)
		src[0].Complete()
		diff(t, "values", sub.Values(), []int{1, 3})
		ended(t, sub, nil)
		diff(t, "discarded", lost.got, []string{"2 late"})
		if len(dropped) != 1 || !errors.Is(dropped[0], errInner) {
			t.Errorf("dropped %v", dropped)
		}
	})
}

func TestRaceCancel(t *testing.T) {
	for _, inside := range []bool{false, true} {
		src := newSources(2)
		sub := marbles.NewTestSubscriber[int](t, 9)
		operators.Race(src[0].Observable, src[1].Observable).Subscribe(context.Background(), sub)
		if inside {
			sub.Each = func(int) { sub.CancelInside() }
			src[1].Next(1)
		} else {
			sub.Cancel()
		}
		diff(t, "cancels", []int{src[0].Cancels(), src[1].Cancels()}, []int{1, 1})
		running(t, sub)
	}
}

func TestRacePanic(t *testing.T) {
	bothWays(t, func() {
		panicsWith(t, operators.Race(observable.Of(1, 2, 3), observable.Of(4)), func(v int) {
			if v == 2 {
				panic("boom")
			}
		}, 1)
	})
}

// Racers on goroutines of their own: the values of one come through, all of
// them, and every other value is discarded.
func TestRacersOnGoroutines(t *testing.T) {
	const n = 50
	from := func(first int) observable.Observable[int] {
		return observable.Create(func(_ context.Context, emit observable.Emitter[int]) error {
			for i := range n {
				if !emit.Next(first + i) {
					break
				}
			}
			return nil
		})
	}
	o := operators.Race(from(0), from(1000), from(2000))
	for range 200 {
		sub := marbles.NewTestSubscriber[int](t, 1)
		sub.Each = func(int) { sub.Request(1) }
		o.Subscribe(t.Context(), sub.Outside())
		<-sub.Done()
		values := sub.Values()
		if len(values) != n {
			t.Fatalf("%d values", len(values))
		}
		for i, v := range values {
			if v != values[0]+i {
				t.Fatalf("%v", values)
			}
		}
	}
}

// L5, L7: a cancel, requests and the first signals at the same time.
func TestRaceAgainstACancel(t *testing.T) {
	for range 300 {
		src := newSources(2)
		sub := marbles.NewTestSubscriber[int](t, 1)
		operators.Race(src[0].Observable, src[1].Observable).Subscribe(context.Background(), sub.Outside())
		var wg sync.WaitGroup
		for i := range src {
			wg.Go(func() { src[i].Next(i) })
		}
		wg.Go(func() { sub.Request(3) })
		wg.Go(sub.Cancel)
		wg.Wait()
		diff(t, "cancels", []int{src[0].Cancels(), src[1].Cancels()}, []int{1, 1})
	}
}
