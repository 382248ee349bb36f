package operators

import (
	"context"

	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/option"
	"github.com/sluicego/sluice/internal/serial"
	"github.com/sluicego/sluice/internal/side"
	"github.com/sluicego/sluice/observable"
)

// A DelayWhenOption is an option of [DelayWhen]. [Concurrency] is the one there
// is.
type DelayWhenOption interface{ option.DelayWhen }

// OptionDelayWhen makes Concurrency an option of [DelayWhen]: the number of
// values that it holds at a time.
func (Concurrency) OptionDelayWhen(option.Seal) {}

// DelayWhen emits each value v of the source when f(v) emits its first value,
// which may be in another order. A v for which f(v) completes without a value
// is dropped. It completes when the source has and nothing is held any more.
//
//	source        -a-b------|
//	a             -----x--y
//	b             -x
//	DelayWhen(f)  ----b-a---|
//
// Demand: the source is asked for 256 values, which is how many are held at a
// time, and for one more each time that one of them has been passed on or
// dropped; [Concurrency] sets another number, Concurrency(Unlimited) none. A
// value whose time has come waits for demand. f(v) is asked for everything and
// cancelled at its first value.
//
// Errors: the first one, of the source or of an f(v), at once.
//
// Discards: the values held when the stream fails or is cancelled; one whose
// f(v) completes without a value, as filtered; what comes after the end, as
// late.
//
// Scheduler: none; a value is emitted where f(v) emits, or where it is
// requested if that comes later.
//
// For the same delay of all values, use [Delay]; to delay the subscription as
// well, put [DelaySubscriptionWhen] below. DelayWhen panics if f is nil, or if an
// option is not positive.
func DelayWhen[T, N any](f func(T) observable.Observable[N], opts ...DelayWhenOption) observable.Operator[T, T] {
	if f == nil {
		panic("operators: DelayWhen with a nil function")
	}
	b := bounds{concurrency: defaultConcurrency, prefetch: 1}
	for _, opt := range opts {
		if n, ok := opt.(Concurrency); ok {
			b.concurrency = bound("DelayWhen", "Concurrency", int(n))
		}
	}
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		return newMerger(ctx, b, down, func(v T, x *inner[T]) {
			h := &holder[T, N]{out: x, value: v}
			h.listener = side.New(h.release, h.end)
			x.OnSubscribe(h)
			h.listener.Listen(ctx, f(v))
		})
	})
}

// A holder is an inner observable of one value, which it holds until its
// listener hears something. It is there before f is called, so that a panic in
// f gives up the value with all the others.
type holder[T, N any] struct {
	out      *inner[T]
	value    T // of whoever settles it
	listener *side.Listener[N]
	settled  serial.Once // what becomes of the value is decided; any goroutine
}

// Request does nothing: the one value is asked for from the start.
func (h *holder[T, N]) Request(int64) {}

// Cancel gives the value up.
func (h *holder[T, N]) Cancel() {
	h.listener.Cancel()
	if h.settled.First() {
		h.drop(h.reason())
	}
}

// release emits the value. The listener is cancelled before, so a panic of the
// downstream's is recovered here.
func (h *holder[T, N]) release(N) {
	if !h.settled.First() {
		return
	}
	h.listener.Cancel()
	done := false
	defer fault.Catch(&done, h.panicked)
	h.out.OnNext(h.take())
	done = true
	h.out.OnComplete()
}

func (h *holder[T, N]) panicked(value any, stack []byte) {
	h.out.OnError(&observable.PanicError{Value: value, Stack: stack})
}

// end takes the end of f(v), if it comes before a value.
func (h *holder[T, N]) end(err error) {
	switch {
	case !h.settled.First():
		if err != nil {
			h.out.fan.dropped(err)
		}
	case err != nil:
		h.drop(observable.DiscardError)
		h.out.OnError(err)
	default:
		h.drop(observable.DiscardFiltered)
		h.out.OnComplete()
	}
}

// reason says why the holder was cancelled.
func (h *holder[T, N]) reason() observable.DiscardReason {
	f := h.out.fan
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err != nil {
		return observable.DiscardError
	}
	return observable.DiscardCancel
}

// take returns the value and keeps nothing of it.
func (h *holder[T, N]) take() (v T) {
	var zero T
	v, h.value = h.value, zero
	return v
}

func (h *holder[T, N]) drop(why observable.DiscardReason) {
	if v := h.take(); h.out.fan.discard != nil {
		h.out.fan.discard(v, why)
	}
}
