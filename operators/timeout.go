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
//	source             --a-b------|
//	Timeout(3ms)       --a-b--#
//	…FirstWithin(1ms)  -#
//	…FirstOnly         --a-b------|
//
// The options make a difference between the first value and the others:
// [FirstWithin] gives it another deadline, [FirstOnly] gives the others none.
//
// Demand: one for one. The clock runs whether or not anything is requested: a
// subscriber that requests too late times out. It stands still while a value
// is being dealt with below.
//
// Errors: a [*TimeoutError]; to go on with another source, use [TimeoutWith].
// The source's, unchanged; that of a scheduler which is closed.
//
// Discards: a value that comes after the timeout, as late.
//
// Scheduler: [scheduler.On], else the ctx's. It has one timer per
// subscription, which moves its own deadline; a value costs a look at the clock.
//
// Timeout panics if d or that of FirstWithin is not positive, or if both
// options are given.
func Timeout[T any](d time.Duration, opts ...TimeoutOption) observable.Operator[T, T] {
	limits := newLimits("Timeout", d, opts)
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		t := &timeout[T]{}
		t.prepare(ctx, down, limits)
		return t
	})
}

// A timeout needs no drain: the timer ends the stream only while no value is
// being delivered, and nothing is delivered after it did.
type timeout[T any] struct {
	link.Inside
	down    observable.Subscriber[T]
	up      observable.Subscription
	each    time.Duration // the limit of all values but the first; 0 if they have none
	clock   scheduler.Scheduler
	tick    func() // fire, bound once
	resume  func() // goes on after a timeout; nil: the stream fails
	discard func(any, observable.DiscardReason)
	dropped func(error)

	mu       sync.Mutex    // guards all below
	limit    time.Duration // of the next value; 0 if it has none
	deadline time.Time     // of the next value, if it has one
	timer    func() bool   // stops the timer; nil while there is none
	forget   func() bool   // unhooks the end of the scheduler
	busy     bool          // a value is being delivered
	late     bool          // the deadline has come; what else is due at this instant goes first
	over     bool          // the stream has ended, or is about to
	expired  bool          // the deadline was missed
	produced int64         // values that were delivered; not written once it is over
	failure  error         // from fail; waits for the value that is being delivered
}

func (t *timeout[T]) prepare(ctx context.Context, down observable.Subscriber[T], l limits) {
	t.down, t.limit, t.each, t.clock, t.tick = down, l.first, l.each, scheduler.Pick(ctx, l.on...), t.fire
	t.discard, t.dropped = observable.DiscardFrom(ctx), observable.DroppedErrorFrom(ctx)
}

func (t *timeout[T]) OnSubscribe(up observable.Subscription) { t.handDown(t, up) }

// handDown gives own, which is t or what embeds it, to the downstream.
func (t *timeout[T]) handDown(own, up observable.Subscription) {
	t.up = up
	t.down.OnSubscribe(failing(own, up, t.fail))
	t.mu.Lock()
	if !t.over && t.limit > 0 { // the first value may have come already
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
	t.produced++
	if t.limit != t.each {
		t.change()
	}
	t.mu.Unlock()

	defer t.delivered() // also if the downstream panics: a source that fail has cancelled need not pass that on
	t.down.OnNext(v)
}

// delivered goes on after a value.
func (t *timeout[T]) delivered() {
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
	if t.over || t.busy || t.limit == 0 {
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
	err := &TimeoutError{t.limit}
	t.expired = true
	t.end()
	if t.resume != nil {
		t.resume()
		return
	}
	t.up.Cancel()
	t.tell(func() { t.down.OnError(err) })
}

// extend moves the deadline, if there is one. The caller holds mu.
func (t *timeout[T]) extend() {
	if t.limit == 0 {
		return
	}
	t.deadline, t.late = t.clock.Now().Add(t.limit), false
	if t.timer == nil {
		t.timer = t.clock.After(t.limit, t.tick)
	}
}

// change gives the first value's place to the limit of the others. A timer that
// cannot be stopped has fired and will see that there is a value. The caller
// holds mu.
func (t *timeout[T]) change() {
	t.limit = t.each
	if t.timer != nil && t.timer() {
		t.timer = nil
	}
	if t.limit == 0 && t.forget != nil { // the clock is not needed any more
		t.forget()
		t.forget = nil
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
