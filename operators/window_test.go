package operators_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// windowsOf subscribes to every window where it is received, and emits it as a
// list when it ends.
func windowsOf(src observable.Observable[observable.Observable[string]]) stream {
	return operators.MergeMap(func(w stream) stream { return gathered("", w) })(src)
}

// gathered emits label and the values of o as a list, when o completes.
func gathered(label string, o stream) stream {
	return observable.Lift(func(_ context.Context, down observable.Subscriber[string]) observable.Subscriber[string] {
		return &gatherer{Subscriber: down, label: label}
	})(o)
}

type gatherer struct {
	observable.Subscriber[string]
	label string
	got   []string
}

func (g *gatherer) OnNext(v string) { g.got = append(g.got, v) }

func (g *gatherer) OnComplete() {
	g.Subscriber.OnNext(g.label + "[" + strings.Join(g.got, " ") + "]")
	g.Subscriber.OnComplete()
}

// listed says that a letter stands for a list of the letters in its text.
func listed(texts map[string]string) marbles.Values {
	v := marbles.Values{}
	for name, text := range texts {
		v[name] = "[" + strings.Join(strings.Split(text, ""), " ") + "]"
	}
	return v
}

func TestWindow(t *testing.T) {
	for _, tt := range []struct {
		n            int
		opts         []operators.CountOption
		source, want string
		where        map[string]string
	}{
		{2, nil, "-a-b-c-d-e-|", "---x---y---(z|)", map[string]string{"x": "ab", "y": "cd", "z": "e"}},
		{2, nil, "-a-b-|", "---x-(e|)", map[string]string{"x": "ab", "e": ""}},
		{1, nil, "(ab|)", "(xye|)", map[string]string{"x": "a", "y": "b", "e": ""}},
		{3, nil, "|", "(e|)", map[string]string{"e": ""}},
		{2, nil, "-a-b-c-#", "---x---#", map[string]string{"x": "ab"}},
		{3, []operators.CountOption{operators.Step(1)}, "-a-b-c-d-|", "-----x-y-(vwe|)", map[string]string{"x": "abc", "y": "bcd", "v": "cd", "w": "d", "e": ""}},
		{1, []operators.CountOption{operators.Step(3)}, "-a-b-c-d-|", "-x-----y-|", map[string]string{"x": "a", "y": "d"}},
		{2, []operators.CountOption{operators.Step(3)}, "-a-b-c-d-|", "---x-----(y|)", map[string]string{"x": "ab", "y": "d"}},
	} {
		t.Run(fmt.Sprint(tt.source, tt.n, tt.opts), func(t *testing.T) {
			marbles.Run(t, func(m *marbles.Test) {
				src := marbles.Hot[string](m, tt.source)
				marbles.Expect(m, windowsOf(operators.Window[string](tt.n, tt.opts...)(src.Observable))).ToBe(tt.want, listed(tt.where))
			})
		})
	}
}

func ExampleWindow() {
	sums := operators.MergeMap(func(w observable.Observable[int]) observable.Observable[string] {
		sum := operators.Scan(0, func(sum, n int) int { return sum + n })(w)
		return operators.Map(func(n int) string { return fmt.Sprint("=", n) })(sum)
	})
	all, err := observable.Pipe2(observable.Range(1, 6), operators.Window[int](3), sums).Collect(context.Background())
	fmt.Println(all, err)
	// Output: [=1 =3 =6 =4 =9 =15] <nil>
}

// A subscriber of windows keeps what it gets, and subscribes to it at once.
type windowKeeper struct {
	*marbles.TestSubscriber[observable.Observable[int]]
	windows []*marbles.TestSubscriber[int]
}

func keepWindows(t *testing.T, start, each int64) *windowKeeper {
	k := &windowKeeper{TestSubscriber: marbles.NewTestSubscriber[observable.Observable[int]](t, start)}
	k.Each = func(w observable.Observable[int]) {
		sub := marbles.NewTestSubscriber[int](t, each)
		k.windows = append(k.windows, sub)
		w.Subscribe(t.Context(), sub)
	}
	return k
}

func (k *windowKeeper) values() (all [][]int) {
	for _, w := range k.windows {
		all = append(all, w.Values())
	}
	return all
}

// Windows that were not requested wait with what they hold, and the source
// with them.
func TestWindowsWaitForDemand(t *testing.T) {
	bothWays(t, func() {
		src, k := marbles.NewTestSource[int](), keepWindows(t, 0, observable.Unbounded)
		operators.Window[int](2, operators.Prefetch(4))(src.Observable).Subscribe(t.Context(), k)
		for v := range 4 {
			src.Next(v)
		}
		diff(t, "requests", src.Requests(), []int64{4})
		k.Request(1)
		diff(t, "windows", k.values(), [][]int{{0, 1}})
		ended(t, k.windows[0], nil)
		diff(t, "requests", src.Requests(), []int64{4}) // two are used, and nobody waits for more
		k.Request(1)
		diff(t, "requests", src.Requests(), []int64{4, 4})
		src.Next(4)
		src.Complete()
		running(t, k)
		k.Request(1)
		ended(t, k, nil)
		diff(t, "windows", k.values(), [][]int{{0, 1}, {2, 3}, {4}})
	})
}

// Behaviour 8: a slow window slows the source down, by three quarters.
func TestWindowRequests(t *testing.T) {
	bothWays(t, func() {
		src, k := marbles.NewTestSource[int](), keepWindows(t, 9, 0)
		operators.Window[int](100, operators.Prefetch(8))(src.Observable).Subscribe(t.Context(), k)
		for v := range 8 {
			src.Next(v)
		}
		k.windows[0].Request(5)
		diff(t, "requests", src.Requests(), []int64{8})
		k.windows[0].Request(1)
		diff(t, "requests", src.Requests(), []int64{8, 6})
		k.windows[0].Request(observable.Unbounded)
		for v := range 6 {
			src.Next(8 + v)
		}
		diff(t, "requests", src.Requests(), []int64{8, 6, 6})
		diff(t, "values", len(k.windows[0].Values()), 14)
		k.Cancel()
		k.windows[0].Cancel()
		diff(t, "cancels", src.Cancels(), 1)
	})
}

// Behaviour 35: the windows that are open at a cancel live on until they end;
// the source is cancelled with the last one.
func TestBehaviour35_WindowsOutliveTheStreamOfThem(t *testing.T) {
	src := marbles.NewTestSource[int]()
	o := observable.Pipe2(src.Observable, operators.Window[int](3), operators.Take[observable.Observable[int]](2))
	k := keepWindows(t, 9, 9)
	o.Subscribe(t.Context(), k)
	for v := range 5 {
		src.Next(v)
	}
	ended(t, k, nil)
	diff(t, "cancels", src.Cancels(), 0)
	src.Next(5)
	diff(t, "cancels", src.Cancels(), 1)
	diff(t, "windows", k.values(), [][]int{{0, 1, 2}, {3, 4, 5}})
	ended(t, k.windows[1], nil)
}

// Behaviour 35: a window that nobody subscribes to stalls nothing, and what it
// held is reported.
func TestBehaviour35_AbandonedWindows(t *testing.T) {
	t.Run("while others wait", func(t *testing.T) {
		var d discards
		k, src := keepWindows(t, 9, 9), marbles.NewTestSource[int]()
		var ignored observable.Observable[int]
		second := k.Each
		k.Each = func(w observable.Observable[int]) { ignored, k.Each = w, second }
		operators.Window[int](3, operators.Prefetch(2))(src.Observable).Subscribe(d.context(), k)
		for v := range 5 {
			src.Next(v)
		}
		diff(t, "windows", k.values(), [][]int{{3, 4}})
		diff(t, "discarded", d.got, []string{"0 overflow", "1 overflow", "2 overflow"})
		late := marbles.NewTestSubscriber[int](t, 1)
		ignored.Subscribe(t.Context(), late)
		ended(t, late, operators.ErrAbandoned)
		src.Complete()
	})
	t.Run("in time", func(t *testing.T) { // the queue holds it
		sub := marbles.NewTestSubscriber[observable.Observable[int]](t, 9)
		operators.Window[int](3)(observable.Range(0, 4)).Subscribe(t.Context(), sub)
		ended(t, sub, nil)
		for i, want := range [][]int{{0, 1, 2}, {3}} {
			got, err := sub.Values()[i].Collect(t.Context())
			diff(t, "window", got, want)
			diff(t, "error", err, nil)
		}
		late := marbles.NewTestSubscriber[int](t, 1)
		sub.Values()[0].Subscribe(t.Context(), late)
		ended(t, late, operators.ErrOneSubscriber)
	})
	t.Run("at a cancel", func(t *testing.T) {
		var d discards
		src, sub := marbles.NewTestSource[int](), marbles.NewTestSubscriber[observable.Observable[int]](t, 9)
		operators.Window[int](3)(src.Observable).Subscribe(d.context(), sub)
		src.Next(0)
		sub.Cancel()
		diff(t, "cancels", src.Cancels(), 1)
		diff(t, "discarded", d.got, []string{"0 cancel"})
		late := marbles.NewTestSubscriber[int](t, 1)
		sub.Values()[0].Subscribe(t.Context(), late)
		ended(t, late, operators.ErrAbandoned)
	})
}

// Windows that overlap, taken one at a time, need a prefetch that spans them.
func TestWindowStall(t *testing.T) {
	for prefetch, want := range map[int]error{3: &operators.StallError{}, 6: nil} {
		sub := marbles.NewTestSubscriber[int](t, observable.Unbounded)
		observable.Pipe2(observable.Range(0, 12), operators.Window[int](6, operators.Step(2), operators.Prefetch(prefetch)),
			operators.ConcatMap(same[observable.Observable[int]])).Subscribe(t.Context(), sub)
		is, err := sub.Ended()
		if _, stalled := errors.AsType[*operators.StallError](err); !is || stalled != (want != nil) {
			t.Errorf("with a prefetch of %d: ended %t with %v", prefetch, is, err)
		}
	}
}

// An error comes behind what a window holds.
func TestWindowError(t *testing.T) {
	src, k := marbles.NewTestSource[int](), keepWindows(t, 9, 1)
	operators.Window[int](3)(src.Observable).Subscribe(t.Context(), k)
	src.Next(0)
	src.Next(1)
	src.Error(errTest)
	ended(t, k, errTest)
	running(t, k.windows[0])
	k.windows[0].Request(1)
	ended(t, k.windows[0], errTest)
	diff(t, "windows", k.values(), [][]int{{0, 1}})
}

// A value is given up if no window delivers it, and reported once.
func TestWindowOverlapDiscards(t *testing.T) {
	var d discards
	src, k := marbles.NewTestSource[int](), keepWindows(t, 9, 1)
	operators.Window[int](4, operators.Step(2))(src.Observable).Subscribe(d.context(), k)
	for v := range 4 {
		src.Next(v)
	}
	diff(t, "windows", k.values(), [][]int{{0}, {2}, nil})
	k.windows[0].Cancel() // holds 1, 2 and 3
	diff(t, "discarded", d.got, []string{"1 cancel"})
	k.windows[1].Cancel() // holds 3
	diff(t, "discarded", d.got, []string{"1 cancel", "3 cancel"})
	k.windows[2].Cancel()
	src.Next(4)
	diff(t, "discarded", d.got, []string{"1 cancel", "3 cancel", "4 late"})
	k.Cancel()
	diff(t, "cancels", src.Cancels(), 1)
}

func TestWindowOverflow(t *testing.T) {
	src, k := marbles.NewTestSource[int](marbles.Overruns), keepWindows(t, 9, 0)
	operators.Window[int](9, operators.Prefetch(2))(src.Observable).Subscribe(t.Context(), k)
	for v := range 3 {
		src.Next(v)
	}
	_, err := k.Ended()
	if overflow, ok := errors.AsType[*observable.OverflowError](err); !ok || overflow.Op != "Window" || overflow.Capacity != 2 || src.Cancels() != 1 {
		t.Errorf("ended with %v after %d cancels", err, src.Cancels())
	}
	k.windows[0].Request(9)
	diff(t, "windows", k.values(), [][]int{{0, 1}})
}

// A subscriber that leaves its goroutine, or panics, takes its window with it
// and nothing else.
func TestBehaviour29_WindowSubscriberLeaves(t *testing.T) {
	for name, leave := range map[string]func(){"Goexit": runtime.Goexit, "panic": func() { panic("one") }} {
		t.Run(name, func(t *testing.T) {
			src, k := marbles.NewTestSource[int](), keepWindows(t, 9, 9)
			bad := marbles.NewTestSubscriber[int](t, 9)
			bad.Each = func(v int) {
				if v == 1 {
					leave()
				}
			}
			others := k.Each
			k.Each = func(w observable.Observable[int]) {
				w.Subscribe(t.Context(), bad.Outside())
				k.Each = others
			}
			operators.Window[int](4, operators.Step(1))(src.Observable).Subscribe(t.Context(), k)
			for v := range 3 {
				exits(func() { src.Next(v) })
			}
			src.Complete()
			ended(t, k, nil)
			diff(t, "windows", k.values(), [][]int{{1, 2}, {2}, nil})
			diff(t, "the bad one", bad.Values(), []int{0, 1})
			if is, err := bad.Ended(); !is || err == nil {
				t.Errorf("the bad one ended %t with %v", is, err)
			}
		})
	}
}

func TestWindowOptions(t *testing.T) {
	for want, call := range map[string]func(){
		"operators: Window of a non-positive count (0)":       func() { operators.Window[int](0) },
		"operators: Window with a non-positive Step (0)":      func() { operators.Window[int](1, operators.Step(0)) },
		"operators: Window with a non-positive Prefetch (-1)": func() { operators.Window[int](1, operators.Prefetch(-1)) },
	} {
		func() {
			defer func() { diff(t, "panic", recover(), any(want)) }()
			call()
		}()
	}
}

// L9: what a window holds is accounted for if the subscriber panics over it.
func TestWindowPanicsWhileItIsEmitted(t *testing.T) {
	ledger, src := marbles.NewLedger(t), marbles.NewTestSource[*marbles.Tracked]()
	sub := marbles.NewTestSubscriber[observable.Observable[*marbles.Tracked]](t, 0)
	sub.Each = func(observable.Observable[*marbles.Tracked]) { panic("boom") }
	operators.Window[*marbles.Tracked](3)(src.Observable).Subscribe(ledger.Context(t.Context()), sub)
	src.Next(ledger.Produce())
	src.Next(ledger.Produce())
	sub.Request(1)
	if got := ledger.Discarded(observable.DiscardError); got != 2 {
		t.Errorf("%d values discarded, want 2", got)
	}
}
