package conformance

import (
	"context"
	"testing"

	"github.com/sluicego/sluice/observable"
)

// soundOperator passes everything on.
func soundOperator() *operator {
	return OperatorConfig[int, int]{
		Op:      func(src observable.Observable[int]) observable.Observable[int] { return src },
		Element: func(i int) int { return i + 1 },
	}.erased()
}

// below tampers with what is between an operator and its subscriber.
func below(t tamper) func() *operator {
	return func() *operator {
		o := soundOperator()
		apply := o.apply
		o.apply = func(s stream, gated bool) stream { return t.with(apply(s, gated)) }
		return o
	}
}

// above tampers with what is between a source and its operator.
func above(t tamper) func() *operator {
	return func() *operator {
		o := soundOperator()
		apply := o.apply
		o.apply = func(s stream, gated bool) stream { return apply(t.with(s), gated) }
		return o
	}
}

// absent is no operator at all, and no gate: the subscriber sees what the
// source does, and the source what the subscriber does.
func absent() *operator {
	o := soundOperator()
	o.apply = func(s stream, _ bool) stream {
		return func(ctx context.Context, down observable.Subscriber[any]) { s(ctx, unboxer[any]{down: down}) }
	}
	return o
}

// operatorFixtures are operators with a flaw.
var operatorFixtures = []fixture[*operator]{
	{"1.01_NeverMoreThanRequested", "emits one too many", below(tamper{request: func(c *contact, n int64) { c.up.Request(n + 1) }})},
	{"1.03_OneSignalAtATime", races + "emits on goroutines", below(tamper{onNext: func(c *contact, v any) {
		go func() {
			defer func() { _ = recover() }()
			c.down.OnNext(v)
		}()
		c.down.OnNext(v)
	}})},
	{"1.04_FailureIsOnError", "swallows errors", below(tamper{onError: func(c *contact, _ error) { c.down.OnComplete() }})},
	{"1.05_EndFollowsTheSource", "never completes", below(tamper{onComplete: func(*contact) {}})},
	{"1.06_EndReleases", "leaves a goroutine", below(tamper{onSubscribe: func(c *contact) {
		go func() { <-c.ctx.Done() }()
		c.down.OnSubscribe(c)
	}})},
	{"1.07_NothingAfterTheEnd", "emits after the end", below(late(func(c *contact) { c.down.OnNext(0) }))},
	{"1.08_CancelInsideOnNextIsStrict", "emits what is under way", below(tamper{onNext: func(c *contact, v any) {
		c.down.OnNext(v)
		if c.over() {
			c.down.OnNext(v)
		}
	}})},
	{"1.08_CancelInsideOnSubscribeIsStrict", "completes although it was cancelled", below(tamper{onSubscribe: func(c *contact) {
		c.down.OnSubscribe(c)
		if c.over() {
			c.down.OnComplete()
		}
	}})},
	{"1.09_OnSubscribeComesFirstAndOnce", "calls OnSubscribe twice", below(tamper{onSubscribe: func(c *contact) {
		c.down.OnSubscribe(c)
		c.down.OnSubscribe(c)
	}})},
	{"1.10_SubscribesAgain", "swallows the first value of the second subscriber", below(tamper{onNext: func(c *contact, v any) {
		if c.nth == 0 || c.is(func() bool { return c.values > 1 }) {
			c.down.OnNext(v)
		}
	}})},
	{"2.13_PanicInOnNextIsContained", "goes on after a panic", below(tamper{onNext: func(c *contact, v any) {
		defer func() { _ = recover() }()
		c.down.OnNext(v)
	}})},
	{"3.03_RecursionIsBounded", "emits inside Request", below(tamper{request: func(c *contact, _ int64) { c.down.OnNext(0) }})},
	{"3.05_RequestAndCancelWaitForNobody", "Request waits while a value is delivered", below(tamper{request: func(c *contact, n int64) {
		c.untilIdle()
		c.up.Request(n)
	}})},
	{"3.05_RequestAndCancelWaitForNobody", "Cancel waits while a value is delivered", below(tamper{cancel: func(c *contact) {
		c.untilIdle()
		c.up.Cancel()
	}})},
	{"3.06_NothingAfterCancel", "emits for a request after Cancel", below(late(func(c *contact) { c.down.OnNext(0) }))},
	{"3.09_BadRequestIsAnError", "ignores bad requests", below(tamper{request: func(c *contact, n int64) {
		if n > 0 {
			c.up.Request(n)
		}
	}})},
	{"3.09_BadRequestIsAnError", "passes bad requests on", absent},
	{"3.13_ForgetsTheSubscriber", "keeps its subscribers", below(tamper{onSubscribe: func(c *contact) {
		c.keep(c.down)
		c.down.OnSubscribe(c)
	}})},
	{"3.17_DemandSaturates", "fails at an overflow", below(adding(func(_ *contact, sum int64) bool { return sum < 0 }))},
	{"3.17_DemandSaturates", "passes an overflow on", above(tamper{request: func(c *contact, n int64) { c.up.Request(n + 1) }})},
	{"L14_DoneCtxIsASilentCancel", "ignores the ctx", below(tamper{subscribe: func(c *contact, ctx context.Context, st stream) {
		st(context.WithoutCancel(ctx), c)
	}})},

	{"2.01_AsksItsSource", "asks for nothing", above(tamper{request: func(*contact, int64) {}})},
	{"2.03_CallsNothingInsideTerminals", "cancels inside OnComplete", above(tamper{onComplete: func(c *contact) {
		c.up.Cancel()
		c.down.OnComplete()
	}})},
	{"2.03_CallsNothingInsideTerminals", "requests inside OnError", above(tamper{onError: func(c *contact, err error) {
		c.up.Request(1)
		c.down.OnError(err)
	}})},
	{"2.04_TerminalEndsTheSubscription", "cancels what has ended", absent},
	{"2.06_CancelReachesTheSourceOnce", "cancels twice", above(tamper{cancel: func(c *contact) {
		c.up.Cancel()
		c.up.Cancel()
	}})},
	{"2.06_CancelReachesTheSourceOnce", "does not cancel", above(tamper{cancel: func(*contact) {}})},
	{"2.07_RequestAndCancelAtOnce", "loses a value", above(losing)},
	{"2.09_CompletionWithoutRequests", "forgets an early completion", below(tamper{onComplete: func(c *contact) {
		if c.is(func() bool { return c.values > 0 }) {
			c.down.OnComplete()
		}
	}})},
	{"4.02_ErrorPassesAtOnce", "keeps an error until something is requested", below(tamper{onError: func(c *contact, err error) {
		if c.is(func() bool { return c.sum > 0 }) {
			c.down.OnError(err)
		}
	}, request: func(c *contact, n int64) {
		c.set(func() { c.sum += n })
		c.up.Request(n)
	}})},
	{"3.15_CleanupPanicIsContained", "lets the panic through", below(tamper{cancel: func(*contact) { panic(errFlaw) }})},
	{"L9_EachValueHasOneFate", "loses a value", above(losing)},
	{"L9_EachValueHasOneFate", "delivers and discards a value", above(tamper{onNext: func(c *contact, v any) {
		observable.DiscardFrom(c.ctx)(v, observable.DiscardOverflow)
		c.down.OnNext(v)
	}})},

	{"1.01_SourceOverruns", "passes everything on", absent},
	{"1.03_SourceOverlaps", races + "passes everything on", absent},
	{"1.07_SourceEndsTwice", "passes everything on", absent},
	{"1.09_SourceEmitsFirst", "passes everything on", absent},
	{"2.05_SourceSubscribesTwice", "passes everything on", absent},
	{"2.08_SourceIgnoresCancel", "passes everything on", absent},
}

// losing takes another value for one of them.
var losing = tamper{onNext: func(c *contact, v any) {
	if v != 2 {
		c.down.OnNext(v)
	} else {
		c.up.Request(1)
	}
}}

func TestSoundOperatorPasses(t *testing.T) { testSound(t, operatorChecks, soundOperator) }

func TestOperatorFixtures(t *testing.T) { testFixtures(t, operatorChecks, operatorFixtures) }
