package conformance

import (
	"context"
	"math"
	"runtime"
)

// cancelChecks are those of chapter 3 about Cancel, and the races.
var cancelChecks = []check[*source]{
	{rule{
		"2.07_RequestAndCancelAtOnce", "L5",
		"Request and Cancel may be called from any goroutine, at the same time, and the ctx may end meanwhile",
		"fields that Request and Cancel touch without a lock or an atomic, and the goroutine that goes on emitting when two requests meet",
	}, requestAndCancelAtOnce},
	{rule{
		"3.05_CancelWaitsForNobody", "L5",
		"Cancel returns at once, also while a subscriber is busy with a value",
		"locks that are held while OnNext runs, and a Cancel that waits for a goroutine to end",
	}, cancelWaitsForNobody},
	{rule{
		"3.05_CancelsAtOnce", "L7",
		"Cancel may be called from several goroutines at the same time",
		"what Cancel closes or releases: it must happen once",
	}, cancelsAtOnce},
	{rule{
		"3.06_RequestAfterCancelIsNothing", "L7",
		"Request after Cancel does nothing",
		"whether Request looks at what Cancel has set",
	}, requestAfterCancel},
	{rule{
		"3.07_CancelAfterCancelIsNothing", "L7",
		"Cancel after Cancel does nothing",
		"what Cancel closes or releases: it must happen once",
	}, cancelAfterCancel},
	{rule{
		"3.12_CancelStops", "L7",
		"after Cancel the signals stop, however many values were requested before",
		"the loop: it looks for a cancel before each value",
	}, cancelStops},
	{rule{
		"3.13_CancelForgetsTheSubscriber", "L12",
		"after Cancel nothing refers to the subscriber any more",
		"lists of subscribers, closures of timers and context.AfterFunc, and goroutines that are still there",
	}, cancelForgets},
	{rule{
		"3.13_CompleteForgetsTheSubscriber", "L12",
		"after OnComplete nothing refers to the subscriber any more",
		"lists of subscribers, closures of timers and context.AfterFunc, and goroutines that are still there",
	}, completeForgets},
	{rule{
		"3.13_ErrorForgetsTheSubscriber", "L12",
		"after OnError nothing refers to the subscriber any more",
		"lists of subscribers, closures of timers and context.AfterFunc, and goroutines that are still there",
	}, errorForgets},
	{rule{
		"3.15_CleanupPanicIsContained", "L11",
		"Cancel returns normally, also if cleanup code panics; the panic goes to the hook of WithDroppedError",
		"who calls the cleanup code, and whether it recovers",
	}, cleanupPanicIsContained},
	{rule{
		"L14_DoneCtxIsASilentCancel", "L14",
		"when the ctx is done the subscription is cancelled, without a signal",
		"whether the ctx cancels the subscription and its error stays with whoever ended it",
	}, doneCtxIsASilentCancel},
}

func requestAndCancelAtOnce(e *env, s *source) {
	s.atLeast(e, 20)
	e.race(func() (racers []func(), check func()) {
		ctx, end := context.WithCancel(e.ctx)
		sub := e.plain(1)
		st := s.open(20)
		e.do("Subscribe", func() { st(ctx, sub.Outside()) })
		ask := func() {
			for range 3 {
				sub.Request(5)
			}
		}
		return []func(){ask, ask, later(sub.Cancel), later(end)}, func() {
			e.quiet()
			if n := len(sub.Values()) + len(sub.Late()); n > 20 && !s.endless {
				e.stop("%d values came, of 20", n)
			}
		}
	})
}

// later returns f, to be called when the others have had the time to begin.
func later(f func()) func() {
	return func() {
		for range 10 {
			runtime.Gosched()
		}
		f()
	}
}

func cancelWaitsForNobody(e *env, s *source) {
	w, release := e.busy(s.atLeast(e, 3))
	func() {
		defer release()
		w.request(1)
		w.cancel()
	}()
	w.silent("after a Cancel while OnNext was busy")
	if n := len(w.values()); n != 1 {
		e.stop("%d values came, want the one that OnNext was busy with when Cancel was called", n)
	}
}

func cancelsAtOnce(e *env, s *source) {
	s.atLeast(e, 5)
	e.race(func() (racers []func(), check func()) {
		w := e.subscribe(s.open(5), 0)
		w.request(1)
		w.expect(1)
		n := w.seen()
		return []func(){w.sub.Cancel, w.sub.Cancel, w.sub.Cancel}, func() {
			e.quiet()
			w.nothingSince(n, "after three Cancels at once, with nothing requested")
		}
	})
}

func requestAfterCancel(e *env, s *source) {
	for _, before := range []int64{0, 1} {
		w := e.subscribe(s.atLeast(e, 3), 0)
		if before > 0 {
			w.request(before)
			w.expect(int(before))
		}
		w.cancel()
		w.quietly("for requests after Cancel", func() {
			for range 3 {
				w.request(1)
			}
		})
	}
}

func cancelAfterCancel(e *env, s *source) {
	w := e.subscribe(s.atLeast(e, 1), 0)
	w.cancel()
	w.quietly("for Cancels after Cancel", func() {
		w.cancel()
		w.cancel()
	})
}

func cancelStops(e *env, s *source) {
	w := e.subscribe(s.atLeast(e, 20), 0)
	w.onNext = func(any) {
		if len(w.sub.Values()) == 1 {
			// On another goroutine, so that the cancel is one from outside: it
			// may come after some more values, but not after all of them.
			e.start("Cancel", w.sub.Cancel)
		}
	}
	w.request(10)
	w.request(5)
	w.await(func() bool { return len(w.values()) > 0 })
	e.quiet()
	n := w.seen()
	if n > 15 {
		e.stop("%d signals came, of 15 values requested and cancelled after the first", n)
	}
	w.quietly("after Cancel", func() { w.request(10) })
	if s.max == 0 || s.max >= headlong {
		cancelStopsTheLoop(e, s)
	}
}

// headlong is how many values a source is asked for to see whether it stops; one
// that goes on with half of them, for nobody, does not.
const headlong = 4_000

// cancelStopsTheLoop looks behind the gate of New, which keeps the values of a
// source that ignores Cancel from the subscriber, but not from being made.
func cancelStopsTheLoop(e *env, s *source) {
	w := e.subscribe(s.open(headlong), 0)
	w.onNext = func(any) {
		if len(w.sub.Values()) == 1 {
			w.cancel()
		}
	}
	w.request(math.MaxInt64)
	w.await(func() bool { return len(w.values()) > 0 })
	e.quiet()
	if n := e.discardedLate(); n > headlong/2 {
		e.stop("%d values were produced after Cancel, and discarded", n)
	}
}

func cleanupPanicIsContained(e *env, s *source) {
	if s.panicking == nil {
		e.skip("it takes a source whose cleanup panics; set NewPanicking")
	}
	w := e.subscribe(s.panicking(), 0)
	w.quietly("for a Cancel whose cleanup panics", w.cancel)
	if !e.anyDropped() {
		e.stop("nothing reached the hook of WithDroppedError; the panic of the cleanup is lost, or it did not run")
	}
}

func (e *env) anyDropped() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.dropped) > 0
}

func doneCtxIsASilentCancel(e *env, s *source) {
	ctx, end := context.WithCancel(e.ctx)
	w := e.witness(1)
	w.on(ctx, s.atLeast(e, 5))
	w.expect(1)
	w.quietly("when the ctx ended", func() {
		e.log("the ctx ends")
		end()
		e.quiet()
		w.request(3)
	})

	w = e.witness(3)
	e.log("Subscribe with a ctx that is done")
	w.on(ctx, s.atLeast(e, 5))
	w.quietly("with a ctx that is done", func() { w.request(3) })
	w.nothingSince(0, "with a ctx that is done")
}
