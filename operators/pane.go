package operators

import (
	"context"
	"math"
	"sync/atomic"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/queue"
	"github.com/sluicego/sluice/internal/side"
	"github.com/sluicego/sluice/observable"
)

// A pane is one of the streams of a fanOut: a window or a group. It is the
// Subscription of its one subscriber.
type pane[T any] struct {
	link.Failing
	link.Patient
	fan  *fanOut[T]
	down observable.Subscriber[T] // set by the subscriber before it joins

	// Touched by any goroutine.
	state   atomic.Int32 // vacant and so on
	asked   demand.Counter
	parked  atomic.Bool           // the lane has found no demand
	called  atomic.Bool           // the lane is to attend to it
	quit    atomic.Bool           // the subscriber has cancelled
	why     atomic.Int32          // it was discarded, for this reason
	failure atomic.Pointer[error] // from Fail

	// Set by the rule, before the pane is announced; retire also later.
	offer  func() bool // emits the pane, and reports whether that was counted
	born   func()      // after that: its time begins
	retire func()      // it takes no values any more

	// Touched by who has the lane.
	list       *paneList[T] // the one it is in; nil: none
	prev, next *pane[T]     // its neighbours there
	emit       func(T) bool // links on the first value
	queue      queue.Ring[held[T]]
	credit     int64                    // demand at hand
	seen       int                      // values it was given; kept by rules that count them
	announced  bool                     // the downstream was given it
	open       bool                     // it takes values
	joined     bool                     // it has a subscriber that may be given values
	holds      bool                     // it counts as a holder
	refused    bool                     // failure is dealt with
	over       bool                     // nothing is delivered any more
	verdict    *verdict                 // what it ends with, once it is not open; nil: it completes
	fate       observable.DiscardReason // of values that come when it is over
}

// A verdict is the error with which one or more panes end, each behind what it
// holds. Somebody has to hear of it (L16).
type verdict struct {
	err   error
	heard bool // by a subscriber
	owed  int  // panes that may yet tell theirs; and one while it is passed
}

// newVerdict returns nil if err is nil. Whoever makes one has to settle it, when
// the panes have it.
func newVerdict(err error) *verdict {
	if err == nil {
		return nil
	}
	return &verdict{err: err, owed: 1}
}

// settle counts one out who cannot tell anybody, or has. It reports the error if
// that was the last one and nobody has heard of it. A nil verdict is settled.
func (v *verdict) settle(dropped func(error)) {
	if v == nil {
		return
	}
	if v.owed--; v.owed == 0 && !v.heard {
		dropped(v.err)
	}
}

// The states of a pane.
const (
	vacant    int32 = iota // nobody has subscribed
	taken                  // somebody is in OnSubscribe
	occupied               // somebody has subscribed
	abandoned              // it was given up while nobody had, by the lane or as a value
)

func newPane[T any](f *fanOut[T]) *pane[T] {
	return &pane[T]{fan: f, queue: *queue.NewRing[held[T]](math.MaxInt), open: true}
}

// observable returns the pane as the downstream gets it.
func (p *pane[T]) observable() observable.Observable[T] {
	o := side.Serve(p.subscribe)
	if p.fan.discard != nil {
		link.Unwanted(&o, p.unwanted)
	}
	return o
}

// unwanted hears that the pane was discarded, before anybody has subscribed.
func (p *pane[T]) unwanted(why int) {
	p.why.Store(int32(why))
	if p.state.CompareAndSwap(vacant, abandoned) {
		p.fan.call(p)
	}
}

// subscribe lets down in, if it is the first and not too late.
func (p *pane[T]) subscribe(ctx context.Context, down observable.Subscriber[T]) {
	if !p.state.CompareAndSwap(vacant, taken) {
		err := ErrOneSubscriber
		if p.state.Load() == abandoned {
			err = ErrAbandoned
		}
		observable.Throw[T](err).Subscribe(ctx, down)
		return
	}
	link.Call(ctx, "Window")
	p.down = down
	defer p.admit() // deferred, because the subscriber may leave its goroutine
	p.greet()
}

// greet tells the subscriber that it is one. Nothing else reaches it before it
// is admitted.
func (p *pane[T]) greet() {
	done := false
	defer fault.Catch(&done, func(value any, stack []byte) {
		p.Fail(&observable.PanicError{Value: value, Stack: stack})
	})
	p.down.OnSubscribe(p)
	done = true
}

func (p *pane[T]) admit() {
	p.state.Store(occupied)
	p.fan.call(p)
}

// Request adds demand.
func (p *pane[T]) Request(n int64) {
	p.asked.Add(n)
	if p.parked.Load() {
		p.fan.call(p)
	}
}

// Cancel leaves the pane, which goes on without a subscriber.
func (p *pane[T]) Cancel() {
	p.quit.Store(true)
	p.fan.call(p)
}

// Fail ends this pane alone with err (link.Failer).
func (p *pane[T]) Fail(err error) {
	if !p.failure.CompareAndSwap(nil, &err) {
		p.fan.dropped(err)
		return
	}
	p.fan.call(p)
}

// attend looks at what is new. It is called by the lane, as is all below.
func (p *pane[T]) attend() {
	p.called.Store(false)
	if err := p.failure.Load(); err != nil && !p.refused {
		p.refused = true
		p.expel(*err)
	}
	if p.state.Load() == abandoned {
		p.forgo(observable.DiscardReason(p.why.Load()))
	}
	if !p.deaf() {
		p.join()
		p.pump()
	}
}

// hand emits the pane. If the downstream panics over it before it has
// subscribed, nobody ever will.
func (p *pane[T]) hand() (counted bool) {
	done := false
	defer func() {
		if !done {
			p.abandon(observable.DiscardError, observable.DiscardLate)
		}
	}()
	counted = p.offer()
	done = true
	return counted
}

// join reports whether there is somebody to deliver to.
func (p *pane[T]) join() bool {
	p.joined = p.state.Load() == occupied
	return p.joined
}

// ready reports whether a value can be delivered at once.
func (p *pane[T]) ready() bool {
	return p.queue.Len() == 0 && (p.joined || p.join()) && p.funded()
}

func (p *pane[T]) funded() bool {
	if p.credit > 0 || p.collect() {
		return true
	}
	p.parked.Store(true)
	if !p.collect() {
		return false // a Request from now on sees parked
	}
	p.parked.Store(false)
	return true
}

// collect takes over what was requested.
func (p *pane[T]) collect() bool {
	if p.credit = p.asked.Load(); p.credit == 0 {
		return false
	}
	p.asked.Spend(p.credit)
	if p.emit == nil {
		p.emit = link.Next[T](p.down)
	}
	return true
}

// deliver passes v on and pays for it. A subscriber that panics is out; the
// others go on.
func (p *pane[T]) deliver(v T) {
	done := false
	defer fault.Catch(&done, p.panicked)
	if p.emit(v) && p.credit != demand.Unbounded {
		p.credit--
	}
	done = true
}

func (p *pane[T]) panicked(value any, stack []byte) {
	p.fan.leaving = value == any(fault.ErrGoexit)
	if p.leave(observable.DiscardError, observable.DiscardLate) {
		p.tell(&observable.PanicError{Value: value, Stack: stack})
	}
}

// expel ends this pane alone with err.
func (p *pane[T]) expel(err error) {
	if p.leave(observable.DiscardError, observable.DiscardLate) {
		p.tell(err)
	} else {
		p.fan.dropped(err)
	}
}

// push queues h.
func (p *pane[T]) push(h held[T]) {
	h.keep(p.fan)
	p.queue.Push(h)
	p.count()
}

// pump delivers what is queued, as demand allows, and the end when that is due.
func (p *pane[T]) pump() {
	for p.queue.Len() > 0 && !p.deaf() && p.joined && p.funded() {
		h, _ := p.queue.Pop()
		h.use(p.fan)
		p.deliver(h.value)
	}
	p.count()
	p.fan.ask(p.fan.refill)
	if !p.open && p.joined && p.queue.Len() == 0 && !p.deaf() {
		p.over = true
		p.list.remove(p)
		p.pronounce()
	}
}

// pronounce delivers the end that p was given when it closed.
func (p *pane[T]) pronounce() {
	if p.verdict == nil {
		p.tell(nil)
		return
	}
	p.verdict.heard = true
	p.verdict.settle(p.fan.dropped)
	p.tell(p.verdict.err)
}

// tell delivers the end.
func (p *pane[T]) tell(err error) {
	done := false
	defer fault.Catch(&done, p.panickedAtEnd)
	if err != nil {
		p.down.OnError(err)
	} else {
		p.down.OnComplete()
	}
	done = true
}

// panickedAtEnd reports a panic of OnComplete to those below it, who may still
// be waiting.
func (p *pane[T]) panickedAtEnd(value any, stack []byte) {
	p.fan.leaving = value == any(fault.ErrGoexit)
	done := false
	defer fault.Catch(&done, func(value any, stack []byte) {
		p.fan.dropped(&observable.PanicError{Value: value, Stack: stack})
	})
	p.down.OnError(&observable.PanicError{Value: value, Stack: stack})
	done = true
}

// deaf reports whether there is nobody to deliver to, nor will be.
func (p *pane[T]) deaf() bool {
	if !p.over && p.quit.Load() {
		p.leave(observable.DiscardCancel, observable.DiscardLate)
	}
	return p.over
}

// abandon gives p up, unless somebody subscribes. It reports whether nobody has.
func (p *pane[T]) abandon(why, fate observable.DiscardReason) bool {
	if !p.state.CompareAndSwap(vacant, abandoned) {
		return p.over
	}
	p.leave(why, fate)
	return true
}

// forgo gives p up because it was discarded as a value. What comes for it yet has
// the same fate, unless that was due to an end.
func (p *pane[T]) forgo(why observable.DiscardReason) {
	fate := why
	if why == observable.DiscardCancel || why == observable.DiscardError {
		fate = observable.DiscardLate
	}
	p.leave(why, fate)
}

// leave gives up what p holds, and reports whether it was alive until now.
// Values that are to come have the given fate.
func (p *pane[T]) leave(why, fate observable.DiscardReason) bool {
	if p.over {
		return false
	}
	p.over, p.fate = true, fate
	if p.open {
		p.fan.live--
	} else {
		p.list.remove(p)
	}
	for h, ok := p.queue.Pop(); ok; h, ok = p.queue.Pop() {
		h.discard(p.fan, why)
	}
	p.count()
	p.verdict.settle(p.fan.dropped)
	return true
}

// count keeps the number of panes that hold values for a subscriber.
func (p *pane[T]) count() {
	holds := p.joined && p.queue.Len() > 0
	switch {
	case holds && !p.holds:
		p.fan.holders++
	case !holds && p.holds:
		p.fan.holders--
	}
	p.holds = holds
}
