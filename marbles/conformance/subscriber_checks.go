package conformance

// subscriberChecks are all that Subscriber runs: chapter 2.
var subscriberChecks = []check[*player]{
	{rule{
		"2.01_AsksForValues", "L2",
		"a subscriber requests what it wants to have, and gets it",
		"OnSubscribe, which requests the first values, and OnNext, which requests more",
	}, subAsks},
	{rule{
		"2.03_CallsNothingInOnComplete", "L7",
		"a subscriber neither requests nor cancels inside OnComplete",
		"cleanup that OnComplete shares with a cancel",
	}, subNothingInside(nil)},
	{rule{
		"2.03_CallsNothingInOnError", "L7",
		"a subscriber neither requests nor cancels inside OnError",
		"cleanup that OnError shares with a cancel",
	}, subNothingInside(errDeliberate)},
	{rule{
		"2.04_TerminalEndsTheSubscription", "L7",
		"when the stream has ended a subscriber is done: what it is told to request or to cancel has no effect",
		"a cancel or a request that does not look whether the end has come",
	}, subTerminalEnds},
	{rule{
		"2.05_RefusesASecondSubscription", "L1",
		"a subscriber that has a subscription cancels a second one, and keeps the first",
		"OnSubscribe: it looks whether it was called before",
	}, subRefusesSecond},
	{rule{
		"2.06_CancelsWhenNotInterested", "L7",
		"a subscriber that wants no more cancels",
		"the way from the one who loses interest to Cancel",
	}, subCancels},
	{rule{
		"2.08_ValueAfterCancel", "L7",
		"a subscriber is ready for values that come after it has cancelled, and does not pass them on",
		"OnNext: it looks whether it was cancelled",
	}, subValueAfterCancel},
	{rule{
		"2.09_CompletionAfterRequest", "L4",
		"a subscriber is ready for the completion when it has requested something",
		"OnComplete while values are missing",
	}, subEnd(true, nil)},
	{rule{
		"2.09_CompletionWithoutRequest", "L4",
		"a subscriber is ready for the completion at any time, and before it has got anything",
		"an OnComplete that finds nothing prepared",
	}, subEnd(false, nil)},
	{rule{
		"2.10_ErrorAfterRequest", "L4",
		"a subscriber is ready for an error when it has requested something",
		"OnError while values are missing",
	}, subEnd(true, errDeliberate)},
	{rule{
		"2.10_ErrorWithoutRequest", "L4",
		"a subscriber is ready for an error at any time, and before it has got anything",
		"an OnError that finds nothing prepared",
	}, subEnd(false, errDeliberate)},
	{rule{
		"2.12_ServesOneSubscription", "L10",
		"a subscriber serves one subscription: it cancels that of a second source, also when the first has ended",
		"OnSubscribe: it looks whether it was called before, and not whether it is busy",
	}, subServesOne},
	{rule{
		"2.13_PanicIsContained", "L11",
		"a terminal whose callback panics cancels its source and comes to an end",
		"what is left undone when the callback does not return",
	}, subPanic},
	{rule{
		"2.13_SignalsReturn", "L5",
		"the methods of a subscriber return, normally, whatever the one who takes the values does",
		"channels that OnNext sends to, and locks that it waits for",
	}, subSignalsReturn},
	{rule{
		"3.08_RequestsWhatItIsToldTo", "L8",
		"a subscriber that is made to request requests as much as it is told to, and passes on what comes",
		"arithmetic on the demand: a request that replaces another, or is lost",
	}, subRequests},
	{rule{
		"L14_DoneCtxEndsTheTerminal", "L14",
		"when its ctx is done a terminal cancels its source and returns",
		"whether the terminal waits for the ctx besides the end of the stream",
	}, subDoneCtx},
}

// asksAtAll waits for a first request, and emits what was requested, but no
// more than three values.
func (s *stage) asksAtAll() int {
	s.asked(1)
	s.quiet()
	s.mu.Lock()
	n := int(min(s.requested, 3))
	s.mu.Unlock()
	s.emit(0, n)
	return n
}

func subAsks(e *env, p *player) {
	s := p.newStage(e)
	n := s.asksAtAll()
	s.ends(nil)
	s.finished(nil)
	s.reached(n)
	s.audit()
}

func subNothingInside(err error) func(e *env, p *player) {
	return func(e *env, p *player) {
		s := p.newStage(e)
		e.quiet()
		s.ends(err)
		e.quiet()
		s.audit()
	}
}

func subTerminalEnds(e *env, p *player) {
	for _, err := range []error{nil, errDeliberate} {
		s := p.newStage(e)
		request, cancel := s.control()
		s.ends(err)
		s.finished(err)
		values, _ := s.seen.got()
		request(1)
		cancel()
		s.finished(err)
		s.reached(values)
		s.audit()
	}
}

// second is a subscription too many.
type second struct {
	s                   *stage
	requested, canceled chan struct{}
}

func (x second) Request(int64) { hint(x.requested) }
func (x second) Cancel()       { hint(x.canceled) }

// another offers the subscriber a second subscription, which it has to cancel.
func (s *stage) another() {
	x := second{s, make(chan struct{}, 1), make(chan struct{}, 1)}
	s.log("OnSubscribe with a second subscription")
	down := s.subscriber()
	s.do("OnSubscribe", func() { down.OnSubscribe(x) })
	s.must(x.canceled, "the cancel of the second subscription")
	select {
	case <-x.requested:
		s.stop("values were requested of the second subscription")
	default:
	}
}

func subRefusesSecond(e *env, p *player) {
	e.hostile = true
	s := p.newStage(e)
	e.quiet()
	s.another()
	n := s.asksAtAll()
	s.ends(nil)
	s.finished(nil)
	s.reached(n)
	if s.count() > 0 {
		e.stop("the first subscription was cancelled")
	}
}

func subCancels(e *env, p *player) {
	s := p.newStage(e)
	_, cancel := s.control()
	cancel()
	s.cancelled()
}

func subValueAfterCancel(e *env, p *player) {
	s := p.newStage(e)
	_, cancel := s.control()
	s.asked(1)
	cancel()
	s.cancelled()
	before, _ := s.seen.got()
	s.emit(0, 2)
	e.quiet()
	if after, _ := s.seen.got(); after != before {
		e.stop("%d values reached the probe after the cancel", after-before)
	}
}

func subEnd(requested bool, err error) func(e *env, p *player) {
	return func(e *env, p *player) {
		if !requested {
			q := *p
			q.trigger = nil
			p = &q
		}
		s := p.newStage(e)
		if requested {
			s.asked(1)
		}
		s.ends(err)
		s.finished(err)
	}
}

func subServesOne(e *env, p *player) {
	e.hostile = true
	s := p.newStage(e)
	e.quiet()
	s.ends(nil)
	e.quiet()
	s.another()
}

func subPanic(e *env, p *player) {
	p.terminal(e)
	s := p.newStage(e)
	s.asked(1)
	s.seen.mu.Lock()
	s.seen.rude = true
	s.seen.mu.Unlock()
	s.emit(0, 1)
	e.quiet()
	if got, _ := s.seen.got(); got == 0 {
		e.skip("the values reach no callback while the stream runs")
	}
	s.cancelled()
	e.must(s.over, "the end of the terminal")
}

func subSignalsReturn(e *env, p *player) {
	s := p.newStage(e)
	s.asksAtAll() // waits for each to return
	s.ends(nil)
}

func subRequests(e *env, p *player) {
	s := p.newStage(e)
	request, _ := s.control()
	request(2)
	s.asked(2)
	s.emit(0, 2)
	s.reached(2)
	request(3)
	s.asked(5)
	s.emit(2, 5)
	s.reached(5)
	e.quiet()
	if got, ends := s.seen.got(); got != 5 || ends > 0 {
		e.stop("the probe saw %d values and %d ends, of 5 values", got, ends)
	}
	s.audit()
}

func subDoneCtx(e *env, p *player) {
	p.terminal(e)
	s := p.newStage(e)
	e.quiet()
	e.log("the ctx ends")
	s.end()
	s.cancelled()
	e.must(s.over, "the return of the terminal")
}
