package observable_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sluicego/sluice/observable"
)

func ExampleCreate() {
	pages := map[string]string{"a": "b", "b": "c", "c": ""}
	show(observable.Create(func(_ context.Context, emit observable.Emitter[string]) error {
		for page := "a"; page != ""; page = pages[page] {
			if !emit.Next(page) {
				return nil // nobody wants more
			}
		}
		return nil
	}))
	// Output: [a b c] <nil>
}

// Next waits for demand.
func TestCreateNextWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		made := 0
		p := subscribe(t.Context(), observable.Create(func(_ context.Context, emit observable.Emitter[int]) error {
			for emit.Next(made) {
				made++
			}
			return nil
		}), 0)
		synctest.Wait()
		if made != 0 {
			t.Errorf("%d values without demand", made)
		}
		p.up.Request(2)
		synctest.Wait()
		if made != 2 {
			t.Errorf("%d values, 2 were requested", made)
		}
		p.up.Request(1)
		synctest.Wait()
		p.expectLive(t, 0, 1, 2)
		p.up.Cancel()
		synctest.Wait()
	})
}

func TestCreateEnds(t *testing.T) {
	p := subscribe(t.Context(), observable.Create(func(_ context.Context, emit observable.Emitter[int]) error {
		emit.Next(1)
		return errTest
	}), 1)
	<-p.done
	p.expect(t, 1)
	if !errors.Is(p.err(), errTest) {
		t.Errorf("error %v", p.err())
	}
}

// A cancel ends the ctx of the producer and its call of Next, and the value is
// accounted for; the error that it returns then is not one.
func TestCreateCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l ledger
		ctx, errs := dropped(l.context(t.Context()))
		var after bool
		var emitter observable.Emitter[int]
		p := subscribe(ctx, observable.Create(func(ctx context.Context, emit observable.Emitter[int]) error {
			emitter = emit
			emit.Next(1)
			after = emit.Next(2)
			<-ctx.Done()
			return fmt.Errorf("stopped: %w", ctx.Err())
		}), 1)
		synctest.Wait()
		p.up.Cancel()
		synctest.Wait()
		if after || emitter.Next(3) {
			t.Error("Next says to go on")
		}
		p.expectLive(t, 1)
		l.expect(t, entry{2, observable.DiscardCancel}, entry{3, observable.DiscardLate})
		if got := errs(); len(got) != 0 {
			t.Errorf("dropped %v", got)
		}
	})
}

// Next says no with the last value that somebody wants.
func TestCreateLast(t *testing.T) {
	answers := make(chan bool, 2)
	src := observable.Create(func(_ context.Context, emit observable.Emitter[int]) error {
		answers <- emit.Next(1)
		return nil
	})
	if v, err := src.FirstValue(t.Context()); v != 1 || err != nil || <-answers {
		t.Errorf("%d, %v", v, err)
	}
}

func TestCreateCancelInOnSubscribe(t *testing.T) {
	p := newProbe[int](1)
	p.onSubscribe = observable.Subscription.Cancel
	observable.Create(func(context.Context, observable.Emitter[int]) error {
		t.Error("the producer runs")
		return nil
	}).Subscribe(t.Context(), p)
	p.expectLive(t)
}

// Any number of goroutines may emit; they wait for each other on a channel, so
// the clock of a bubble goes on.
func TestCreateConcurrentNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const goroutines, each = 8, 100
		p := newProbe[int](observable.Unbounded)
		p.onNext = func(int) { <-time.After(time.Millisecond) }
		observable.Create(func(_ context.Context, emit observable.Emitter[int]) error {
			var wg sync.WaitGroup
			for g := range goroutines {
				wg.Go(func() {
					for i := range each {
						emit.Next(g*each + i)
					}
				})
			}
			wg.Wait()
			return nil
		}).Subscribe(t.Context(), p)
		<-p.done
		got := p.got()
		slices.Sort(got)
		p.values = got
		p.expectComplete(t, numbers(goroutines*each)...)
	})
}

// Behaviour 29, on whichever goroutine it happens.
func TestBehaviour29_CreatePanics(t *testing.T) {
	leave := map[string]func(){"panic": func() { panic(errTest) }, "Goexit": runtime.Goexit}
	for name, leave := range leave {
		t.Run(name, func(t *testing.T) {
			ctx, _ := dropped(t.Context())
			p := subscribe(ctx, observable.Create(func(context.Context, observable.Emitter[int]) error {
				leave()
				return nil
			}), 1)
			<-p.done
			expectError[*observable.PanicError](t, p)

			q := newProbe[int](observable.Unbounded)
			q.onNext = func(int) { leave() }
			observable.Create(func(_ context.Context, emit observable.Emitter[int]) error {
				var wg sync.WaitGroup
				for range 4 {
					wg.Go(func() { emit.Next(1) })
				}
				wg.Wait()
				return nil
			}).Subscribe(ctx, q)
			<-q.done
			expectError[*observable.PanicError](t, q, 1)
		})
	}
}

// Behaviour 20: next from two goroutines, request, cancel, fail; delivered and
// discarded are what was given to Next.
func TestBehaviour20_CreateRace(t *testing.T) {
	for i := range 300 {
		var l ledger
		ctx, _ := dropped(l.context(t.Context()))
		var producers sync.WaitGroup
		producers.Add(1)
		p := subscribe(ctx, observable.Create(func(_ context.Context, emit observable.Emitter[int]) error {
			defer producers.Done()
			var wg sync.WaitGroup
			for g := range 2 {
				wg.Go(func() {
					for i := range 5 {
						emit.Next(10*g + i)
					}
				})
			}
			wg.Wait()
			return errTest
		}), 1)
		var wg sync.WaitGroup
		wg.Go(func() { p.up.Request(3) })
		wg.Go(func() { p.up.Request(4) })
		if i%2 == 0 {
			wg.Go(p.up.Cancel)
		} else {
			wg.Go(func() { p.up.Request(0) })
		}
		wg.Wait()
		producers.Wait()
		if n := len(p.got()) + len(l.got()); n != 10 {
			t.Fatalf("%d values: delivered %v, discarded %v", n, p.got(), l.got())
		}
		if b := p.broken.Load(); b != nil {
			t.Fatal(*b)
		}
	}
}

func BenchmarkCreate(b *testing.B) {
	src := observable.Create(func(_ context.Context, emit observable.Emitter[int]) error {
		for i := range b.N {
			emit.Next(i)
		}
		return nil
	})
	b.ReportAllocs()
	if err := src.ForEach(context.Background(), func(int) error { return nil }); err != nil {
		b.Fatal(err)
	}
}

// An error that says no more than that the ctx has ended is no news.
func TestErrorsOfTheContextAreNotReported(t *testing.T) {
	cause := errors.New("the cause")
	for name, o := range map[string]func(fail func(context.Context) error) observable.Observable[int]{
		"Create": func(fail func(context.Context) error) observable.Observable[int] {
			return observable.Create(func(ctx context.Context, _ observable.Emitter[int]) error { return fail(ctx) })
		},
		"FromFunc": func(fail func(context.Context) error) observable.Observable[int] {
			return observable.FromFunc(func(ctx context.Context) (int, error) { return 0, fail(ctx) })
		},
	} {
		for what, tt := range map[string]struct {
			err  func(context.Context) error
			want int
		}{
			"its error": {context.Context.Err, 0},
			"its cause": {context.Cause, 0},
			"another":   {func(context.Context) error { return errTest }, 1},
		} {
			t.Run(name+"/"+what, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var dropped dropLog
					ctx, cancel := context.WithCancelCause(dropped.context())
					over, p := make(chan struct{}), newProbe[int](0)
					o(func(ctx context.Context) error {
						<-over
						return tt.err(ctx)
					}).Subscribe(ctx, p)
					go p.up.Request(1)
					synctest.Wait()
					cancel(cause)
					synctest.Wait()
					close(over)
					synctest.Wait()
					if dropped.len() != tt.want {
						t.Errorf("reported %v, want %d errors", dropped.errs, tt.want)
					}
				})
			})
		}
	}
}
