package operators_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"weak"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// Behaviour 16: whoever leaves inside OnSubscribe is not counted, nor does it
// start the source.
func TestBehaviour16_ShareReplayCancelInsideOnSubscribe(t *testing.T) {
	for name, shared := range map[string]intOp{
		"going on":    operators.ShareReplay[int](1),
		"ref counted": operators.ShareReplay[int](1, operators.RefCounted),
	} {
		t.Run(name, func(t *testing.T) {
			src := marbles.NewTestSource[int]()
			o := shared(src.Observable)
			o.Subscribe(context.Background(), quitter{})
			diff(t, "subscriptions", src.Subscriptions(), 0)
			a := unbounded(t, o)
			diff(t, "subscriptions", src.Subscriptions(), 1)
			src.Next(1)
			o.Subscribe(context.Background(), quitter{})
			diff(t, "values", a.Values(), []int{1})
			a.Cancel()
			want := 1
			if name == "going on" {
				want = 0
			}
			diff(t, "cancels", src.Cancels(), want)
		})
	}
}

// Behaviour 29, L11: also in what is replayed, and at the end.
func TestBehaviour29_ShareReplayPanics(t *testing.T) {
	for name, fault := range map[string]func(int){
		"panic":  func(int) { panic("boom") },
		"goexit": func(int) { runtime.Goexit() },
	} {
		t.Run(name, func(t *testing.T) {
			linkedAndNot(t, func(t *testing.T) {
				src := marbles.NewTestSource[int]()
				shared := operators.ShareReplay[int](3)(src.Observable)
				good := unbounded(t, shared)
				src.Next(1)
				src.Next(2)
				bad := marbles.NewTestSubscriber[int](t, observable.Unbounded)
				bad.Each = func(v int) {
					if v == 2 {
						fault(v)
					}
				}
				exits(func() { shared.Subscribe(context.Background(), bad) })
				var p *observable.PanicError
				if is, err := bad.Ended(); !is || !errors.As(err, &p) {
					t.Errorf("ended %t with %v, want a PanicError", is, err)
				}
				src.Next(3)
				src.Complete()
				diff(t, "values", [][]int{good.Values(), bad.Values()}, [][]int{{1, 2, 3}, {1, 2}})
				ended(t, good, nil)
			})
		})
	}
	t.Run("goexit at the end", func(t *testing.T) {
		src := marbles.NewTestSource[int]()
		shared := operators.Share(src.Observable)
		shared.Subscribe(context.Background(), &returner{runtime.Goexit})
		good := unbounded(t, shared)
		exits(src.Complete)
		ended(t, good, nil)
	})
}

// L16: an error that nobody is there for goes to the hook.
func TestShareReplayReportsAnUnheardError(t *testing.T) {
	var dropped []error
	ctx := observable.WithDroppedError(context.Background(), func(err error) { dropped = append(dropped, err) })
	src := marbles.NewTestSource[int]()
	shared := operators.ShareReplay[int](1)(src.Observable)
	a := marbles.NewTestSubscriber[int](t, 1)
	shared.Subscribe(ctx, a)
	a.Cancel()
	src.Error(errInner)
	if len(dropped) != 1 || !errors.Is(dropped[0], errInner) {
		t.Errorf("dropped %v, want the error", dropped)
	}
}

// Behaviour 30: what was remembered is forgotten when the last one leaves, also
// if the source does not let go of its subscriber.
func TestBehaviour30_ShareReplayForgets(t *testing.T) {
	var refs []weak.Pointer[[64]byte]
	src := marbles.NewTestSource[*[64]byte]()
	sub := &forgetful{refs: &refs}
	operators.ShareReplay[*[64]byte](2, operators.RefCounted)(src.Observable).Subscribe(t.Context(), sub)
	sub.sub.Request(3)
	for range 3 {
		src.Next(new([64]byte))
	}
	sub.sub.Cancel()
	runtime.GC()
	for i, ref := range refs {
		if ref.Value() != nil {
			t.Errorf("value %d of %d is still reachable", i+1, len(refs))
		}
	}
	runtime.KeepAlive(src)
}

func TestShareReplayOfEverything(t *testing.T) {
	shared := operators.ShareReplay[int](operators.Unlimited)(observable.Range(0, 1000))
	for range 2 {
		all, err := shared.Collect(context.Background())
		if len(all) != 1000 || err != nil {
			t.Errorf("%d values, error %v", len(all), err)
		}
	}
}

func TestShareReplayArguments(t *testing.T) {
	for want, call := range map[string]func(){
		"operators: ShareReplay of 0 values; it is at least 1, or Unlimited":       func() { operators.ShareReplay[int](0) },
		"operators: ShareReplay with a nil option; leave it out":                   func() { operators.ShareReplay[int](1, nil) },
		"operators: ShareReplay with the unknown Lifetime(7); there is RefCounted": func() { operators.ShareReplay[int](1, operators.Lifetime(7)) },
		"operators: MaxAge of a non-positive duration (0s)":                        func() { operators.MaxAge(0) },
	} {
		func() {
			defer func() { diff(t, "panic", recover(), any(want)) }()
			call()
		}()
	}
}
