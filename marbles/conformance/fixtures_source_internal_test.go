package conformance

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/sluicego/sluice/observable"
)

var errFlaw = errors.New("conformance: a flaw")

// sound returns a source without a flaw.
func sound() *source {
	return SourceConfig[int]{
		New:         func(n int64) observable.Observable[int] { return observable.Range(0, int(n)) },
		MaxElements: 5000,
		NewFailed:   func() observable.Observable[int] { return observable.Throw[int](errFlaw) },
		NewPanicking: func() observable.Observable[int] {
			return observable.New(func(_ context.Context, s observable.Subscriber[int]) { s.OnSubscribe(rude{}) })
		},
	}.erased()
}

// rude is a subscription whose Cancel panics.
type rude struct{}

func (rude) Request(int64) {}
func (rude) Cancel()       { panic(errFlaw) }

// tampered returns a source with all of its streams tampered with.
func tampered(t tamper) func() *source {
	return func() *source {
		s := sound()
		open, failed, panicking := s.open, s.failed, s.panicking
		s.open = func(n int64) stream { return t.with(open(n)) }
		s.failed = func() stream { return t.with(failed()) }
		s.panicking = func() stream { return t.with(panicking()) }
		return s
	}
}

// opened returns a source that opens streams by hand.
func opened(open func(n int64) stream) func() *source {
	return func() *source {
		s := sound()
		s.open = open
		return s
	}
}

// each returns a source with one of its settings changed.
func each(change func(s *source)) func() *source {
	return func() *source {
		s := sound()
		change(s)
		return s
	}
}

// sourceFixtures are sources with a flaw: the ones that the TCK tests itself
// with, and some more.
var sourceFixtures = []fixture[*source]{
	{"1.01_NeverMoreThanRequested", "emits nothing", tampered(tamper{request: func(*contact, int64) {}})},
	{"1.01_NeverMoreThanRequested", "emits without demand", opened(eager)},
	{"1.01_NeverMoreThanRequested", "emits one too many", tampered(tamper{request: func(c *contact, n int64) { c.up.Request(n + 1) }})},
	{"1.01_NeverMoreThanRequested", "fails at requests", tampered(tamper{request: func(c *contact, _ int64) { c.down.OnError(errFlaw) }})},
	{"1.01_NeverMoreThanRequested", "emits without demand, behind a gate", each(func(s *source) {
		s.open = func(int64) stream {
			return erase(observable.New(func(_ context.Context, d observable.Subscriber[any]) { eager(3)(context.Background(), d) }))
		}
	})},
	{"1.02_MayEndWithLess", "ends only when nothing is left of the demand", tampered(tamper{onComplete: func(c *contact) {
		if c.is(func() bool { return c.sum <= int64(c.values) }) {
			c.down.OnComplete()
		}
	}, request: func(c *contact, n int64) {
		c.set(func() { c.sum += n })
		c.up.Request(n)
	}})},
	{"1.03_OneSignalAtATime", races + "emits from two goroutines", opened(crowd)},
	{"1.04_FailureIsOnError", "says nothing of a failure", tampered(tamper{onError: func(*contact, error) {}})},
	{"1.04_FailureIsOnError", "completes when it fails", tampered(tamper{onError: func(c *contact, _ error) { c.down.OnComplete() }})},
	{"1.04_FailureIsOnError", "emits before it fails", tampered(tamper{onError: func(c *contact, err error) {
		c.down.OnNext(0)
		c.down.OnError(err)
	}})},
	{"1.05_CompletesAfterTheLastValue", "never completes", tampered(tamper{onComplete: func(*contact) {}})},
	{"1.05_CompletesAfterTheLastValue", "has a value too few", opened(func(n int64) stream { return sound().open(max(n-1, 0)) })},
	{"1.05_CompletesAfterTheLastValue", "fails at the end", tampered(tamper{onComplete: func(c *contact) { c.down.OnError(errFlaw) }})},
	{"1.05_EmptyCompletes", "does not complete without a value", tampered(tamper{onComplete: func(c *contact) {
		if c.is(func() bool { return c.values > 0 }) {
			c.down.OnComplete()
		}
	}})},
	{"1.06_EndReleases", "leaves a goroutine", tampered(tamper{onSubscribe: func(c *contact) {
		go func() { <-c.ctx.Done() }()
		c.down.OnSubscribe(c)
	}})},
	{"1.06_EndReleases", "emits for a request after the end", tampered(late(func(c *contact) { c.down.OnNext(0) }))},
	{"1.07_NothingAfterComplete", "completes again", tampered(late(func(c *contact) { c.down.OnComplete() }))},
	{"1.07_NothingAfterComplete", "completes twice", tampered(tamper{onComplete: func(c *contact) {
		c.down.OnComplete()
		c.down.OnComplete()
	}})},
	{"1.07_NothingAfterComplete", "emits after the end", tampered(late(func(c *contact) { c.down.OnNext(0) }))},
	{"1.07_NothingAfterComplete", "emits after the end, behind a gate", each(func(s *source) {
		st := tamper{onComplete: func(c *contact) {
			c.down.OnComplete()
			c.down.OnNext(0)
		}}.with(s.open(1))
		s.open = func(int64) stream { return erase(observable.New(st)) }
	})},
	{"1.07_NothingAfterError", "fails again", tampered(late(func(c *contact) { c.down.OnError(errFlaw) }))},
	{"1.07_NothingAfterError", "completes after it has failed", tampered(tamper{onError: func(c *contact, err error) {
		c.down.OnError(err)
		c.down.OnComplete()
	}})},
	{"1.08_CancelInsideOnNextIsStrict", "emits what is under way", tampered(tamper{onNext: func(c *contact, v any) {
		c.down.OnNext(v)
		if c.over() {
			c.down.OnNext(v)
		}
	}})},
	{"1.08_CancelInsideOnNextIsStrict", "completes a stream that was cancelled", tampered(tamper{onNext: func(c *contact, v any) {
		c.down.OnNext(v)
		if c.over() {
			c.down.OnComplete()
		}
	}})},
	{"1.08_CancelInsideOnNextIsStrict", "signals the cancel", tampered(tamper{cancel: func(c *contact) {
		c.up.Cancel()
		c.down.OnError(errFlaw)
	}})},
	{"1.08_CancelInsideOnSubscribeIsStrict", "completes although it was cancelled", tampered(tamper{onSubscribe: func(c *contact) {
		c.down.OnSubscribe(c)
		if c.over() {
			c.down.OnComplete()
		}
	}})},
	{"1.09_OnSubscribeComesFirstAndOnce", "completes before OnSubscribe", tampered(tamper{onSubscribe: func(c *contact) {
		c.down.OnComplete()
		c.down.OnSubscribe(c)
	}})},
	{"1.09_OnSubscribeComesFirstAndOnce", "fails before OnSubscribe", tampered(tamper{onSubscribe: func(c *contact) {
		c.down.OnError(errFlaw)
		c.down.OnSubscribe(c)
	}})},
	{"1.09_OnSubscribeComesFirstAndOnce", "emits before OnSubscribe", tampered(tamper{onSubscribe: func(c *contact) {
		c.down.OnNext(0)
		c.down.OnSubscribe(c)
	}})},
	{"1.09_OnSubscribeComesFirstAndOnce", "calls OnSubscribe twice", tampered(tamper{onSubscribe: func(c *contact) {
		c.down.OnSubscribe(c)
		c.down.OnSubscribe(c)
	}})},
	{"1.09_OnSubscribeComesFirstAndOnce", "calls OnSubscribe twice, behind a gate", each(func(s *source) {
		st := tamper{onSubscribe: func(c *contact) {
			c.down.OnSubscribe(c)
			c.down.OnSubscribe(c)
		}}.with(s.open(1))
		s.open = func(int64) stream { return erase(observable.New(st)) }
	})},
	{"1.09_OnSubscribeComesFirstAndOnce", "does not call OnSubscribe", tampered(tamper{onSubscribe: func(*contact) {}})},
	{"1.09_SubscribeReturns", "panics in Subscribe", tampered(tamper{subscribe: func(*contact, context.Context, stream) { panic(errFlaw) }})},
	{"1.09_SubscribeReturns", "waits in Subscribe", tampered(tamper{onSubscribe: func(c *contact) {
		c.down.OnSubscribe(c)
		<-c.ctx.Done()
	}})},
	{"1.09_NilSubscriberPanics", "takes nil for a subscriber", tampered(tamper{subscribe: func(c *contact, ctx context.Context, st stream) {
		if c.down != nil {
			st(ctx, c)
		}
	}})},

	{"1.10_SubscribesAgain", "goes on where it was", opened(oneStream)},
	{"1.10_SubscribesAgain", "refuses the second subscriber", tampered(tamper{subscribe: refuseAfter(1)})},
	{"1.10_SubscribesAgain", "panics for the second subscriber", tampered(tamper{subscribe: func(c *contact, ctx context.Context, st stream) {
		if c.down == nil || c.nth == 0 {
			st(ctx, c)
			return
		}
		panic(errFlaw)
	}})},
	{"1.11_SubscribersShareNothing", "deals the values out", opened(oneStream)},
	{"1.11_CancelOfOneLeavesTheOthers", "stops all when one cancels", tampered(tamper{onSubscribe: func(c *contact) {
		c.keep(c)
		c.down.OnSubscribe(c)
	}, cancel: func(c *contact) {
		c.scene.mu.Lock()
		defer c.scene.mu.Unlock()
		for _, other := range c.scene.kept {
			other.(*contact).up.Cancel()
		}
	}})},
	{"1.11_AllSeeTheSameOneByOne", "numbers the values of each subscriber", differing},
	{"1.11_AllSeeTheSameUpfront", "numbers the values of each subscriber", differing},
	{"1.11_RefusesTheNextSubscriber", "serves one too many", each(func(s *source) { s.subscribers = 1 })},
	{"1.11_RefusesTheNextSubscriber", "forgets one too many", func() *source {
		s := tampered(tamper{subscribe: func(c *contact, ctx context.Context, st stream) {
			if c.nth > 0 {
				c.down.OnSubscribe(c)
			} else {
				st(ctx, c)
			}
		}})()
		s.subscribers = 1
		return s
	}},

	{"2.07_RequestAndCancelAtOnce", races + "emits from whoever requests", opened(crowd)},
	{"2.13_PanicInOnNextIsContained", "lets the panic through", opened(fragile)},
	{"2.13_PanicInOnNextIsContained", "goes on after a panic", tampered(tamper{onNext: func(c *contact, v any) {
		defer func() { _ = recover() }()
		c.down.OnNext(v)
	}})},
	{"2.13_PanicInOnNextIsContained", "completes after a panic", tampered(tamper{onError: func(c *contact, _ error) { c.down.OnComplete() }})},
	{"3.02_RequestInsideCallbacks", "loses requests from inside", tampered(tamper{request: func(c *contact, n int64) {
		if !c.busy() {
			c.up.Request(n)
		}
	}})},
	{"3.03_RecursionIsBounded", "emits inside Request", opened(recursive)},
	{"3.03_RecursionIsBounded", "tires", tampered(tamper{request: func(c *contact, n int64) {
		if c.is(func() bool { return c.values < 3000 }) {
			c.up.Request(n)
		}
	}})},
	{"3.04_RequestWaitsForNobody", "waits while a value is delivered", tampered(tamper{request: func(c *contact, n int64) {
		c.untilIdle()
		c.up.Request(n)
	}})},
	{"3.05_CancelWaitsForNobody", "waits while a value is delivered", tampered(tamper{cancel: func(c *contact) {
		c.untilIdle()
		c.up.Cancel()
	}})},
	{"3.05_CancelWaitsForNobody", "ignores a cancel", tampered(tamper{cancel: func(*contact) {}})},
	{"3.05_CancelsAtOnce", "panics at the second Cancel", tampered(tamper{cancel: onlyOnce})},
	{"3.05_CancelsAtOnce", races + "signals the second Cancel", tampered(tamper{cancel: func(c *contact) {
		c.up.Cancel()
		if c.is(func() bool { return c.cancels == 2 }) {
			c.down.OnComplete()
		}
	}})},
	{"3.06_RequestAfterCancelIsNothing", "emits for a request after Cancel", tampered(late(func(c *contact) { c.down.OnNext(0) }))},
	{"3.06_RequestAfterCancelIsNothing", "panics at a request after Cancel", tampered(late(func(*contact) { panic(errFlaw) }))},
	{"3.07_CancelAfterCancelIsNothing", "panics at the second Cancel", tampered(tamper{cancel: onlyOnce})},
	{"3.08_RequestsAddUp", "keeps only the last request", opened(forgetful)},
	{"3.09_BadRequestIsAnError", "ignores bad requests", tampered(tamper{request: func(c *contact, n int64) {
		if n > 0 {
			c.up.Request(n)
		}
	}})},
	{"3.09_BadRequestIsAnError", "panics at bad requests", tampered(tamper{request: func(c *contact, n int64) {
		if n <= 0 {
			panic(errFlaw)
		}
		c.up.Request(n)
	}})},
	{"3.09_BadRequestIsAnError", "says something else of bad requests", tampered(tamper{onError: func(c *contact, _ error) { c.down.OnError(errFlaw) }})},
	{"3.09_BadRequestIsAnError", "gives the wrong number", tampered(tamper{onError: func(c *contact, _ error) {
		c.down.OnError(&observable.BadRequestError{N: 7})
	}})},
	{"3.12_CancelStops", "ignores a cancel", opened(func(n int64) stream {
		return tamper{cancel: func(*contact) {}}.with(sound().open(n))
	})},
	{"3.12_CancelStops", "runs on behind a gate", opened(func(n int64) stream {
		return erase(observable.New(func(_ context.Context, down observable.Subscriber[any]) {
			down.OnSubscribe(&runaway{down: down, n: n})
		}))
	})},
	{"3.13_CancelForgetsTheSubscriber", "keeps its subscribers", tampered(tamper{cancel: func(c *contact) {
		c.keep(c.down)
		c.up.Cancel()
	}})},
	{"3.13_CancelForgetsTheSubscriber", "waits for the ctx", tampered(tamper{onSubscribe: func(c *contact) {
		context.AfterFunc(c.ctx, c.Cancel)
		c.down.OnSubscribe(c)
	}})},
	{"3.13_CompleteForgetsTheSubscriber", "keeps its subscribers", tampered(tamper{onComplete: func(c *contact) {
		c.keep(c.down)
		c.down.OnComplete()
	}})},
	{"3.13_ErrorForgetsTheSubscriber", "keeps its subscribers", tampered(tamper{onError: func(c *contact, err error) {
		c.keep(c.down)
		c.down.OnError(err)
	}})},
	{"3.15_CleanupPanicIsContained", "lets the panic through", each(func(s *source) {
		s.panicking = func() stream { return tamper{cancel: func(*contact) { panic(errFlaw) }}.with(s.open(3)) }
	})},
	{"3.15_CleanupPanicIsContained", "hides the panic", each(func(s *source) { s.panicking = func() stream { return s.open(3) } })},
	{"3.17_UnboundedDemand", "fails at the largest request", tampered(tamper{request: func(c *contact, n int64) {
		if n == math.MaxInt64 {
			c.down.OnError(errFlaw)
		}
	}})},
	{"3.17_DemandAddsUpToUnbounded", "fails when the requests add up", tampered(adding(func(c *contact, sum int64) bool { return sum == math.MaxInt64 }))},
	{"3.17_DemandBeyondUnbounded", "fails at an overflow", tampered(adding(func(c *contact, sum int64) bool { return sum < 0 }))},
	{"L14_DoneCtxIsASilentCancel", "ignores the ctx", tampered(tamper{subscribe: func(c *contact, ctx context.Context, st stream) {
		if c.down == nil {
			st(ctx, nil)
			return
		}
		st(context.WithoutCancel(ctx), c)
	}})},
	{"L14_DoneCtxIsASilentCancel", "tells of the end of the ctx", tampered(tamper{onSubscribe: func(c *contact) {
		context.AfterFunc(c.ctx, func() { c.down.OnError(context.Cause(c.ctx)) })
		c.down.OnSubscribe(c)
	}})},
}

func TestSoundSourcePasses(t *testing.T) { testSound(t, sourceChecks, sound) }

func TestSourceFixtures(t *testing.T) { testFixtures(t, sourceChecks, sourceFixtures) }

// A runaway emits what is requested of it, and does not look for a cancel.
type runaway struct {
	down        observable.Subscriber[any]
	n, sent     int64
	asked       int64
	busy, ended bool
}

func (r *runaway) Request(n int64) {
	if r.asked += n; r.asked < 0 {
		r.asked = math.MaxInt64
	}
	if r.busy || r.ended {
		return
	}
	r.busy = true
	for ; r.asked > 0 && r.sent < r.n; r.asked-- {
		r.sent++
		r.down.OnNext(r.sent)
	}
	if r.busy = false; r.sent == r.n {
		r.ended = true
		r.down.OnComplete()
	}
}

func (r *runaway) Cancel() {}
