package conformance

import (
	"errors"
	"runtime"

	"github.com/sluicego/sluice/observable"
)

// downstreamChecks are those of an operator as the source of its subscriber.
var downstreamChecks = []check[*operator]{
	{rule{
		"1.01_NeverMoreThanRequested", "L2",
		"at every instant, no more values are delivered than were requested of the operator",
		"values that the operator adds or holds: they need demand, too, also at the end",
	}, both(opNeverMoreThanRequested)},
	{rule{
		"1.03_OneSignalAtATime", "L3",
		"signals never overlap, and each happens before the next",
		"goroutines and timers of the operator that emit besides the source",
	}, both(opOneSignalAtATime)},
	{rule{
		"1.04_FailureIsOnError", "L4",
		"an error of the source reaches the subscriber behind the values before it",
		"OnError, and what is held when it comes",
	}, both(opFailureIsOnError)},
	{rule{
		"1.05_EndFollowsTheSource", "L4",
		"when the source has completed and everything is requested, the operator comes to an end",
		"OnComplete while values are held, and a source without values",
	}, both(opEndFollows)},
	{rule{
		"1.06_EndReleases", "L12",
		"after a terminal, no goroutine, timer or subscription is left, and Request and Cancel do nothing",
		"timers that nobody stops, and other sources that the operator has subscribed to",
	}, both(opEndReleases)},
	{rule{
		"1.07_NothingAfterTheEnd", "L4",
		"nothing follows a terminal",
		"values that are held and emitted by a request after the end",
	}, both(opNothingAfterTheEnd)},
	{rule{
		"1.08_CancelInsideOnNextIsStrict", "L7",
		"no signal follows a Cancel on the goroutine that emits",
		"loops that emit several values for one of the source: they look for a cancel before each",
	}, both(opCancelInsideOnNext)},
	{rule{
		"1.08_CancelInsideOnSubscribeIsStrict", "L7",
		"no signal follows a Cancel inside OnSubscribe",
		"what the operator emits or subscribes to once OnSubscribe has returned",
	}, both(opCancelInsideOnSubscribe)},
	{rule{
		"1.09_OnSubscribeComesFirstAndOnce", "L1",
		"OnSubscribe is the first signal, and comes once",
		"what the operator emits before its source has answered, and the second source that it subscribes to",
	}, both(opOnSubscribeFirst)},
	{rule{
		"1.10_SubscribesAgain", "L10",
		"subscriptions share nothing: the second sees what the first has seen",
		"state that is made when the operator is assembled, and not when it is subscribed to",
	}, opSubscribesAgain},
	{rule{
		"2.13_PanicInOnNextIsContained", "L11",
		"a subscriber that panics in OnNext gets a PanicError and no more, and the source is cancelled",
		"locks and flags that are held while OnNext runs: release them in a defer",
	}, both(opPanicIsContained)},
}

// untilTheEnd requests everything and waits for the terminal.
func (w *witness) untilTheEnd() {
	w.request(observable.Unbounded)
	if ended, _ := w.awaitEnd(); !ended {
		w.e.stop("everything was requested and the source has ended, but no terminal came")
	}
}

func opNeverMoreThanRequested(b *bench) {
	b.of(30, nil)
	w := b.subscribe(b.st, 0)
	b.quiet()
	for _, n := range []int64{1, 2, 5} {
		w.request(n)
		b.quiet()
	}
	w.cancel()
	b.feed.audit(false)
}

func opOneSignalAtATime(b *bench) {
	b.raceFor(rounds()/opRounds, func() (racers []func(), check func()) {
		b.of(10, nil)
		sub := b.plain(1)
		sub.Each = unlessFlooded(func() { sub.Request(1) })
		st := b.st
		racers = []func(){
			func() { st(b.ctx, sub.Outside()) },
			func() { sub.Request(3) },
			func() { sub.Request(5) },
		}
		return racers, func() {
			b.quiet()
			b.do("Cancel", sub.Cancel)
		}
	})
}

func opFailureIsOnError(b *bench) {
	if b.o.recovers {
		b.skip("the operator does not pass errors on (Recovers)")
	}
	w := b.subscribe(b.of(3, errDeliberate).st, 0)
	w.untilTheEnd()
	b.quiet() // it may be done while the source goes on
	_, err := w.sub.Ended()
	// An operator that was done before the source failed has cancelled it, or was
	// about to.
	_, _, _, cancels := b.feed.state()
	done := cancels > 0 || b.feed.async && b.wasDropped(errDeliberate)
	if !done && !errors.Is(err, errDeliberate) {
		b.stop("the source failed, the operator ended with %v", err)
	}
}

func opEndFollows(b *bench) {
	b.ends()
	for _, n := range []int64{0, 1, 7} {
		w := b.subscribe(b.of(n, nil).st, 0)
		w.untilTheEnd()
		w.silent("after the end")
	}
}

func opEndReleases(b *bench) {
	if b.clock == nil {
		b.virtually()
	}
	for _, err := range []error{nil, errDeliberate} {
		if err == nil && b.o.endless || err != nil && b.o.recovers {
			continue
		}
		before := runtime.NumGoroutine()
		w := b.subscribe(b.of(3, err).st, 0)
		w.untilTheEnd()
		b.over(w)
		b.released(before)
		b.feed.audit(true)
	}
}

func opNothingAfterTheEnd(b *bench) {
	for _, err := range []error{nil, errDeliberate} {
		if err == nil && b.o.endless || err != nil && b.o.recovers {
			continue
		}
		w := b.subscribe(b.of(5, err).st, 2)
		w.untilTheEnd()
		w.quietly("for a request after the end", func() { w.request(5) })
		b.feed.audit(false)
	}
}

func opCancelInsideOnNext(b *bench) {
	for at := 1; at <= 3; at++ {
		for _, n := range []int64{3, 20} {
			b.of(n, nil)
			w := b.witness(observable.Unbounded)
			w.onNext = func(any) {
				if len(w.sub.Values()) == at {
					b.log("Cancel")
					w.sub.CancelInside()
					w.sub.Request(5)
				}
			}
			w.to(b.st)
			b.quiet() // the witness says what follows
			w.cancel()
			b.quiet()
			b.feed.audit(true)
		}
	}
}

func opCancelInsideOnSubscribe(b *bench) {
	for _, n := range []int64{0, 3} {
		b.of(n, nil)
		w := b.witness(0)
		w.onSubscribe = func() {
			b.log("Cancel")
			w.sub.CancelInside()
			w.sub.Request(5)
		}
		w.to(b.st)
		w.silent("after a Cancel inside OnSubscribe")
		w.nothingSince(0, "after a Cancel inside OnSubscribe")
		b.feed.audit(true)
	}
}

func opOnSubscribeFirst(b *bench) {
	for _, n := range []int64{0, 3} {
		for _, err := range []error{nil, errDeliberate} {
			w := b.subscribe(b.of(n, err).st, observable.Unbounded) // the witness says if it is not the first signal
			b.quiet()
			w.cancel()
		}
	}
}

// opSubscribesAgain takes a synchronous source: with goroutines the order, and
// what an operator makes of it, may differ.
func opSubscribesAgain(e *env, o *operator) {
	if o.shared {
		e.skip("the operator shares its source (Multicast)")
	}
	b := newBench(e, o, false).of(7, nil)
	var ws [2]*witness
	for i := range ws {
		ws[i] = b.subscribe(b.st, 0)
		ws[i].request(2)
		b.quiet()
		ws[i].request(observable.Unbounded)
		b.quiet()
		ws[i].cancel()
		b.quiet()
	}
	if !same(ws[0], ws[1]) {
		b.stop("the first subscriber got %v, the second %v", ws[0].values(), ws[1].values())
	}
}

func opPanicIsContained(b *bench) {
	b.of(5, nil)
	w := b.witness(0)
	panicked := false
	w.onNext = func(any) {
		panicked = true
		panic(errDeliberate)
	}
	w.to(b.st)
	w.request(3)
	b.quiet()
	if !panicked {
		w.cancel() // it has no value yet
		return
	}
	err := w.failure()
	if full := new(observable.OverflowError); errors.As(err, &full) && b.wasDropped(errDeliberate) {
		b.log("the stream had overflowed by then, and reports the panic elsewhere (L16)")
	} else if !errors.Is(err, errDeliberate) {
		b.stop("OnError(%v), want a *PanicError with the value of the panic", firstLine(err))
	}
	w.silent("after the PanicError")
	b.feed.audit(true)
}
