package conformance

import (
	"fmt"
	"runtime"

	"github.com/sluicego/sluice/observable"
)

// publisherChecks are those of chapter 1: what a source does.
var publisherChecks = []check[*source]{
	{rule{
		"1.01_NeverMoreThanRequested", "L2",
		"at every instant, no more values are delivered than were requested",
		"the loop that emits: it looks at the demand before each value, and a request adds to it",
	}, neverMoreThanRequested},
	{rule{
		"1.02_MayEndWithLess", "L2",
		"a stream may be shorter than what was requested, and ends all the same",
		"what happens when the values run out and there is demand left",
	}, mayEndWithLess},
	{rule{
		"1.03_OneSignalAtATime", "L3",
		"signals never overlap, and each happens before the next",
		"who emits: one goroutine at a time, and what hands the emission over has to be a lock, an atomic or a channel",
	}, oneSignalAtATime},
	{rule{
		"1.04_FailureIsOnError", "L4",
		"a failure is told by exactly one OnError, without any demand",
		"whether OnError waits for a request, or comes besides something else",
	}, failureIsOnError},
	{rule{
		"1.05_CompletesAfterTheLastValue", "L4",
		"a stream that has emitted all of its values completes",
		"whether OnComplete waits for something, and whether the number of values is the one that New was asked for",
	}, completesAfterTheLastValue},
	{rule{
		"1.05_EmptyCompletes", "L4",
		"a stream without values completes",
		"the way from OnSubscribe to OnComplete when the loop never runs",
	}, emptyCompletes},
	{rule{
		"1.06_EndReleases", "L12",
		"after a terminal the subscription is over: Request and Cancel do nothing, and no goroutine or timer is left",
		"goroutines that wait for a request or for the ctx, and timers that nobody stops",
	}, endReleases},
	{rule{
		"1.07_NothingAfterComplete", "L4",
		"nothing follows OnComplete",
		"whether a request after the end finds the source still emitting, or completes it again",
	}, nothingAfterComplete},
	{rule{
		"1.07_NothingAfterError", "L4",
		"nothing follows OnError",
		"whether a request after the end finds the source still emitting, or fails it again",
	}, nothingAfterError},
	{rule{
		"1.08_CancelInsideOnNextIsStrict", "L7",
		"no signal follows a Cancel on the goroutine that emits, not even a terminal",
		"the loop: it looks for a cancel before each value, and before the terminal",
	}, cancelInsideOnNext},
	{rule{
		"1.08_CancelInsideOnSubscribeIsStrict", "L7",
		"no signal follows a Cancel inside OnSubscribe",
		"what runs between OnSubscribe and the first value, or the terminal of an empty stream",
	}, cancelInsideOnSubscribe},
	{rule{
		"1.09_OnSubscribeComesFirstAndOnce", "L1",
		"OnSubscribe is the first signal, and comes once",
		"the order in Subscribe: OnSubscribe, then everything else, also for a stream that is empty or has failed",
	}, onSubscribeFirst},
	{rule{
		"1.09_SubscribeReturns", "L1",
		"Subscribe returns normally and does not wait for demand; whoever cannot be served gets OnSubscribe and OnError",
		"what the source does when it is subscribed to: it must not wait, and must not panic",
	}, subscribeReturns},
	{rule{
		"1.09_NilSubscriberPanics", "L1",
		"a nil Subscriber is a mistake of the caller, and panics",
		"whether Subscribe checks its argument",
	}, nilSubscriber},
}

func neverMoreThanRequested(e *env, s *source) {
	w := e.subscribe(s.atLeast(e, 5), 0)
	w.silent("before anything was requested")
	w.request(1)
	w.expect(1)
	w.silent("after the 1 value that was requested")
	w.request(1)
	w.expect(2)
	w.request(2)
	w.expect(4)
	w.silent("after the 4 values that were requested")
	w.cancel()
}

func mayEndWithLess(e *env, s *source) {
	w := e.subscribe(s.of(e, 3), 0)
	w.request(10)
	w.completes(3)
}

// oneSignalAtATime leaves the log out: its lock would order the signals.
func oneSignalAtATime(e *env, s *source) {
	const n = 10
	s.atLeast(e, n)
	e.race(func() (racers []func(), check func()) {
		sub := e.plain(1)
		sub.Each = unlessFlooded(func() { sub.Request(1) })
		st := s.open(n)
		racers = []func(){
			func() { st(e.ctx, sub.Outside()) },
			func() { sub.Request(1) },
			func() { sub.Request(n) },
		}
		return racers, func() {
			if s.endless {
				e.quiet()
				e.do("Cancel", sub.Cancel)
				return
			}
			if !e.wait(sub.Done()) {
				e.stop("no terminal came, after %d of %d values", len(sub.Values()), n)
			}
			if ended, err := sub.Ended(); err != nil {
				e.stop("%d values were delivered%s", len(sub.Values()), ending(ended, err))
			}
		}
	})
}

func failureIsOnError(e *env, s *source) {
	w := e.subscribe(s.failing(e), 0)
	w.fails()
	w.silent("after OnError")
	if n := w.seen(); n != 1 {
		e.stop("%d signals came besides OnError", n-1)
	}
}

func completesAfterTheLastValue(e *env, s *source) {
	for _, n := range []int{1, 3} {
		w := e.subscribe(s.of(e, int64(n)), 0)
		for i := range n {
			w.request(1)
			w.expect(i + 1)
		}
		w.request(1)
		w.completes(n)
		w.silent("after OnComplete")
	}
}

func emptyCompletes(e *env, s *source) {
	w := e.subscribe(s.of(e, 0), 0)
	w.request(1)
	w.completes(0)
	w.silent("after OnComplete")
}

func endReleases(e *env, s *source) {
	ends := !s.endless && s.max >= 0
	if !ends && s.failed == nil {
		e.skip("it takes a source that ends after a value or fails (NeverCompletes, MaxElements, NewFailed)")
	}
	e.virtually()
	before := runtime.NumGoroutine()
	if ends {
		w := e.subscribe(s.open(1), 2)
		w.completes(1)
		e.over(w)
	}
	if s.failed != nil {
		w := e.subscribe(s.failed(), 2)
		w.fails()
		e.over(w)
	}
	e.released(before)
}

// over expects that w's subscription, which has ended, does nothing any more.
func (e *env) over(w *witness) {
	w.quietly("for a Request and a Cancel after the end", func() {
		w.request(5)
		w.cancel()
	})
}

// released expects that no goroutine is left besides those from before, and no
// timer.
func (e *env) released(before int) {
	if runtime.NumGoroutine() > before { // perhaps others' of this process
		for _, stack := range e.leftBehind() {
			e.fail("a goroutine is left behind:\n%s", inShort(stack))
		}
	}
	if n := e.clock.Pending(); n > 0 {
		e.fail("%d timers are armed after the end", n)
	}
}

func nothingAfterComplete(e *env, s *source) {
	w := e.subscribe(s.of(e, 1), 10)
	w.completes(1)
	w.quietly("after OnComplete", func() { w.request(10) })
	e.noneHeldBack()
}

func nothingAfterError(e *env, s *source) {
	w := e.subscribe(s.failing(e), 10)
	w.fails()
	w.quietly("after OnError", func() { w.request(10) })
	e.noneHeldBack()
}

// noneHeldBack expects that no gate had to keep a value from the subscriber.
func (e *env) noneHeldBack() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if n := len(e.late); n > 0 {
		e.problems = append(e.problems, fmt.Sprintf("%d values came after the end and were held back by a gate: %v", n, e.late))
	}
}

func cancelInsideOnNext(e *env, s *source) {
	w := e.witness(3)
	w.onNext = func(any) {
		if len(w.sub.Values()) == 3 {
			e.log("Cancel")
			w.sub.CancelInside()
			w.sub.Request(5)
		} else {
			w.sub.Request(2)
		}
	}
	w.to(s.atLeast(e, 20))
	w.expect(3)
	w.silent("after a Cancel inside OnNext")

	// The last value of a stream is the one before the terminal.
	if s.endless {
		return
	}
	last := e.witness(observable.Unbounded) // another variable: OnNext may be still at w
	last.onNext = func(any) { last.sub.CancelInside() }
	last.to(s.open(1))
	last.expect(1)
	last.silent("after a Cancel inside the last OnNext")
}

func cancelInsideOnSubscribe(e *env, s *source) {
	for _, n := range []int64{3, 0} {
		if s.endless && n == 0 {
			continue
		}
		w := e.witness(0)
		w.onSubscribe = func() {
			e.log("Cancel")
			w.sub.CancelInside()
			w.sub.Request(5)
		}
		w.to(s.atLeast(e, n))
		w.silent("after a Cancel inside OnSubscribe")
		w.nothingSince(0, "after a Cancel inside OnSubscribe")
	}
}

func onSubscribeFirst(e *env, s *source) {
	n := int64(0)
	if s.endless {
		n = 1
	}
	w := e.subscribe(s.atLeast(e, n), 0) // the witness says if it is not the first signal
	e.quiet()
	if s.failed != nil {
		e.subscribe(s.failed(), 0)
		e.quiet()
	}
	w.cancel()
}

func subscribeReturns(e *env, s *source) {
	e.subscribe(s.atLeast(e, 3), 0)
	if s.failed != nil {
		e.subscribe(s.failed(), 0).fails()
	}
}

func nilSubscriber(e *env, s *source) {
	st, panicked := s.atLeast(e, 0), false
	e.do("Subscribe(nil)", func() {
		defer func() { panicked = recover() != nil }()
		st(e.ctx, nil)
	})
	if !panicked {
		e.stop("Subscribe(nil) returned")
	}
}
