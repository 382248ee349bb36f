package operators

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// ErrTimeout is what every [*TimeoutError] is, by [errors.Is].
var ErrTimeout = errors.New("operators: timeout")

// A TimeoutError is the error of [Timeout].
type TimeoutError struct {
	After time.Duration // how long there was no value
}

// Error says how long there was no value.
func (e *TimeoutError) Error() string {
	return fmt.Sprintf("operators: Timeout: no value within %v", e.After)
}

// Unwrap returns [ErrTimeout].
func (e *TimeoutError) Unwrap() error { return ErrTimeout }

// Timeout emits the values of the source for as long as each comes within d of
// the one before it, and the first within d of the subscription. Otherwise it
// cancels the source and fails. A value in the very instant of the deadline is
// in time, unless it comes by way of yet another task of that instant.
//
//	source        -a-b------|
//	Timeout(3ms)  -a-b--#
//
// Demand: one for one. The clock runs whether or not anything is requested: a
// subscriber that requests too late times out. It stands still while a value
// is being dealt with below.
//
// Errors: a [*TimeoutError]; the source's, unchanged; that of a scheduler which
// is closed.
//
// Discards: a value that comes after the timeout, as late.
//
// Scheduler: [scheduler.On], else the ctx's. It has one timer per
// subscription, which moves its own deadline; a value costs a look at the clock.
//
// Timeout panics if d is not positive.
func Timeout[T any](d time.Duration, opts ...scheduler.TimeOption) observable.Operator[T, T] {
	if d <= 0 {
		panic(fmt.Sprintf("operators: Timeout of a non-positive duration (%v)", d))
	}
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		t := &timeout[T]{
			down: down, d: d, clock: scheduler.Pick(ctx, opts...),
			discard: observable.DiscardFrom(ctx), dropped: observable.DroppedErrorFrom(ctx),
		}
		t.tick = t.fire
		return t
	})
}

// A timeout needs no drain: the timer ends the stream only while no value is
// being delivered, and nothing is delivered after it did.
type timeout[T any] struct {
	link.Inside
	down    observable.Subscriber[T]
	up      observable.Subscription
	d       time.Duration
	clock   scheduler.Scheduler
	tick    func() // fire, bound once
	discard func(any, observable.DiscardReason)
	dropped func(error)

	mu       sync.Mutex  // guards all below
	deadline time.Time   // of the next value
	timer    func() bool // stops the timer; nil while there is none
	forget   func() bool // unhooks the end of the scheduler
	busy     bool        // a value is being delivered
	late     bool        // the deadline has come; what else is due at this instant goes first
	over     bool        // the stream has ended, or is about to
	failure  error       // from fail; waits for the value that is being delivered
}

func (t *timeout[T]) OnSubscribe(up observable.Subscription) {
	t.up = up
	t.down.OnSubscribe(failing(t, up, t.fail))
	t.mu.Lock()
	if !t.over {
		t.extend()
		t.forget = onClose(t.clock, t.fail)
	}
	t.mu.Unlock()
}

func (t *timeout[T]) OnNext(v T) {
	t.mu.Lock()
	if t.over {
		t.mu.Unlock()
		if t.discard != nil {
			t.discard(v, observable.DiscardLate)
		}
		return
	}
	t.busy = true
	t.mu.Unlock()

	t.down.OnNext(v)

	t.mu.Lock()
	t.busy = false
	failure := t.failure
	t.failure = nil
	if !t.over {
		t.extend()
	}
	t.mu.Unlock()
	if failure != nil {
		t.down.OnError(failure)
	}
}

func (t *timeout[T]) OnError(err error) {
	t.mu.Lock()
	// busy: a panic of the downstream's, which is passed on in any case
	if t.over && !t.busy {
		t.mu.Unlock()
		t.dropped(err)
		return
	}
	failure := t.failure
	t.busy, t.failure = false, nil
	t.end()
	if failure != nil {
		t.dropped(failure)
	}
	t.tell(func() { t.down.OnError(err) })
}

func (t *timeout[T]) OnComplete() {
	t.mu.Lock()
	if t.over {
		t.mu.Unlock()
		return
	}
	t.end()
	t.tell(t.down.OnComplete)
}

func (t *timeout[T]) Request(n int64) { t.up.Request(n) }

func (t *timeout[T]) Cancel() {
	t.mu.Lock()
	if t.over {
		undelivered := t.failure
		t.failure = nil
		t.mu.Unlock()
		if undelivered != nil {
			t.dropped(undelivered)
		}
		return
	}
	t.end()
	t.up.Cancel()
}

// fail ends the stream with err, after the value that is being delivered.
func (t *timeout[T]) fail(err error) {
	t.mu.Lock()
	if t.over {
		t.mu.Unlock()
		t.dropped(err)
		return
	}
	waits := t.busy
	if waits {
		t.failure = err
	}
	t.end()
	t.up.Cancel()
	if !waits {
		t.tell(func() { t.down.OnError(err) })
	}
}

// fire is the timer's task. It goes after the deadline, which values have moved
// since the timer was set, and once it is there lets the others of that instant
// have their turn.
func (t *timeout[T]) fire() {
	t.mu.Lock()
	t.timer = nil
	if t.over || t.busy {
		t.mu.Unlock() // if busy, the value sets a timer afterwards
		return
	}
	rest := t.deadline.Sub(t.clock.Now())
	if rest > 0 || !t.late {
		t.late = rest <= 0
		t.timer = t.clock.After(rest, t.tick)
		t.mu.Unlock()
		return
	}
	t.end()
	t.up.Cancel()
	t.tell(func() { t.down.OnError(&TimeoutError{t.d}) })
}

// extend moves the deadline. The caller holds mu.
func (t *timeout[T]) extend() {
	t.deadline, t.late = t.clock.Now().Add(t.d), false
	if t.timer == nil {
		t.timer = t.clock.After(t.d, t.tick)
	}
}

// end makes the stream over and releases mu.
func (t *timeout[T]) end() {
	t.over = true
	timer, forget := t.timer, t.forget
	t.timer, t.forget = nil, nil
	t.mu.Unlock()
	if timer != nil {
		timer()
	}
	if forget != nil {
		forget()
	}
}

// tell delivers a terminal. The source is gone, so a panic in there is
// recovered here.
func (t *timeout[T]) tell(terminal func()) {
	done := false
	defer fault.Catch(&done, func(value any, stack []byte) {
		t.down.OnError(&observable.PanicError{Value: value, Stack: stack})
	})
	terminal()
	done = true
}
