package operators_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func ExampleConnect() {
	prices := observable.Pipe1(observable.Of(10, 12, 11), operators.Tap(func(p int) { fmt.Println("fetched", p) }))
	changes := operators.Connect(func(shared observable.Observable[int]) observable.Observable[int] {
		return operators.Zip2(shared, operators.Skip[int](1)(shared), func(a, b int) int { return b - a })
	})(prices)
	fmt.Println(changes.Collect(context.Background()))
	// Output:
	// fetched 10
	// fetched 12
	// fetched 11
	// [2 -1] <nil>
}

type ints = observable.Observable[int]

func TestConnect(t *testing.T) {
	linkedAndNot(t, func(t *testing.T) {
		calls := 0
		src := marbles.NewTestSource[int]()
		both := operators.Connect(func(shared ints) ints {
			calls++
			diff(t, "subscriptions when f is called", src.Active(), 0)
			return operators.Merge(shared, operators.Map(func(v int) int { return -v })(shared))
		})(src.Observable)
		for range 2 { // each subscription has a shared view of its own
			a := unbounded(t, both)
			diff(t, "active", src.Active(), 1)
			src.Next(1)
			src.Next(2)
			src.Complete()
			diff(t, "values", a.Values(), []int{1, -1, 2, -2})
			ended(t, a, nil)
		}
		diff(t, "calls and subscriptions", []int{calls, src.Subscriptions()}, []int{2, 2})
	})
}

func TestConnectEnds(t *testing.T) {
	first := func(shared ints) ints { return operators.Take[int](1)(shared) }
	all := func(shared ints) ints { return shared }
	for name, tt := range map[string]struct {
		f       func(ints) ints
		do      func(src *marbles.TestSource[int], sub *marbles.TestSubscriber[int])
		err     error
		running bool
		cancels int
	}{
		"f's result completes": {first, func(src *marbles.TestSource[int], _ *marbles.TestSubscriber[int]) { src.Next(1) }, nil, false, 1},
		"the source completes": {all, func(src *marbles.TestSource[int], _ *marbles.TestSubscriber[int]) { src.Complete() }, nil, false, 0},
		"the source fails":     {all, func(src *marbles.TestSource[int], _ *marbles.TestSubscriber[int]) { src.Error(errInner) }, errInner, false, 0},
		"cancel":               {all, func(_ *marbles.TestSource[int], sub *marbles.TestSubscriber[int]) { sub.Cancel() }, nil, true, 1},
	} {
		t.Run(name, func(t *testing.T) {
			src := marbles.NewTestSource[int]()
			sub := unbounded(t, operators.Connect(tt.f)(src.Observable))
			tt.do(src, sub)
			if tt.running {
				running(t, sub)
			} else {
				ended(t, sub, tt.err)
			}
			diff(t, "cancels", src.Cancels(), tt.cancels)
			diff(t, "active", src.Active(), 0)
		})
	}
}

// The end stays: whoever subscribes to the view afterwards gets it.
func TestConnectSubscribingAfterTheEnd(t *testing.T) {
	src := marbles.NewTestSource[int]()
	twice := operators.Connect(func(shared ints) ints { return operators.Concat(shared, shared) })(src.Observable)
	sub := unbounded(t, twice)
	src.Next(1)
	src.Complete()
	diff(t, "values", sub.Values(), []int{1})
	ended(t, sub, nil)

	var view ints
	keep := operators.Connect(func(shared ints) ints {
		view = shared
		return operators.Take[int](1)(shared)
	})(src.Observable)
	sub = marbles.NewTestSubscriber[int](t, 1)
	keep.Subscribe(context.Background(), sub)
	stranger := unbounded(t, view)
	src.Next(2)
	ended(t, sub, nil)
	ended(t, stranger, operators.ErrDisconnected)
	ended(t, unbounded(t, view), operators.ErrDisconnected)
}

// While nobody listens to the view, nothing is requested.
func TestConnectPauses(t *testing.T) {
	src := marbles.NewTestSource[int]()
	var dropped []error
	ctx := observable.WithDroppedError(context.Background(), func(err error) { dropped = append(dropped, err) })
	for _, end := range []func(){src.Complete, func() { src.Error(errInner) }} {
		sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
		operators.Connect(func(ints) ints { return observable.Never[int]() })(src.Observable).Subscribe(ctx, sub)
		diff(t, "active", src.Active(), 1)
		end()
		running(t, sub)
		sub.Cancel()
	}
	diff(t, "requests", src.Requests(), []int64(nil))
	if len(dropped) != 1 || !errors.Is(dropped[0], errInner) { // L16
		t.Errorf("dropped %v, want the error that nobody has heard", dropped)
	}
}

// What f returns may end before the source is subscribed to, or f may panic.
func TestConnectWithoutTheSource(t *testing.T) {
	src := marbles.NewTestSource[int]()
	sub := unbounded(t, operators.Connect(func(ints) ints { return observable.Of(7) })(src.Observable))
	diff(t, "values", sub.Values(), []int{7})
	ended(t, sub, nil)
	sub = unbounded(t, operators.Connect(func(ints) ints { panic("boom") })(src.Observable))
	var p *observable.PanicError
	if is, err := sub.Ended(); !is || !errors.As(err, &p) || p.Value != "boom" {
		t.Errorf("ended %t with %v, want a PanicError", is, err)
	}
	operators.Connect(func(shared ints) ints { return shared })(src.Observable).Subscribe(context.Background(), quitter{})
	diff(t, "subscriptions", src.Subscriptions(), 0)
}

func TestConnectArguments(t *testing.T) {
	defer func() { diff(t, "panic", recover(), any("operators: Connect with a nil function")) }()
	operators.Connect[int, int](nil)
}
