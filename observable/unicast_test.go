package observable_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"weak"

	"github.com/sluicego/sluice/observable"
)

func ExampleUnicast() {
	u := observable.NewUnicast[string](8)
	u.Next("a")
	u.Next("b")
	u.Subscribe(context.Background(), printer[string]{"only"})
	u.Next("c")
	u.Subscribe(context.Background(), printer[string]{"other"})
	u.Complete()
	// Output:
	// only: a
	// only: b
	// only: c
	// other: observable: a Unicast has one subscriber; use a Subject or a Replay, or share it
	// only: done
}

func TestUnicastPanics(t *testing.T) {
	mustPanicWith(t, "observable: NewUnicast with a capacity of 0; it is at least 1, or Unlimited", func() { observable.NewUnicast[int](0) })
}

// Behaviours 21 and 22: the buffer holds exactly what it says, and comes before
// the error.
func TestBehaviour21_UnicastCapacity(t *testing.T) {
	for _, capacity := range []int{1, 2, 3, 7, 9, 1000} {
		t.Run(fmt.Sprint(capacity), func(t *testing.T) {
			var l ledger
			u := observable.NewUnicast[int](capacity)
			p := subscribe(l.context(t.Context()), u.Observable, 0)
			var want []int
			for i := range capacity {
				u.Next(i)
				want = append(want, i)
			}
			p.expectLive(t)
			u.Next(-1)
			u.Next(-2)
			p.expectLive(t)
			l.expect(t, entry{-1, observable.DiscardOverflow}, entry{-2, observable.DiscardLate})
			p.up.Request(observable.Unbounded)
			err := failure[*observable.OverflowError](t, p, want...)
			if err.Op != "NewUnicast" || err.Capacity != int64(capacity) {
				t.Errorf("error: %v", err)
			}
		})
	}
}

func TestUnicastUnlimited(t *testing.T) {
	u := observable.NewUnicast[int](observable.Unlimited)
	for i := range 10_000 {
		u.Next(i)
	}
	u.Complete()
	if got, err := u.Collect(t.Context()); len(got) != 10_000 || err != nil {
		t.Errorf("%d values, error %v", len(got), err)
	}
}

// Behaviour 11: the end waits behind the buffer, then needs no demand.
func TestBehaviour11_UnicastEnd(t *testing.T) {
	u := observable.NewUnicast[int](2)
	u.Next(1)
	u.Next(2)
	u.Error(errTest)
	p := subscribe(t.Context(), u.Observable, 1)
	p.expectLive(t, 1)
	p.up.Request(1)
	p.expect(t, 1, 2)
	if !errors.Is(p.err(), errTest) {
		t.Errorf("error %v", p.err())
	}
	if _, err := u.Collect(t.Context()); !errors.Is(err, observable.ErrAlreadySubscribed) {
		t.Errorf("error %v", err)
	}
}

func TestUnicastDiscards(t *testing.T) {
	var l ledger
	u := observable.NewUnicast[int](4)
	u.Next(1)
	u.Next(2)
	p := subscribe(l.context(t.Context()), u.Observable, 1)
	p.up.Cancel()
	u.Next(3)
	p.expectLive(t, 1)
	l.expect(t, entry{2, observable.DiscardCancel}, entry{3, observable.DiscardLate})
}

// Behaviour 29.
func TestBehaviour29_UnicastPanics(t *testing.T) {
	var l ledger
	u := observable.NewUnicast[int](4)
	p := newProbe[int](0)
	p.onNext = func(int) { panic(errTest) }
	u.Subscribe(l.context(t.Context()), p)
	u.Next(1)
	u.Next(2)
	p.up.Request(2)
	u.Next(3)
	expectError[*observable.PanicError](t, p, 1)
	l.expect(t, entry{2, observable.DiscardError}, entry{3, observable.DiscardLate})
}

// Behaviour 30.
func TestBehaviour30_UnicastForgetsValues(t *testing.T) {
	u := observable.NewUnicast[*[64]int](8)
	var refs []weak.Pointer[[64]int]
	func() {
		for range 3 {
			v := new([64]int)
			refs = append(refs, weak.Make(v))
			u.Next(v)
		}
	}()
	up := make(chan observable.Subscription, 1)
	u.Subscribe(t.Context(), forgetful{up})
	s := <-up
	s.Request(1)
	runtime.GC()
	if refs[0].Value() != nil {
		t.Error("the value that was delivered is still there")
	}
	if refs[1].Value() == nil {
		t.Error("a value that waits is gone")
	}
	s.Cancel()
	runtime.GC()
	if refs[2].Value() != nil {
		t.Error("a value that was discarded is still there")
	}
	u.Complete()
}

// Behaviour 16, and bug class 21: a subscriber that has ended or left is not
// kept, whichever way it did, although its place stays taken.
func TestUnicastForgetsSubscriber(t *testing.T) {
	type unicast = *observable.Unicast[int]
	for name, end := range map[string]func(unicast, observable.Subscription){
		"cancel":      func(_ unicast, up observable.Subscription) { up.Cancel() },
		"bad request": func(_ unicast, up observable.Subscription) { up.Request(0) },
		"panic":       func(u unicast, up observable.Subscription) { up.Request(1); u.Next(1) },
		"overflow":    func(u unicast, up observable.Subscription) { u.Next(2); u.Next(3); up.Request(1) },
		"error":       func(u unicast, _ observable.Subscription) { u.Error(errTest) },
		"completion":  func(u unicast, _ observable.Subscription) { u.Complete() },
	} {
		t.Run(name, func(t *testing.T) {
			u := observable.NewUnicast[int](1)
			ref := func() weak.Pointer[probe[int]] {
				p := newProbe[int](0)
				p.onNext = func(v int) {
					if v == 1 {
						panic(errTest)
					}
				}
				u.Subscribe(t.Context(), p)
				end(u, p.up)
				if name != "cancel" && !p.ended() {
					t.Error("not ended")
				}
				return weak.Make(p)
			}()
			runtime.GC()
			if ref.Value() != nil {
				t.Error("the subscriber is still there")
			}
			if _, err := u.Collect(t.Context()); !errors.Is(err, observable.ErrAlreadySubscribed) {
				t.Errorf("error of another subscriber: %v", err)
			}
		})
	}
}

// A forgetful subscriber keeps no value.
type forgetful struct{ up chan observable.Subscription }

func (f forgetful) OnSubscribe(s observable.Subscription) { f.up <- s }
func (forgetful) OnNext(*[64]int)                         {}
func (forgetful) OnError(error)                           {}
func (forgetful) OnComplete()                             {}

func TestUnicastEmitWaitsForRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := observable.NewUnicast[int](1)
		if err := u.Emit(t.Context(), 1); err != nil {
			t.Error(err)
		}
		result := make(chan error, 1)
		go func() { result <- u.Emit(t.Context(), 2) }()
		synctest.Wait()
		p := subscribe(t.Context(), u.Observable, 1)
		synctest.Wait()
		p.expectLive(t, 1)
		if err := <-result; err != nil {
			t.Error(err)
		}
		p.up.Request(1)
		p.expectLive(t, 1, 2)
	})
}

// Behaviour 20: next, request, cancel and complete at once; every value is
// delivered or discarded, once.
func TestBehaviour20_UnicastRace(t *testing.T) {
	for range 500 {
		var l ledger
		u := observable.NewUnicast[int](4)
		p := subscribe(l.context(t.Context()), u.Observable, 0)
		const n = 3
		var wg sync.WaitGroup
		wg.Go(func() {
			for i := range n {
				u.Next(i)
			}
		})
		wg.Go(func() { p.up.Request(2) })
		wg.Go(p.up.Cancel)
		wg.Wait()
		u.Complete()
		seen := make(map[int]int)
		for _, v := range p.got() {
			seen[v]++
		}
		for _, e := range l.got() {
			seen[e.Value.(int)]++
		}
		for i := range n {
			if seen[i] != 1 {
				t.Fatalf("value %d was accounted for %d times: got %v, discarded %v", i, seen[i], p.got(), l.got())
			}
		}
	}
}

// An error behind the buffer disappeared when the subscriber left before it.
func TestUnicastErrorThatWaitsIsDroppedWithItsSubscriber(t *testing.T) {
	failed := errors.New("the producer failed")
	for name, tt := range map[string]struct {
		then func(up observable.Subscription)
		want []error
	}{
		"cancel":      {observable.Subscription.Cancel, []error{failed}},
		"bad request": {func(up observable.Subscription) { up.Request(-1) }, []error{failed}},
		"its end":     {func(up observable.Subscription) { up.Request(1) }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var dropped []error
			ctx := observable.WithDroppedError(t.Context(), func(err error) { dropped = append(dropped, err) })
			u := observable.NewUnicast[int](8)
			u.Next(1)
			u.Error(failed)
			tt.then(subscribe(ctx, u.Observable, 0).up)
			if !slices.Equal(dropped, tt.want) {
				t.Errorf("dropped errors %v, want %v", dropped, tt.want)
			}
		})
	}
}
