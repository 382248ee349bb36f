package observable_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/sluicego/sluice/observable"
)

// A handle is the subscription of a source made by a test. It does nothing but
// count.
type handle struct {
	requested atomic.Int64
	cancels   atomic.Int32
	onRequest func(int64)
}

func (h *handle) Request(n int64) {
	h.requested.Add(n)
	if h.onRequest != nil {
		h.onRequest(n)
	}
}

func (h *handle) Cancel() { h.cancels.Add(1) }

func (h *handle) expect(t *testing.T, cancels int32) {
	t.Helper()
	if n := h.cancels.Load(); n != cancels {
		t.Errorf("upstream was cancelled %d times, want %d", n, cancels)
	}
}

type intSubscriber = observable.Subscriber[int]

// by makes a source that subscribes with h and then does what it likes.
func by(h *handle, source func(s intSubscriber)) observable.Observable[int] {
	return observable.New(func(_ context.Context, s intSubscriber) {
		s.OnSubscribe(h)
		source(s)
	})
}

// Behaviour 13 and L1.
func TestBehaviour13_SecondOnSubscribe(t *testing.T) {
	ctx, errs := dropped(t.Context())
	var first, second handle
	p := subscribe(ctx, by(&first, func(s intSubscriber) {
		s.OnSubscribe(&second)
		s.OnNext(1)
		s.OnComplete()
	}), 1)
	p.expectComplete(t, 1)
	first.expect(t, 0)
	second.expect(t, 1)
	if got := errs(); len(got) != 1 || !isProtocolError(got[0], "L1") {
		t.Errorf("dropped %v", got)
	}
}

func isProtocolError(err error, law string) bool {
	var p *observable.ProtocolError
	return errors.As(err, &p) && p.Law == law
}

// Behaviour 13: a source that forgets OnSubscribe.
func TestBehaviour13_NoOnSubscribe(t *testing.T) {
	for name, signal := range map[string]func(intSubscriber){
		"OnNext":     func(s intSubscriber) { s.OnNext(1) },
		"OnError":    func(s intSubscriber) { s.OnError(errTest) },
		"OnComplete": func(s intSubscriber) { s.OnComplete() },
	} {
		ctx, _ := dropped(t.Context())
		p := subscribe(ctx, observable.New(func(_ context.Context, s intSubscriber) { signal(s) }), 1)
		if err := failure[*observable.ProtocolError](t, p); err.Law != "L1" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Behaviour 14 and L4: what comes after the end.
func TestBehaviour14_LateSignals(t *testing.T) {
	var l ledger
	var h handle
	ctx, errs := dropped(l.context(t.Context()))
	p := subscribe(ctx, by(&h, func(s intSubscriber) {
		s.OnNext(1)
		s.OnComplete()
		s.OnNext(2)
		s.OnError(errTest)
		s.OnComplete()
	}), 5)
	p.up.Request(1)
	p.up.Request(0)
	p.up.Cancel()
	p.expectComplete(t, 1)
	l.expect(t, entry{2, observable.DiscardLate})
	if got := errs(); len(got) != 1 || !errors.Is(got[0], errTest) {
		t.Errorf("dropped %v", got)
	}
	h.expect(t, 0)
	if n := h.requested.Load(); n != 5 {
		t.Errorf("%d were requested", n)
	}
}

// Behaviours 15 and 17, L7: a source that does not heed the cancel.
func TestBehaviour15_DeafSource(t *testing.T) {
	var l ledger
	var h handle
	ctx, errs := dropped(l.context(t.Context()))
	p := newProbe[int](9)
	p.onNext = func(int) {
		for range 3 {
			p.up.Cancel()
		}
	}
	by(&h, func(s intSubscriber) {
		s.OnNext(1)
		s.OnNext(2)
		s.OnError(errTest)
	}).Subscribe(ctx, p)
	p.expectLive(t, 1)
	l.expect(t, entry{2, observable.DiscardLate})
	h.expect(t, 1)
	if len(errs()) != 1 {
		t.Errorf("dropped %v", errs())
	}
}

// Behaviour 10 and L2: more than was requested.
func TestBehaviour10_Overrun(t *testing.T) {
	var l ledger
	var h handle
	p := subscribe(l.context(t.Context()), by(&h, func(s intSubscriber) {
		for i := range 5 {
			s.OnNext(i)
		}
		s.OnComplete()
	}), 2)
	if err := failure[*observable.OverflowError](t, p, 0, 1); err.Op != "New" {
		t.Errorf("error %v", err)
	}
	h.expect(t, 1)
	l.expect(t, entry{2, observable.DiscardOverflow}, entry{3, observable.DiscardLate}, entry{4, observable.DiscardLate})
}

// L3: signals that overlap, from two goroutines.
func TestOverlap(t *testing.T) {
	for name, second := range map[string]func(intSubscriber){
		"OnNext":     func(s intSubscriber) { s.OnNext(2) },
		"OnComplete": func(s intSubscriber) { s.OnComplete() },
	} {
		t.Run(name, func(t *testing.T) {
			var h handle
			var s intSubscriber
			p := newProbe[int](9)
			p.onNext = func(int) {
				done := make(chan struct{})
				go func() {
					defer close(done)
					second(s)
				}()
				<-done
			}
			by(&h, func(down intSubscriber) {
				s = down
				s.OnNext(1)
			}).Subscribe(t.Context(), p)
			if err := failure[*observable.ProtocolError](t, p, 1); err.Law != "L3" {
				t.Errorf("error %v", err)
			}
			h.expect(t, 1)
		})
	}
}

// An error that comes from elsewhere waits for the value.
func TestErrorWhileBusy(t *testing.T) {
	var h handle
	var s intSubscriber
	p := newProbe[int](9)
	inside := false
	p.onNext = func(int) {
		inside = true
		done := make(chan struct{})
		go func() {
			defer close(done)
			s.OnError(errTest)
		}()
		<-done
		inside = false
	}
	p.onEnd = func() {
		if inside {
			t.Error("OnError inside OnNext")
		}
	}
	by(&h, func(down intSubscriber) {
		s = down
		s.OnNext(1)
		s.OnNext(2)
	}).Subscribe(t.Context(), p)
	p.expect(t, 1)
	if !errors.Is(p.err(), errTest) {
		t.Errorf("error %v", p.err())
	}
}

// gated are the kinds of source that a gate can face.
var gated = map[string]observable.Observable[int]{
	"trusted": observable.Range(1, 2),
	"strange": observable.New(func(ctx context.Context, s intSubscriber) { observable.Range(1, 2).Subscribe(ctx, s) }),
	"foreign": by(new(handle), func(s intSubscriber) {
		s.OnNext(1)
		s.OnNext(2)
		s.OnComplete()
	}),
}

// Behaviour 29: panics and Goexit in each callback.
func TestBehaviour29_CallbacksPanic(t *testing.T) {
	leave := map[string]func(){"panic": func() { panic(errTest) }, "Goexit": runtime.Goexit}
	for source, o := range gated {
		for way, leave := range leave {
			t.Run(source+" "+way, func(t *testing.T) {
				ctx, errs := dropped(t.Context())
				run := func(p *probe[int]) {
					done := make(chan struct{})
					go func() {
						defer close(done)
						o.Subscribe(ctx, p)
					}()
					<-done
				}
				p := newProbe[int](0)
				p.onSubscribe = func(observable.Subscription) { leave() }
				run(p)
				expectError[*observable.PanicError](t, p)

				p = newProbe[int](9)
				p.onNext = func(int) { leave() }
				run(p)
				expectError[*observable.PanicError](t, p, 1)

				p = newProbe[int](9)
				p.onEnd = leave
				run(p)
				p.expect(t, 1, 2)
				if p.completed != 1 || len(p.errs) != 0 {
					t.Errorf("completed %d, errors %v", p.completed, p.errs)
				}
				if got := errs(); way == "panic" && (len(got) != 1 || !errors.Is(got[0], errTest)) || way != "panic" && len(got) != 0 {
					t.Errorf("dropped %v", got)
				}
			})
		}
	}
}

func TestBehaviour29_SubscribePanics(t *testing.T) {
	before := observable.New(func(context.Context, intSubscriber) { panic(errTest) })
	expectError[*observable.PanicError](t, subscribe(t.Context(), before, 1))
	var h handle
	after := by(&h, func(intSubscriber) { panic(errTest) })
	expectError[*observable.PanicError](t, subscribe(t.Context(), after, 1))
	h.expect(t, 1)
	lifted := observable.Lift(func(context.Context, intSubscriber) intSubscriber { panic(errTest) })
	expectError[*observable.PanicError](t, subscribe(t.Context(), lifted(observable.Of(1)), 1))
}

func TestNilArguments(t *testing.T) {
	for _, bad := range []func(intSubscriber){
		func(s intSubscriber) { s.OnSubscribe(nil) },
		func(s intSubscriber) {
			s.OnSubscribe(new(handle))
			s.OnError(nil)
		},
	} {
		p := subscribe(t.Context(), observable.New(func(_ context.Context, s intSubscriber) { bad(s) }), 1)
		expectError[*observable.PanicError](t, p)
	}
}

// Behaviour 40: a ctx that ends in the middle cancels once, and silently.
func TestBehaviour40_ContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		var h handle
		p := subscribe(ctx, by(&h, func(s intSubscriber) { s.OnNext(1) }), 2)
		cancel()
		p.up.Cancel()
		synctest.Wait()
		h.expect(t, 1)
		p.expectLive(t, 1)
	})
}

// Behaviour 40: a ctx that ends before the source calls OnSubscribe.
func TestBehaviour40_ContextEndsBeforeOnSubscribe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		var h handle
		var l ledger
		p := newProbe[int](1)
		observable.New(func(_ context.Context, s intSubscriber) {
			cancel()
			synctest.Wait()
			s.OnSubscribe(&h)
			s.OnNext(1)
		}).Subscribe(l.context(ctx), p)
		p.expectLive(t)
		h.expect(t, 1)
		l.expect(t, entry{1, observable.DiscardLate})
	})
}

// L14: when the stream has ended nobody listens to the ctx any more.
func TestContextIsUnhooked(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	for _, end := range []func(intSubscriber){
		intSubscriber.OnComplete,
		func(s intSubscriber) { s.OnError(errTest) },
	} {
		var h handle
		p := subscribe(ctx, by(&h, end), 1)
		<-p.done
		defer h.expect(t, 0)
	}
	cancel()
}

// Behaviour 17: everything at once, towards a source that is not ours.
func TestBehaviour17_GateRace(t *testing.T) {
	for range 500 {
		var l ledger
		var h handle
		ctx, _ := dropped(l.context(t.Context()))
		ctx, cancel := context.WithCancel(ctx)
		var s intSubscriber
		p := subscribe(ctx, by(&h, func(down intSubscriber) { s = down }), 3)
		var wg sync.WaitGroup
		for _, f := range []func(){
			func() {
				for i := range 5 {
					s.OnNext(i)
				}
				s.OnComplete()
			},
			func() { p.up.Request(1) },
			func() { p.up.Request(0) },
			p.up.Cancel,
			cancel,
		} {
			wg.Go(f)
		}
		wg.Wait()
		p.up.Cancel()
		if b := p.broken.Load(); b != nil {
			t.Fatal(*b)
		}
		seen := p.got()
		for _, e := range l.got() {
			seen = append(seen, e.Value.(int))
		}
		slices.Sort(seen)
		if !slices.Equal(seen, numbers(5)) {
			t.Fatalf("accounted for: %v", seen)
		}
	}
}
