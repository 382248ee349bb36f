package operators

import (
	"context"
	"fmt"
	"time"

	"github.com/sluicego/sluice/internal/side"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// BufferTime emits, every d, a slice of the values that have come since the last
// one, and what is left when the source completes. A slice may be empty; a
// [Filter] leaves out those that are.
//
//	source           -a-b-------c-|
//	BufferTime(4ms)  ----x---y---z(y|)
//	where            x=[a b], y=[], z=[c]
//
// With [AtMost], a slice of so many values is emitted at once, and the next one
// is given the time of d from then. With [Period], a slice begins every so often,
// whatever becomes of the others: more often than d, and they overlap; less
// often, and values between them are left out.
//
// Demand: unbounded from the source. While no slice is requested, none ends: of
// those that are due, the one that began first is emitted with the next request;
// it has grown by then, and the others are part of it. AtMost then cuts it into
// as many as are needed. Nothing but the source bounds what is held; put an
// OnBackpressure operator above to choose otherwise. Completion waits for the
// demand of all the slices that are open.
//
// Errors: the source's, at once; that of a scheduler which is closed.
//
// Discards: the values that are in a slice and were not emitted yet when the
// stream fails or is cancelled; what comes after that, as late. A value that is
// left out has been dealt with.
//
// Scheduler: [scheduler.On], else the ctx's. It has a timer for each slice that
// is open, and one for Period.
//
// BufferTime panics if d or an option is not positive, if an option is nil, or for
// a [Prefetch], of which it has no use.
func BufferTime[T any](d time.Duration, opts ...SpanOption) observable.Operator[T, []T] {
	if d <= 0 {
		panic(fmt.Sprintf("operators: BufferTime of a non-positive duration (%v)", d))
	}
	var (
		every time.Duration
		limit int
		on    []scheduler.TimeOption
	)
	for _, opt := range opts {
		switch opt := opt.(type) {
		case Period:
			if every = time.Duration(opt); every <= 0 {
				panic(fmt.Sprintf("operators: BufferTime with a non-positive Period (%v)", every))
			}
		case AtMost:
			if limit = int(opt); limit < 1 {
				panic(fmt.Sprintf("operators: BufferTime with a non-positive AtMost (%d)", limit))
			}
		case scheduler.OnOption:
			on = append(on, opt)
		case Prefetch:
			panic("operators: BufferTime with a Prefetch; it asks for all values as they come")
		case nil:
			panic("operators: BufferTime with a nil option")
		}
	}
	return func(src observable.Observable[T]) observable.Observable[[]T] {
		return side.Serve(func(ctx context.Context, down observable.Subscriber[[]T]) {
			x := &timeBuffers[T]{d: d, every: every, clock: scheduler.Pick(ctx, on...)}
			x.begin(ctx, down)
			x.limit = limit
			down.OnSubscribe(x)
			x.start()
			x.listen(ctx, src)
		})
	}
}

type timeBuffers[T any] struct {
	buffers[T]
	d     time.Duration
	every time.Duration // 0: a buffer opens when the one before closes
	clock scheduler.Scheduler
	tick  func()    // beginAnother, bound once
	at    time.Time // when the next buffer opens, with every; guarded by mu
}

// start opens the first buffer.
func (x *timeBuffers[T]) start() {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.sourced {
		return
	}
	x.forget = alarm(onClose(x.clock, x.Fail))
	if x.every == 0 {
		x.renew = x.timed
	} else {
		x.tick, x.at = x.beginAnother, x.clock.Now()
		x.wind()
	}
	x.open = append(x.open, x.timed())
}

// timed makes a buffer that is due in d. The caller holds mu.
func (x *timeBuffers[T]) timed() *opened {
	b := x.reopen()
	b.ends = alarm(x.clock.After(x.d, func() { x.due(b) }))
	return b
}

// beginAnother is the task of the timer that opens buffers.
func (x *timeBuffers[T]) beginAnother() {
	x.mu.Lock()
	defer x.mu.Unlock()
	if !x.sourced {
		x.open = append(x.open, x.timed())
		x.wind()
	}
}

// wind sets the timer that opens buffers. It does not drift, and misses what a
// slow scheduler makes it too late for. The caller holds mu.
func (x *timeBuffers[T]) wind() {
	now := x.clock.Now()
	x.at = x.at.Add(x.every)
	if late := now.Sub(x.at); late > 0 {
		x.at = x.at.Add(late.Truncate(x.every) + x.every)
	}
	x.beside = alarm(x.clock.After(x.at.Sub(now), x.tick))
}
