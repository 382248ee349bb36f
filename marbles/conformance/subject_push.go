package conformance

import (
	"errors"
	"reflect"

	"github.com/sluicego/sluice/observable"
)

// pushChecks are those of a subject about what is pushed into it.
var pushChecks = []check[*subject]{
	{rule{
		"1.01_NeverMoreThanRequested", "L2",
		"a subscriber never gets more values than it has requested; one that cannot wait is held, given up, or fails the subscriber",
		"Next: it looks at the demand of each subscriber",
	}, pushNeverMoreThanRequested},
	{rule{
		"1.03_OneSignalAtATime", "L3",
		"signals to a subscriber never overlap, although several goroutines push",
		"who delivers: one goroutine at a time, and what hands the delivery over has to be a lock, an atomic or a channel",
	}, pushOneAtATime},
	{rule{
		"1.04_ErrorReachesAll", "L4",
		"an error reaches every subscriber",
		"the list of subscribers when Error is called",
	}, pushErrorReachesAll},
	{rule{
		"1.05_CompleteReachesAll", "L4",
		"completion reaches every subscriber",
		"the list of subscribers when Complete is called",
	}, pushCompleteReachesAll},
	{rule{
		"1.07_NothingAfterTheEnd", "L4",
		"what is pushed after the end reaches nobody",
		"Next, Error and Complete: they look whether the end has come",
	}, pushNothingAfterTheEnd},
	{rule{
		"1.11_AllSeeTheSame", "L10",
		"subscribers see the same values in the same order",
		"how a value gets from one subscriber to the next",
	}, pushAllSeeTheSame},
	{rule{
		"1.11_LateSubscriber", "L1",
		"one who subscribes after some values, or after the end, gets what the subject promises, and the end",
		"what is done with a subscriber when the end has come already",
	}, pushLateSubscriber},
	{rule{
		"1.11_RefusesTheNextSubscriber", "L10",
		"a subscriber for whom there is no room gets OnSubscribe and OnError, and the others go on",
		"what is done with a subscriber too many: it must not be forgotten, and must not replace another",
	}, pushRefusesTheNext},
	{rule{
		"2.02_NextWaitsForNobody", "L5",
		"Next returns, although a subscriber is busy with a value",
		"locks that are held while OnNext runs",
	}, pushWaitsForNobody},
	{rule{
		"3.03_NextInsideOnNext", "L3",
		"Next may be called inside OnNext; the value comes when that has returned",
		"a Next that delivers at once although a value is being delivered, or waits for that",
	}, pushInsideOnNext},
	{rule{
		"4.01_DemandOfLongAgo", "L8",
		"a subscriber is served from what it has requested long ago, whoever else comes without any demand",
		"a demand that all subscribers share, or that is used up by what others get",
	}, pushDemandOfLongAgo},
	{rule{
		"4.02_ErrorPassesAtOnce", "L4",
		"an error, before which there were no values, is passed on without any demand",
		"errors that wait for a request",
	}, pushErrorPassesAtOnce},
}

func pushNeverMoreThanRequested(e *env, s *subject) {
	p := s.open()
	w := e.subscribe(p.st, 0)
	p.push(e, 0, 1)
	w.await(func() bool { return w.seen() > 0 })
	if ended, err := w.sub.Ended(); ended {
		if _, full := errors.AsType[*observable.OverflowError](err); !full {
			e.stop("a value for which there was no demand ended the stream%s, want an *OverflowError", ending(ended, err))
		}
		return
	}
	w.request(2)
	p.push(e, 1, 4)
	w.quietly("after a Cancel", w.cancel)
}

func pushOneAtATime(e *env, s *subject) {
	e.race(func() (racers []func(), check func()) {
		p := s.open()
		sub := e.plain(observable.Unbounded)
		e.do("Subscribe", func() { p.st(e.ctx, sub.Outside()) })
		push := func(from int) func() {
			return func() {
				for i := range 5 {
					p.next(from + i)
				}
			}
		}
		return []func(){push(0), push(5), later(p.complete)}, func() {
			if !e.wait(sub.Done()) {
				e.stop("no terminal came")
			}
		}
	})
}

// crew subscribes three witnesses, or as many as there is room for. The first
// has requested everything, the second one value, the third nothing.
func (e *env) crew(s *subject, p pusher) []*witness {
	n := 3
	if s.subscribers > 0 {
		n = min(n, s.subscribers)
	}
	ws := e.several(p.st, n)
	for i, request := range []int64{observable.Unbounded, 1, 0}[:n] {
		if request > 0 {
			ws[i].request(request)
		}
	}
	return ws
}

func pushErrorReachesAll(e *env, s *subject) {
	p := s.open()
	ws := e.crew(s, p)
	p.end(e, errDeliberate)
	for _, w := range ws {
		if err := w.failure(); !errors.Is(err, errDeliberate) {
			e.stop("%sOnError(%v), want what Error was given", w.name, err)
		}
	}
}

func pushCompleteReachesAll(e *env, s *subject) {
	p := s.open()
	ws := e.crew(s, p)
	p.end(e, nil)
	for _, w := range ws {
		w.completes(len(w.values()))
	}
}

func pushNothingAfterTheEnd(e *env, s *subject) {
	for _, end := range []error{nil, errDeliberate} {
		p := s.open()
		w := e.subscribe(p.st, observable.Unbounded)
		p.push(e, 0, 2)
		p.end(e, end)
		_, _ = w.awaitEnd()
		w.quietly("after the end", func() {
			p.push(e, 2, 3)
			p.end(e, nil)
			p.end(e, errDeliberate)
			w.request(3)
		})
	}
}

func pushAllSeeTheSame(e *env, s *subject) {
	s.room(e, 3)
	p := s.open()
	ws := e.several(p.st, 3)
	for _, w := range ws {
		w.request(observable.Unbounded)
	}
	p.push(e, 0, 5)
	p.end(e, nil)
	for _, w := range ws {
		w.gets(s.delivers(0, 5))
	}
}

// gets expects exactly these values, and the completion.
func (w *witness) gets(want []any) {
	w.completes(len(want))
	if got := w.values(); len(want) > 0 && !reflect.DeepEqual(got, want) {
		w.e.stop("%s%v was delivered, want %v", w.name, got, want)
	}
}

func pushLateSubscriber(e *env, s *subject) {
	for _, end := range []error{nil, errDeliberate} {
		p := s.open()
		p.push(e, 0, 2)
		p.end(e, end)
		w := e.subscribe(p.st, observable.Unbounded)
		if end != nil {
			w.fails()
		} else {
			w.completes(len(w.values()))
		}
	}
	p := s.open()
	p.push(e, 0, 2)
	w := e.subscribe(p.st, observable.Unbounded)
	p.push(e, 2, 5)
	p.end(e, nil)
	w.gets(s.delivers(2, 3))
}

func pushRefusesTheNext(e *env, s *subject) {
	if s.subscribers == 0 {
		e.skip("the subject serves any number of subscribers (MaxSubscribers)")
	}
	p := s.open()
	ws := e.several(p.st, s.subscribers)
	next := e.witness(1)
	next.name = "one too many: "
	next.to(p.st)
	next.fails()
	for _, w := range ws {
		w.request(observable.Unbounded)
	}
	p.push(e, 0, 2)
	p.end(e, nil)
	for _, w := range ws {
		w.gets(s.delivers(0, 2))
	}
}

func pushWaitsForNobody(e *env, s *subject) {
	p := s.open()
	w, release := e.busyWith(p.st, observable.Unbounded, func() { p.next(0) })
	func() {
		defer release()
		p.push(e, 1, 3)
	}()
	p.end(e, nil)
	w.completes(len(s.delivers(0, 3)))
}

func pushInsideOnNext(e *env, s *subject) {
	p := s.open()
	w := e.witness(observable.Unbounded)
	w.onNext = func(any) {
		if n := len(w.values()); n < 4 {
			p.next(n)
		}
	}
	w.to(p.st)
	p.push(e, 0, 1)
	p.end(e, nil)
	if ended, err := w.awaitEnd(); !ended || err != nil {
		e.stop("no completion came%s", ending(ended, err))
	}
}

func pushDemandOfLongAgo(e *env, s *subject) {
	s.room(e, 2)
	p := s.open()
	old := e.subscribe(p.st, 0)
	old.name = "with demand: "
	old.request(20)
	p.push(e, 0, 2)
	e.quiet()
	late := e.subscribe(p.st, 0)
	late.name = "without demand: "
	p.push(e, 2, 3)
	p.end(e, nil)
	old.gets(s.delivers(0, 3))
}

func pushErrorPassesAtOnce(e *env, s *subject) {
	p := s.open()
	w := e.subscribe(p.st, 0)
	p.end(e, errDeliberate)
	if err := w.failure(); !errors.Is(err, errDeliberate) {
		e.stop("OnError(%v), want what Error was given", err)
	}
}
