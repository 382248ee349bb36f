package observable_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sluicego/sluice/internal/rxgo"
	"github.com/sluicego/sluice/observable"
)

func ExampleObservable_Collect() {
	values, err := observable.Range(1, 3).Collect(context.Background())
	fmt.Println(values, err)
	// Output: [1 2 3] <nil>
}

// failing emits 1, 2 and 3, then fails.
func failing() observable.Observable[int] {
	return observable.FromSeq2(func(yield func(int, error) bool) {
		_ = yield(1, nil) && yield(2, nil) && yield(3, nil) && yield(0, errTest)
	})
}

func TestCollect(t *testing.T) {
	got, err := failing().Collect(t.Context())
	if diff := cmp.Diff([]int{1, 2, 3}, got); diff != "" || !errors.Is(err, errTest) {
		t.Errorf("error %v, values (-want +got):\n%s", err, diff)
	}
	if got, err := observable.Empty[int]().Collect(t.Context()); got != nil || err != nil {
		t.Errorf("Empty: %v, %v", got, err)
	}
}

// Behaviour 40: a blocking terminal returns the cause, with what there is, and
// when it returns its source has been cancelled.
func TestBehaviour40_Collect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeoutCause(t.Context(), 25*time.Millisecond, errTest)
		defer cancel()
		src, cancels := watched(observable.Interval(10 * time.Millisecond))
		got, err := src.Collect(ctx)
		if diff := cmp.Diff([]int{0, 1}, got); diff != "" || !errors.Is(err, errTest) {
			t.Errorf("error %v, values (-want +got):\n%s", err, diff)
		}
		if n := cancels(); n != 1 {
			t.Errorf("cancelled %d times", n)
		}
	})
}

func TestBehaviour40_DoneBefore(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errTest)
	never := observable.Defer(func(context.Context) observable.Observable[int] {
		t.Error("it was subscribed")
		return observable.Never[int]()
	})
	_, err := never.Collect(ctx)
	_, first := never.FirstValue(ctx)
	_, last := never.LastValue(ctx)
	each := never.ForEach(ctx, func(int) error { return nil })
	for name, err := range map[string]error{"Collect": err, "FirstValue": first, "LastValue": last, "ForEach": each} {
		if !errors.Is(err, errTest) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	for _, err := range never.All(ctx) {
		if !errors.Is(err, errTest) {
			t.Errorf("All: error %v", err)
		}
	}
	values, errs := never.Chan(ctx, 1)
	if _, ok := <-values; ok || !errors.Is(<-errs, errTest) {
		t.Error("Chan")
	}
	if item, ok := <-observable.ToItems[rxgo.Item](ctx, never); ok {
		t.Errorf("ToItems: %v", item)
	}
}

// A synchronous source is stopped in the middle, on the caller's goroutine.
func TestBehaviour40_SynchronousSource(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	stopped := make(chan struct{})
	n := 0
	src := observable.Generate(0, func(i int) (int, int, bool) {
		if n++; n == 10 {
			cancel(errTest)
			<-stopped // the cancel comes from another goroutine; let it pass
		}
		return i, i + 1, true
	})
	err := observeCancel(src, stopped).ForEach(ctx, func(int) error { return nil })
	if !errors.Is(err, errTest) || n != 10 {
		t.Errorf("error %v after %d values", err, n)
	}
}

// observeCancel closes done when its subscription has been cancelled.
func observeCancel[T any](o observable.Observable[T], done chan struct{}) observable.Observable[T] {
	return observable.Lift(func(_ context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		return &cancelObserver[T]{Subscriber: down, done: done}
	})(o)
}

type cancelObserver[T any] struct {
	observable.Subscriber[T]
	observable.Subscription
	done chan struct{}
}

func (c *cancelObserver[T]) OnSubscribe(up observable.Subscription) {
	c.Subscription = up
	c.Subscriber.OnSubscribe(c)
}

func (c *cancelObserver[T]) Cancel() {
	c.Subscription.Cancel()
	close(c.done)
}

// A blocking terminal over a synchronous source starts no goroutine.
func TestCollectStartsNoGoroutine(t *testing.T) {
	before := runtime.NumGoroutine()
	err := observable.Range(0, 10).ForEach(t.Context(), func(int) error {
		if n := runtime.NumGoroutine(); n > before {
			return fmt.Errorf("%d goroutines, there were %d", n, before)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// Behaviour 29 and L11: a panic comes out on the caller's goroutine, with the
// stack of where it happened, whichever goroutine that was.
func TestBehaviour29_TerminalsPanic(t *testing.T) {
	boom := func(int) error { panic(errTest) }
	remote := observable.Create(func(_ context.Context, emit observable.Emitter[int]) error {
		emit.Next(1)
		panic(errTest)
	})
	terminals := map[string]func(){
		"Collect":    func() { _, _ = remote.Collect(t.Context()) },
		"LastValue":  func() { _, _ = remote.LastValue(t.Context()) },
		"FirstValue": func() { _, _ = observable.Throw[int](&observable.PanicError{Value: errTest}).FirstValue(t.Context()) },
		"ForEach":    func() { _ = observable.Of(1, 2).ForEach(t.Context(), boom) },
		"All": func() {
			for v := range remote.All(t.Context()) {
				if v != 1 {
					t.Error("All yielded the panic")
				}
			}
		},
		"subscribing": func() {
			_, _ = observable.Lift(func(context.Context, observable.Subscriber[int]) observable.Subscriber[int] {
				panic(errTest)
			})(remote).Collect(t.Context())
		},
	}
	for name, terminal := range terminals {
		p, ok := mustPanic(t, terminal).(*observable.PanicError)
		if !ok || !errors.Is(p, errTest) {
			t.Errorf("%s panicked with %v", name, p)
		}
	}
}

func TestCollectRace(t *testing.T) {
	for range 300 {
		var l ledger
		ctx, cancel := context.WithCancel(l.context(t.Context()))
		src := observable.Create(func(_ context.Context, emit observable.Emitter[int]) error {
			for i := range 100 {
				if !emit.Next(i) {
					break
				}
			}
			return nil
		})
		go cancel()
		got, err := src.Collect(ctx)
		if err != nil && !errors.Is(err, context.Canceled) || err == nil && len(got) != 100 {
			t.Fatalf("%d values, error %v", len(got), err)
		}
	}
}

// watched passes o on and counts how often it is cancelled.
func watched[T any](o observable.Observable[T]) (observable.Observable[T], func() int) {
	var n int
	return observable.New(func(ctx context.Context, s observable.Subscriber[T]) {
		o.Subscribe(ctx, &watcher[T]{Subscriber: s, n: &n})
	}), func() int { return n }
}

type watcher[T any] struct {
	observable.Subscriber[T]
	observable.Subscription
	n *int
}

func (w *watcher[T]) OnSubscribe(up observable.Subscription) {
	w.Subscription = up
	w.Subscriber.OnSubscribe(w)
}

func (w *watcher[T]) Cancel() {
	*w.n++
	w.Subscription.Cancel()
}
