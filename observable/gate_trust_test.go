package observable_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// A dropLog collects the errors that nobody can receive any more.
type dropLog struct {
	mu   sync.Mutex
	errs []error // guarded by mu
}

func (d *dropLog) context() context.Context {
	return observable.WithDroppedError(context.Background(), func(err error) {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.errs = append(d.errs, err)
	})
}

func (d *dropLog) len() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.errs)
}

// A subscription of an outside source, which may do anything.
type anySub struct{ request, cancel func() }

func (s anySub) Request(int64) { call(s.request) }
func (s anySub) Cancel()       { call(s.cancel) }

func call(f func()) {
	if f != nil {
		f()
	}
}

// Behaviour 13, L3: what is requested inside OnSubscribe comes after it, also
// from a source with a goroutine of its own.
func TestBehaviour13_NothingComesInsideOnSubscribe(t *testing.T) {
	filled := func() observable.Observable[int] {
		c := make(chan int, 3)
		c <- 1
		c <- 2
		c <- 3
		return observable.FromChan(c)
	}
	for name, src := range map[string]func() observable.Observable[int]{
		"FromChan": filled,
		"Interval": func() observable.Observable[int] { return observable.Interval(time.Nanosecond) },
		"New": func() observable.Observable[int] {
			return observable.New(func(_ context.Context, s observable.Subscriber[int]) {
				s.OnSubscribe(anySub{request: func() { go s.OnNext(1) }})
			})
		},
		"Lift": func() observable.Observable[int] { return outsideMap(filled()) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				inside := true // -race says whether OnNext is ordered after OnSubscribe
				p := newProbe[int](0)
				p.onSubscribe = func(up observable.Subscription) {
					up.Request(1)
					<-time.After(time.Millisecond)
					synctest.Wait()
					inside = false
				}
				p.onNext = func(int) {
					if inside {
						t.Error("OnNext inside OnSubscribe")
					}
					p.up.Cancel()
				}
				src().Subscribe(t.Context(), p)
				<-time.After(time.Millisecond)
				synctest.Wait()
				if len(p.got()) != 1 {
					t.Errorf("values %v, want one", p.got())
				}
			})
		})
	}
}

// outsideMap is an operator that is not the library's and changes nothing.
var outsideMap = observable.Lift(func(_ context.Context, down observable.Subscriber[int]) observable.Subscriber[int] {
	return outsideOp{down}
})

type outsideOp struct{ observable.Subscriber[int] }

// What is requested while OnSubscribe runs, there and elsewhere, adds up.
func TestBehaviour5_RequestsInsideOnSubscribeAddUp(t *testing.T) {
	marbles.Race(300, func(int) ([]func(), func()) {
		src := marbles.NewTestSource[int]()
		p, subscribed := newProbe[int](0), make(chan observable.Subscription, 1)
		p.onSubscribe = func(up observable.Subscription) {
			subscribed <- up
			up.Request(2)
			runtime.Gosched()
			up.Request(3)
		}
		ask := func() {
			up := <-subscribed
			for range 10 {
				up.Request(1)
			}
		}
		return []func(){func() { src.Subscribe(t.Context(), p) }, ask}, func() {
			if n := src.Requested(); n != 15 {
				t.Errorf("%d requested upstream, want 15", n)
			}
		}
	})
}

// Behaviour 29: a panic in the Request or the Cancel of an outside source.
func TestBehaviour29_OutsideSubscriptionPanics(t *testing.T) {
	source := func(sub func(s observable.Subscriber[int]) anySub) observable.Observable[int] {
		return observable.New(func(_ context.Context, s observable.Subscriber[int]) { s.OnSubscribe(sub(s)) })
	}
	boom := func() { panic("boom") }
	cancelPanics := source(func(observable.Subscriber[int]) anySub { return anySub{cancel: boom} })

	t.Run("Request", func(t *testing.T) {
		p := subscribe(t.Context(), source(func(observable.Subscriber[int]) anySub { return anySub{request: boom} }), 1)
		if _, ok := errors.AsType[*observable.PanicError](p.err()); !ok {
			t.Errorf("ended with %v, want a PanicError", p.err())
		}
	})
	t.Run("Request by Chan", func(t *testing.T) {
		n := 0
		values, errs := source(func(s observable.Subscriber[int]) anySub {
			return anySub{request: func() {
				if n++; n == 2 {
					boom()
				}
				s.OnNext(n)
			}}
		}).Chan(t.Context(), 1)
		for range values {
		}
		if _, ok := errors.AsType[*observable.PanicError](<-errs); !ok {
			t.Error("no PanicError came")
		}
	})
	t.Run("Cancel after a bad request", func(t *testing.T) {
		var dropped dropLog
		p := subscribe(dropped.context(), cancelPanics, 0)
		p.up.Request(0)
		if _, ok := errors.AsType[*observable.BadRequestError](p.err()); !ok || dropped.len() != 1 {
			t.Errorf("ended with %v, want a BadRequestError; %d errors dropped, want 1", p.err(), dropped.len())
		}
	})
	t.Run("Cancel by the ctx", func(t *testing.T) {
		dropped := make(chan error, 1)
		ctx, cancel := context.WithCancel(observable.WithDroppedError(t.Context(), func(err error) { dropped <- err }))
		subscribe(ctx, cancelPanics, 1)
		cancel()
		if _, ok := errors.AsType[*observable.PanicError](<-dropped); !ok {
			t.Error("the panic was not reported")
		}
	})
}

// Behaviour 29: the same in an outside operator, whose subscription a terminal
// of the library has to itself.
func TestBehaviour29_OutsideOperatorsSubscriptionPanics(t *testing.T) {
	over := func(request, cancel func()) observable.Observable[int] {
		return observable.Lift(func(_ context.Context, down observable.Subscriber[int]) observable.Subscriber[int] {
			return interposer{down, anySub{request, cancel}}
		})(observable.Never[int]())
	}
	boom := func() { panic("boom") }
	for name, run := range map[string]func(ctx context.Context, o observable.Observable[int]){
		"Collect": func(ctx context.Context, o observable.Observable[int]) { _, _ = o.Collect(ctx) },
		"All": func(ctx context.Context, o observable.Observable[int]) {
			for range o.All(ctx) {
			}
		},
		"Chan": func(ctx context.Context, o observable.Observable[int]) {
			values, _ := o.Chan(ctx, 1)
			for range values {
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			dropped := make(chan error, 1)
			ctx, cancel := context.WithCancel(observable.WithDroppedError(t.Context(), func(err error) { dropped <- err }))
			run(ctx, over(cancel, boom)) // asked for a value, it ends the ctx
			if _, ok := errors.AsType[*observable.PanicError](<-dropped); !ok {
				t.Error("the panic of Cancel was not reported")
			}
		})
	}
}

type interposer struct {
	observable.Subscriber[int]
	sub anySub
}

func (i interposer) OnSubscribe(observable.Subscription) { i.Subscriber.OnSubscribe(i.sub) }

// A Fail method of a user's means what the user likes: the source is not
// trusted for it.
func TestAFailMethodEarnsNoTrust(t *testing.T) {
	src := observable.New(func(_ context.Context, s observable.Subscriber[int]) { s.OnSubscribe(hasFail{s}) })
	p := subscribe(t.Context(), src, 1)
	if _, ok := errors.AsType[*observable.OverflowError](p.err()); !ok || !slices.Equal(p.got(), []int{1}) {
		t.Errorf("values %v, then %v; want one value, then an OverflowError", p.got(), p.err())
	}
	p = subscribe(t.Context(), src, -1)
	if _, ok := errors.AsType[*observable.BadRequestError](p.err()); !ok {
		t.Errorf("ended with %v, want a BadRequestError", p.err())
	}
}

type hasFail struct{ s observable.Subscriber[int] }

func (f hasFail) Request(int64) { f.s.OnNext(1); f.s.OnNext(2) }
func (hasFail) Cancel()         {}
func (hasFail) Fail(error)      {}

// Behaviour 10: a source that wraps the library's is an outside source.
func TestBehaviour10_AWrappedSubscriberOverruns(t *testing.T) {
	src := observable.New(func(ctx context.Context, s observable.Subscriber[int]) {
		observable.Range(0, 9).Subscribe(ctx, twice{s})
	})
	p := subscribe(t.Context(), src, 1)
	if _, ok := errors.AsType[*observable.OverflowError](p.err()); !ok || !slices.Equal(p.got(), []int{0}) {
		t.Errorf("values %v, then %v; want one value, then an OverflowError", p.got(), p.err())
	}
}

type twice struct{ observable.Subscriber[int] }

func (d twice) OnNext(v int) { d.Subscriber.OnNext(v); d.Subscriber.OnNext(v) }

// Behaviour 19, L16: of two errors at once one is delivered and the other one
// reported.
func TestBehaviour19_ConcurrentErrorsOfAnOutsideSource(t *testing.T) {
	marbles.Race(3000, func(int) ([]func(), func()) {
		var (
			dropped dropLog
			src     observable.Subscriber[int]
		)
		p := subscribe(dropped.context(), observable.New(func(_ context.Context, s observable.Subscriber[int]) {
			src = s
			s.OnSubscribe(anySub{})
		}), 0)
		fail := func() { src.OnError(errTest) }
		return []func(){fail, fail}, func() {
			if len(p.errs) != 1 || dropped.len() != 1 {
				t.Errorf("%d errors delivered and %d reported, want 1 and 1", len(p.errs), dropped.len())
			}
		}
	})
}

// L11: a panic in the OnError of an outside operator is an error of what is
// below it.
func TestPanicInAnOperatorsOnError(t *testing.T) {
	bad := observable.Lift(func(_ context.Context, down observable.Subscriber[int]) observable.Subscriber[int] {
		return badEnd{down}
	})
	for name, src := range map[string]observable.Observable[int]{
		"Throw":  observable.Throw[int](errTest),
		"Create": observable.Create(func(context.Context, observable.Emitter[int]) error { return errTest }),
		"New": observable.New(func(_ context.Context, s observable.Subscriber[int]) {
			s.OnSubscribe(anySub{request: func() { s.OnError(errTest) }})
		}),
		"FromChan": func() observable.Observable[int] {
			c := make(chan int, 1)
			c <- 1
			return operators.Map(func(int) int { panic("in Map") })(observable.FromChan(c))
		}(),
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if p, ok := recover().(*observable.PanicError); !ok || p.Value != "in OnError" {
					t.Errorf("Collect panicked with %v, want the panic of OnError", p)
				}
			}()
			got, err := bad(src).Collect(t.Context())
			t.Errorf("Collect returned %v, %v", got, err)
		})
	}
}

type badEnd struct{ observable.Subscriber[int] }

func (badEnd) OnError(error) { panic("in OnError") }

// Behaviour 15, L7, L15: a cancel in a callback above the subscriber keeps back
// the value that is under way, linked and not.
func TestBehaviour15_CancelAboveTheSubscriber(t *testing.T) {
	for _, linked := range []bool{true, false} {
		if !linked {
			defer link.Disable()()
		}
		p := newProbe[int](0)
		lost := 0
		ctx := observable.WithDiscard(t.Context(), func(any, observable.DiscardReason) { lost++ })
		operators.Tap(func(int) { p.up.Cancel() })(observable.Of(1, 2, 3)).Subscribe(ctx, p)
		p.up.Request(observable.Unbounded)
		if len(p.got()) != 0 || lost != 1 {
			t.Errorf("linked %t: values %v after the cancel, %d discarded", linked, p.got(), lost)
		}
	}
}
