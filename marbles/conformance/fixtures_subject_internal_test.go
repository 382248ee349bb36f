package conformance

import (
	"context"
	"testing"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// soundSubject is one of the library's.
func soundSubject() *subject {
	return SubjectConfig[int]{
		New:     func() Pusher[int] { return observable.NewSubject[int]() },
		Element: func(i int) int { return i },
	}.erased()
}

// member tampers with what is between a subject and its subscribers.
func member(t tamper) func() *subject {
	return pushed(func(p pusher) pusher {
		p.st = t.with(p.st)
		return p
	})
}

// pushed returns a subject with something wrong about what is pushed into it.
func pushed(change func(p pusher) pusher) func() *subject {
	return func() *subject {
		s := soundSubject()
		open := s.open
		s.open = func() pusher { return change(open()) }
		return s
	}
}

// relays passes on what it is given, to everybody and at once, whatever they
// have requested and whoever else is pushing.
func relays() *subject {
	return pushed(func(p pusher) pusher {
		crowd := &overlapping{}
		each := func(f func(observable.Subscriber[any])) {
			crowd.mu.Lock()
			subs := crowd.subs
			crowd.mu.Unlock()
			for _, down := range subs {
				f(down)
			}
		}
		return pusher{
			st:       crowd.subscribe,
			next:     func(i int) { crowd.next(i) },
			fail:     func(err error) { each(func(d observable.Subscriber[any]) { d.OnError(err) }) },
			complete: func() { each(func(d observable.Subscriber[any]) { d.OnComplete() }) },
		}
	})()
}

// subjectFixtures are subjects with a flaw.
var subjectFixtures = []fixture[*subject]{
	{"1.01_NeverMoreThanRequested", "emits without demand", relays},
	{"1.01_NeverMoreThanRequested", "fails in words of its own", member(tamper{onError: func(c *contact, _ error) { c.down.OnError(errFlaw) }})},
	{"1.03_OneSignalAtATime", races + "emits from whoever pushes", relays},
	{"1.04_ErrorReachesAll", "tells only the first", member(tamper{onError: func(c *contact, err error) {
		if c.nth == 0 {
			c.down.OnError(err)
		}
	}})},
	{"1.05_CompleteReachesAll", "tells only the first", member(tamper{onComplete: func(c *contact) {
		if c.nth == 0 {
			c.down.OnComplete()
		}
	}})},
	{"1.07_NothingAfterTheEnd", "emits after the end", relays},
	{"1.11_AllSeeTheSame", "skips a value for the second", member(tamper{onNext: func(c *contact, v any) {
		if c.nth != 1 || v != 2 {
			c.down.OnNext(v)
		}
	}})},
	{"1.11_LateSubscriber", "forgets those who come late", member(tamper{onComplete: func(c *contact) {
		if c.is(func() bool { return c.values > 0 }) {
			c.down.OnComplete()
		}
	}})},
	{"1.11_LateSubscriber", "promises the past", func() *subject {
		s := soundSubject()
		delivers := s.delivers
		s.delivers = func(before, after int) []any { return delivers(0, before+after) }
		return s
	}},
	{"1.11_RefusesTheNextSubscriber", "serves one too many", func() *subject {
		s := soundSubject()
		s.subscribers = 1
		return s
	}},
	{"2.02_NextWaitsForNobody", "lets Next wait", pushed(func(p pusher) pusher {
		turn, next := make(chan struct{}, 1), p.next
		p.next = func(i int) {
			waited := make(chan struct{}) // so that nobody waits for ever
			stop := scheduler.Default.After(2*patience, func() { close(waited) })
			defer stop()
			select {
			case turn <- struct{}{}:
				defer func() { <-turn }()
				next(i)
			case <-waited:
			}
		}
		return p
	})},
	{"3.03_NextInsideOnNext", "emits inside OnNext", relays},
	{"4.01_DemandOfLongAgo", "forgets a demand", member(tamper{onNext: func(c *contact, v any) {
		if c.is(func() bool { return c.values < 3 }) {
			c.down.OnNext(v)
		}
	}})},
	{"4.02_ErrorPassesAtOnce", "keeps an error until something is requested", member(tamper{onError: func(*contact, error) {}})},

	{"1.08_CancelInsideOnNextIsStrict", "emits what is under way", member(tamper{onNext: func(c *contact, v any) {
		c.down.OnNext(v)
		if c.over() {
			c.down.OnNext(v)
		}
	}})},
	{"1.09_OnSubscribeComesFirstAndOnce", "calls OnSubscribe twice", member(tamper{onSubscribe: func(c *contact) {
		c.down.OnSubscribe(c)
		c.down.OnSubscribe(c)
	}})},
	{"2.07_RequestAndCancelAtOnce", "panics at a Cancel", member(tamper{cancel: func(*contact) { panic(errFlaw) }})},
	{"2.13_PanicHarmsOneSubscriber", "goes on after a panic", member(tamper{onNext: func(c *contact, v any) {
		defer func() { _ = recover() }()
		c.down.OnNext(v)
	}})},
	{"2.13_PanicHarmsOneSubscriber", "lets the panic through to Next", relays},
	{"3.05_CancelWaitsForNobody", "Cancel waits while a value is delivered", member(tamper{cancel: func(c *contact) {
		c.untilIdle()
		c.up.Cancel()
	}})},
	{"3.06_NothingAfterCancel", "ignores a cancel", relays},
	{"3.09_BadRequestIsAnError", "ignores bad requests", relays},
	{"3.13_ForgetsTheSubscriber", "keeps its subscribers", relays},
	{"3.17_DemandSaturates", "fails at an overflow", member(adding(func(_ *contact, sum int64) bool { return sum < 0 }))},
	{"L9_EachValueHasOneFate", "delivers and discards a value", member(tamper{onNext: func(c *contact, v any) {
		observable.DiscardFrom(c.ctx)(v, observable.DiscardOverflow)
		c.down.OnNext(v)
	}})},
	{"L14_DoneCtxIsASilentCancel", "ignores the ctx", member(tamper{subscribe: func(c *contact, ctx context.Context, st stream) {
		st(context.WithoutCancel(ctx), c)
	}})},
}

func TestSoundSubjectPasses(t *testing.T) { testSound(t, subjectChecks, soundSubject) }

func TestSubjectFixtures(t *testing.T) { testFixtures(t, subjectChecks, subjectFixtures) }
