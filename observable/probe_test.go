package observable_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sluicego/sluice/observable"
)

// A probe is an outside subscriber. It records what it receives and notices
// signals that overlap or break the order.
type probe[T any] struct {
	ask         int64 // requested in OnSubscribe, if not 0
	onSubscribe func(observable.Subscription)
	onNext      func(T)
	onEnd       func()
	up          observable.Subscription
	done        chan struct{} // closed by the terminal signal

	mu        sync.Mutex
	values    []T
	errs      []error
	completed int
	subs      int
	inside    atomic.Int32
	broken    atomic.Pointer[string]
}

func newProbe[T any](ask int64) *probe[T] {
	return &probe[T]{ask: ask, done: make(chan struct{})}
}

// subscribe subscribes a new probe.
func subscribe[T any](ctx context.Context, o observable.Observable[T], ask int64) *probe[T] {
	p := newProbe[T](ask)
	o.Subscribe(ctx, p)
	return p
}

func (p *probe[T]) OnSubscribe(up observable.Subscription) {
	p.mu.Lock()
	p.subs++
	p.mu.Unlock()
	p.up = up
	if p.ask != 0 {
		up.Request(p.ask)
	}
	if p.onSubscribe != nil {
		p.onSubscribe(up)
	}
}

func (p *probe[T]) OnNext(v T) {
	if p.inside.Add(1) != 1 {
		p.fault("OnNext while another signal was inside")
	}
	defer p.inside.Add(-1)
	p.mu.Lock()
	p.values = append(p.values, v)
	if p.completed+len(p.errs) > 0 {
		p.fault("OnNext after the end")
	}
	p.mu.Unlock()
	if p.onNext != nil {
		p.onNext(v)
	}
}

func (p *probe[T]) OnError(err error) { p.end(func() { p.errs = append(p.errs, err) }) }
func (p *probe[T]) OnComplete()       { p.end(func() { p.completed++ }) }

func (p *probe[T]) end(record func()) {
	p.mu.Lock()
	record()
	first := p.completed+len(p.errs) == 1
	p.mu.Unlock()
	if p.onEnd != nil {
		p.onEnd()
	}
	if !first {
		p.fault("a second end")
		return
	}
	close(p.done)
}

func (p *probe[T]) fault(what string) { p.broken.CompareAndSwap(nil, &what) }

// got returns the values so far.
func (p *probe[T]) got() []T {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]T(nil), p.values...)
}

// err returns the only error, or nil.
func (p *probe[T]) err() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.errs) == 0 {
		return nil
	}
	return p.errs[0]
}

func (p *probe[T]) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// expect checks the values so far and the protocol.
func (p *probe[T]) expect(t *testing.T, want ...T) {
	t.Helper()
	if diff := cmp.Diff(append([]T(nil), want...), p.got()); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	if b := p.broken.Load(); b != nil {
		t.Error("protocol: " + *b)
	}
	if p.subs != 1 {
		t.Errorf("OnSubscribe was called %d times", p.subs)
	}
}

// expectLive is expect, and the stream has not ended.
func (p *probe[T]) expectLive(t *testing.T, want ...T) {
	t.Helper()
	p.expect(t, want...)
	if p.ended() {
		t.Errorf("ended: completed %d, errors %v", p.completed, p.errs)
	}
}

// expectComplete is expect, and the stream has completed.
func (p *probe[T]) expectComplete(t *testing.T, want ...T) {
	t.Helper()
	p.expect(t, want...)
	if !p.ended() || p.completed != 1 {
		t.Errorf("not completed; errors %v", p.errs)
	}
}

// expectError is expect, and the stream has failed with an E.
func expectError[E error, T any](t *testing.T, p *probe[T], want ...T) {
	t.Helper()
	_ = failure[E](t, p, want...)
}

// failure is expectError, and returns the error.
func failure[E error, T any](t *testing.T, p *probe[T], want ...T) (err E) {
	t.Helper()
	p.expect(t, want...)
	if !p.ended() || len(p.errs) != 1 {
		t.Fatalf("not failed: completed %d, errors %v", p.completed, p.errs)
	}
	err, ok := errors.AsType[E](p.errs[0])
	if !ok {
		t.Fatalf("error is a %T: %v", p.errs[0], p.errs[0])
	}
	return err
}

// A ledger is a discard hook that keeps what it is told.
type ledger struct {
	mu      sync.Mutex
	entries []entry
}

type entry struct {
	Value any
	Why   observable.DiscardReason
}

func (l *ledger) context(ctx context.Context) context.Context {
	return observable.WithDiscard(ctx, func(v any, why observable.DiscardReason) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.entries = append(l.entries, entry{v, why})
	})
}

func (l *ledger) got() []entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]entry(nil), l.entries...)
}

func (l *ledger) expect(t *testing.T, want ...entry) {
	t.Helper()
	if diff := cmp.Diff(append([]entry(nil), want...), l.got()); diff != "" {
		t.Errorf("discarded (-want +got):\n%s", diff)
	}
}

// dropped returns a ctx whose dropped errors go to the returned function's list.
func dropped(ctx context.Context) (context.Context, func() []error) {
	var mu sync.Mutex
	var errs []error
	ctx = observable.WithDroppedError(ctx, func(err error) {
		mu.Lock()
		defer mu.Unlock()
		errs = append(errs, err)
	})
	return ctx, func() []error {
		mu.Lock()
		defer mu.Unlock()
		return append([]error(nil), errs...)
	}
}

// mustPanic returns what f panics with.
func mustPanic(t *testing.T, f func()) (v any) {
	t.Helper()
	defer func() {
		if v = recover(); v == nil {
			t.Error("did not panic")
		}
	}()
	f()
	return nil
}

// mustPanicWith checks the text of an argument panic.
func mustPanicWith(t *testing.T, want string, f func()) {
	t.Helper()
	if v := mustPanic(t, f); v != want {
		t.Errorf("panic %v, want %q", v, want)
	}
}
