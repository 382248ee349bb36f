package operators

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/sluicego/sluice/internal/side"
	"github.com/sluicego/sluice/observable"
)

// A Connectable is an observable that is shared by its subscribers and does not
// start when they come, but when it is connected. [Publish] and [Replay] make
// one.
//
//	prices := operators.Publish(feed)
//	go prices.ForEach(ctx, show)
//	go prices.ForEach(ctx, store)
//	disconnect := prices.Connect(ctx)
//	defer disconnect()
//
// Demand: what all subscribers have requested, so the slowest one sets the pace,
// and nobody loses a value. Before it is connected their requests wait.
//
// Errors: the source's, to all subscribers; [ErrDisconnected] to those who are
// still there when it is disconnected.
//
// Discards: values that wait when the source fails or is disconnected; what
// comes after that, as late.
//
// Scheduler: none. The source runs with the values of the ctx that connects it.
type Connectable[T any] struct {
	observable.Observable[T]
	sharer *sharer[T]
}

// Publish returns a [Connectable] that gives its subscribers the values of the
// source from when they came. After the end, those who come wait until it is
// connected again, which starts the source afresh.
//
//	source   -a-b-c-|
//	Publish  -a-b-c-|
//
// where it was connected at the start.
//
// Demand: the source is asked for what all subscribers have requested, at most
// 128 ahead, as by [Share]. While there is no subscriber it pauses: nothing is
// requested, and nothing is lost.
//
// Errors: the source's, to all subscribers, at once; [ErrDisconnected] to those
// who are still there when it is disconnected. A panic of one subscriber ends
// that one alone.
//
// Discards: values that wait when the source fails or is disconnected; what
// comes after that, as late; what the source emits beyond its demand, as
// overflow, for which the stream fails.
//
// Scheduler: none. The source runs with the values of the ctx that connects it.
func Publish[T any](src observable.Observable[T]) *Connectable[T] {
	return newConnectable("Publish", src, sharing{})
}

// Replay returns a [Connectable] that gives its subscribers the newest n values
// of the source and then those that follow. After the end they get the newest n
// values and the end, until it is connected again, which starts the source
// afresh.
//
//	source      -a-b-c-d-|
//	Replay      -a-b-c-d-|
//	…after 6ms  ------[bc]d-|
//
// where it was connected at the start, and n is 2.
//
// Demand: what is replayed waits until it is requested. New values are paced as
// by [Publish], but while there is no subscriber the source goes on, 128 values
// at a time, and the newest n are remembered.
//
// Errors: the source's, to all subscribers, behind what is replayed to them;
// [ErrDisconnected], at once, to those who are still there when it is
// disconnected. A panic of one subscriber ends that one alone.
//
// Discards: values that wait for a slower subscriber when the source fails, or
// is disconnected; what comes after that, as late; what the source emits beyond
// its demand, as overflow, for which the stream fails. What is remembered has
// been dealt with.
//
// Scheduler: none. The source runs with the values of the ctx that connects it.
//
// To remember everything, n is [Unlimited]. Replay panics if n is less than 1.
func Replay[T any](src observable.Observable[T], n int) *Connectable[T] {
	if n < 1 {
		panic(fmt.Sprintf("operators: Replay of %d values; it is at least 1, or Unlimited", n))
	}
	return newConnectable("Replay", src, sharing{recall: recall{limit: n}, draws: true, keepCompleted: true, keepFailed: true})
}

func newConnectable[T any](name string, src observable.Observable[T], how sharing) *Connectable[T] {
	s := newSharer(name, src, how)
	return &Connectable[T]{s.observable(waits), s}
}

// Connect subscribes to the source and returns when that has returned from
// subscribing. The source runs with the values of ctx; the end of ctx
// disconnects it, as disconnect does: the source is cancelled, and whoever is
// still subscribed gets [ErrDisconnected]. If the source is connected already,
// Connect only returns its disconnect; if it has ended, Connect starts it
// afresh. With a ctx that has ended it does nothing.
func (c *Connectable[T]) Connect(ctx context.Context) (disconnect func()) {
	if ctx.Err() != nil {
		return func() {}
	}
	r, first := c.sharer.current()
	if first {
		r.connect(ctx, opens, context.AfterFunc(ctx, r.quit))
	}
	return r.quit
}

// current returns the run that is going on or yet to come, and reports whether
// the caller is the one to connect it.
func (s *sharer[T]) current() (r *sharedRun[T], first bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.run == nil || s.run.over {
		s.run = newSharedRun(s)
	}
	return s.run, s.run.claim()
}

// RefCount returns an observable that connects c, if it is not connected, when
// a subscriber comes, and disconnects it when the last of its subscribers has
// left, whoever connected it. All observables that RefCount has returned for c
// count together; direct subscribers of c do not count.
//
// The subscriber of a [Replay] that has ended gets what that remembers and the
// end; it does not connect it again.
func (c *Connectable[T]) RefCount() observable.Observable[T] { return c.sharer.observable(counts) }

// AutoConnect returns an observable that connects c when its nth subscriber
// comes, also if others have left meanwhile, and never disconnects it. From then
// on each subscriber sees to it that c is connected, so one that comes after the
// end of a [Publish] starts the source afresh. AutoConnect panics if n is less
// than 1.
func (c *Connectable[T]) AutoConnect(n int) observable.Observable[T] {
	if n < 1 {
		panic(fmt.Sprintf("operators: AutoConnect at the subscriber number %d; it is at least 1", n))
	}
	var came atomic.Int64
	return side.Serve(func(ctx context.Context, down observable.Subscriber[T]) {
		as := waits
		if came.Add(1) >= int64(n) {
			as = opens
		}
		c.sharer.subscribe(ctx, down, as)
	})
}
