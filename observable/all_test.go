package observable_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sluicego/sluice/observable"
)

func ExampleObservable_All() {
	for v, err := range failing().All(context.Background()) {
		fmt.Println(v, err)
	}
	// Output:
	// 1 <nil>
	// 2 <nil>
	// 3 <nil>
	// 0 test error
}

// The demand follows the loop.
func TestAll(t *testing.T) {
	made := 0
	src, cancels := watched(observable.Generate(0, func(i int) (int, int, bool) {
		made++
		return i, i + 1, i < 5
	}))
	n := 0
	for v, err := range src.All(t.Context()) {
		if n++; err != nil || v != n-1 || made != n {
			t.Fatalf("turn %d: value %d, error %v, %d values made", n, v, err, made)
		}
	}
	if n != 5 || cancels() != 0 {
		t.Errorf("%d turns, cancelled %d times", n, cancels())
	}
	for range src.All(t.Context()) {
		break
	}
	if cancels() != 1 {
		t.Errorf("cancelled %d times", cancels())
	}
}

// All and FromSeq2 are inverses.
func TestAllFromSeq2(t *testing.T) {
	got, err := observable.FromSeq2(failing().All(t.Context())).Collect(t.Context())
	if diff := cmp.Diff([]int{1, 2, 3}, got); diff != "" || !errors.Is(err, errTest) {
		t.Errorf("error %v, values (-want +got):\n%s", err, diff)
	}
}

func TestAllWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, errTest)
		defer cancel()
		start := time.Now()
		var got []int
		for v, err := range observable.Interval(300 * time.Millisecond).All(ctx) {
			if err != nil {
				if !errors.Is(err, errTest) {
					t.Errorf("error %v", err)
				}
				break
			}
			got = append(got, v)
		}
		if d := time.Since(start); d != time.Second {
			t.Errorf("it took %v", d)
		}
		if diff := cmp.Diff([]int{0, 1, 2}, got); diff != "" {
			t.Errorf("values (-want +got):\n%s", diff)
		}
	})
}

// The source is cancelled when the ctx ends, not only when the loop next looks.
func TestAllCancelsWhileTheLoopIsBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		done := make(chan struct{})
		for _, err := range observeCancel(observable.Range(0, 9), done).All(ctx) {
			if err == nil {
				cancel()
				<-done
			}
		}
	})
}

// A subscription that comes on another goroutine gets the request then.
func TestAllSubscribedElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := observable.New(func(ctx context.Context, s observable.Subscriber[int]) {
			go func() {
				<-time.After(time.Second)
				observable.Range(0, 3).Subscribe(ctx, s)
			}()
		})
		n := 0
		for _, err := range src.All(t.Context()) {
			if n++; err != nil {
				t.Error(err)
			}
		}
		if n != 3 {
			t.Errorf("%d values", n)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		for _, err := range src.All(ctx) {
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("error %v", err)
			}
		}
		<-time.After(time.Second)
	})
}

func TestAllPanicInTheLoop(t *testing.T) {
	src, cancels := watched(observable.Range(0, 9))
	if v := mustPanic(t, func() {
		for range src.All(t.Context()) {
			panic(errTest)
		}
	}); fmt.Sprint(v) != errTest.Error() {
		t.Errorf("panicked with %v", v)
	}
	if cancels() != 1 {
		t.Errorf("cancelled %d times", cancels())
	}
}

// L16: an error that waits behind a value when the loop is left is reported.
func TestAllReportsAnErrorThatWaited(t *testing.T) {
	var dropped dropLog
	for range valueThenError().All(dropped.context()) {
		break
	}
	if dropped.len() != 1 {
		t.Errorf("%d errors reported, want 1", dropped.len())
	}
	for _, err := range valueThenError().All(dropped.context()) {
		_ = err
	}
	if dropped.len() != 1 {
		t.Errorf("an error that was yielded was reported too")
	}
}

// valueThenError fails in the same call that brings its value.
func valueThenError() observable.Observable[int] {
	return observable.New(func(_ context.Context, s observable.Subscriber[int]) {
		s.OnSubscribe(anySub{request: func() { s.OnNext(1); s.OnError(errTest) }})
	})
}
