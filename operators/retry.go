package operators

import (
	"context"
	"fmt"
	"math"

	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/serial"
	"github.com/sluicego/sluice/observable"
)

// Forever is the count for a [Retry] that never gives up.
const Forever = math.MaxInt

// Retry emits the values of the source and, should it fail, subscribes to it
// again, up to n times.
//
//	source    -a-#
//	Retry(1)  -a--a-#
//
// Demand: one for one. What a subscription has left unmet is requested from
// the next one.
//
// Errors: the last one, when the source has failed n+1 times. A panic in a
// callback passes through at once, unless there is the option [Panics].
//
// Discards: nothing.
//
// Scheduler: none; it subscribes again at once, where the source fails. That
// takes no stack, however often it happens. A source that fails at once, under
// Retry([Forever]), keeps its goroutine busy until it is cancelled.
//
// Retry panics if n is negative.
func Retry[T any](n int, opts ...RetryOption) observable.Operator[T, T] {
	if n < 0 {
		panic(fmt.Sprintf("operators: Retry of a negative count (%d)", n))
	}
	panics := catchesPanics("Retry", opts)
	return func(src observable.Observable[T]) observable.Observable[T] {
		return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
			r := &retrier[T]{resumer: newResumer(ctx, down, panics), left: n}
			r.subscribe = func() { src.Subscribe(ctx, r) }
			return r
		})(src)
	}
}

type retrier[T any] struct {
	resumer[T]
	left      int   // how often to try again; the source only
	err       error // why it tries again; the source only
	subscribe func()
	drain     serial.Drain // subscribes in a loop where the source fails inside subscribe
}

func (r *retrier[T]) OnError(err error) {
	if r.left == 0 || !r.isOurs(err) {
		r.fail(err)
		return
	}
	if r.left != Forever {
		r.left--
	}
	r.settle()
	r.err = err
	r.drain.Wake(r.again)
}

func (r *retrier[T]) again() {
	if r.cancelled.Load() {
		r.dropped(r.err)
		return
	}
	done := false
	defer fault.Catch(&done, r.panicked)
	r.subscribe()
	done = true
}

// panicked reports a panic of subscribing as the source's failure.
func (r *retrier[T]) panicked(value any, stack []byte) {
	r.quit()
	r.OnError(&observable.PanicError{Value: value, Stack: stack})
}
