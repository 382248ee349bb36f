package observable_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/sluicego/sluice/internal/rxgo"
	"github.com/sluicego/sluice/observable"
)

func ExampleToItems() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	letters := observable.Of("a", "b", "c")
	for item := range rxgo.FromChannel(observable.ToItems[rxgo.Item](ctx, letters)).Observe() {
		fmt.Println(item.V, item.E)
	}
	// Output:
	// a <nil>
	// b <nil>
	// c <nil>
}

func ExampleToIterable() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	first := observable.ToIterable[rxgo.Option, rxgo.Item](ctx, observable.Of("a", "b"))
	for item := range rxgo.Just("c")().StartWith(first).Observe() {
		fmt.Println(item.V)
	}
	// Output:
	// a
	// b
	// c
}

// received receives items until the channel is closed.
func received(items <-chan rxgo.Item) (all []rxgo.Item) {
	for item := range items {
		all = append(all, item)
	}
	return all
}

// values makes items of the values.
func values(vs ...any) (all []rxgo.Item) {
	for _, v := range vs {
		all = append(all, rxgo.Of(v))
	}
	return all
}

// What comes out is what went in, values of any kind and the error as the last.
func TestToItems(t *testing.T) {
	for name, tt := range map[string]struct {
		got  <-chan rxgo.Item
		want []rxgo.Item
	}{
		"values": {observable.ToItems[rxgo.Item](t.Context(), observable.Of(1, 2, 0)), values(1, 2, 0)},
		"nils":   {observable.ToItems[rxgo.Item](t.Context(), observable.Of[any](nil, "a")), values(nil, "a")},
		"errors": {observable.ToItems[rxgo.Item](t.Context(), observable.Of(errTest)), values(errTest)},
		"empty":  {observable.ToItems[rxgo.Item](t.Context(), observable.Empty[int]()), nil},
		"zero":   {observable.ToItems[rxgo.Item](t.Context(), observable.Observable[int]{}), nil},
		"fails":  {observable.ToItems[rxgo.Item](t.Context(), failing()), append(values(1, 2, 3), rxgo.Error(errTest))},
	} {
		same := cmp.Comparer(func(a, b error) bool { return errors.Is(a, b) })
		if diff := cmp.Diff(tt.want, received(tt.got), same); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// A panic is the last item too.
func TestToItemsPanic(t *testing.T) {
	broken := observable.Generate(0, func(int) (int, int, bool) { panic(errTest) })
	got := received(observable.ToItems[rxgo.Item](t.Context(), broken))
	var p *observable.PanicError
	if len(got) != 1 || !errors.As(got[0].E, &p) {
		t.Errorf("received %v", got)
	}
}

// One value is made ahead of the receiver.
func TestToItemsDemand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		made := 0
		src := observable.Generate(0, func(i int) (int, int, bool) {
			made++
			return i, i + 1, i < 20
		})
		items := observable.ToItems[rxgo.Item](t.Context(), src)
		for i := range 20 {
			synctest.Wait()
			if made != i+1 {
				t.Fatalf("%d values made before the receiver takes number %d", made, i)
			}
			if item := <-items; item != rxgo.Of(i) {
				t.Fatalf("received %v", item)
			}
		}
		if item, ok := <-items; ok {
			t.Errorf("one item more: %v", item)
		}
	})
}

// The end of the ctx closes the channel without an error. The value that waits
// is discarded, an error behind it is reported, and the source is cancelled.
func TestBehaviour40_ToItems(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l ledger
		base, reported := dropped(l.context(t.Context()))
		ctx, cancel := context.WithCancel(base)
		stopped := make(chan struct{})
		s := observable.NewSubject[int]()
		live := observable.ToItems[rxgo.Item](ctx, observeCancel(s.Observable, stopped))
		ended := observable.ToItems[rxgo.Item](ctx, valueThenError())
		failed := observable.ToItems[rxgo.Item](ctx, observable.Throw[int](errTest))
		synctest.Wait()
		s.Next(7)
		synctest.Wait()
		cancel()
		synctest.Wait() // the bubble fails for a goroutine that stays
		<-stopped
		for _, items := range []<-chan rxgo.Item{live, ended, failed} {
			if item, ok := <-items; ok {
				t.Errorf("received %v", item)
			}
		}
		if len(reported()) != 2 || len(l.got()) != 2 {
			t.Errorf("reported %v, discarded %v", reported(), l.got())
		}
		for _, e := range l.got() {
			if e.Why != observable.DiscardCancel {
				t.Errorf("discarded %v", e)
			}
		}
	})
}

// An Iterable serves many observers, each afresh, in the form that RxGo wants.
func TestToIterable(t *testing.T) {
	var it rxgo.Iterable = observable.ToIterable[rxgo.Option, rxgo.Item](t.Context(), observable.Of(1, 2))
	for range 2 {
		got := received(it.Observe(rxgo.WithBufferedChannel(3)))
		if diff := cmp.Diff(values(1, 2), got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

// There and back.
func TestItemsRoundTrip(t *testing.T) {
	o := failing()
	for range 3 {
		out := o
		o = observable.FromItemsFunc[int](func(ctx context.Context) <-chan rxgo.Item {
			return observable.ToItems[rxgo.Item](ctx, out)
		})
	}
	got, err := o.Collect(t.Context())
	if diff := cmp.Diff([]int{1, 2, 3}, got); diff != "" || !errors.Is(err, errTest) {
		t.Errorf("%v, %v", got, err)
	}
}

func BenchmarkToItems(b *testing.B) {
	b.ReportAllocs()
	for range observable.ToItems[rxgo.Item](b.Context(), observable.Range(0, b.N)) {
	}
}
