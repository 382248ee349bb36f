package observable_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/rxgo"
	"github.com/sluicego/sluice/observable"
)

// A maker makes a source that emits 0, 1, … n-1 and completes.
type maker func(n int) observable.Observable[int]

// sources are all that emit as many values as one likes. What every source
// keeps is tested with each of them.
var sources = map[string]maker{
	"Range":     func(n int) observable.Observable[int] { return observable.Range(0, n) },
	"FromSlice": func(n int) observable.Observable[int] { return observable.FromSlice(numbers(n)) },
	"FromSeq":   func(n int) observable.Observable[int] { return observable.FromSeq(slices.Values(numbers(n))) },
	"FromSeq2":  func(n int) observable.Observable[int] { return observable.FromSeq2(pairs(n)) },
	"Generate":  generated,
	"Create":    created,
	"FromChan": func(n int) observable.Observable[int] {
		return observable.Defer(func(context.Context) observable.Observable[int] {
			ch := make(chan int, n)
			for i := range n {
				ch <- i
			}
			close(ch)
			return observable.FromChan(ch)
		})
	},
	"FromItems": func(n int) observable.Observable[int] {
		return observable.Defer(func(context.Context) observable.Observable[int] { return observable.FromItems[int](items(n)) })
	},
	"FromItemsFunc": func(n int) observable.Observable[int] {
		return observable.FromItemsFunc[int](func(context.Context) <-chan rxgo.Item { return items(n) })
	},
	"Lines": func(n int) observable.Observable[int] {
		var text strings.Builder
		for i := range n {
			fmt.Fprintln(&text, i)
		}
		return observable.Defer(func(context.Context) observable.Observable[int] {
			return parsed(observable.Lines(strings.NewReader(text.String())))
		})
	},
	"Defer": func(n int) observable.Observable[int] {
		return observable.Defer(func(context.Context) observable.Observable[int] { return observable.Range(0, n) })
	},
	"Using": func(n int) observable.Observable[int] {
		return observable.Using(
			func(context.Context) (int, error) { return n, nil },
			func(n int) observable.Observable[int] { return observable.Range(0, n) },
			func(int) error { return nil },
		)
	},
	"New": func(n int) observable.Observable[int] {
		return observable.New(func(ctx context.Context, s observable.Subscriber[int]) { observable.Range(0, n).Subscribe(ctx, s) })
	},
	"Unicast": func(n int) observable.Observable[int] {
		return observable.Defer(func(context.Context) observable.Observable[int] {
			u := observable.NewUnicast[int](n)
			for i := range n {
				u.Next(i)
			}
			u.Complete()
			return u.Observable
		})
	},
	"Replay": func(n int) observable.Observable[int] {
		r := observable.NewReplay[int](n, 0)
		for i := range n {
			r.Next(i)
		}
		r.Complete()
		return r.Observable
	},
}

func numbers(n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = i
	}
	return s
}

func pairs(n int) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		for i := range n {
			if !yield(i, nil) {
				return
			}
		}
	}
}

func generated(n int) observable.Observable[int] {
	return observable.Generate(0, func(i int) (int, int, bool) { return i, i + 1, i < n })
}

func created(n int) observable.Observable[int] {
	return observable.Create(func(_ context.Context, emit observable.Emitter[int]) error {
		for i := range n {
			if !emit.Next(i) {
				break
			}
		}
		return nil
	})
}

// parsed maps lines to numbers.
func parsed(o observable.Observable[string]) observable.Observable[int] {
	return observable.Lift(func(_ context.Context, down observable.Subscriber[int]) observable.Subscriber[string] {
		return parser{down}
	})(o)
}

type parser struct{ observable.Subscriber[int] }

func (p parser) OnNext(v string) {
	n, err := strconv.Atoi(v)
	if err != nil {
		panic(err)
	}
	p.Subscriber.OnNext(n)
}

// eachSource runs f with every source, and L15: with linking and without.
func eachSource(t *testing.T, f func(*testing.T, maker)) {
	t.Helper()
	for name, m := range sources {
		t.Run(name, func(t *testing.T) { f(t, m) })
		t.Run(name+" unlinked", func(t *testing.T) {
			defer link.Disable()()
			f(t, m)
		})
	}
}

func TestSourcesCollect(t *testing.T) {
	eachSource(t, func(t *testing.T, m maker) {
		o := m(5)
		for range 2 { // each subscription starts afresh
			if got, err := o.Collect(t.Context()); !slices.Equal(got, numbers(5)) || err != nil {
				t.Errorf("%v, %v", got, err)
			}
		}
	})
}

// Behaviour 15 and L7: nothing follows a cancel on the emitting goroutine.
func TestBehaviour15_CancelInOnNext(t *testing.T) {
	eachSource(t, func(t *testing.T, m maker) {
		for _, ask := range []int64{1, 5, observable.Unbounded} {
			for _, at := range []int{0, 4} {
				p := newProbe[int](0)
				cancelled := make(chan struct{})
				p.onNext = func(v int) {
					p.up.Request(1)
					if v == at {
						p.up.Cancel()
						p.up.Cancel()
						p.up.Request(3)
						close(cancelled)
					}
				}
				m(5).Subscribe(t.Context(), p)
				p.up.Request(ask)
				<-cancelled
				p.expectLive(t, numbers(at+1)...)
			}
		}
	})
}

// Behaviour 16: a cancel inside OnSubscribe is the end of it.
func TestBehaviour16_CancelInOnSubscribe(t *testing.T) {
	eachSource(t, func(t *testing.T, m maker) {
		p := newProbe[int](0)
		p.onSubscribe = func(up observable.Subscription) {
			up.Cancel()
			up.Request(5)
		}
		m(5).Subscribe(t.Context(), p)
		p.expectLive(t)
	})
}

// Behaviour 29: a panic in OnNext ends the subscription, and the next one works.
func TestBehaviour29_SourcesSurvive(t *testing.T) {
	eachSource(t, func(t *testing.T, m maker) {
		o := m(3)
		for _, leave := range []func(){func() { panic(errTest) }, runtime.Goexit} {
			p := newProbe[int](observable.Unbounded)
			p.onNext = func(v int) {
				if v == 1 {
					leave()
				}
			}
			go o.Subscribe(t.Context(), p)
			<-p.done
			expectError[*observable.PanicError](t, p, 0, 1)
		}
		if got, err := o.Collect(t.Context()); len(got) != 3 || err != nil {
			t.Errorf("afterwards: %v, %v", got, err)
		}
	})
}

// Behaviour 40: the end of the ctx is a silent cancel.
func TestBehaviour40_Sources(t *testing.T) {
	eachSource(t, func(t *testing.T, m maker) {
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		p := newProbe[int](2)
		second := make(chan struct{})
		p.onNext = func(v int) {
			if v == 1 {
				close(second)
			}
		}
		observeCancel(m(5), done).Subscribe(ctx, p)
		<-second
		cancel()
		<-done
		p.up.Request(3)
		p.expectLive(t, 0, 1)

		p = subscribe(ctx, m(5), observable.Unbounded)
		p.expectLive(t)
	})
}

// Behaviours 17 and 20: requests and cancels from everywhere; each value of a
// source that makes them anyway is delivered or discarded.
func TestBehaviour17_RequestCancelRace(t *testing.T) {
	eachSource(t, func(t *testing.T, m maker) {
		for range 50 {
			ctx, cancel := context.WithCancel(t.Context())
			p := subscribe(ctx, m(20), 1)
			var wg sync.WaitGroup
			for range 2 {
				wg.Go(func() { p.up.Request(10) })
				wg.Go(p.up.Cancel)
			}
			wg.Go(cancel)
			wg.Wait()
			if b := p.broken.Load(); b != nil {
				t.Fatal(*b)
			}
		}
	})
}

// Behaviours 11 and 12: an end needs no demand.
func TestBehaviour12_EndsWithoutDemand(t *testing.T) {
	for name, o := range map[string]observable.Observable[int]{
		"zero":   {},
		"Empty":  observable.Empty[int](),
		"Of":     observable.Of[int](),
		"Range":  observable.Range(0, 0),
		"Create": created(0),
		"Defer":  observable.Defer(func(context.Context) observable.Observable[int] { return observable.Empty[int]() }),
	} {
		p := subscribe(t.Context(), o, 0)
		<-p.done
		if p.completed != 1 {
			t.Errorf("%s: %v", name, p.err())
		}
	}
	for name, o := range map[string]observable.Observable[int]{
		"Throw":  observable.Throw[int](errTest),
		"Create": observable.Create(func(context.Context, observable.Emitter[int]) error { return errTest }),
		"Using": observable.Using(func(context.Context) (int, error) { return 0, errTest },
			func(int) observable.Observable[int] { return observable.Never[int]() }, func(int) error { return nil }),
	} {
		p := subscribe(t.Context(), o, 0)
		<-p.done
		if !errors.Is(p.err(), errTest) {
			t.Errorf("%s: %v", name, p.err())
		}
	}
}
