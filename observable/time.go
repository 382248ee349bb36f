package observable

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/option"
	"github.com/sluicego/sluice/internal/serial"
	"github.com/sluicego/sluice/scheduler"
)

// Timer emits 0 once d has passed since the subscription, then completes.
//
//	Timer(3ms)  ---(0|)
//
// Demand: the value waits for it.
//
// Errors: [scheduler.ErrClosed] if the scheduler is closed before d has passed.
//
// Discards: nothing; a value that is not requested is not made.
//
// Scheduler: [scheduler.On]; by default that of the ctx. It starts one timer,
// and emits on its goroutine, or on the one that requests if that comes later.
//
// A duration of zero or less means as soon as possible.
func Timer(d time.Duration, opts ...scheduler.TimeOption) Observable[int] {
	return Observable[int]{subscribe: func(ctx context.Context, down Subscriber[int]) {
		c := newInterval(ctx, down, opts)
		c.down.OnSubscribe(c)
		c.heed()
		c.arm(c.start.Add(d), 0)
	}}
}

// An IntervalOption is an option of [Interval]: [InitialDelay] or [scheduler.On].
type IntervalOption interface{ option.Interval }

// InitialDelay is the time from the subscription to the first tick of an
// [Interval]. With 0 the first tick comes at once.
type InitialDelay time.Duration

// OptionInterval makes it an option of [Interval].
func (InitialDelay) OptionInterval(option.Seal) {}

// Interval emits 0, 1, 2 and so on, one every d, the first after d, or after
// the [InitialDelay].
//
//	Interval(2ms)       --0-1-2-3-
//	…InitialDelay(3ms)  ---0-1-2-3
//
// The values are the numbers of the ticks since the subscription: tick n is due
// n*d after the first one, whatever the ones before it cost, so that an
// interval does not drift.
//
// Demand: as with [time.Ticker], a tick at which nothing is requested is
// missed; so is one that comes due while the one before it is still being
// dealt with. The gap shows in the numbers.
//
// Errors: [scheduler.ErrClosed] if the scheduler is closed.
//
// Discards: nothing; a tick that was missed was not made.
//
// Scheduler: [scheduler.On]; by default that of the ctx. It keeps one timer
// going while something is requested, and emits on its goroutine.
//
// Interval panics if d is not positive, or an option is nil or negative.
func Interval(d time.Duration, opts ...IntervalOption) Observable[int] {
	if d <= 0 {
		panic(fmt.Sprintf("observable: Interval of %v; it has to be positive", d))
	}
	first, on := d, []scheduler.TimeOption(nil)
	for _, opt := range opts {
		switch opt := opt.(type) {
		case InitialDelay:
			if first = time.Duration(opt); first < 0 {
				panic(fmt.Sprintf("observable: Interval with a negative InitialDelay (%v)", first))
			}
		case scheduler.OnOption:
			on = append(on, opt)
		case nil:
			panic("observable: Interval with a nil option; leave it out")
		}
	}
	return Observable[int]{subscribe: func(ctx context.Context, down Subscriber[int]) {
		c := newInterval(ctx, down, on)
		c.period, c.tick = d, -1
		c.start = c.start.Add(first - d) // tick n is due (n+1)*d after the start
		c.down.OnSubscribe(c)
		c.heed()
	}}
}

// An interval is the subscription of an Interval, or of a Timer, which has no period.
// The timer rings on a goroutine of the scheduler.
type interval struct {
	link.Failing
	down   Subscriber[int]
	hooks  *hooks
	time   scheduler.Scheduler
	start  time.Time
	period time.Duration
	rings  func()         // ring, bound once
	asked  demand.Counter // who raises it from zero sets the timer of an Interval
	drain  serial.Drain

	// The rest is guarded by mu.
	mu      sync.Mutex
	stop    func() bool // stops the timer
	unhook  func() bool // from the lifetime of the scheduler
	tick    int         // the number of the tick that the timer is for
	rung    bool        // the timer has rung, and the tick is not emitted yet
	over    bool        // cancelled, failed, or at the end
	failure error       // still to be emitted
}

func newInterval(ctx context.Context, down Subscriber[int], opts []scheduler.TimeOption) *interval {
	s := scheduler.Pick(ctx, opts...)
	c := &interval{down: down, hooks: hooksFrom(ctx), time: s, start: s.Now()}
	c.rings = c.ring
	return c
}

// heed makes the end of the scheduler that of the stream.
func (c *interval) heed() {
	life := scheduler.Lifetime(c.time)
	if life.Done() == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.over {
		c.unhook = context.AfterFunc(life, func() { c.Fail(context.Cause(life)) })
	}
}

func (c *interval) Request(n int64) {
	switch {
	case n <= 0 || c.asked.Add(n) != 0:
	case c.period > 0:
		c.armNext()
	default:
		c.drain.Wake(c.step)
	}
}

func (c *interval) Cancel() { c.end(nil) }

// Fail ends the stream with err, after the tick that is being delivered.
func (c *interval) Fail(err error) {
	if !c.end(err) {
		c.hooks.dropped(err)
		return
	}
	c.drain.Wake(c.step)
}

// end stops everything. It reports whether the stream was not over.
func (c *interval) end(failure error) bool {
	c.mu.Lock()
	first := !c.over
	if first {
		c.over, c.failure = true, failure
	}
	stop, unhook := c.stop, c.unhook
	c.stop, c.unhook = nil, nil
	c.mu.Unlock()
	if stop != nil {
		stop()
	}
	if unhook != nil {
		unhook()
	}
	return first
}

// armNext sets the timer to the next tick of an Interval that is still to come.
func (c *interval) armNext() {
	c.mu.Lock()
	last := c.tick
	c.mu.Unlock()
	since := c.time.Now().Sub(c.start)
	tick := max(last+1, int(since/c.period))
	if last < 0 && since <= c.period { // the first tick is not missed if it is due right now
		tick = 0
	}
	c.arm(c.start.Add(time.Duration(tick+1)*c.period), tick)
}

// arm sets the timer. After never calls ring itself, so it may be called with
// the mutex held; that keeps a timer that rings at once from being overtaken.
func (c *interval) arm(due time.Time, tick int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.over {
		c.tick = tick
		c.stop = c.time.After(due.Sub(c.time.Now()), c.rings)
	}
}

func (c *interval) ring() {
	c.mu.Lock()
	c.rung = true
	c.mu.Unlock()
	c.drain.Wake(c.step)
}

// step emits what there is to emit.
func (c *interval) step() {
	done := false
	defer fault.Catch(&done, c.panicked)
	switch tick, ok, failure := c.next(); {
	case failure != nil:
		signalEnd(c.down, c.hooks, failure)
	case ok:
		c.down.OnNext(tick)
		c.proceed()
	}
	done = true
}

// next decides what a step does.
func (c *interval) next() (tick int, ok bool, failure error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over {
		failure, c.failure = c.failure, nil
		return 0, false, failure
	}
	ok = c.rung && c.asked.Load() > 0
	if ok {
		c.rung = false
	}
	return c.tick, ok, nil
}

// proceed is what follows a tick.
func (c *interval) proceed() {
	switch {
	case c.period == 0:
		if c.end(nil) {
			signalEnd(c.down, c.hooks, nil)
		}
	case c.asked.Spend(1) > 0:
		c.armNext()
	}
}

func (c *interval) panicked(value any, stack []byte) {
	err := &PanicError{Value: value, Stack: stack}
	if c.end(nil) {
		signalEnd(c.down, c.hooks, err)
		return
	}
	c.hooks.dropped(err)
	c.mu.Lock()
	failure := c.failure // there may be no further step
	c.failure = nil
	c.mu.Unlock()
	if failure != nil {
		signalEnd(c.down, c.hooks, failure)
	}
}
