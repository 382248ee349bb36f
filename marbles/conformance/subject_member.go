package conformance

import (
	"context"
	"errors"
	"math"
	"sync"

	"github.com/sluicego/sluice/internal/fates"
	"github.com/sluicego/sluice/observable"
)

// memberChecks are those of a subject about one of its subscribers.
var memberChecks = []check[*subject]{
	{rule{
		"1.08_CancelInsideOnNextIsStrict", "L7",
		"no signal follows a Cancel inside OnNext, and the other subscribers go on",
		"the loop over the subscribers: it looks whether each is still there",
	}, memberCancelInsideOnNext},
	{rule{
		"1.09_OnSubscribeComesFirstAndOnce", "L1",
		"OnSubscribe is the first signal, and comes once",
		"a subscriber that is on the list before its OnSubscribe was called",
	}, memberOnSubscribeFirst},
	{rule{
		"2.07_RequestAndCancelAtOnce", "L5",
		"subscribers request, cancel, come and go while values are pushed",
		"the list of subscribers, and who may touch it",
	}, memberRequestAndCancelAtOnce},
	{rule{
		"2.13_PanicHarmsOneSubscriber", "L11",
		"a subscriber that panics in OnNext gets a PanicError; the others, and whoever pushes, notice nothing",
		"what is held and what is left undone when OnNext does not return",
	}, memberPanics},
	{rule{
		"3.05_CancelWaitsForNobody", "L5",
		"Request and Cancel return at once, also while a subscriber is busy with a value",
		"locks that are held while OnNext runs",
	}, memberWaitsForNobody},
	{rule{
		"3.06_NothingAfterCancel", "L7",
		"after Cancel no value comes, and Request and Cancel do nothing",
		"whether Cancel takes the subscriber off the list",
	}, memberNothingAfterCancel},
	{rule{
		"3.09_BadRequestIsAnError", "L6",
		"a Request that is not positive ends this subscription with a BadRequestError, and no other",
		"whether something stands between the subscriber and the subject that answers bad requests",
	}, memberBadRequest},
	{rule{
		"3.13_ForgetsTheSubscriber", "L12",
		"after Cancel, completion and failure nothing refers to the subscriber any more",
		"the list of subscribers, the subscription that one of them may still hold, and context.AfterFunc",
	}, memberForgets},
	{rule{
		"3.17_DemandSaturates", "L8",
		"requests that add up to more than math.MaxInt64 are no mistake",
		"the sum of the demand: it saturates",
	}, memberDemandSaturates},
	{rule{
		"L9_EachValueHasOneFate", "L9",
		"a value that a subscriber does not get is discarded for it, once at most",
		"values that are kept for a subscriber when it leaves",
	}, memberOneFate},
	{rule{
		"L14_DoneCtxIsASilentCancel", "L14",
		"when the ctx of a subscriber is done it leaves, without a signal",
		"whether the subject heeds the ctx that it was subscribed to with",
	}, memberDoneCtx},
}

func memberCancelInsideOnNext(e *env, s *subject) {
	p := s.open()
	w := e.witness(observable.Unbounded)
	w.name = "cancels: "
	w.onNext = func(any) { w.sub.CancelInside() }
	w.to(p.st)
	var other *witness
	if s.subscribers != 1 {
		other = e.witness(observable.Unbounded)
		other.name = "stays: "
		other.to(p.st)
	}
	p.push(e, 0, 3)
	p.end(e, nil)
	e.quiet() // the witness says what follows
	if other != nil {
		other.gets(s.delivers(0, 3))
	}
}

func memberOnSubscribeFirst(e *env, s *subject) {
	p := s.open()
	p.push(e, 0, 1)
	w := e.subscribe(p.st, observable.Unbounded) // the witness says if it is not the first signal
	p.push(e, 1, 2)
	p.end(e, nil)
	_, _ = w.awaitEnd()
	if s.subscribers == 0 {
		_, _ = e.subscribe(p.st, observable.Unbounded).awaitEnd()
	}
}

func memberRequestAndCancelAtOnce(e *env, s *subject) {
	e.race(func() (racers []func(), check func()) {
		p := s.open()
		sub, other := e.plain(1), e.plain(observable.Unbounded)
		ctx, end := context.WithCancel(e.ctx)
		e.do("Subscribe", func() { p.st(ctx, sub.Outside()) })
		push := func() {
			for i := range 6 {
				p.next(i)
			}
		}
		ask := func() {
			for range 3 {
				sub.Request(2)
			}
		}
		join := func() { p.st(e.ctx, other.Outside()) }
		return []func(){push, ask, later(sub.Cancel), later(end), join}, func() {
			e.quiet()
			e.do("Cancel", other.Cancel)
			end()
		}
	})
}

func memberPanics(e *env, s *subject) {
	p := s.open()
	w := e.witness(observable.Unbounded)
	w.name = "panics: "
	w.onNext = func(any) { panic(errDeliberate) }
	w.to(p.st)
	var other *witness
	if s.subscribers != 1 {
		other = e.witness(observable.Unbounded)
		other.name = "stays: "
		other.to(p.st)
	}
	p.push(e, 0, 3)
	p.end(e, nil)
	if err := w.failure(); !errors.Is(err, errDeliberate) {
		e.stop("OnError(%v), want a *PanicError with the value of the panic", firstLine(err))
	}
	if other != nil {
		other.gets(s.delivers(0, 3))
	}
}

// busyWith subscribes a witness whose first OnNext lasts until release is
// called, and lets push bring it about.
func (e *env) busyWith(st stream, request int64, push func()) (w *witness, release func()) {
	inside, gate := make(chan struct{}, 1), make(chan struct{})
	w = e.witness(0)
	first := true
	w.onNext = func(any) {
		if !first {
			return
		}
		first = false
		hint(inside)
		select {
		case <-gate:
		case <-e.ctx.Done(): // the check is over
		}
	}
	w.to(st)
	e.log("Request(%d), Next", request)
	returned := e.start("Request and Next", func() {
		w.sub.Request(request)
		push()
	})
	e.quiet()
	select {
	case <-inside:
		e.log("OnNext is busy")
	default: // the value is kept for later
	}
	return w, func() {
		e.log("OnNext returns")
		close(gate)
		e.must(returned, "the return of Request and Next")
	}
}

func memberWaitsForNobody(e *env, s *subject) {
	p := s.open()
	w, release := e.busyWith(p.st, 2, func() { p.next(0) })
	func() {
		defer release()
		w.request(1)
		w.cancel()
	}()
	w.quietly("after a Cancel while OnNext was busy", func() { p.push(e, 1, 3) })
}

func memberNothingAfterCancel(e *env, s *subject) {
	p := s.open()
	w := e.subscribe(p.st, observable.Unbounded)
	p.push(e, 0, 1)
	e.quiet()
	w.cancel()
	w.quietly("after Cancel", func() {
		w.request(1)
		w.cancel()
		p.push(e, 1, 3)
		p.end(e, nil)
	})
}

func memberBadRequest(e *env, s *subject) {
	for _, n := range []int64{0, -1, math.MinInt64} {
		p := s.open()
		w := e.subscribe(p.st, 0)
		w.name = "requests badly: "
		var other *witness
		if s.subscribers != 1 {
			other = e.subscribe(p.st, observable.Unbounded)
			other.name = "stays: "
		}
		w.request(n)
		var bad *observable.BadRequestError
		if err := w.failure(); !errors.As(err, &bad) || bad.N != n {
			e.stop("OnError(%v) for Request(%d), want a *BadRequestError", firstLine(err), n)
		}
		p.push(e, 0, 2)
		p.end(e, nil)
		if other != nil {
			other.gets(s.delivers(0, 2))
		}
	}
}

func memberForgets(e *env, s *subject) {
	for _, how := range []string{"cancel", "complete", "error"} {
		p := s.open()
		g := e.haunt(e.ctx, p.st, func(g *ghost) {
			e.do("Request", func() { g.up.Request(5) })
			p.push(e, 0, 1)
			switch how {
			case "cancel":
				e.do("Cancel", g.up.Cancel)
			case "complete":
				p.end(e, nil)
			default:
				p.end(e, errDeliberate)
			}
		})
		e.gone(g)
		p.complete() // the subject is still there
	}
}

func memberDemandSaturates(e *env, s *subject) {
	p := s.open()
	w := e.subscribe(p.st, 0)
	for range 3 {
		w.request(math.MaxInt64 - 1)
	}
	p.push(e, 0, 3)
	p.end(e, nil)
	w.gets(s.delivers(0, 3))
}

// memberOneFate counts: what was not delivered may have been pushed while the
// subject owed the subscriber nothing, but nothing may have two fates.
func memberOneFate(e *env, s *subject) {
	for _, requests := range []int64{0, 2, observable.Unbounded} {
		p := s.open()
		var (
			mu    sync.Mutex
			book  = fates.New()
			known = map[any]int{}
		)
		for i := range 5 {
			known[s.element(i)] = i + 1
			book.Produced = append(book.Produced, i+1)
		}
		ctx := observable.WithDiscard(e.ctx, func(v any, why observable.DiscardReason) {
			e.log("discarded %v: %v", v, why)
			mu.Lock()
			defer mu.Unlock()
			if id, ok := known[v]; ok {
				book.Discarded[id] = append(book.Discarded[id], why)
			}
		})
		w := e.witness(requests)
		w.onNext = func(v any) {
			mu.Lock()
			defer mu.Unlock()
			book.Delivered[known[v]]++
		}
		w.on(ctx, p.st)
		p.push(e, 0, 5)
		e.quiet()
		w.cancel()
		e.quiet()
		mu.Lock()
		for _, problem := range book.Problems(true) {
			e.fail("%s", problem)
		}
		mu.Unlock()
	}
}

func memberDoneCtx(e *env, s *subject) {
	p := s.open()
	ctx, end := context.WithCancel(e.ctx)
	w := e.witness(observable.Unbounded)
	w.on(ctx, p.st)
	p.push(e, 0, 1)
	e.quiet()
	w.quietly("when the ctx ended", func() {
		e.log("the ctx ends")
		end()
		e.quiet()
		p.push(e, 1, 3)
		p.end(e, nil)
	})
}
