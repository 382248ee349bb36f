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
// is over for good, and the next subscriber gets another, unless the sharer
// keeps it for its end.
//
// Positions in the stream are counted from the start of the run: a member may
// be given values up to the position until; the lowest until is the limit for
// all. A member that begins in the past is at a position behind the run's, and
// so holds the limit there until it has caught up.
type sharedRun[T any] struct {
	link.Inside
	connection
	sharer *sharer[T]

	lane  serial.Drain
	stale atomic.Bool  // a member came, left or requested; any goroutine
	owed  atomic.Int64 // to be requested from the source, outside the lane; any goroutine

	at      int64        // values delivered; the lane only
	limit   int64        // no member may be given more than so many; the lane only
	asked   int64        // requested from the source in total; the lane only
	past    past[T]      // values that newcomers get; the lane only
	list    []*member[T] // who gets the values; the lane only
	turn    int          // whose turn it is in list; the lane only
	taken   bool         // somebody took the value; the lane only
	working bool         // a step runs; the lane only
	ended   bool         // the members are being told the end; the lane only
	severed bool         // that is not for the source's sake, nor waits for anything; the lane only
	final   error        // what they are told; the lane only

	// guarded by mu:
	members []*member[T]  // those admitted; replaced, never changed
	queue   queue.Ring[T] // values that came before they could be delivered
	queued  bool          // there are such values; also read by OnNext with the lane
	err     error         // why the source has failed; ErrDisconnected if cut
	cut     bool          // the run was ended from below
	unheard bool          // the source has failed, and nobody has been told yet
}

func newSharedRun[T any](s *sharer[T]) *sharedRun[T] {
	return &sharedRun[T]{
		connection: connection{mu: &s.mu},
		sharer:     s,
		past:       past[T]{recall: s.recall},
		queue:      *queue.NewRing[T](shareWindow),
	}
}

// OnSubscribe is the source's.
func (r *sharedRun[T]) OnSubscribe(up observable.Subscription) {
	if r.attach(up) {
		r.stale.Store(true)
		r.wake()
	}
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
		if r.stale.Load() {
			r.step() // somebody did not count it, which nobody wakes the lane for
		} else {
			r.ask()
		}
	}
	r.lane.Leave(r.step)
	r.request()
}

// enqueue appends v, and reports whether there is something new for the lane. A
// value beyond what was requested ends the run.
func (r *sharedRun[T]) enqueue(v T) bool {
	r.mu.Lock()
	over := r.over || r.done
	kept := !over && r.queue.Push(v)
	r.queued = r.queued || kept
	up := r.up
	r.mu.Unlock()
	switch {
	case over:
		r.drop(v, observable.DiscardLate)
	case !kept:
		r.drop(v, observable.DiscardOverflow)
		if r.finished(&observable.OverflowError{Op: r.sharer.name, Capacity: shareWindow}) {
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

// step is the lane's. A member that leaves its goroutine does not take the
// lane with it.
func (r *sharedRun[T]) step() {
	r.working = true
	defer func() {
		if r.working {
			r.resume()
		}
	}()
	r.work()
	r.working = false
}

// resume goes on with the lane in the place of a goroutine that is ending.
func (r *sharedRun[T]) resume() {
	r.stale.Store(true)
	r.lane.Resume(r.step)
	r.request()
}

// work delivers what waits and may be delivered, then the end that is due.
func (r *sharedRun[T]) work() {
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
	r.mu.Lock()
	defer r.mu.Unlock()
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
	r.mu.Lock()
	r.list = r.members
	alone := r.refs == 0
	r.mu.Unlock()
	limit, anybody := int64(demand.Unbounded), false
	for _, m := range r.list {
		if m.review() {
			limit, anybody = min(limit, m.until), true
		}
	}
	if !anybody && (r.ended || !alone || !r.sharer.draws) {
		limit = r.at
	}
	r.limit = limit
	if r.ended {
		r.dismiss()
	}
}

// deliver gives v to every member. A member that panics is out; the others go on.
func (r *sharedRun[T]) deliver(v T) {
	r.turn, r.taken = 0, r.past.limit > 0
	r.at++
	if r.taken {
		r.past.add(v)
	}
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
			if !r.working {
				r.resume()
			}
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
	r.list[r.turn-1].fell(value, stack)
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
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.up != nil && !r.done && !r.over
}

func (r *sharedRun[T]) drop(v T, why observable.DiscardReason) {
	if r.discard != nil {
		r.discard(v, why)
	}
}
