package observable_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// A script is an outside source that does what a test tells it to.
func script(play func(s observable.Subscriber[int])) observable.Observable[int] {
	return observable.New(func(_ context.Context, s observable.Subscriber[int]) { play(s) })
}

// A sub is the subscription of a script.
type sub struct {
	request func(int64)
	cancel  func()
}

func (s *sub) Request(n int64) {
	if s.request != nil {
		s.request(n)
	}
}

func (s *sub) Cancel() {
	if s.cancel != nil {
		s.cancel()
	}
}

// The gate of New turns the mistakes of a source into errors that say what is
// wrong, and lets nothing else through.
func TestGateOfNew(t *testing.T) {
	broken := errors.New("broken")
	for name, tt := range map[string]struct {
		play   func(s observable.Subscriber[int])
		values int
		want   string
	}{
		"all is well": {func(s observable.Subscriber[int]) {
			s.OnSubscribe(&sub{})
			s.OnNext(1)
			s.OnComplete()
		}, 1, "<nil>"},
		"a value before OnSubscribe": {func(s observable.Subscriber[int]) {
			s.OnNext(1)
			s.OnSubscribe(&sub{})
			s.OnComplete()
		}, 0, "OnNext was called before OnSubscribe; call that first, once (L1)"},
		"an end before OnSubscribe":   {func(s observable.Subscriber[int]) { s.OnComplete() }, 0, "OnComplete was called before OnSubscribe"},
		"an error before OnSubscribe": {func(s observable.Subscriber[int]) { s.OnError(broken) }, 0, "OnError was called before OnSubscribe"},
		"two subscriptions": {func(s observable.Subscriber[int]) {
			s.OnSubscribe(&sub{})
			s.OnSubscribe(&sub{})
			s.OnComplete()
		}, 0, "<nil>"},
		"two ends": {func(s observable.Subscriber[int]) {
			s.OnSubscribe(&sub{})
			s.OnComplete()
			s.OnError(broken)
			s.OnNext(1)
			s.OnComplete()
		}, 0, "<nil>"},
		"more than requested": {func(s observable.Subscriber[int]) {
			s.OnSubscribe(&sub{})
			for i := range 10 {
				s.OnNext(i)
			}
			s.OnComplete()
		}, 3, "sluice: New overflowed: a value came while the demand was 0"},
		"a value inside a value": {func(s observable.Subscriber[int]) {
			nested := &sub{}
			nested.request = func(n int64) {
				if n == 1 {
					s.OnNext(2)
				}
			}
			s.OnSubscribe(nested)
			s.OnNext(1)
		}, 1, "OnNext was called while another signal was being delivered"},
		"a panic while subscribing": {func(observable.Subscriber[int]) { panic(broken) }, 0, "panic in a callback: broken"},
		"an error": {func(s observable.Subscriber[int]) {
			s.OnSubscribe(&sub{})
			s.OnError(broken)
		}, 0, "broken"},
	} {
		t.Run(name, func(t *testing.T) {
			got := marbles.NewTestSubscriber[int](t, 3)
			if name == "a value inside a value" {
				got.Each = func(int) { got.Request(1) }
			}
			ctx := observable.WithDroppedError(context.Background(), func(error) {})
			script(tt.play).Subscribe(ctx, got)
			ended, err := got.Ended()
			if !ended || len(got.Values()) != tt.values || !strings.Contains(fmt.Sprint(err), tt.want) {
				t.Errorf("%d values, ended %t with %v; want %d and %q", len(got.Values()), ended, err, tt.values, tt.want)
			}
		})
	}
}

// A source that is at fault is cancelled, once.
func TestGateCancelsTheSourceAtFault(t *testing.T) {
	cancels := 0
	got := marbles.NewTestSubscriber[int](t, 1)
	script(func(s observable.Subscriber[int]) {
		s.OnSubscribe(&sub{cancel: func() { cancels++ }})
		s.OnNext(1)
		s.OnNext(2)
	}).Subscribe(context.Background(), got)
	got.Cancel()
	if cancels != 1 {
		t.Errorf("%d cancels, want 1", cancels)
	}
}

// L9, L16: what comes late is accounted for.
func TestGateAccountsForWhatIsLate(t *testing.T) {
	var (
		values []any
		errs   []error
		source observable.Subscriber[int]
	)
	ctx := observable.WithDiscard(context.Background(), func(v any, why observable.DiscardReason) {
		values = append(values, fmt.Sprint(v, " ", why))
	})
	ctx = observable.WithDroppedError(ctx, func(err error) { errs = append(errs, err) })
	got := marbles.NewTestSubscriber[int](t, observable.Unbounded)
	script(func(s observable.Subscriber[int]) {
		source = s
		s.OnSubscribe(&sub{})
	}).Subscribe(ctx, got.Outside())
	source.OnNext(1)
	got.Cancel()
	source.OnNext(2)
	source.OnError(marbles.ErrMarble)
	if fmt.Sprint(values) != "[2 late]" || len(errs) != 1 || !errors.Is(errs[0], marbles.ErrMarble) {
		t.Errorf("discarded %v, dropped %v", values, errs)
	}
}

// Behaviour 29, L11: wherever a subscriber panics, its stream ends once, its
// source is cancelled, and the panic is told: to OnError, or to the hook.
func TestBehaviour29_OutsideSubscriberPanics(t *testing.T) {
	for _, in := range []string{"OnSubscribe", "OnNext", "OnError", "OnComplete"} {
		t.Run(in, func(t *testing.T) {
			var dropped []error
			ctx := observable.WithDroppedError(context.Background(), func(err error) { dropped = append(dropped, err) })
			cancels := 0
			p := &panicker{in: in}
			script(func(s observable.Subscriber[int]) {
				s.OnSubscribe(&sub{cancel: func() { cancels++ }})
				s.OnNext(1)
				if in == "OnError" {
					s.OnError(marbles.ErrMarble)
				} else {
					s.OnComplete()
				}
			}).Subscribe(ctx, p)
			var told *observable.PanicError
			switch in {
			case "OnSubscribe", "OnNext":
				if !errors.As(p.err, &told) || cancels != 1 {
					t.Errorf("ended with %v, source cancelled %d times", p.err, cancels)
				}
			default:
				if len(dropped) != 1 || !errors.As(dropped[0], &told) || cancels != 0 {
					t.Errorf("dropped %v, source cancelled %d times", dropped, cancels)
				}
			}
		})
	}
}

// A panicker panics in one of its methods.
type panicker struct {
	in  string
	err error
}

func (p *panicker) OnSubscribe(s observable.Subscription) {
	s.Request(observable.Unbounded)
	p.at("OnSubscribe")
}
func (p *panicker) OnNext(int) { p.at("OnNext") }
func (p *panicker) OnError(err error) {
	p.err = err
	p.at("OnError")
}
func (p *panicker) OnComplete() { p.at("OnComplete") }
func (p *panicker) at(method string) {
	if p.in == method {
		panic("in " + method)
	}
}

// A panic in an operator's OnComplete ends the stream below it, whoever the
// source is; the blocking terminal that waits there panics with it.
func TestPanicInAnOperatorsEnd(t *testing.T) {
	explode := observable.Lift(func(_ context.Context, down observable.Subscriber[int]) observable.Subscriber[int] {
		return &atEnd{Subscriber: down}
	})
	for name, src := range map[string]observable.Observable[int]{
		"a range": observable.Range(1, 2),
		"an outside source": script(func(s observable.Subscriber[int]) {
			s.OnSubscribe(&sub{})
			s.OnNext(1)
			s.OnComplete()
		}),
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if p, ok := recover().(*observable.PanicError); !ok || p.Value != "at the end" {
					t.Errorf("Collect panicked with %v", p)
				}
			}()
			got, err := explode(src).Collect(context.Background())
			t.Errorf("Collect returned %v, %v", got, err)
		})
	}
}

type atEnd struct{ observable.Subscriber[int] }

func (*atEnd) OnComplete() { panic("at the end") }

// L14: a ctx that is done cancels, silently; one that was done before keeps
// the source from being subscribed to.
func TestGateListensToTheContext(t *testing.T) {
	t.Run("before", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		got := marbles.NewTestSubscriber[int](t, observable.Unbounded)
		script(func(observable.Subscriber[int]) { t.Error("the source was subscribed to") }).Subscribe(ctx, got.Outside())
		if ended, err := got.Ended(); ended {
			t.Errorf("ended with %v", err)
		}
		got.Request(1) // there is a subscription, and it does nothing
	})
	t.Run("meanwhile", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancelled := make(chan struct{})
		got := marbles.NewTestSubscriber[int](t, observable.Unbounded)
		script(func(s observable.Subscriber[int]) {
			s.OnSubscribe(&sub{cancel: func() { close(cancelled) }})
			s.OnNext(1)
		}).Subscribe(ctx, got.Outside())
		cancel()
		<-cancelled
		if ended, err := got.Ended(); ended || len(got.Values()) != 1 {
			t.Errorf("ended %t with %v, values %v", ended, err, got.Values())
		}
	})
}

// L3, L6 under race: bad requests, values and an end at the same moment give
// one end and no overlap; the TestSubscriber audits it.
func TestBehaviour2_BadRequestWhileEmitting(t *testing.T) {
	marbles.Race(300, func(int) ([]func(), func()) {
		var source observable.Subscriber[int]
		got := marbles.NewTestSubscriber[int](t, observable.Unbounded)
		ctx := observable.WithDroppedError(context.Background(), func(error) {})
		script(func(s observable.Subscriber[int]) {
			source = s
			s.OnSubscribe(&sub{})
		}).Subscribe(ctx, got.Outside())
		emit := func() {
			for i := range 5 {
				source.OnNext(i)
			}
			source.OnComplete()
		}
		return []func(){emit, func() { got.Request(0) }, func() { got.Request(-1) }}, func() {
			if ended, _ := got.Ended(); !ended {
				t.Error("no end")
			}
		}
	})
}

// L5: what a gate shares between goroutines is safe to share.
func TestGateUnderRace(t *testing.T) {
	marbles.Race(300, func(int) ([]func(), func()) {
		var (
			mu      sync.Mutex
			cancels int
		)
		got := marbles.NewTestSubscriber[int](t, 0)
		script(func(s observable.Subscriber[int]) {
			s.OnSubscribe(&sub{cancel: func() {
				mu.Lock()
				cancels++
				mu.Unlock()
			}})
		}).Subscribe(context.Background(), got.Outside())
		return []func(){got.Cancel, got.Cancel, func() { got.Request(3) }}, func() {
			if cancels != 1 {
				t.Errorf("%d cancels, want 1", cancels)
			}
		}
	})
}

func ExampleNew() {
	// A countdown that knows about demand.
	countdown := observable.New(func(_ context.Context, s observable.Subscriber[int]) {
		left := 3
		s.OnSubscribe(&sub{request: func(n int64) {
			for ; n > 0 && left > 0; n-- {
				left--
				s.OnNext(left + 1)
			}
			if left == 0 {
				s.OnComplete()
			}
		}})
	})
	fmt.Println(countdown.Collect(context.Background()))
	// Output: [3 2 1] <nil>
}

// A user's operator may hand its source's subscription down and emit from
// another goroutine: what holds for a synchronous source must not be taken to
// hold for it. MergeMap would otherwise emit without a lock.
func TestLiftHidesWhatASourceHasAgreedTo(t *testing.T) {
	elsewhere := observable.Lift(func(_ context.Context, down observable.Subscriber[int]) observable.Subscriber[int] {
		return &mover{Subscriber: down}
	})
	const inners, each = 8, 100 // each fits in what MergeMap asks for ahead
	merged := operators.MergeMap(func(int) observable.Observable[int] {
		return elsewhere(observable.Range(0, each))
	})(observable.Range(0, inners))
	sum := 0 // touched by signals only: -race proves that they do not overlap
	err := merged.ForEach(context.Background(), func(int) error { sum++; return nil })
	if err != nil || sum != inners*each {
		t.Errorf("%d values, %v; want %d", sum, err, inners*each)
	}
}

// A mover emits on a goroutine of its own, and passes everything else on.
type mover struct {
	observable.Subscriber[int]
	values []int
}

func (m *mover) OnNext(v int) { m.values = append(m.values, v) }
func (m *mover) OnComplete() {
	go func() {
		for _, v := range m.values {
			m.Subscriber.OnNext(v)
		}
		m.Subscriber.OnComplete()
	}()
}
