package operators_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// failsBefore emits 1, 2 and fails, until its nth subscription, which
// completes.
func failsBefore(n int) observable.Observable[int] {
	tries := 0
	return observable.Lift(func(_ context.Context, down observable.Subscriber[int]) observable.Subscriber[int] {
		tries++
		return failure{down, tries < n}
	})(observable.Of(1, 2))
}

type failure struct {
	observable.Subscriber[int]
	fails bool
}

func (f failure) OnComplete() {
	if f.fails {
		f.OnError(errTest)
	} else {
		f.Subscriber.OnComplete()
	}
}

func TestRetry(t *testing.T) {
	bothWays(t, func() {
		check(t, "Retry(0)", end(operators.Retry[int](0)(failsBefore(2))), errTest, 1, 2)
		check(t, "Retry(1)", end(operators.Retry[int](1)(failsBefore(2))), nil, 1, 2, 1, 2)
		check(t, "Retry(1) of two failures", end(operators.Retry[int](1)(failsBefore(3))), errTest, 1, 2, 1, 2)
		check(t, "Retry(Forever)", end(operators.Retry[int](operators.Forever)(failsBefore(3))), nil, 1, 2, 1, 2, 1, 2)
	})
}

// Behaviour 6: each subscription is asked for what the ones before left unmet.
func TestBehaviour6_RetryCarriesDemand(t *testing.T) {
	bothWays(t, func() {
		src := marbles.NewTestSource[int]()
		sub := marbles.NewTestSubscriber[int](t, 5)
		operators.Retry[int](3)(src.Observable).Subscribe(t.Context(), sub)
		src.Next(1)
		src.Next(2)
		src.Error(errTest)
		src.Next(3)
		sub.Request(2)
		src.Error(errTest)
		if want := []int64{5, 3, 2, 4}; !slices.Equal(src.Requests(), want) {
			t.Errorf("requested %v, want %v", src.Requests(), want)
		}

		// The same with a source that emits inside Request.
		limited := marbles.NewTestSubscriber[int](t, 5)
		operators.Retry[int](operators.Forever)(failsBefore(-1+1<<30)).Subscribe(t.Context(), limited)
		if want := []int{1, 2, 1, 2, 1}; !slices.Equal(limited.Values(), want) {
			t.Errorf("got %v for 5 requested, want %v", limited.Values(), want)
		}
		limited.Cancel()
	})
}

// Behaviour 37: a million retries of a source that fails at once take no stack
// and no memory, and a cancel stops them.
func TestBehaviour37_RetryForever(t *testing.T) {
	n := many(1_000_000)
	var (
		tries, depth int
		sub          = marbles.NewTestSubscriber[int](t, observable.Unbounded)
		pcs          = make([]uintptr, 512)
	)
	src := observable.Lift(func(_ context.Context, down observable.Subscriber[int]) observable.Subscriber[int] {
		switch tries++; tries {
		case 10:
			depth = runtime.Callers(0, pcs)
		case n:
			if d := runtime.Callers(0, pcs); d != depth {
				t.Errorf("the stack has %d frames after %d tries, and %d after 10", d, n, depth)
			}
			sub.Cancel()
		}
		return down
	})(observable.Throw[int](errTest))
	operators.Retry[int](operators.Forever)(src).Subscribe(t.Context(), sub)
	if tries != n {
		t.Errorf("%d tries, want %d", tries, n)
	}
}

// Behaviour 37: also from another goroutine.
func TestBehaviour37_CancelFromElsewhere(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	tried := make(chan struct{})
	tries := 0
	src := operators.TapError[int](func(error) {
		if tries++; tries == 1000 {
			close(tried)
		}
	})(observable.Throw[int](errTest))
	go func() {
		<-tried
		cancel()
	}()
	_, err := operators.Retry[int](operators.Forever)(src).Collect(ctx)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

// Behaviour 29: panics pass unless the option says otherwise; from below they
// pass in any case.
func TestBehaviour29_RetryAndPanics(t *testing.T) {
	bothWays(t, func() {
		panicking := operators.Map(explode)
		for _, tt := range []struct {
			name string
			o    observable.Observable[int]
			want []int
		}{
			{"above", operators.Retry[int](2)(panicking(observable.Range(1, 2))), []int{1}},
			{"above, with Panics", operators.Retry[int](2, operators.Panics())(panicking(observable.Range(1, 2))), []int{1, 1, 1}},
			{"below, with Panics", panicking(operators.Retry[int](2, operators.Panics())(observable.Range(1, 2))), []int{1}},
			{"in subscribing", operators.Retry[int](2)(panicsLater()), nil},
			{"in subscribing, with Panics", operators.Retry[int](2, operators.Panics())(panicsLater()), nil},
		} {
			if got := end(tt.o); !got.panics || !slices.Equal(got.values, tt.want) {
				t.Errorf("%s: got %v and error %v, want %v and a PanicError", tt.name, got.values, got.err, tt.want)
			}
		}
	})
}

// panicsLater fails when it is first subscribed to, and then panics.
func panicsLater() observable.Observable[int] {
	tries := 0
	return observable.Lift(func(_ context.Context, down observable.Subscriber[int]) observable.Subscriber[int] {
		if tries++; tries > 1 {
			panic("boom")
		}
		return down
	})(observable.Throw[int](errTest))
}

func ExampleRetry() {
	tries := 0
	connect := observable.Pipe1(observable.Of("hello"), operators.MapErr(func(s string) (string, error) {
		if tries++; tries < 3 {
			return "", fmt.Errorf("no connection, try %d", tries)
		}
		return s, nil
	}))
	fmt.Println(operators.Retry[string](5)(connect).Collect(context.Background()))
	// Output: [hello] <nil>
}
