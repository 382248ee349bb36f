package conformance

import (
	"context"
	"sync"
	"testing"

	"github.com/sluicego/sluice/observable"
)

// An actor is a sound subscriber: it requests one value, and the next inside
// each.
type actor struct {
	p *Probe[any]

	mu    sync.Mutex
	up    observable.Subscription // guarded by mu, like the rest
	quiet bool                    // it has cancelled, or the stream has ended
}

func (a *actor) OnSubscribe(up observable.Subscription) {
	a.mu.Lock()
	again := a.up != nil
	if !again {
		a.up = up
	}
	a.mu.Unlock()
	if again {
		up.Cancel()
		return
	}
	up.Request(1)
}

func (a *actor) OnNext(v any) {
	a.mu.Lock()
	quiet := a.quiet
	a.mu.Unlock()
	if !quiet {
		a.p.Next(v)
		a.up.Request(1)
	}
}

func (a *actor) OnError(err error) {
	if a.leave() {
		a.p.Error(err)
	}
}

func (a *actor) OnComplete() {
	if a.leave() {
		a.p.Complete()
	}
}

func (a *actor) leave() (first bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	first = !a.quiet
	a.quiet = true
	return first
}

func (a *actor) request(n int64) {
	a.mu.Lock()
	quiet := a.quiet
	a.mu.Unlock()
	if !quiet {
		a.up.Request(n)
	}
}

func (a *actor) cancel() {
	if a.leave() {
		a.up.Cancel()
	}
}

func soundSubscriber() *player { return acting(tamper{})() }

// acting tampers with what is between a source and an actor.
func acting(t tamper) func() *player {
	return func() *player {
		return SubscriberConfig[any]{
			Element: func(i int) any { return i },
			New: func(p *Probe[any]) observable.Subscriber[any] {
				a := &actor{p: p}
				p.Control(a.request, a.cancel)
				return &contact{tamper: t, ctx: p.Context(), down: a, scene: &scene{}}
			},
		}.erased()
	}
}

// attached returns a terminal.
func attached(attach func(ctx context.Context, src observable.Observable[any], p *Probe[any])) func() *player {
	return func() *player {
		return SubscriberConfig[any]{Element: func(i int) any { return i }, Attach: attach}.erased()
	}
}

// subscriberFixtures are subscribers with a flaw.
var subscriberFixtures = []fixture[*player]{
	{"2.01_AsksForValues", "requests nothing", acting(tamper{request: func(*contact, int64) {}})},
	{"2.01_AsksForValues", "does not pass values on", acting(tamper{onNext: func(*contact, any) {}})},
	{"2.03_CallsNothingInOnComplete", "cancels in OnComplete", acting(tamper{onComplete: func(c *contact) {
		c.up.Cancel()
		c.down.OnComplete()
	}})},
	{"2.03_CallsNothingInOnComplete", "requests in OnComplete", acting(tamper{onComplete: func(c *contact) {
		c.up.Request(1)
		c.down.OnComplete()
	}})},
	{"2.03_CallsNothingInOnError", "cancels in OnError", acting(tamper{onError: func(c *contact, err error) {
		c.up.Cancel()
		c.down.OnError(err)
	}})},
	{"2.03_CallsNothingInOnError", "requests in OnError", acting(tamper{onError: func(c *contact, err error) {
		c.up.Request(1)
		c.down.OnError(err)
	}})},
	{"2.04_TerminalEndsTheSubscription", "sees the end again when it cancels", func() *player {
		p := acting(tamper{})()
		bare := p.bare
		p.bare = func(s *stage) observable.Subscriber[any] {
			down := bare(s)
			cancel := s.seen.cancel
			s.seen.cancel = func() {
				cancel()
				s.seen.end(errFlaw)
			}
			return down
		}
		return p
	}},
	{"2.05_RefusesASecondSubscription", "takes a second subscription", acting(tamper{onSubscribe: func(c *contact) { c.up.Request(1) }})},
	{"2.06_CancelsWhenNotInterested", "does not cancel", acting(tamper{cancel: func(*contact) {}})},
	{"2.08_ValueAfterCancel", "panics at a value after its cancel", acting(tamper{onNext: func(c *contact, v any) {
		if c.over() {
			panic(errFlaw)
		}
		c.down.OnNext(v)
	}})},
	{"2.08_ValueAfterCancel", "passes a value on after its cancel", acting(tamper{onNext: func(c *contact, v any) {
		c.down.(*actor).p.Next(v)
	}})},
	{"2.09_CompletionAfterRequest", "panics in OnComplete", acting(tamper{onComplete: func(*contact) { panic(errFlaw) }})},
	{"2.09_CompletionWithoutRequest", "waits for a value before it completes", acting(tamper{onComplete: func(c *contact) {
		if c.is(func() bool { return c.values > 0 }) {
			c.down.OnComplete()
		}
	}})},
	{"2.10_ErrorAfterRequest", "panics in OnError", acting(tamper{onError: func(*contact, error) { panic(errFlaw) }})},
	{"2.10_ErrorAfterRequest", "changes the error", acting(tamper{onError: func(c *contact, _ error) { c.down.OnError(errFlaw) }})},
	{"2.10_ErrorWithoutRequest", "swallows errors", acting(tamper{onError: func(c *contact, _ error) { c.down.OnComplete() }})},
	{"2.12_ServesOneSubscription", "serves a second source when the first has ended", acting(tamper{onSubscribe: func(c *contact) {
		if c.over() {
			c.up.Request(1)
		} else {
			c.down.OnSubscribe(c)
		}
	}})},
	{"2.13_PanicIsContained", "goes on after a panic", attached(func(ctx context.Context, src observable.Observable[any], p *Probe[any]) {
		_ = src.ForEach(ctx, func(v any) error {
			defer func() { _ = recover() }()
			p.Next(v)
			return nil
		})
	})},
	{"2.13_SignalsReturn", "waits in OnNext", acting(tamper{onNext: func(c *contact, _ any) { <-c.ctx.Done() }})},
	{"3.08_RequestsWhatItIsToldTo", "requests one of two", acting(tamper{request: func(c *contact, n int64) {
		if n == 2 {
			return
		}
		c.up.Request(n)
	}, onNext: func(c *contact, v any) { c.down.(*actor).p.Next(v) }})},
	{"L14_DoneCtxEndsTheTerminal", "ignores its ctx", attached(func(_ context.Context, src observable.Observable[any], p *Probe[any]) {
		_ = src.ForEach(p.Context(), func(any) error { return nil })
	})},
}

// subscriberTwins do what the flawed ones do, but not to the subscription: they
// must pass.
var subscriberTwins = []fixture[*player]{
	{"2.03_CallsNothingInOnComplete", "cancels something else", acting(tamper{onComplete: func(c *contact) {
		deaf{}.Cancel()
		deaf{}.Request(1)
		c.down.OnComplete()
	}})},
	{"2.03_CallsNothingInOnError", "cancels something else", acting(tamper{onError: func(c *contact, err error) {
		deaf{}.Cancel()
		deaf{}.Request(1)
		c.down.OnError(err)
	}})},
}

func TestSoundSubscriberPasses(t *testing.T) {
	testSound(t, subscriberChecks, soundSubscriber)
	testSound(t, subscriberChecks, attached(func(ctx context.Context, src observable.Observable[any], p *Probe[any]) {
		if err := src.ForEach(ctx, func(v any) error { p.Next(v); return nil }); err != nil {
			p.Error(err)
		} else {
			p.Complete()
		}
	}))
}

func TestSubscriberFixtures(t *testing.T) { testFixtures(t, subscriberChecks, subscriberFixtures) }

func TestSubscriberTwinsPass(t *testing.T) {
	for _, f := range subscriberTwins {
		for _, c := range subscriberChecks {
			if c.name != f.check {
				continue
			}
			if r := play(t, 0, func(e *env) { c.run(e, f.make()) }); len(r.problems) > 0 {
				t.Errorf("%q: %s", f.flaw, c.report(r.problems, r.signals))
			}
		}
	}
}
