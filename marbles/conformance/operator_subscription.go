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

// subscriptionChecks are those of the subscription that an operator hands out.
var subscriptionChecks = []check[*operator]{
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
		err := w.failure()
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

// opDemandSaturates compares a demand that adds up with one that is unbounded. How
// much comes is for the goroutines to say, if there are several.
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
	fewer := !b.feed.async && len(ws[0].values()) != len(ws[1].values())
	if fewer || (want == nil) != (got == nil) {
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
