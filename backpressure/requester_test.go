package backpressure_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
)

func ExampleRequester() {
	ctx := context.Background()
	jobs := backpressure.NewRequester[string]()
	observable.Of("wash", "dry", "fold").Subscribe(ctx, jobs)
	for {
		jobs.Request(1) // one at a time, when this worker is free
		job, err := jobs.Take(ctx)
		if errors.Is(err, io.EOF) {
			break
		}
		fmt.Println(job)
	}
	// Output:
	// wash
	// dry
	// fold
}

var _ observable.Subscriber[int] = (*backpressure.Requester[int])(nil)

func TestRequester(t *testing.T) {
	r := backpressure.NewRequester[int]()
	r.Request(2)
	r.Request(1) // before it is subscribed: remembered
	src := marbles.NewTestSource[int]()
	src.Subscribe(t.Context(), r)
	if got := src.Requests(); !slices.Equal(got, []int64{3}) {
		t.Errorf("requested %v", got)
	}
	src.Next(1)
	src.Next(2)
	r.Request(4)
	if got := src.Requested(); got != 7 {
		t.Errorf("requested %d in all", got)
	}
	src.Error(errSource)
	for _, want := range []int{1, 2} {
		if v, err := r.Take(t.Context()); v != want || err != nil {
			t.Errorf("took %d, %v; want %d", v, err, want)
		}
	}
	for range 2 {
		if _, err := r.Take(t.Context()); !errors.Is(err, errSource) {
			t.Errorf("Take at the end: %v", err)
		}
	}
}

func TestRequesterWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := backpressure.NewRequester[int]()
		r.Request(3)
		src := marbles.NewTestSource[int]()
		src.Subscribe(t.Context(), r)
		var mu sync.Mutex
		var took []int
		for range 2 {
			go func() {
				for {
					v, err := r.Take(t.Context())
					if err != nil {
						return
					}
					mu.Lock()
					took = append(took, v)
					mu.Unlock()
				}
			}()
		}
		for i := range 3 {
			synctest.Wait()
			src.Next(i)
		}
		synctest.Wait()
		src.Complete() // lets both go
		synctest.Wait()
		if !slices.Equal(took, []int{0, 1, 2}) {
			t.Errorf("took %v", took)
		}
	})
}

func TestRequesterTakeEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := backpressure.NewRequester[int]()
		observable.Never[int]().Subscribe(t.Context(), r)
		ctx, cancel := context.WithCancelCause(t.Context())
		cause := errors.New("closing time")
		done := make(chan error, 1)
		go func() {
			_, err := r.Take(ctx)
			done <- err
		}()
		synctest.Wait()
		cancel(cause)
		if err := <-done; !errors.Is(err, cause) {
			t.Errorf("Take: %v, want the cause", err)
		}
		if _, err := r.Take(ctx); !errors.Is(err, cause) {
			t.Errorf("Take again: %v, want the cause", err)
		}
		r.Cancel()
	})
}

func TestRequesterCancel(t *testing.T) {
	src := marbles.NewTestSource[int](marbles.IgnoresCancel)
	r := backpressure.NewRequester[int]()
	r.Request(5)
	src.Subscribe(t.Context(), r)
	src.Next(1)
	r.Cancel()
	src.Next(2)
	if v, err := r.Take(t.Context()); !errors.Is(err, backpressure.ErrCancelled) {
		t.Errorf("took %d, %v after Cancel", v, err)
	}
	if n := src.Cancels(); n != 1 {
		t.Errorf("upstream was cancelled %d times", n)
	}
}

func TestRequesterCancelEndsTake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := backpressure.NewRequester[int]()
		observable.Never[int]().Subscribe(t.Context(), r)
		done := make(chan error, 1)
		go func() {
			_, err := r.Take(t.Context())
			done <- err
		}()
		synctest.Wait()
		r.Cancel()
		if err := <-done; !errors.Is(err, backpressure.ErrCancelled) {
			t.Errorf("Take: %v", err)
		}
	})
}

func TestRequesterCancelledBeforeItIsSubscribed(t *testing.T) {
	src := marbles.NewTestSource[int]()
	r := backpressure.NewRequester[int]()
	r.Request(5)
	r.Cancel()
	src.Subscribe(t.Context(), r)
	if src.Active() != 0 || src.Requested() != 0 {
		t.Errorf("%d active, %d requested", src.Active(), src.Requested())
	}
}

// A Requester serves one subscription; the second is cancelled (L1).
func TestRequesterSubscribedTwice(t *testing.T) {
	first, second := marbles.NewTestSource[int](), marbles.NewTestSource[int]()
	r := backpressure.NewRequester[int]()
	first.Subscribe(t.Context(), r)
	second.Subscribe(t.Context(), r)
	if first.Active() != 1 || second.Active() != 0 {
		t.Errorf("%d and %d active, want the first only", first.Active(), second.Active())
	}
	r.Cancel()
}

// Behaviour 2 for requests by hand, before and after subscribing.
func TestRequesterBadRequest(t *testing.T) {
	for _, early := range []bool{true, false} {
		for _, n := range []int64{0, -3} {
			src := marbles.NewTestSource[int]()
			r := backpressure.NewRequester[int]()
			if early {
				r.Request(2)
				r.Request(n)
			}
			src.Subscribe(t.Context(), r)
			if !early {
				r.Request(n)
			}
			var bad *observable.BadRequestError
			if _, err := r.Take(t.Context()); !errors.As(err, &bad) || bad.N != n {
				t.Errorf("Request(%d): Take returned %v", n, err)
			}
			if src.Active() != 0 {
				t.Errorf("Request(%d): upstream is still active", n)
			}
		}
	}
}

func TestRequesterInARace(t *testing.T) {
	const n = 1000
	marbles.Race(10, func(int) ([]func(), func()) {
		r := backpressure.NewRequester[int]()
		sum := 0
		racers := []func(){
			func() { observable.Range(1, n).Subscribe(t.Context(), r) },
			func() {
				for range n {
					r.Request(1)
				}
			},
			func() {
				for v, err := r.Take(t.Context()); err == nil; v, err = r.Take(t.Context()) {
					sum += v
				}
			},
		}
		return racers, func() {
			if sum != n*(n+1)/2 {
				t.Errorf("sum %d, want %d", sum, n*(n+1)/2)
			}
		}
	})
}
