package observable

import (
	"context"
	"sync/atomic"

	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
)

// Of emits the given values, then completes.
//
//	Of("a", "b", "c")  (abc|)
//
// Demand: emits as requested.
//
// Errors: none.
//
// Discards: nothing.
//
// Scheduler: none; it emits on the goroutine that requests.
func Of[T any](values ...T) Observable[T] { return FromSlice(values) }

// FromSlice emits the elements of s, then completes. The slice is not copied:
// do not change it while a subscription lives.
//
//	FromSlice(abc)  (abc|)
//
// Demand: emits as requested.
//
// Errors: none.
//
// Discards: nothing.
//
// Scheduler: none; it emits on the goroutine that requests.
func FromSlice[T any](s []T) Observable[T] {
	switch len(s) {
	case 0:
		return Empty[T]()
	case 1:
		return just(s[0])
	}
	return Observable[T]{subscribe: func(_ context.Context, down Subscriber[T]) {
		e := &elements[T]{rest: s}
		e.down, e.src = down, e
		down.OnSubscribe(e)
	}}
}

type elements[T any] struct {
	loop[T]
	rest []T // the emitting goroutine only
}

func (e *elements[T]) burst(next func(T) bool, limit int64) (used int64, more bool) {
	for used < limit && len(e.rest) > 0 && !e.stopped.Load() {
		v := e.rest[0]
		e.rest = e.rest[1:]
		if next(v) && limit != Unbounded {
			used++
		}
	}
	return used, len(e.rest) > 0
}

func (e *elements[T]) release() { e.rest = nil }

// just is Of a single value: no loop, and no linking for it.
func just[T any](v T) Observable[T] {
	return Observable[T]{subscribe: func(ctx context.Context, down Subscriber[T]) {
		link.Call(ctx, "Of")
		down.OnSubscribe(&single[T]{down: down, value: v})
	}}
}

type single[T any] struct {
	link.Failing
	down    Subscriber[T]
	value   T
	state   atomic.Int32          // any goroutine
	failure atomic.Pointer[error] // set by Fail
}

// The states of a single.
const (
	singleIdle int32 = iota
	singleEmitting
	singleOver
)

// EmitsInRequest marks the source as synchronous for flattening operators.
func (*single[T]) EmitsInRequest(link.Seal) {}

func (s *single[T]) Request(n int64) {
	if n <= 0 || !s.state.CompareAndSwap(singleIdle, singleEmitting) {
		return
	}
	done := false
	defer fault.Catch(&done, s.panicked)
	s.down.OnNext(s.value)
	if s.state.CompareAndSwap(singleEmitting, singleOver) {
		s.down.OnComplete()
	} else if err := s.failure.Load(); err != nil {
		s.down.OnError(*err)
	}
	done = true
}

func (s *single[T]) Cancel() { s.state.Store(singleOver) }

// Fail ends the stream with err, after the value if that is being delivered.
func (s *single[T]) Fail(err error) {
	s.failure.CompareAndSwap(nil, &err)
	if s.state.Swap(singleOver) == singleIdle {
		s.down.OnError(err)
	}
}

func (s *single[T]) panicked(value any, stack []byte) {
	s.state.Store(singleOver)
	s.down.OnError(withFailure(&PanicError{Value: value, Stack: stack}, s.failure.Load()))
}

// Empty completes without a value.
//
//	Empty()  |
//
// Demand: none is needed.
//
// Errors: none.
//
// Discards: nothing.
//
// Scheduler: none.
func Empty[T any]() Observable[T] { return Observable[T]{} }

// Never emits nothing and does not end.
//
//	Never()  -
//
// Demand: ignored.
//
// Errors: none.
//
// Discards: nothing.
//
// Scheduler: none.
func Never[T any]() Observable[T] {
	return Observable[T]{subscribe: func(_ context.Context, down Subscriber[T]) { down.OnSubscribe(nothing{}) }}
}

// Throw fails with err.
//
//	Throw(err)  #
//
// Demand: none is needed.
//
// Errors: err.
//
// Discards: nothing.
//
// Scheduler: none.
//
// Throw panics if err is nil.
func Throw[T any](err error) Observable[T] {
	if err == nil {
		panic("observable: Throw of a nil error")
	}
	return Observable[T]{subscribe: func(_ context.Context, down Subscriber[T]) { fail(down, err) }}
}
