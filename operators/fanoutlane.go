package operators

import (
	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/queue"
	"github.com/sluicego/sluice/observable"
)

// fanLane is the part of a fanOut that only who has the lane touches.
type fanLane[T any] struct {
	batch    []*pane[T]           // taken from calls
	at       int                  // index in batch of the next one
	open     paneList[T]          // panes that take values
	held     paneList[T]          // panes that do not, and hold some
	due      queue.Ring[*pane[T]] // panes that wait for demand
	credit   int64                // demand for panes at hand
	out      int64                // values requested of the source that have not come
	freed    int64                // values used that are not requested again yet
	holders  int                  // panes that hold values for a subscriber
	live     int                  // open panes that somebody may still want
	leaving  bool                 // a subscriber of a pane, which was told, leaves the goroutine
	broken   bool                 // failure is dealt with
	deserted bool                 // the cancel is dealt with
	finished bool                 // no pane opens any more, no value comes
	told     bool                 // the downstream knows of the end
}

// step does what there is to do.
func (f *fanOut[T]) step() {
	done := false
	defer func() {
		if !done { // a callback has left the goroutine
			f.lane.Resume(f.step)
			f.request()
		}
	}()
	for f.turn() {
	}
	done = true
}

// turn does one thing, and reports whether there may be more.
func (f *fanOut[T]) turn() (more bool) {
	done := false
	defer func() {
		if !done {
			f.interrupted(fault.Value(recover()))
			more = true
		}
	}()
	more = f.advance()
	done = true
	return more
}

// handle does what a note says, for one who has found the lane free.
func (f *fanOut[T]) handle(n note[T]) {
	done := false
	defer func() {
		if !done {
			f.interrupted(fault.Value(recover()))
		}
	}()
	f.apply(n)
	f.settle()
	done = true
}

// interrupted ends everything, unless it was the subscriber of a pane who
// panicked or left: that one has been dealt with.
func (f *fanOut[T]) interrupted(value any, stack []byte) {
	if f.leaving {
		f.leaving = false
		return
	}
	f.panicked(value, stack)
}

func (f *fanOut[T]) advance() bool {
	switch {
	case !f.broken && f.failure.Load() != nil:
		f.broken = true
		f.stop()
		f.end(*f.failure.Load())
		return true
	case !f.deserted && f.cancelled.Load():
		f.desert()
		return true
	}
	f.announce()
	if n, ok := f.note(); ok {
		f.apply(n)
		return true
	}
	if p := f.caller(); p != nil {
		p.attend()
		return true
	}
	f.settle()
	return false
}

func (f *fanOut[T]) note() (n note[T], ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.inbox.Pop()
}

// caller returns a pane that has something new.
func (f *fanOut[T]) caller() *pane[T] {
	if f.at == len(f.batch) {
		f.at = 0
		f.mu.Lock()
		f.batch, f.calls = f.calls, f.batch[:0]
		f.mu.Unlock()
		if len(f.batch) == 0 {
			return nil
		}
	}
	p := f.batch[f.at]
	f.batch[f.at] = nil
	f.at++
	return p
}

func (f *fanOut[T]) apply(n note[T]) {
	if n.act != nil {
		n.act()
		return
	}
	if f.out != demand.Unbounded {
		f.out--
	}
	if f.finished {
		f.drop(n.value, observable.DiscardCancel)
		return
	}
	f.free() // push takes it back
	f.rule.value(n.value)
	f.ask(f.refill)
}

// free notes that a value needs no room any more.
func (f *fanOut[T]) free() { f.freed++ }

// ask has the source asked for more if there is room for least values.
func (f *fanOut[T]) ask(least int64) {
	if n := f.freed; n >= least && !f.stopped.Done() {
		f.freed = 0
		f.out += n
		f.granted.Add(n)
		f.owed.Add(n)
	}
}

// admits reports whether a pane may open.
func (f *fanOut[T]) admits() bool { return !f.finished && !f.cancelled.Load() }

// begins opens a pane, or returns nil if nobody wants panes any more. The rule
// completes it and calls announce.
func (f *fanOut[T]) begins() *pane[T] {
	if !f.admits() {
		return nil
	}
	p := newPane(f)
	f.open.push(p)
	f.live++
	f.due.Push(p)
	return p
}

// postpones reports whether the newest open pane waits for demand. A rule that
// opens panes whatever the source does lets it stand for those that are to
// follow, so that no more than one waits empty; it has its time once it is
// emitted.
func (f *fanOut[T]) postpones() bool { return f.open.last != nil && !f.open.last.announced }

// announce emits the panes that wait, as demand allows.
func (f *fanOut[T]) announce() {
	for f.due.Len() > 0 && !f.cancelled.Load() && f.funded() {
		p, _ := f.due.Pop()
		p.announced = true
		if p.hand() && f.credit != demand.Unbounded {
			f.credit--
		}
		if p.open && p.born != nil {
			p.born()
		}
	}
}

func (f *fanOut[T]) funded() bool {
	if f.credit == 0 {
		if f.credit = f.asked.Load(); f.credit == 0 {
			return false
		}
		f.asked.Spend(f.credit)
	}
	return true
}

// give hands v to p, the only one it is for.
func (f *fanOut[T]) give(p *pane[T], v T) {
	switch {
	case p.deaf():
		f.drop(v, p.fate)
	case p.ready():
		p.deliver(v)
	default:
		p.push(held[T]{value: v})
	}
}

// spread gives v to all open panes, and calls after for each. If there is none,
// v has been dealt with, unless it is for want of a subscriber.
func (f *fanOut[T]) spread(v T, after func(*pane[T])) {
	switch first := f.open.first; {
	case first == nil && f.admits():
	case first == nil:
		f.drop(v, observable.DiscardLate)
	case first == f.open.last:
		defer after(first) // deferred, because the subscriber may leave its goroutine
		f.give(first, v)
	default:
		s := spreading[T]{fan: f, held: held[T]{value: v}, next: first, last: f.open.last, after: after}
		s.run()
	}
}

// close closes p, if there is one, which ends as v says behind what it holds.
func (f *fanOut[T]) close(p *pane[T], v *verdict) {
	if p == nil || !p.open {
		return
	}
	deaf := p.deaf()
	if !deaf {
		f.live--
	}
	p.open = false
	if !deaf && v != nil {
		p.verdict = v
		v.owed++
	}
	f.open.remove(p)
	if p.retire != nil {
		p.retire()
	}
	if deaf {
		return
	}
	if p.pump(); !p.over && p.queue.Len() > 0 {
		f.held.push(p)
	}
}

// end ends the panes and, if they all are known downstream, the stream of them.
// An error does not wait for that.
func (f *fanOut[T]) end(err error) {
	v := newVerdict(err)
	if !f.finished {
		f.finish(v)
	}
	if v == nil {
		return
	}
	f.withdraw(observable.DiscardError)
	if !f.told && !f.cancelled.Load() {
		f.told, v.heard = true, true
		f.down.OnError(err)
	}
	v.settle(f.dropped)
}

// finish closes all panes.
func (f *fanOut[T]) finish(v *verdict) {
	f.finished = true
	f.stop()
	f.rule.stop()
	for f.open.first != nil {
		f.close(f.open.first, v)
	}
}

// withdraw gives up the panes that the downstream was never given.
func (f *fanOut[T]) withdraw(why observable.DiscardReason) {
	for {
		p, ok := f.due.Pop()
		if !ok {
			return
		}
		p.leave(why, observable.DiscardLate)
	}
}

// desert deals with a cancel: panes that nobody has subscribed to are given up.
func (f *fanOut[T]) desert() {
	f.deserted = true
	if f.told {
		return // too late
	}
	f.withdraw(observable.DiscardCancel)
	for p := range f.panes() {
		p.abandon(observable.DiscardCancel, observable.DiscardLate)
	}
}

// settle sees what follows from what was done.
func (f *fanOut[T]) settle() {
	if f.deserted && f.live == 0 && !f.finished {
		f.finish(nil)
	}
	if f.finished && !f.told && !f.cancelled.Load() && f.due.Len() == 0 {
		f.told = true
		f.down.OnComplete()
	}
	if f.out == 0 && !f.finished {
		f.relieve()
	}
}

// relieve sees to it that a stream goes on whose source has sent all that it
// was asked for, if somebody waits for more. As long as the subscriber of a
// pane has not requested what is there, that is up to him. Else the values are
// in panes that nobody has subscribed to, and are given up; or that nobody has
// requested, and the stream fails.
func (f *fanOut[T]) relieve() {
	if f.holders > 0 || !f.wanted() {
		return
	}
	if f.ask(1); f.out > 0 {
		return
	}
	for p := range f.panes() {
		if p.announced && p.queue.Len() > 0 && !p.abandon(observable.DiscardOverflow, observable.DiscardOverflow) {
			return // somebody is about to subscribe
		}
	}
	if f.ask(1); f.out == 0 && !f.endures {
		f.stop()
		f.end(&StallError{Op: f.name, Held: f.prefetch, Waiting: f.due.Len()})
	}
}

// wanted reports whether anybody has requested what did not come. Who has not
// is parked: his next request has the lane look again.
func (f *fanOut[T]) wanted() bool {
	if !f.deserted && f.funded() {
		return true
	}
	for p := f.open.first; p != nil; p = p.next {
		if !p.over && p.joined && p.funded() {
			return true
		}
	}
	return false
}

// panes returns all panes that may hold values. The loop may remove the one it
// is at.
func (f *fanOut[T]) panes() func(yield func(*pane[T]) bool) {
	return func(yield func(*pane[T]) bool) {
		for _, first := range []*pane[T]{f.open.first, f.held.first} {
			for p := first; p != nil; {
				next := p.next
				if !yield(p) {
					return
				}
				p = next
			}
		}
	}
}
