package observable_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"
	"testing/synctest"

	"github.com/sluicego/sluice/observable"
)

func ExampleObservable_Chan() {
	values, errs := failing().Chan(context.Background(), 8)
	for v := range values {
		fmt.Println(v)
	}
	fmt.Println(<-errs)
	// Output:
	// 1
	// 2
	// 3
	// test error
}

// No more than capacity values are made and not received, and the rest follows
// the consumer.
func TestChanCapacity(t *testing.T) {
	for _, capacity := range []int{0, 1, 2, 7} {
		t.Run(fmt.Sprint(capacity), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				made := 0
				src := observable.Generate(0, func(i int) (int, int, bool) {
					made++
					return i, i + 1, i < 50
				})
				values, errs := src.Chan(t.Context(), capacity)
				synctest.Wait()
				if want := max(capacity, 1); made != want {
					t.Errorf("%d values were made at first", made)
				}
				for i := range 50 {
					if v, ok := <-values; !ok || v != i {
						t.Fatalf("received %d, %v; want %d", v, ok, i)
					}
					synctest.Wait()
					if ahead := made - (i + 1); ahead > max(capacity, 1) {
						t.Fatalf("%d values ahead", ahead)
					}
				}
				if _, ok := <-values; ok {
					t.Error("one value more")
				}
				if err, ok := <-errs; ok {
					t.Error(err)
				}
			})
		})
	}
	mustPanicWith(t, "observable: Chan with a negative capacity (-1)", func() { observable.Never[int]().Chan(t.Context(), -1) })
}

func TestBehaviour40_Chan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l ledger
		ctx, cancel := context.WithCancelCause(l.context(t.Context()))
		s := observable.NewSubject[int]()
		values, errs := s.Chan(ctx, 4)
		synctest.Wait()
		for i := range 4 {
			s.Next(i)
		}
		if v := <-values; v != 0 {
			t.Errorf("received %d", v)
		}
		synctest.Wait() // 1, 2 and 3 are in the channel
		s.Next(4)
		synctest.Wait() // it waits for room
		cancel(errTest)
		synctest.Wait()
		if err := <-errs; !errors.Is(err, errTest) {
			t.Errorf("error %v", err)
		}
		l.expect(t, entry{4, observable.DiscardCancel})
		s.Next(5)
		for range values {
		}
	})
}

func TestChanPanic(t *testing.T) {
	values, errs := observable.Generate(0, func(int) (int, int, bool) { panic(errTest) }).Chan(t.Context(), 1)
	if _, ok := <-values; ok {
		t.Error("a value")
	}
	var p *observable.PanicError
	if err := <-errs; !errors.As(err, &p) {
		t.Errorf("error %v", err)
	}
}

func BenchmarkChan(b *testing.B) {
	values, _ := observable.Range(0, b.N).Chan(b.Context(), 128)
	b.ReportAllocs()
	for range values {
	}
}

func TestChanOfTooGreatACapacity(t *testing.T) {
	mustPanicWith(t, "observable: Chan with a capacity of 2147483648; the channel is made at once, and 2147483647 is the most", func() {
		tooMany := int64(math.MaxInt32) + 1
		observable.Of(1).Chan(t.Context(), int(tooMany))
	})
}

// L16: an error that waits behind values when the ctx ends is reported.
func TestChanReportsAnErrorThatWaited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var dropped dropLog
		ctx, cancel := context.WithCancel(dropped.context())
		_, errs := valueThenError().Chan(ctx, 1)
		synctest.Wait() // the value waits for a receiver, and the error behind it
		cancel()
		if err := <-errs; !errors.Is(err, context.Canceled) || dropped.len() != 1 {
			t.Errorf("sent %v; %d errors reported, want 1", err, dropped.len())
		}
	})
}
