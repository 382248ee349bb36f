package conformance

import (
	"context"
	"errors"
	"math"
	"runtime"
	"strings"
	"weak"

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
	{rule{
		"3.03_RecursionIsBounded", "L3",
		"a Request inside OnNext only adds to the demand: OnNext is not called inside OnNext",
		"a Request that emits what is held, while a value is being delivered",
	}, both(opRecursionIsBounded)},
	{rule{
		"3.05_RequestAndCancelWaitForNobody", "L5",
		"Request and Cancel return at once, also while the subscriber is busy with a value",
		"locks that are held while OnNext runs",
	}, both(opWaitForNobody)},
	{rule{
		"3.06_NothingAfterCancel", "L7",
		"Request and Cancel after Cancel do nothing",
		"whether Request looks at what Cancel has set",
	}, both(opNothingAfterCancel)},
	{rule{
		"3.09_BadRequestIsAnError", "L6",
		"a Request that is not positive cancels, and gives one OnError with a BadRequestError; the source never sees it",
		"arithmetic on what is requested before it is passed on",
	}, both(opBadRequest)},
	{rule{
		"3.13_ForgetsTheSubscriber", "L12",
		"after Cancel, OnComplete and OnError nothing refers to the subscriber any more",
		"lists of subscribers, closures of timers and context.AfterFunc, and goroutines that are still there",
	}, opForgets},
	{rule{
		"3.17_DemandSaturates", "L8",
		"requests that add up to more than math.MaxInt64 are no mistake, here and at the source",
		"sums and products of the demand: they saturate",
	}, both(opDemandSaturates)},
	{rule{
		"L14_DoneCtxIsASilentCancel", "L14",
		"when the ctx is done the source is cancelled, and no signal comes",
		"other contexts that the operator makes: they must end with that of the subscriber",
	}, both(opDoneCtx)},
}

// untilTheEnd requests everything and waits for the terminal.
func (w *witness) untilTheEnd() error {
	w.request(observable.Unbounded)
	ended, err := w.awaitEnd()
	if !ended {
		w.e.stop("everything was requested and the source has ended, but no terminal came")
	}
	return err
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
		return []func(){
				func() { st(b.ctx, sub.Outside()) },
				func() { sub.Request(3) },
				func() { sub.Request(5) },
			}, func() {
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
	err := w.untilTheEnd()
	// An operator that was done before the source failed has cancelled it.
	if _, _, _, cancels := b.feed.state(); cancels == 0 && !errors.Is(err, errDeliberate) {
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
		e.skip("the operator shares its source (Shared)")
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
	if err := w.fails(); !errors.Is(err, errDeliberate) {
		b.stop("OnError(%v), want a *PanicError with the value of the panic", firstLine(err))
	}
	w.silent("after the PanicError")
	b.feed.audit(true)
}

func opRecursionIsBounded(b *bench) {
	n := int64(feedMax)
	if raceEnabled {
		n /= 20
	}
	b.of(n, nil)
	d := &diver{limit: n, bound: 1, end: make(chan struct{})}
	b.start("Subscribe", func() { b.st(b.ctx, d) })
	if !b.o.endless && !b.wait(d.end) {
		b.stop("the stream came to rest after %d values, each of which requested the next", d.count.Load())
	}
	b.quiet()
	if deepest := d.deepest.Load(); deepest > 1 {
		b.stop("OnNext was called inside OnNext, %d deep", deepest)
	}
	b.do("Cancel", d.up.Cancel)
}

func opWaitForNobody(b *bench) {
	b.open(5)
	inside, gate := make(chan struct{}, 1), make(chan struct{})
	w := b.witness(0)
	w.onNext = func(any) {
		hint(inside)
		select {
		case <-gate:
		case <-b.ctx.Done():
		}
	}
	w.to(b.st)
	returned := b.start("Request(2)", func() { w.sub.Request(2) })
	b.quiet()
	select {
	case <-inside:
	default: // it has no value yet
		w.cancel()
		return
	}
	b.log("OnNext is busy")
	w.request(1)
	w.cancel()
	n := w.seen()
	b.log("OnNext returns")
	close(gate)
	b.must(returned, "the return of Request(2)")
	b.quiet()
	w.nothingSince(n, "after a Cancel while OnNext was busy")
	b.feed.audit(true)
}

func opNothingAfterCancel(b *bench) {
	for _, before := range []int64{0, 1} {
		b.open(10)
		w := b.subscribe(b.st, before)
		b.quiet()
		w.cancel()
		w.quietly("for a Request and a Cancel after Cancel", func() {
			w.request(1)
			w.cancel()
			w.request(3)
		})
		b.feed.audit(true)
	}
}

func opBadRequest(b *bench) {
	for _, n := range []int64{0, -1, math.MinInt64} {
		b.open(10)
		w := b.subscribe(b.st, 0)
		b.quiet()
		if ended, _ := w.sub.Ended(); ended {
			continue
		}
		w.request(n)
		err := w.fails()
		var bad *observable.BadRequestError
		if !errors.As(err, &bad) || bad.N != n || !strings.Contains(err.Error(), "3.9") {
			b.stop("OnError(%v) for Request(%d), want a *BadRequestError", firstLine(err), n)
		}
		w.quietly("after the BadRequestError", func() { w.request(3) })
		b.feed.audit(true)
	}
}

// opForgets lets all subscribers go before it collects the garbage, which takes
// its time.
func opForgets(e *env, o *operator) {
	var (
		ghosts  []weak.Pointer[ghost]
		streams []stream
	)
	leave := func(b *bench, how func(*ghost)) {
		streams = append(streams, b.st)
		ghosts = append(ghosts, e.haunt(e.ctx, b.st, how))
	}
	both(func(b *bench) {
		leave(b.open(3), func(g *ghost) {
			b.do("Request(1)", func() { g.up.Request(1) })
			b.quiet()
			b.do("Cancel", g.up.Cancel)
		})
		for _, err := range []error{nil, errDeliberate} {
			if err == nil && b.o.endless || err != nil && b.o.recovers {
				continue
			}
			leave(b.of(3, err), func(g *ghost) {
				b.do("Request(Unbounded)", func() { g.up.Request(observable.Unbounded) })
				b.must(g.end, "a terminal")
			})
		}
	})(e, o)
	e.gone(ghosts...)
	runtime.KeepAlive(streams)
}

// opDemandSaturates compares a demand that adds up with one that is unbounded.
func opDemandSaturates(b *bench) {
	var ws [2]*witness
	for i := range ws {
		w := b.witness(0)
		ws[i] = w
		w.onSubscribe = func() {
			if i == 0 {
				w.sub.Request(observable.Unbounded)
				return
			}
			for range 3 {
				b.log("Request(%d)", int64(math.MaxInt64/2))
				w.sub.Request(math.MaxInt64 / 2)
			}
		}
		w.to(b.of(5, nil).st)
		b.quiet()
		w.cancel()
		b.feed.audit(false)
	}
	_, want := ws[0].sub.Ended()
	_, got := ws[1].sub.Ended()
	if len(ws[0].values()) != len(ws[1].values()) || (want == nil) != (got == nil) {
		b.stop("for Unbounded came %v and %v; for more, bit by bit, %v and %v", ws[0].values(), want, ws[1].values(), got)
	}
}

func opDoneCtx(b *bench) {
	b.open(10)
	ctx, end := context.WithCancel(b.ctx)
	w := b.witness(1)
	w.on(ctx, b.st)
	b.quiet()
	w.quietly("when the ctx ended", func() {
		b.log("the ctx ends")
		end()
		b.quiet()
		w.request(3)
	})
	b.feed.audit(true)

	b.open(10)
	w = b.witness(3)
	b.log("Subscribe with a ctx that is done")
	w.on(ctx, b.st)
	w.quietly("with a ctx that is done", func() { w.request(3) })
	w.nothingSince(0, "with a ctx that is done")
}
