package conformance

import (
	"errors"
	"math"
	"strings"
	"sync/atomic"

	"github.com/sluicego/sluice/observable"
)

// requestChecks are those of chapter 3 about Request, and what its callbacks
// may do.
var requestChecks = []check[*source]{
	{rule{
		"2.13_PanicInOnNextIsContained", "L11",
		"a subscriber that panics in OnNext gets a PanicError and no more; nothing else is harmed",
		"locks and flags that are held while OnNext runs: release them in a defer",
	}, panicIsContained},
	{rule{
		"3.02_RequestInsideCallbacks", "L5",
		"Request may be called inside OnSubscribe and OnNext",
		"whether a request from inside is added to the demand of the loop that runs, or lost, or waits for it",
	}, requestInsideCallbacks},
	{rule{
		"3.03_RecursionIsBounded", "L3",
		"a Request inside OnNext only adds to the demand: OnNext is not called inside OnNext",
		"Request: when a loop is emitting already, leave the emission to it",
	}, recursionIsBounded},
	{rule{
		"3.04_RequestWaitsForNobody", "L5",
		"Request returns at once, also while a subscriber is busy with a value",
		"locks that are held while OnNext runs, and channels that Request sends to",
	}, requestWaitsForNobody},
	{rule{
		"3.08_RequestsAddUp", "L8",
		"requests add up while the subscription is active",
		"whether a second request replaces the first, or is taken back when the loop ends",
	}, requestsAddUp},
	{rule{
		"3.09_BadRequestIsAnError", "L6",
		"a Request that is not positive cancels, and gives one OnError with a BadRequestError that says why",
		"whether something stands between the subscriber and the source that answers bad requests; Observable.Subscribe does",
	}, badRequestIsAnError},
	{rule{
		"3.17_UnboundedDemand", "L8",
		"a request of math.MaxInt64 is good for everything that comes",
		"the sum of the demand, and what is subtracted from it",
	}, unboundedDemand},
	{rule{
		"3.17_DemandAddsUpToUnbounded", "L8",
		"requests that add up to math.MaxInt64 are good for everything that comes",
		"the sum of the demand: it saturates, and does not overflow",
	}, demandAddsUpToUnbounded},
	{rule{
		"3.17_DemandBeyondUnbounded", "L8",
		"requests that add up to more than math.MaxInt64 are no mistake",
		"the sum of the demand: it saturates, and neither overflows nor fails",
	}, demandBeyondUnbounded},
}

func panicIsContained(e *env, s *source) {
	st := s.atLeast(e, 3)
	w := e.witness(0)
	w.onNext = func(any) { panic(errDeliberate) }
	w.to(st)
	w.request(2)
	err := w.failure()
	var p *observable.PanicError
	if !errors.As(err, &p) || !errors.Is(err, errDeliberate) {
		e.stop("OnError(%v), want a *PanicError with the value of the panic", firstLine(err))
	}
	w.silent("after the PanicError")
	if s.once || s.subscribers == 1 {
		return
	}
	again := e.subscribe(st, 1)
	again.expect(1)
	again.cancel()
}

var errDeliberate = errors.New("conformance: a deliberate failure")

func requestInsideCallbacks(e *env, s *source) {
	w := e.witness(0)
	w.onSubscribe = func() {
		for range 3 {
			w.sub.Request(1)
		}
	}
	w.onNext = func(any) { w.sub.Request(1) }
	st := s.atLeast(e, 6)
	if s.endless {
		w.onNext = func(any) {
			if len(w.sub.Values()) < 4 {
				w.sub.Request(1)
			}
		}
	}
	w.to(st)
	w.expect(6)
	w.cancel()
}

// recursionIsBounded leaves the log and the audit out, which take their time.
func recursionIsBounded(e *env, s *source) {
	n := depthOf()
	if s.max != 0 {
		n = min(n, max(s.max, 1))
	}
	if s.endless {
		n = min(n, 1000)
	}
	d := &diver{limit: n, bound: s.bound, end: make(chan struct{})}
	st := s.atLeast(e, n)
	e.start("Subscribe", func() { st(e.ctx, d) })
	if !e.wait(d.end) {
		e.stop("the stream came to rest after %d of %d values, each of which requested the next", d.count.Load(), n)
	}
	if deepest := d.deepest.Load(); deepest > s.bound {
		e.stop("OnNext was called inside OnNext, %d deep; the bound is %d", deepest, s.bound)
	}
}

// A diver requests the next value inside each, and looks how deep it gets.
type diver struct {
	limit, bound int64
	up           observable.Subscription
	depth, count atomic.Int64
	deepest      atomic.Int64
	end          chan struct{}
	over         bool
}

func (d *diver) OnSubscribe(up observable.Subscription) {
	d.up = up
	up.Request(1)
}

func (d *diver) OnNext(any) {
	depth := d.depth.Add(1)
	d.deepest.Store(max(d.deepest.Load(), depth))
	if d.count.Add(1) >= d.limit || depth > d.bound {
		d.up.Cancel()
		d.finish()
	} else {
		d.up.Request(1)
	}
	d.depth.Add(-1)
}

func (d *diver) OnError(error) { d.finish() }

func (d *diver) OnComplete() { d.finish() }

func (d *diver) finish() {
	if !d.over {
		d.over = true
		close(d.end)
	}
}

// busy subscribes a witness whose first OnNext lasts until release is called,
// and waits for that.
func (e *env) busy(s stream) (w *witness, release func()) {
	inside, gate := make(chan struct{}), make(chan struct{})
	w = e.witness(0)
	first := true
	w.onNext = func(any) {
		if first {
			first = false
			close(inside)
			select {
			case <-gate:
			case <-e.ctx.Done(): // the check is over
			}
		}
	}
	w.to(s)
	e.log("Request(1)")
	returned := e.start("Request(1)", func() { w.sub.Request(1) })
	if !e.wait(inside) {
		close(gate)
		e.stop("no value came")
	}
	e.log("OnNext is busy")
	return w, func() {
		e.log("OnNext returns")
		close(gate)
		e.wait(returned)
	}
}

func requestWaitsForNobody(e *env, s *source) {
	w, release := e.busy(s.atLeast(e, 3))
	func() {
		defer release()
		w.request(1)
	}()
	w.expect(2)
	w.cancel()
}

func requestsAddUp(e *env, s *source) {
	w := e.witness(0)
	w.onSubscribe = func() { // before anything can have been emitted for the first one
		e.log("Request(2), Request(3)")
		w.sub.Request(2)
		w.sub.Request(3)
	}
	w.to(s.atLeast(e, 10))
	w.expect(5)
	w.silent("after the 5 values that were requested")
	w.cancel()
}

func badRequestIsAnError(e *env, s *source) {
	for _, n := range []int64{0, -1, math.MinInt64} {
		for _, before := range []int64{0, 1} {
			w := e.subscribe(s.atLeast(e, 10), 0)
			if before > 0 {
				w.request(before)
				w.expect(int(before))
			}
			w.request(n)
			err := w.failure()
			var bad *observable.BadRequestError
			if !errors.As(err, &bad) {
				e.stop("OnError(%v) for Request(%d), want a *BadRequestError", firstLine(err), n)
			}
			if bad.N != n || !strings.Contains(err.Error(), "3.9") {
				e.stop("OnError(%v) for Request(%d); the error has to give the number, and the rule: 3.9", err, n)
			}
			w.quietly("after the BadRequestError", func() { w.request(3) })
		}
	}
}

func unboundedDemand(e *env, s *source) {
	e.asks(s, math.MaxInt64)
}

func demandAddsUpToUnbounded(e *env, s *source) {
	e.asks(s, math.MaxInt64/2, math.MaxInt64/2, 1)
}

// asks makes the requests and expects everything.
func (e *env) asks(s *source, requests ...int64) {
	w := e.witness(0)
	w.onSubscribe = func() {
		for _, n := range requests {
			e.log("Request(%d)", n)
			w.sub.Request(n)
		}
	}
	w.to(s.of(e, 3))
	w.completes(3)
}

func demandBeyondUnbounded(e *env, s *source) {
	w := e.witness(0)
	w.onNext = func(any) {
		if n := len(w.sub.Values()); n <= 10 {
			w.sub.Request(math.MaxInt64 - 1)
		} else {
			w.sub.CancelInside()
		}
	}
	w.to(s.atLeast(e, 20))
	w.request(1)
	w.expect(11)
	w.silent("after the Cancel inside the eleventh value")
}
