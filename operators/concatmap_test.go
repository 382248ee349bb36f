package operators_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/sluicego/sluice/internal/ungated"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func ExampleConcatMap() {
	words := func(line string) observable.Observable[string] { return observable.Of(line, "and") }
	all, err := observable.Pipe1(observable.Of("one", "two"), operators.ConcatMap(words)).Collect(context.Background())
	fmt.Println(all, err)
	// Output: [one and two and] <nil>
}

func ExampleConcat() {
	all, err := operators.Concat(observable.Of(1, 2), observable.Of(3)).Collect(context.Background())
	fmt.Println(all, err)
	// Output: [1 2 3] <nil>
}

// asked returns o and what is requested of it, by all subscribers in turn.
func asked(requests *[]int64, o observable.Observable[int]) observable.Observable[int] {
	return observable.Lift(func(_ context.Context, down observable.Subscriber[int]) observable.Subscriber[int] {
		return &asker{Subscriber: down, requests: requests}
	})(o)
}

type asker struct {
	observable.Subscriber[int]
	observable.Subscription
	requests *[]int64
}

func (a *asker) OnSubscribe(up observable.Subscription) {
	a.Subscription = up
	a.Subscriber.OnSubscribe(a)
}

func (a *asker) Request(n int64) {
	*a.requests = append(*a.requests, n)
	a.Subscription.Request(n)
}

func TestBehaviour6_ConcatMapCarriesDemandOver(t *testing.T) {
	var outer, inner []int64
	two := func(v int) observable.Observable[int] { return asked(&inner, observable.Of(v, -v)) }
	sub := marbles.NewTestSubscriber[int](t, 3)
	operators.ConcatMap(two)(asked(&outer, observable.Of(1, 2, 3))).Subscribe(context.Background(), sub)
	diff(t, "values", sub.Values(), []int{1, -1, 2})
	diff(t, "inner requests", inner, []int64{3, 1})
	diff(t, "outer requests", outer, []int64{1, 1})
	sub.Request(1)
	diff(t, "inner requests", inner, []int64{3, 1, 1})
	diff(t, "outer requests", outer, []int64{1, 1, 1}) // the third inner waits for demand
	sub.Request(observable.Unbounded)
	diff(t, "values", sub.Values(), []int{1, -1, 2, -2, 3, -3})
	diff(t, "inner requests", inner, []int64{3, 1, 1, observable.Unbounded})
	ended(t, sub, nil)
}

// What a linked downstream does not count is not taken from the demand.
func TestConcatMapCountsWhatTheDownstreamCounts(t *testing.T) {
	linkedAndNot(t, func(t *testing.T) {
		three := func(v int) observable.Observable[int] { return observable.Range(3*v, 3) }
		even := operators.Filter(func(v int) bool { return v%2 == 0 })
		sub := marbles.NewTestSubscriber[int](t, 4)
		observable.Pipe2(observable.Range(0, 9), operators.ConcatMap(three), even).Subscribe(context.Background(), sub)
		diff(t, "values", sub.Values(), []int{0, 2, 4, 6})
		sub.Request(2)
		diff(t, "values", sub.Values(), []int{0, 2, 4, 6, 8, 10})
		sub.Cancel()
	})
}

func TestConcatMapError(t *testing.T) {
	for _, from := range []string{"source", "inner"} {
		t.Run(from, func(t *testing.T) {
			outer, inner := marbles.NewTestSource[int](), newSources(1)
			sub := marbles.NewTestSubscriber[int](t, 2)
			operators.ConcatMap(inner.pick)(outer.Observable).Subscribe(context.Background(), sub)
			outer.Next(1)
			inner[0].Next(7)
			if from == "source" {
				outer.Error(errInner)
			} else {
				inner[0].Error(errInner)
			}
			ended(t, sub, errInner)
			diff(t, "active", outer.Active()+inner.active(), 0)
		})
	}
}

// An error of the source that comes while an inner emits waits for that value
// to be delivered, and stops a synchronous inner.
func TestConcatMapErrorDuringAnEmission(t *testing.T) {
	linkedAndNot(t, func(t *testing.T) {
		for name, inner := range map[string]observable.Observable[int]{
			"synchronous": observable.Range(0, 10), "other": observable.Pipe1(observable.Range(0, 10), operators.Take[int](5)),
		} {
			t.Run(name, func(t *testing.T) {
				outer := marbles.NewTestSource[int]()
				sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
				sub.Each = func(v int) {
					if v == 2 {
						outer.Error(errInner)
						running(t, sub)
					}
				}
				operators.ConcatMap(func(int) observable.Observable[int] { return inner })(outer.Observable).Subscribe(context.Background(), sub)
				outer.Next(0)
				diff(t, "values", sub.Values(), []int{0, 1, 2})
				ended(t, sub, errInner)
			})
		}
	})
}

// L3, L4, L7: an error, a cancel and requests from other goroutines while
// inners emit.
func TestRelayRaces(t *testing.T) {
	inners := map[string]func(int) observable.Observable[int]{
		"synchronous": func(v int) observable.Observable[int] { return observable.Range(10*v, 10) },
		"other": func(v int) observable.Observable[int] {
			return observable.Pipe1(observable.Range(10*v, 20), operators.Take[int](10))
		},
		"goroutine": func(v int) observable.Observable[int] {
			return observable.Create(func(_ context.Context, emit observable.Emitter[int]) error {
				for i := range 10 {
					if !emit.Next(10*v + i) {
						break
					}
				}
				return nil
			})
		},
	}
	for name, f := range inners {
		below := func(v int) observable.Observable[int] {
			if v < 1 || v > 19 {
				return observable.Empty[int]()
			}
			return f(v)
		}
		for op, lift := range map[string]intOp{
			"ConcatMap": operators.ConcatMap(f), "SwitchMap": operators.SwitchMap(f), "ExhaustMap": operators.ExhaustMap(f),
			"MergeMap": operators.MergeMap(f, operators.Prefetch(3)), "ConcatMapEager": operators.ConcatMapEager(f, operators.Prefetch(3)),
			"Expand": operators.Expand(below, operators.Prefetch(3)),
		} {
			for _, what := range []string{"complete", "error", "cancel", "fail"} {
				t.Run(op+"/"+name+"/"+what, func(t *testing.T) {
					for range many(250) {
						raceRelay(t, lift, what)
					}
				})
			}
		}
	}
}

func raceRelay(t *testing.T, op intOp, what string) {
	var (
		subject = observable.NewUnicast[int](1000)
		sub     = marbles.NewTestSubscriber[int](t, 0)
		ctx     = observable.WithDroppedError(context.Background(), func(error) {})
		wg      sync.WaitGroup
	)
	sub.Each = func(v int) {
		if v%7 == 0 {
			sub.Request(1)
		}
	}
	op(subject.Observable).Subscribe(ctx, sub.Outside())
	wg.Go(func() {
		for i := range 20 {
			subject.Next(i)
		}
		switch what {
		case "complete":
			subject.Complete()
		case "error":
			subject.Error(errInner)
		}
	})
	wg.Go(func() {
		for range 30 {
			sub.Request(7)
		}
		switch what {
		case "cancel":
			sub.Cancel()
		case "fail":
			sub.Request(-1)
		default:
			sub.Request(observable.Unbounded)
		}
	})
	wg.Wait()
	if what == "cancel" {
		return
	}
	<-sub.Done()
	_, err := sub.Ended()
	var bad *observable.BadRequestError
	switch {
	case what == "complete" && err != nil, what == "error" && !errors.Is(err, errInner), what == "fail" && !errors.As(err, &bad):
		t.Errorf("ended with %v", err)
	}
}

// A source that emits more than it was asked for is stopped.
func TestConcatMapOverflow(t *testing.T) {
	src := marbles.NewTestSource[int](marbles.Overruns)
	sub := marbles.NewTestSubscriber[int](t, 1)
	operators.Concat(src.Observable).Subscribe(context.Background(), sub)
	src.Next(1)
	src.Next(2)
	var overflow *observable.OverflowError
	if is, err := sub.Ended(); !is || !errors.As(err, &overflow) || overflow.Op != "ConcatMap" {
		t.Errorf("ended %t with %v, want an OverflowError of ConcatMap", is, err)
	}
	diff(t, "active", src.Active(), 0)
}

// L3: a leg that serves the next inner already is not touched any more by the
// one that ended the inner before.
func TestConcatMapReusesALegOnlyWhenItIsFree(t *testing.T) {
	entered, leave := make(chan struct{}), make(chan struct{})
	late := marbles.NewTestSource[int]()
	src := &prompted{}
	src.again = func() {
		elsewhere(func() { src.down.OnNext(2) })
		go late.Next(30)
		<-entered
	}
	sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
	sub.Each = func(v int) {
		if v == 30 {
			close(entered)
			<-leave
		}
	}
	operators.ConcatMap(func(v int) observable.Observable[int] {
		if v == 1 {
			return observable.Of(5, 6)
		}
		return late.Observable
	})(ungated.New(src.subscribe)).Subscribe(t.Context(), sub)
	src.down.OnNext(1)
	src.down.OnError(errInner) // must wait until 30 is dealt with; sub would notice
	running(t, sub)
	close(leave)
	<-sub.Done()
	ended(t, sub, errInner)
}

// A prompted source does something at its second request.
type prompted struct {
	down     observable.Subscriber[int]
	requests int
	again    func()
}

func (p *prompted) subscribe(_ context.Context, down observable.Subscriber[int]) {
	p.down = down
	down.OnSubscribe(p)
}

func (p *prompted) Request(int64) {
	if p.requests++; p.requests == 2 {
		p.again()
	}
}

func (p *prompted) Cancel() {}
