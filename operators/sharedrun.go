package operators

import (
	"sync/atomic"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/queue"
	"github.com/sluicego/sluice/internal/serial"
	"github.com/sluicego/sluice/observable"
)

// shareWindow is how far ahead of its subscribers Share asks the source.
const shareWindow = 128

// A sharedRun is one subscription to the source of a sharer. It runs from its
// first member to the end of the source or of its last member; after that it
// is over for good, and the next subscriber gets another.
//
// Positions in the stream are counted from the start of the run: a member may
// be given values up to the position until; the lowest until is the limit for
// all.
type sharedRun[T any] struct {
	link.Inside
	sharer    *sharer[T]
	subscribe func() // subscribes the run to the source
	stop      func() // cancels the run's ctx
	discard   func(any, observable.DiscardReason)
	dropped   func(error)

	lane  serial.Drain
	stale atomic.Bool  // a member came, left or requested; any goroutine
	owed  atomic.Int64 // to be requested from the source, outside the lane; any goroutine

	at    int64        // values delivered; the lane only
	limit int64        // no member may be given more than so many; the lane only
	asked int64        // requested from the source in total; the lane only
	list  []*member[T] // who gets the values; the lane only
	turn  int          // whose turn it is in list; the lane only
	taken bool         // somebody took the value; the lane only

	// guarded by sharer.mu:
	up      observable.Subscription // nil before OnSubscribe
	refs    int                     // members that are greeted or admitted
	members []*member[T]            // those admitted; replaced, never changed
	queue   queue.Ring[T]           // values that came before they could be delivered
	queued  bool                    // there are such values; also read by OnNext with the lane
	done    bool                    // the source ended
	err     error                   // why, if it failed
	over    bool                    // the run has ended, or everybody has left
}

// OnSubscribe is the source's.
func (r *sharedRun[T]) OnSubscribe(up observable.Subscription) {
	r.sharer.mu.Lock()
	refused := r.over || r.up != nil
	if !refused {
		r.up = up
	}
	r.sharer.mu.Unlock()
	if refused {
		up.Cancel()
		return
	}
	r.stale.Store(true)
	r.wake()
}

// OnNext delivers v at once if nothing waits and everybody has room for it.
func (r *sharedRun[T]) OnNext(v T) {
	if !r.lane.Enter() {
		if r.enqueue(v) {
			r.wake()
		}
		return
	}
	if r.queued || r.at >= r.limit || r.stale.Load() {
		r.enqueue(v)
		r.step()
	} else {
		r.deliver(v)
		r.ask()
	}
	r.lane.Leave(r.step)
	r.request()
}

// OnError ends the run.
func (r *sharedRun[T]) OnError(err error) {
	if !r.ended(err) {
		r.dropped(err)
	}
}

// OnComplete ends the run when everything is delivered.
func (r *sharedRun[T]) OnComplete() { r.ended(nil) }

func (r *sharedRun[T]) ended(err error) bool {
	r.sharer.mu.Lock()
	if r.over || r.done {
		r.sharer.mu.Unlock()
		return false
	}
	r.done, r.err = true, err
	r.sharer.mu.Unlock()
	r.wake()
	return true
}

// enqueue appends v, and reports whether there is something new for the lane. A
// value beyond what was requested ends the run.
func (r *sharedRun[T]) enqueue(v T) bool {
	r.sharer.mu.Lock()
	over := r.over || r.done
	kept := !over && r.queue.Push(v)
	r.queued = r.queued || kept
	up := r.up
	r.sharer.mu.Unlock()
	switch {
	case over:
		r.drop(v, observable.DiscardLate)
	case !kept:
		r.drop(v, observable.DiscardOverflow)
		if r.ended(&observable.OverflowError{Op: "Share", Capacity: shareWindow}) {
			up.Cancel()
		}
	}
	return kept
}

// wake lets the lane look at what has changed.
func (r *sharedRun[T]) wake() {
	r.lane.Wake(r.step)
	r.request()
}

// request asks the source for what the lane has found that it may. The lane is
// not held: the source may emit here and now.
func (r *sharedRun[T]) request() {
	if r.owed.Load() != 0 {
		if n := r.owed.Swap(0); n != 0 {
			r.up.Request(n)
		}
	}
}

// step delivers what waits and may be delivered, then the end that is due.
func (r *sharedRun[T]) step() {
	r.refresh()
	for r.at < r.limit {
		v, ok := r.pop()
		if !ok {
			break
		}
		r.deliver(v)
		r.refresh()
	}
	r.settle()
	r.ask()
}

// pop takes out the value that has waited longest, unless the run has failed
// or is over.
func (r *sharedRun[T]) pop() (v T, ok bool) {
	r.sharer.mu.Lock()
	defer r.sharer.mu.Unlock()
	if r.over || r.err != nil {
		return v, false
	}
	v, ok = r.queue.Pop()
	r.queued = r.queue.Len() > 0
	return v, ok
}

// refresh looks at who is there and what they have requested, if that changed.
func (r *sharedRun[T]) refresh() {
	if !r.stale.Swap(false) {
		return
	}
	r.sharer.mu.Lock()
	r.list = r.members
	r.sharer.mu.Unlock()
	limit, anybody := int64(demand.Unbounded), false
	for _, m := range r.list {
		if m.review(r.at) {
			limit, anybody = min(limit, m.until), true
		}
	}
	if !anybody {
		limit = r.at
	}
	r.limit = limit
}

// deliver gives v to every member. A member that panics is out; the others go on.
func (r *sharedRun[T]) deliver(v T) {
	r.turn, r.taken = 0, false
	r.at++
	r.rounds(v)
}

// rounds gives v to the members whose turn is still to come.
func (r *sharedRun[T]) rounds(v T) {
	for !r.round(v) {
	}
	if !r.taken {
		r.drop(v, observable.DiscardCancel) // all have left just now
	}
}

// round goes on with the member whose turn it is, and reports whether it came
// to the end of the list. A member that leaves its goroutine takes neither the
// value of the others nor the lane with it.
func (r *sharedRun[T]) round(v T) (finished bool) {
	done := false
	defer func() {
		if done {
			return
		}
		value, stack := fault.Value(recover())
		r.memberPanicked(value, stack)
		if value == any(fault.ErrGoexit) {
			r.rounds(v)
			r.lane.Resume(r.step)
			r.request()
		}
	}()
	for r.turn < len(r.list) {
		m := r.list[r.turn]
		r.turn++
		if !m.gone.Load() {
			r.taken = true
			m.give(v)
		}
	}
	done = true
	return true
}

func (r *sharedRun[T]) memberPanicked(value any, stack []byte) {
	r.list[r.turn-1].expel(&observable.PanicError{Value: value, Stack: stack})
}

// settle ends the run if that is due.
func (r *sharedRun[T]) settle() {
	s := r.sharer
	s.mu.Lock()
	due := !r.over && r.done && (r.err != nil || r.queue.Len() == 0)
	if due {
		r.finish()
	}
	members, over, why := r.members, r.over, observable.DiscardCancel
	if r.err != nil {
		why = observable.DiscardError
	}
	s.mu.Unlock()
	if over {
		r.discardQueue(why)
	}
	if due {
		r.stop()
		for _, m := range members {
			m.end(r.err)
		}
	}
}

// finish makes the run the past: the next subscriber begins another. Called
// with sharer.mu held.
func (r *sharedRun[T]) finish() {
	r.over = true
	if r.sharer.run == r {
		r.sharer.run = nil
	}
}

// discardQueue gives up what waits. Nothing is added any more.
func (r *sharedRun[T]) discardQueue(why observable.DiscardReason) {
	for {
		r.sharer.mu.Lock()
		v, ok := r.queue.Pop()
		r.sharer.mu.Unlock()
		if !ok {
			return
		}
		r.drop(v, why)
	}
}

// ask finds how much the source may be asked for: what everybody has room for,
// but no further ahead than the window, and then not in crumbs.
func (r *sharedRun[T]) ask() {
	goal := r.limit
	if goal-r.at > shareWindow {
		if goal = r.at + shareWindow; goal-r.asked < demand.Refill(shareWindow) {
			return
		}
	}
	if n := goal - r.asked; n > 0 && r.connected() {
		r.asked = goal
		r.owed.Add(n)
	}
}

// connected reports whether there is a source to ask.
func (r *sharedRun[T]) connected() bool {
	r.sharer.mu.Lock()
	defer r.sharer.mu.Unlock()
	return r.up != nil && !r.done && !r.over
}

func (r *sharedRun[T]) drop(v T, why observable.DiscardReason) {
	if r.discard != nil {
		r.discard(v, why)
	}
}
