package observable

import (
	"errors"
	"sync/atomic"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
)

// A burster is a source that can produce whenever it is asked.
type burster[T any] interface {
	// burst emits values through next until it has used up limit, or the
	// source is exhausted, or l is stopped, which it checks before each value.
	// It reports how many of limit it used and whether the source may have
	// more.
	burst(next func(T) bool, limit int64) (used int64, more bool)
	// release frees what the source holds. It is called once, by the goroutine
	// that emitted last, when the subscription is over for whatever reason.
	release()
}

// A loop is the subscription of a synchronous source: it emits inside Request,
// on the goroutine that calls it. One call emits at a time; the others, from
// other goroutines or from inside OnNext, only add to the demand of the loop
// that is running (L3, depth 1).
//
// A source embeds a loop and sets down and src before OnSubscribe.
type loop[T any] struct {
	link.Failing
	down    Subscriber[T]
	src     burster[T]
	next    func(T) bool          // links on the first emission; the emitting goroutine only
	asked   demand.Counter        // outstanding; who raises it from zero owns the emission
	failure atomic.Pointer[error] // set by Fail and end
	stopped atomic.Bool           // any goroutine: cancelled, or failure is set
	freed   bool                  // release was called; the owner of the emission only
}

// EmitsInRequest marks the loop as synchronous for flattening operators.
func (*loop[T]) EmitsInRequest(link.Seal) {}

// FeedTo sets the function that the values go through (link.Feeder).
func (l *loop[T]) FeedTo(down, next any, _ link.Seal) {
	if down == any(l.down) {
		l.next = next.(func(T) bool)
	}
}

// Request adds to the demand and, unless a loop is running already, emits.
func (l *loop[T]) Request(n int64) {
	if n > 0 && l.asked.Add(n) == 0 {
		l.emit(n)
	}
}

// Cancel stops the loop before its next value.
func (l *loop[T]) Cancel() {
	if !l.stopped.Swap(true) && l.asked.Add(1) == 0 {
		l.free() // nobody emits, and nobody will: asked stays above zero
	}
}

// Fail stops the loop and makes err its last signal.
func (l *loop[T]) Fail(err error) {
	l.failure.CompareAndSwap(nil, &err)
	if !l.stopped.Swap(true) && l.asked.Add(1) == 0 {
		l.close()
	}
}

// end makes err, which is the source's, the end of the stream. It reports false
// if that has been stopped: then nobody can receive err any more. Called by
// burst.
func (l *loop[T]) end(err error) bool {
	return !l.stopped.Swap(true) && l.failure.CompareAndSwap(nil, &err)
}

// emit runs as long as there is demand. It leaves asked above zero when the
// stream is over, so that nobody enters it again.
func (l *loop[T]) emit(limit int64) {
	done := false
	defer fault.Catch(&done, l.panicked)
	if l.next == nil {
		l.next = link.Next[T](l.down)
	}
	for limit != 0 {
		used, more := l.src.burst(l.next, limit)
		switch {
		case l.stopped.Load():
			l.close()
			limit = 0
		case !more:
			l.stopped.Store(true)
			l.free()
			l.down.OnComplete()
			limit = 0
		default:
			limit = l.asked.Spend(used)
		}
	}
	done = true
}

// close ends a loop that was stopped from outside.
func (l *loop[T]) close() {
	l.free()
	if err := l.failure.Load(); err != nil {
		l.down.OnError(*err)
	}
}

func (l *loop[T]) panicked(value any, stack []byte) {
	l.stopped.Store(true)
	l.free()
	l.down.OnError(withFailure(&PanicError{Value: value, Stack: stack}, l.failure.Load()))
}

// withFailure joins the panic of a callback to the error for which the stream
// was about to end, if there was one: nothing follows that could report it.
func withFailure(panicked *PanicError, failure *error) error {
	if failure == nil {
		return panicked
	}
	return errors.Join(*failure, panicked)
}

func (l *loop[T]) free() {
	if !l.freed {
		l.freed = true
		l.src.release()
	}
}
