package observable

import (
	"context"
	"iter"
)

// FromSeq emits the values of seq, then completes.
//
//	FromSeq(abc)  (abc|)
//
// With unbounded demand seq runs in a plain loop and costs what a range over
// it costs. With any other demand it is pulled value by value, which costs
// a switch of coroutines each; the coroutine ends with the subscription. It
// does not look ahead: that seq is exhausted shows when one value more is
// requested.
//
// Demand: takes from seq what is requested.
//
// Errors: a [*PanicError] if seq panics.
//
// Discards: a value that seq yields when the stream has been cancelled, as
// late.
//
// Scheduler: none; seq runs on the goroutine that requests.
//
// FromSeq panics if seq is nil.
func FromSeq[T any](seq iter.Seq[T]) Observable[T] {
	if seq == nil {
		panic("observable: FromSeq of a nil sequence")
	}
	return FromSeq2(func(yield func(T, error) bool) {
		for v := range seq {
			if !yield(v, nil) {
				return
			}
		}
	})
}

// FromSeq2 emits the values of seq, then completes. A pair with an error ends
// the stream with it; the value of that pair is ignored.
//
//	FromSeq2(abc, err)  (abc#)
//
// It is the inverse of [Observable.All], and runs seq as [FromSeq] does.
//
// Demand: takes from seq what is requested.
//
// Errors: the first of seq; a [*PanicError] if seq panics.
//
// Discards: a value that seq yields when the stream has been cancelled, as
// late.
//
// Scheduler: none; seq runs on the goroutine that requests.
//
// FromSeq2 panics if seq is nil.
func FromSeq2[T any](seq iter.Seq2[T, error]) Observable[T] {
	if seq == nil {
		panic("observable: FromSeq2 of a nil sequence")
	}
	return Observable[T]{subscribe: func(ctx context.Context, down Subscriber[T]) {
		s := &sequence[T]{seq: seq, hooks: hooksFrom(ctx)}
		s.down, s.src = down, s
		down.OnSubscribe(s)
	}}
}

type sequence[T any] struct {
	loop[T]
	hooks *hooks
	seq   iter.Seq2[T, error]
	pull  func() (T, error, bool) // nil until the first bounded demand; the emitting goroutine only
	stop  func()                  // the same
}

func (s *sequence[T]) burst(next func(T) bool, limit int64) (used int64, more bool) {
	if limit == Unbounded && s.pull == nil {
		return 0, s.pushAll(next)
	}
	if s.pull == nil {
		s.pull, s.stop = iter.Pull2(s.seq)
	}
	for used < limit && !s.stopped.Load() {
		v, err, ok := s.pull()
		if !ok || err != nil {
			s.failed(err)
			return used, false
		}
		if s.stopped.Load() {
			s.late(v)
		} else if next(v) && limit != Unbounded {
			used++
		}
	}
	return used, true
}

// pushAll runs the rest of seq without counting.
func (s *sequence[T]) pushAll(next func(T) bool) (more bool) {
	for v, err := range s.seq {
		if err != nil {
			s.failed(err)
			return false
		}
		if s.stopped.Load() { // while seq was busy
			s.late(v)
			return true
		}
		next(v)
		if s.stopped.Load() { // before seq makes one more
			return true
		}
	}
	return false
}

// release ends the coroutine. What seq defers runs then.
func (s *sequence[T]) release() {
	if s.stop != nil {
		attempt(s.stop, s.hooks.dropped)
	}
}

// failed ends the stream with err, if it is one and somebody can receive it.
func (s *sequence[T]) failed(err error) {
	if err != nil && !s.end(err) {
		s.hooks.dropped(err)
	}
}

func (s *sequence[T]) late(v T) {
	if s.hooks.discard != nil {
		s.hooks.discard(v, DiscardLate)
	}
}
