package observable_test

import (
	"context"
	"runtime"
	"testing"
	"testing/synctest"

	"github.com/sluicego/sluice/observable"
)

func ExampleFromChan() {
	ch := make(chan int, 3)
	ch <- 1
	ch <- 2
	close(ch)
	show(observable.FromChan(ch))
	// Output: [1 2] <nil>
}

// It receives only what is requested, and waits without a goroutine while
// nothing is.
func TestFromChanDemand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ch := make(chan int, 3)
		for i := range 3 {
			ch <- i
		}
		p := subscribe(t.Context(), observable.FromChan(ch), 0)
		idle := runtime.NumGoroutine()
		p.up.Request(2)
		synctest.Wait()
		if n := runtime.NumGoroutine(); len(ch) != 1 || n > idle {
			t.Errorf("%d values left in the channel; %d goroutines, %d before", len(ch), n, idle)
		}
		p.expectLive(t, 0, 1)
		p.up.Request(2)
		synctest.Wait()
		p.expectLive(t, 0, 1, 2)
		ch <- 3
		synctest.Wait()
		p.expectLive(t, 0, 1, 2, 3)
		close(ch)
		synctest.Wait()
		p.expectLive(t, 0, 1, 2, 3)
		p.up.Request(1)
		<-p.done
		p.expectComplete(t, 0, 1, 2, 3)
	})
}

// A cancel ends the goroutine, also while it waits.
func TestFromChanCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ch := make(chan int)
		ctx, cancel := context.WithCancel(t.Context())
		p := subscribe(ctx, observable.FromChan(ch), observable.Unbounded)
		q := subscribe(t.Context(), observable.FromChan(ch), 1)
		r := subscribe(t.Context(), observable.FromChan(ch), 1)
		synctest.Wait()
		cancel()
		q.up.Cancel()
		r.up.Request(0)
		synctest.Wait() // the bubble fails the test if a goroutine stays
		p.expectLive(t)
		q.expectLive(t)
		expectError[*observable.BadRequestError](t, r)
		select {
		case ch <- 1:
			t.Error("somebody still receives")
		default:
		}
	})
}

// Subscriptions share the channel.
func TestFromChanShared(t *testing.T) {
	ch := make(chan int)
	o := observable.FromChan(ch)
	a := subscribe(t.Context(), o, observable.Unbounded)
	b := subscribe(t.Context(), o, observable.Unbounded)
	for i := range 1000 {
		ch <- i
	}
	close(ch)
	<-a.done
	<-b.done
	if n := len(a.got()) + len(b.got()); n != 1000 {
		t.Errorf("%d values", n)
	}
}

func BenchmarkFromChan(b *testing.B) {
	ch := make(chan int, 128)
	go func() {
		defer close(ch)
		for i := range b.N {
			ch <- i
		}
	}()
	b.ReportAllocs()
	if err := observable.FromChan(ch).ForEach(context.Background(), func(int) error { return nil }); err != nil {
		b.Fatal(err)
	}
}
