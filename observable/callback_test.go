package observable_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/sluicego/sluice/observable"
)

func ExampleFromCallback() {
	var press func(key string) // some keyboard
	keys := observable.FromCallback(func(listener func(string)) func() {
		press = listener
		return func() { press = nil }
	})
	keys.Subscribe(context.Background(), printer[string]{"first"})
	press("a")
	press("b")
	// Output:
	// first: a
	// first: b
}

// An eventSource has listeners.
type eventSource struct {
	mu                  sync.Mutex
	listeners           map[int]func(int)
	registered, removed int
}

func (e *eventSource) register(listener func(int)) func() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.listeners == nil {
		e.listeners = make(map[int]func(int))
	}
	id := e.registered
	e.registered++
	e.listeners[id] = listener
	return func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.removed++
		delete(e.listeners, id)
	}
}

func (e *eventSource) fire(v int) {
	e.mu.Lock()
	var all []func(int)
	for _, l := range e.listeners {
		all = append(all, l)
	}
	e.mu.Unlock()
	for _, l := range all {
		l(v)
	}
}

func (e *eventSource) expect(t *testing.T, registered, removed int) {
	t.Helper()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.registered != registered || e.removed != removed {
		t.Errorf("registered %d times, removed %d times; want %d and %d", e.registered, e.removed, registered, removed)
	}
}

func TestFromCallback(t *testing.T) {
	var e eventSource
	o := observable.FromCallback(e.register)
	p := subscribe(t.Context(), o, observable.Unbounded)
	q := subscribe(t.Context(), o, 2)
	e.fire(1)
	p.up.Cancel()
	p.up.Cancel()
	e.fire(2)
	p.expectLive(t, 1)
	q.expectLive(t, 1, 2)
	e.expect(t, 2, 1)
	var l ledger
	r := subscribe(l.context(t.Context()), o, 0)
	e.fire(3)
	for _, p := range []*probe[int]{q, r} {
		err := failure[*observable.OverflowError](t, p, p.got()...)
		if err.Op != "FromCallback" || !strings.Contains(err.Site, "callback_test.go:") {
			t.Errorf("error %v", err)
		}
	}
	l.expect(t, entry{3, observable.DiscardOverflow})
	e.expect(t, 3, 3)
}

// Events from inside register, and an end from inside it.
func TestFromCallbackInRegister(t *testing.T) {
	removed := 0
	o := observable.FromCallback(func(listener func(int)) func() {
		listener(1)
		listener(2)
		return func() { removed++ }
	})
	if v, err := o.FirstValue(t.Context()); v != 1 || err != nil || removed != 1 {
		t.Errorf("%d, %v, removed %d times", v, err, removed)
	}
	p := newProbe[int](1)
	p.onSubscribe = observable.Subscription.Cancel
	observable.FromCallback(func(func(int)) func() { panic("registered") }).Subscribe(t.Context(), p)
	p.expectLive(t)
	nothing := subscribe(t.Context(), observable.FromCallback(func(func(int)) func() { return nil }), 1)
	nothing.up.Cancel()
}

func TestFromCallbackConcurrent(t *testing.T) {
	const goroutines, each = 8, 500
	var e eventSource
	p := subscribe(t.Context(), observable.FromCallback(e.register), observable.Unbounded)
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			for i := range each {
				e.fire(g*each + i)
			}
		})
	}
	wg.Wait()
	got := p.got()
	slices.Sort(got)
	p.values = got
	p.expectLive(t, numbers(goroutines*each)...)
	p.up.Cancel()
	e.expect(t, 1, 1)
}

func TestBehaviour29_FromCallbackPanics(t *testing.T) {
	p := subscribe(t.Context(), observable.FromCallback(func(func(int)) func() { panic(errTest) }), 1)
	expectError[*observable.PanicError](t, p)

	ctx, errs := dropped(t.Context())
	q := subscribe(ctx, observable.FromCallback(func(func(int)) func() { return func() { panic(errTest) } }), 1)
	q.up.Cancel()
	q.expectLive(t)
	if got := errs(); len(got) != 1 || !errors.Is(got[0], errTest) {
		t.Errorf("dropped %v", got)
	}

	var e eventSource
	r := newProbe[int](1)
	r.onNext = func(int) { panic(errTest) }
	observable.FromCallback(e.register).Subscribe(t.Context(), r)
	e.fire(1)
	expectError[*observable.PanicError](t, r, 1)
	e.expect(t, 1, 1)
}

func TestBehaviour17_FromCallbackRace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for range 300 {
			var e eventSource
			ctx, cancel := context.WithCancel(t.Context())
			p := newProbe[int](observable.Unbounded)
			go observable.FromCallback(e.register).Subscribe(ctx, p)
			go cancel()
			go e.fire(1)
			synctest.Wait()
			if e.registered != e.removed || len(e.listeners) != 0 {
				t.Fatalf("registered %d times, removed %d times", e.registered, e.removed)
			}
		}
	})
}
