package observable_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/sluicego/sluice/internal/rxgo"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func ExampleFromItems() {
	legacy := rxgo.Just("a", "b", "c")()
	show(observable.FromItems[string](legacy.Observe()))
	// Output: [a b c] <nil>
}

func ExampleFromItemsFunc() {
	legacy := rxgo.Just("a", "b", "c")()
	letters := observable.FromItemsFunc[string](func(ctx context.Context) <-chan rxgo.Item {
		return legacy.Observe(rxgo.WithContext(ctx))
	})
	show(operators.Take[string](2)(letters)) // which ends the goroutines of legacy
	show(letters)
	// Output:
	// [a b] <nil>
	// [a b c] <nil>
}

// items returns a closed channel with n items, the integers from 0.
func items(n int) <-chan rxgo.Item {
	ch := make(chan rxgo.Item, n)
	for i := range n {
		ch <- rxgo.Of(i)
	}
	close(ch)
	return ch
}

// send returns a channel with these items, which stays open.
func send(items ...rxgo.Item) <-chan rxgo.Item {
	ch := make(chan rxgo.Item, len(items))
	for _, item := range items {
		ch <- item
	}
	return ch
}

// It receives what is requested, and not before.
func TestFromItemsDemand(t *testing.T) {
	marbles.Live(t, func(m *marbles.Test) {
		ch := make(chan rxgo.Item, 8)
		for i, v := range []string{"a", "b", "c", "d"} {
			m.At(2*i+1, func() { ch <- rxgo.Of(v) })
		}
		m.At(7, func() { close(ch) })
		in := observable.FromItems[string](ch)
		marbles.Expect(m, in).Demand("(^2)--1---1-1").ToBe("-a-b--c---d-|")
	})
}

// The first item with an error is the end, whatever its value; the rest stays
// in the channel.
func TestFromItemsError(t *testing.T) {
	ch := send(rxgo.Of(1), rxgo.Item{V: 2, E: errTest}, rxgo.Of(3))
	p := subscribe(t.Context(), observable.FromItems[int](ch), observable.Unbounded)
	<-p.done
	p.expect(t, 1)
	if !errors.Is(p.err(), errTest) || len(ch) != 1 {
		t.Errorf("error %v; %d items are left", p.err(), len(ch))
	}
}

// An item whose value is of another type is an error that says so.
func TestFromItemsOfAnotherType(t *testing.T) {
	text := func(o observable.Observable[int]) observable.Observable[string] { return marbles.Text(o) }
	for want, o := range map[string]observable.Observable[string]{
		"string (three) came where int":   text(observable.FromItems[int](send(rxgo.Of(1), rxgo.Of("three")))),
		"int8 (2) came where int":         text(observable.FromItems[int](send(rxgo.Of(1), rxgo.Of(int8(2))))),
		"nil came where int":              text(observable.FromItems[int](send(rxgo.Of(1), rxgo.Of(nil)))),
		"nil came where *int":             marbles.Text(observable.FromItems[*int](send(rxgo.Of(new(int)), rxgo.Of(nil)))),
		"string (three) came where error": marbles.Text(observable.FromItems[error](send(rxgo.Of(errTest), rxgo.Of("three")))),
	} {
		want = "observable: an item with " + want + " is wanted; FromItems[any] takes every value"
		p := subscribe(t.Context(), o, observable.Unbounded)
		<-p.done
		if len(p.got()) != 1 || p.err() == nil || p.err().Error() != want {
			t.Errorf("%v, then %v; want one value, then %s", p.got(), p.err(), want)
		}
	}
}

// An interface takes whatever implements it, and nil; an error in V is a value.
func TestFromItemsOfAnInterface(t *testing.T) {
	anything := operators.Take[any](3)(observable.FromItems[any](send(rxgo.Of(1), rxgo.Of(nil), rxgo.Of("b"))))
	got, err := anything.Collect(t.Context())
	if !slices.Equal(got, []any{1, nil, "b"}) || err != nil {
		t.Errorf("%v, %v", got, err)
	}
	errs, err := operators.Take[error](2)(observable.FromItems[error](send(rxgo.Of(errTest), rxgo.Of(nil)))).Collect(t.Context())
	if !slices.Equal(errs, []error{errTest, nil}) || err != nil {
		t.Errorf("%v, %v", errs, err)
	}
}

// Any type of the shape will do, and any channel of it.
func TestFromItemsOfAnyShape(t *testing.T) {
	type own struct {
		V any
		E error
	}
	type channel chan own
	ch := make(channel, 1)
	ch <- own{V: "a"}
	close(ch)
	if got, err := observable.FromItems[string](ch).Collect(t.Context()); len(got) != 1 || err != nil {
		t.Errorf("%v, %v", got, err)
	}
}

// Each subscription observes anew.
func TestFromItemsFuncObservesAnew(t *testing.T) {
	runs := 0
	legacy := rxgo.Defer([]rxgo.Producer{func(ctx context.Context, next chan<- rxgo.Item) {
		runs++
		rxgo.Of(runs).SendContext(ctx, next)
		rxgo.Error(errTest).SendContext(ctx, next)
	}})
	o := observable.FromItemsFunc[int](func(context.Context) <-chan rxgo.Item { return legacy.Observe() })
	got, err := operators.Retry[int](2)(o).Collect(t.Context())
	if !slices.Equal(got, []int{1, 2, 3}) || !errors.Is(err, errTest) {
		t.Errorf("%v, %v", got, err)
	}
}

// However the subscription ends, the ctx that observe got is done; so the
// goroutines of RxGo end, for which the bubble looks.
func TestFromItemsFuncEndsWhatItObserves(t *testing.T) {
	endless := func(item rxgo.Item) rxgo.Observable {
		return rxgo.Defer([]rxgo.Producer{func(ctx context.Context, next chan<- rxgo.Item) {
			for item.SendContext(ctx, next) {
			}
		}}).Map(func(_ context.Context, v any) (any, error) { return v, nil })
	}
	for name, tt := range map[string]struct {
		src rxgo.Observable
		end func(p *probe[int], cancel func())
	}{
		"completes":          {rxgo.Just(1)(), func(p *probe[int], _ func()) { p.up.Request(observable.Unbounded) }},
		"fails":              {endless(rxgo.Error(errTest)), func(p *probe[int], _ func()) { p.up.Request(1) }},
		"is of another type": {endless(rxgo.Of("a")), func(p *probe[int], _ func()) { p.up.Request(1) }},
		"is cancelled":       {endless(rxgo.Of(1)), func(p *probe[int], _ func()) { p.up.Request(2); synctest.Wait(); p.up.Cancel() }},
		"is never asked":     {endless(rxgo.Of(1)), func(p *probe[int], _ func()) { p.up.Cancel() }},
		"is badly asked":     {endless(rxgo.Of(1)), func(p *probe[int], _ func()) { p.up.Request(0) }},
		"outlives its ctx":   {endless(rxgo.Of(1)), func(p *probe[int], cancel func()) { p.up.Request(2); synctest.Wait(); cancel() }},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				var observed context.Context
				p := subscribe(ctx, observable.FromItemsFunc[int](func(ctx context.Context) <-chan rxgo.Item {
					observed = ctx
					return tt.src.Observe(rxgo.WithContext(ctx))
				}), 0)
				synctest.Wait()
				if observed.Err() != nil {
					t.Fatal("the ctx is done before the subscription is")
				}
				tt.end(p, cancel)
				synctest.Wait()
				if observed.Err() == nil {
					t.Error("the ctx is not done")
				}
				if b := p.broken.Load(); b != nil {
					t.Error(*b)
				}
			})
		})
	}
}

// RxGo closes its channels when a ctx ends, as if the stream had completed. The
// end of the subscriber's ctx is a silent cancel all the same.
func TestBehaviour40_FromItemsFunc(t *testing.T) {
	for range 100 {
		ctx, cancel := context.WithCancel(t.Context())
		closed := make(chan struct{})
		o := observable.FromItemsFunc[int](func(ctx context.Context) <-chan rxgo.Item {
			ch := make(chan rxgo.Item)
			go func() {
				defer close(closed)
				<-ctx.Done()
				close(ch)
			}()
			return ch
		})
		p := subscribe(ctx, o, observable.Unbounded)
		cancel()
		<-closed
		p.expectLive(t)
	}
}

// L9, L16: an item that meets a cancel is delivered, or stays in the channel, or
// is reported: its value, or its error.
func TestFromItemsAccountsForItems(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, item := range []rxgo.Item{rxgo.Of(1), rxgo.Error(errTest)} {
			marbles.Race(200, func(int) ([]func(), func()) {
				var l ledger
				ctx, reported := dropped(l.context(t.Context()))
				ch := send(item)
				p := subscribe(ctx, observable.FromItems[int](ch), 0)
				return []func(){func() { p.up.Request(1) }, p.up.Cancel}, func() {
					synctest.Wait()
					fates := len(ch) + len(p.got()) + len(l.got()) + len(reported())
					if p.ended() {
						fates++
					}
					if fates != 1 {
						t.Errorf("%v: %d in the channel, %v delivered, %v discarded, %v reported, error %v", item, len(ch), p.got(), l.got(), reported(), p.err())
					}
					for _, e := range l.got() {
						if (e != entry{1, observable.DiscardLate}) {
							t.Errorf("discarded %v", e)
						}
					}
				}
			})
		}
	})
}

// L16: an error that only says that the ctx is done is no news.
func TestFromItemsFuncIsSilentAboutItsCtx(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		marbles.Race(200, func(int) ([]func(), func()) {
			ctx, reported := dropped(t.Context())
			p := subscribe(ctx, observable.FromItemsFunc[int](func(ctx context.Context) <-chan rxgo.Item {
				ch := make(chan rxgo.Item, 1)
				context.AfterFunc(ctx, func() { ch <- rxgo.Error(ctx.Err()) })
				return ch
			}), 0)
			return []func(){func() { p.up.Request(1) }, p.up.Cancel}, func() {
				synctest.Wait()
				p.expectLive(t)
				if errs := reported(); len(errs) > 0 {
					t.Errorf("reported %v", errs)
				}
			}
		})
	})
}

func TestFromItemsFuncFails(t *testing.T) {
	for name, observe := range map[string]func(context.Context) <-chan rxgo.Item{
		"panics":      func(context.Context) <-chan rxgo.Item { panic(errTest) },
		"returns nil": func(context.Context) <-chan rxgo.Item { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			expectError[*observable.PanicError](t, subscribe(t.Context(), observable.FromItemsFunc[int](observe), 0))
		})
	}
}

func TestFromItemsArguments(t *testing.T) {
	mustPanicWith(t, "observable: FromItems of a nil channel; use Never", func() { observable.FromItems[int, rxgo.Item](nil) })
	mustPanicWith(t, "observable: FromItemsFunc with a nil function", func() { observable.FromItemsFunc[int, rxgo.Item](nil) })
}

func BenchmarkFromItems(b *testing.B) {
	ch := make(chan rxgo.Item, 128)
	go func() {
		defer close(ch)
		for range b.N {
			ch <- rxgo.Of(1)
		}
	}()
	b.ReportAllocs()
	if err := observable.FromItems[int](ch).ForEach(context.Background(), func(int) error { return nil }); err != nil {
		b.Fatal(err)
	}
}
