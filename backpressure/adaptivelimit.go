package backpressure

import (
	"context"
	"fmt"
	"time"

	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/option"
	"github.com/sluicego/sluice/internal/site"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// An AdaptiveOption is an option of [AdaptiveLimit]: [Window], [Decrease],
// [OnWindow] or [scheduler.On].
type AdaptiveOption = option.Adaptive

// Window has [AdaptiveLimit] begin with a window of floor values, and keep it
// between floor and ceiling. The default is Window(1, 1024). It panics if floor
// is not positive, or ceiling is below it.
func Window(floor, ceiling int) AdaptiveOption {
	if floor <= 0 || ceiling < floor {
		panic(fmt.Sprintf("backpressure: Window from %d to %d; it has to begin with 1 at least, and not to end before it begins", floor, ceiling))
	}
	return bounds{floor, ceiling}
}

type bounds struct{ floor, ceiling int }

func (bounds) OptionAdaptive(option.Seal) {}

// Decrease is what [AdaptiveLimit] multiplies its window by when values take too
// long. The default is 0.9; less gives way faster, and leaves more unused
// afterwards. It panics if factor is not between 0 and 1.
func Decrease(factor float64) AdaptiveOption {
	if !(factor > 0 && factor < 1) {
		panic(fmt.Sprintf("backpressure: Decrease by a factor that is not between 0 and 1 (%v)", factor))
	}
	return decrease(factor)
}

type decrease float64

func (decrease) OptionAdaptive(option.Seal) {}

// OnWindow has f called with the window of [AdaptiveLimit] each time that it has
// changed, and the latency for which it has: on the goroutine that brought the
// value, once that is delivered or queued. A panic in f ends the stream with an
// [observable.PanicError]. OnWindow panics if f is nil.
func OnWindow(f func(window int, latency time.Duration)) AdaptiveOption {
	if f == nil {
		panic("backpressure: OnWindow with a nil function")
	}
	return onWindow(f)
}

type onWindow func(window int, latency time.Duration)

func (onWindow) OptionAdaptive(option.Seal) {}

// AdaptiveLimit requests no more values at a time than the source can bring
// within target of being asked. It finds out how many these are: the window of
// values that may be requested and not delivered begins with one, grows while
// they come in time, and shrinks when they do not.
//
//	source              -   ab--c---------d-|
//	AdaptiveLimit(6ms)  -   ab--c---------d-|
//	demand source       [^1]21--2-----------!
//
// What is measured is the time from the request of a value to its arrival, in
// which it waits behind those that were requested before. While that is no
// longer than target, the window grows by one for each window of values; by the
// first value that takes longer it shrinks to nine tenths ([Decrease]), once for
// all that were requested until then. Several clients of one server, which do
// not know of each other, come to equal shares by that (Chiu and Jain, Analysis
// of the increase and decrease algorithms for congestion avoidance, 1989). Values
// that were requested while others were held up by the consumer do not make the
// window grow: it is not what limits the source then.
//
// It is meant for a source that works when it is asked. One that emits at a pace
// of its own, such as a ticker, seems slow, and is asked for the smallest window.
// So is one whose goroutine the consumer keeps for long in OnNext, since it does
// not get to work: put an ObserveOn behind AdaptiveLimit.
//
// Demand: the smallest window from the source, before anything is requested; then
// what the window has room for, each time that a value has been delivered. What
// is queued counts as part of the window, so a consumer that is slower than the
// source slows it down, and no more values are queued than the largest window.
// Unbounded demand never reaches the source.
//
// Errors: the source's, after the queued values.
//
// Discards: what is queued at a cancel.
//
// Scheduler: [scheduler.On], else the context's, which is only asked for the
// time. Values that were queued are delivered on the goroutine that requests
// them.
//
// AdaptiveLimit panics if target is not positive or an option is nil.
func AdaptiveLimit[T any](target time.Duration, opts ...AdaptiveOption) observable.Operator[T, T] {
	if target <= 0 {
		panic(fmt.Sprintf("backpressure: AdaptiveLimit with a target that is not positive (%v)", target))
	}
	a := adaptation{target: target, bounds: bounds{1, 1024}, decrease: 0.9}
	a.apply(opts)
	c := newConfig[T]("AdaptiveLimit", a.ceiling)
	c.site = site.Caller()
	c.first, c.refill = 1, 1 // the window is told of every value
	return observable.Lift(func(ctx context.Context, down observable.Subscriber[T]) observable.Subscriber[T] {
		l := &adaptiveLimiter[T]{window: *newWindow(&a), clock: scheduler.Pick(ctx, a.on...), watch: a.watch}
		l.begin(ctx, down, newFifo[T](a.ceiling, Fail), c)
		return l
	})
}

// An adaptation is what the options of an AdaptiveLimit set.
type adaptation struct {
	bounds
	target   time.Duration
	decrease float64
	watch    onWindow // may be nil
	on       []scheduler.TimeOption
}

func (a *adaptation) apply(opts []AdaptiveOption) {
	for _, opt := range opts {
		switch opt := opt.(type) {
		case bounds:
			a.bounds = opt
		case decrease:
			a.decrease = float64(opt)
		case onWindow:
			a.watch = opt
		case scheduler.OnOption:
			a.on = append(a.on, opt)
		case nil:
			panic(nilOption("AdaptiveLimit"))
		}
	}
}

// An adaptiveLimiter is a relay that takes its window for its source.
type adaptiveLimiter[T any] struct {
	relay[T]
	clock  scheduler.Scheduler
	watch  onWindow                // may be nil
	source observable.Subscription // written by OnSubscribe
	window window                  // guarded by mu
}

func (l *adaptiveLimiter[T]) OnSubscribe(up observable.Subscription) {
	l.source = up
	l.relay.OnSubscribe(windowed[T]{l})
}

func (l *adaptiveLimiter[T]) OnNext(v T) {
	now := l.clock.Now()
	l.mu.Lock()
	if l.sourced {
		l.late(v)
		return
	}
	latency, changed := l.window.arrived(now)
	size := l.window.size
	l.receive(v)
	if changed && l.watch != nil {
		l.tell(size, latency)
	}
}

// tell calls the user's OnWindow.
func (l *adaptiveLimiter[T]) tell(size int, latency time.Duration) {
	done := false
	defer fault.Catch(&done, func(value any, stack []byte) {
		l.Fail(&observable.PanicError{Value: value, Stack: stack})
	})
	l.watch(size, latency)
	done = true
}

// A windowed stands between the relay and the source.
type windowed[T any] struct{ l *adaptiveLimiter[T] }

// Request asks the source for what there is room for. The relay calls it when
// it begins, and when a value was delivered.
func (w windowed[T]) Request(int64) {
	l := w.l
	now := l.clock.Now()
	n := 0
	l.mu.Lock()
	if !l.sourced { // else it needs nothing, and the store may be somebody else's
		n = l.window.fill(now, l.store.len())
	}
	l.mu.Unlock()
	if n > 0 {
		l.source.Request(int64(n))
	}
}

func (w windowed[T]) Cancel() { w.l.source.Cancel() }
