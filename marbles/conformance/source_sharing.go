package conformance

import "strconv"

// sharingChecks are rules 1.10 and 1.11: what several subscribers see.
var sharingChecks = []check[*source]{
	{rule{
		"1.10_SubscribesAgain", "L10",
		"an observable can be subscribed to any number of times; each subscription starts afresh, unless it says otherwise",
		"state that is made outside of the subscription: counters, iterators, channels",
	}, subscribesAgain},
	{rule{
		"1.11_SubscribersShareNothing", "L10",
		"the subscriptions of an observable that is not shared do not know each other",
		"state that is made outside of the subscription: a value that one takes is missing for the other",
	}, subscribersShareNothing},
	{rule{
		"1.11_CancelOfOneLeavesTheOthers", "L10",
		"a subscriber that cancels, or fails by a bad request, leaves the others alone",
		"what Cancel stops: the subscription, and not the source",
	}, cancelLeavesTheOthers},
	{rule{
		"1.11_AllSeeTheSameOneByOne", "L10",
		"subscribers of a shared observable see the same values in the same order, whoever requests when",
		"how a value gets from one subscriber to the next, and what happens to one without demand",
	}, allSeeTheSameOneByOne},
	{rule{
		"1.11_AllSeeTheSameUpfront", "L10",
		"subscribers of a shared observable that request everything see the same values, and the end",
		"how a value gets from one subscriber to the next, and who is told of the end",
	}, allSeeTheSameUpfront},
	{rule{
		"1.11_RefusesTheNextSubscriber", "L10",
		"a subscriber for whom there is no room gets OnSubscribe and OnError, and the others go on",
		"what is done with a subscriber too many: it must not be forgotten, and must not replace another",
	}, refusesTheNextSubscriber},
}

func subscribesAgain(e *env, s *source) {
	if s.once || s.subscribers == 1 || s.shared {
		e.skip("the observable does not start afresh (Once, MaxSubscribers or Multicast)")
	}
	st := s.atLeast(e, 3)
	first := e.subscribe(st, 0)
	first.name = "first: "
	first.request(3)
	first.expect(3)
	first.cancel()
	second := e.subscribe(st, 0)
	second.name = "second: "
	second.request(3)
	second.expect(3)
	if !s.endless && !same(first, second) {
		e.stop("the first subscriber got %v, the second %v", first.values(), second.values())
	}
	second.request(1)
	if !s.endless {
		second.completes(3)
	}
	second.cancel()
}

// several subscribes n witnesses to st.
func (e *env) several(st stream, n int) []*witness {
	ws := make([]*witness, n)
	for i := range ws {
		ws[i] = e.witness(0)
		ws[i].name = "subscriber " + strconv.Itoa(i+1) + ": "
		ws[i].to(st)
	}
	return ws
}

// serves skips the check if fewer than n subscribers are served.
func (s *source) serves(e *env, n int) {
	if s.once || s.subscribers > 0 && s.subscribers < n {
		e.skip("it takes %d subscribers (Once or MaxSubscribers)", n)
	}
}

func subscribersShareNothing(e *env, s *source) {
	if s.shared {
		e.skip("the observable is shared (Multicast)")
	}
	s.serves(e, 2)
	ws := e.several(s.atLeast(e, 5), 2)
	a, b := ws[0], ws[1]
	a.request(2)
	a.expect(2)
	b.silent("when only the other one had requested")
	b.request(5)
	b.expect(5)
	a.silent("when only the other one had requested")
	a.request(3)
	a.expect(5)
	if !s.endless && !same(a, b) {
		e.stop("one subscriber got %v, the other %v", a.values(), b.values())
	}
	a.cancel()
	b.cancel()
}

func cancelLeavesTheOthers(e *env, s *source) {
	s.serves(e, 3)
	ws := e.several(s.atLeast(e, 5), 3)
	for _, w := range ws {
		w.request(1)
	}
	for _, w := range ws {
		w.expect(1)
	}
	ws[0].cancel()
	ws[1].request(0)
	ws[1].fails()
	ws[2].request(2)
	ws[2].expect(3)
	ws[2].cancel()
}

func (s *source) multicasts(e *env) {
	if !s.shared {
		e.skip("the observable is not shared (Multicast)")
	}
	s.serves(e, 3)
}

func allSeeTheSameOneByOne(e *env, s *source) {
	s.multicasts(e)
	ws := e.several(s.of(e, 5), 3)
	for _, step := range [][2]int{{0, 1}, {1, 2}, {0, 1}, {2, 3}, {0, 1}, {2, 1}, {1, 3}, {0, 2}, {2, 1}} {
		ws[step[0]].request(int64(step[1]))
		e.quiet()
	}
	for i, w := range ws {
		w.expect(5)
		w.request(1)
		w.completes(5)
		if !same(ws[0], w) {
			e.stop("subscriber 1 got %v, subscriber %d %v", ws[0].values(), i+1, w.values())
		}
	}
}

func allSeeTheSameUpfront(e *env, s *source) {
	s.multicasts(e)
	ws := e.several(s.of(e, 3), 3)
	for _, w := range ws {
		w.request(4)
	}
	for i, w := range ws {
		w.completes(3)
		if !same(ws[0], w) {
			e.stop("subscriber 1 got %v, subscriber %d %v", ws[0].values(), i+1, w.values())
		}
	}
}

func refusesTheNextSubscriber(e *env, s *source) {
	if s.subscribers == 0 {
		e.skip("the observable serves any number of subscribers (MaxSubscribers)")
	}
	st := s.atLeast(e, 3)
	ws := e.several(st, s.subscribers)
	next := e.witness(1)
	next.name = "one too many: "
	next.to(st)
	next.fails()
	for _, w := range ws {
		w.request(1)
		w.expect(1)
		w.cancel()
	}
}
