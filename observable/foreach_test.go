package observable_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sluicego/sluice/observable"
)

func ExampleObservable_ForEach() {
	err := observable.Of("a", "b").ForEach(context.Background(), func(v string) error {
		_, err := fmt.Println(v)
		return err
	})
	fmt.Println(err)
	// Output:
	// a
	// b
	// <nil>
}

func TestForEachError(t *testing.T) {
	src, cancels := watched(observable.Range(0, 10))
	n := 0
	err := src.ForEach(t.Context(), func(v int) error {
		if n++; v == 2 {
			return errTest
		}
		return nil
	})
	if !errors.Is(err, errTest) || n != 3 || cancels() != 1 {
		t.Errorf("error %v after %d values, cancelled %d times", err, n, cancels())
	}
	mustPanicWith(t, "observable: ForEach with a nil function", func() { _ = src.ForEach(t.Context(), nil) })
}

// When ForEach returns, its function has returned, although the ctx ended
// meanwhile on another goroutine.
func TestForEachWaitsForItsFunction(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 15*time.Millisecond)
		defer cancel()
		running := false
		calls := 0
		err := observable.Interval(10*time.Millisecond).ForEach(ctx, func(int) error {
			running = true
			calls++
			<-time.After(time.Second)
			running = false
			return nil
		})
		if !errors.Is(err, context.DeadlineExceeded) || running || calls != 1 {
			t.Errorf("error %v, running %v, %d calls", err, running, calls)
		}
	})
}

// The same if the function then fails or panics.
func TestForEachAfterTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, fail := range []func() error{func() error { return errTest }, func() error { panic(errTest) }} {
			ctx, errs := dropped(t.Context())
			ctx, cancel := context.WithTimeout(ctx, 15*time.Millisecond)
			err := observable.Interval(10*time.Millisecond).ForEach(ctx, func(int) error {
				<-time.After(time.Second)
				return fail()
			})
			cancel()
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("error %v", err)
			}
			synctest.Wait()
			if got := errs(); len(got) != 1 || !errors.Is(got[0], errTest) {
				t.Errorf("dropped %v", got)
			}
		}
	})
}
