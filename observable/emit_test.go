package observable_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sluicego/sluice/observable"
)

// A slow subscriber requests nothing by itself.
type slow struct {
	printer[string]
	observable.Subscription
}

func (s *slow) OnSubscribe(up observable.Subscription) { s.Subscription = up }

func ExampleSubject_Emit() {
	ctx := context.Background()
	s := observable.NewSubject[string]()
	reader := &slow{printer: printer[string]{"reader"}}
	s.Subscribe(ctx, reader)
	go reader.Request(1)
	fmt.Println(s.Emit(ctx, "a")) // waits for the request
	s.Complete()
	fmt.Println(s.Emit(ctx, "b"))
	// Output:
	// reader: a
	// <nil>
	// reader: done
	// observable: the subject has ended
}

func TestEmitWaitsForEverySubscriber(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := observable.NewSubject[int]()
		a := subscribe(t.Context(), s.Observable, 1)
		b := subscribe(t.Context(), s.Observable, 0)
		results := make(chan error, 2)
		go func() { results <- s.Emit(t.Context(), 1) }()
		synctest.Wait()
		a.expectLive(t)
		b.up.Request(1)
		synctest.Wait()
		a.expectLive(t, 1)
		b.expectLive(t, 1)
		if err := <-results; err != nil {
			t.Error(err)
		}
		go func() { results <- s.Emit(t.Context(), 2) }()
		synctest.Wait()
		a.up.Request(1)
		b.up.Cancel() // one that leaves is not waited for
		if err := <-results; err != nil {
			t.Error(err)
		}
		a.expectLive(t, 1, 2)
		b.expectLive(t, 1)
	})
}

func TestEmitWithoutSubscribers(t *testing.T) {
	s := observable.NewSubject[int]()
	if err := s.Emit(t.Context(), 1); err != nil {
		t.Error(err)
	}
}

// Calls of Emit take turns: the second waits for the first although its own
// turn would come.
func TestEmitTakesTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := observable.NewSubject[int]()
		p := subscribe(t.Context(), s.Observable, 0)
		var wg sync.WaitGroup
		for i := range 5 {
			wg.Go(func() {
				if err := s.Emit(t.Context(), i); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait()
		}
		p.up.Request(2)
		synctest.Wait()
		p.expectLive(t, 0, 1)
		p.up.Request(3)
		wg.Wait()
		p.expectLive(t, 0, 1, 2, 3, 4)
	})
}

func TestEmitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := observable.NewSubject[int]()
		p := subscribe(t.Context(), s.Observable, 0)
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, errTest)
		defer cancel()
		second := make(chan error, 1)
		go func() {
			<-time.After(time.Millisecond)
			second <- s.Emit(t.Context(), 2)
		}()
		if err := s.Emit(ctx, 1); !errors.Is(err, errTest) {
			t.Errorf("error %v", err)
		}
		if err := s.Emit(ctx, 1); !errors.Is(err, errTest) {
			t.Errorf("error %v", err)
		}
		p.up.Request(3)
		if err := <-second; err != nil {
			t.Error(err)
		}
		p.expectLive(t, 2)
	})
}

func TestEmitEndsWithTheSubject(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := observable.NewSubject[int]()
		p := subscribe(t.Context(), s.Observable, 0)
		result := make(chan error, 1)
		go func() { result <- s.Emit(t.Context(), 1) }()
		synctest.Wait()
		s.Complete()
		if err := <-result; !errors.Is(err, observable.ErrEnded) {
			t.Errorf("error %v", err)
		}
		if err := s.Emit(t.Context(), 1); !errors.Is(err, observable.ErrEnded) {
			t.Errorf("error %v", err)
		}
		p.expectComplete(t)
	})
}

// Next does not wait for those who wait in Emit, and overflows where they
// would not.
func TestEmitAndNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := observable.NewSubject[int]()
		p := subscribe(t.Context(), s.Observable, 0)
		q := subscribe(t.Context(), s.Observable, 9)
		result := make(chan error, 1)
		go func() { result <- s.Emit(t.Context(), 1) }()
		synctest.Wait()
		s.Next(2)
		if err := <-result; err != nil { // p has failed, so nobody is waited for
			t.Error(err)
		}
		expectError[*observable.OverflowError](t, p)
		q.expectLive(t, 2, 1)
	})
}

func TestEmitRace(t *testing.T) {
	const n = 2000
	s := observable.NewSubject[int]()
	p := newProbe[int](1)
	all := make(chan struct{})
	p.onNext = func(int) {
		if len(p.values) == 2*n {
			close(all)
			return
		}
		go p.up.Request(1)
	}
	s.Subscribe(t.Context(), p)
	for range 2 {
		go func() {
			for i := range n {
				if err := s.Emit(t.Context(), i); err != nil {
					t.Error(err)
				}
			}
		}()
	}
	<-all
	if p.ended() {
		t.Error(p.err())
	}
}
