package operators

import (
	"sync/atomic"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/queue"
	"github.com/sluicego/sluice/observable"
)

// A fanIn brings the signals of many inner subscriptions into one line. It is
// the engine of MergeMap and ConcatMapEager.
//
// Whoever holds the lane delivers. A value that finds the lane free, nothing
// of its own queued and demand is delivered at once; any other waits in the
// queue of its inner, which holds no more than was prefetched. Inners with
// queued values take turns. A synchronous inner under unbounded demand holds
// the lane for as long as it emits, and then costs nothing per value.
type fanIn[R any] struct {
	line[R]
	up       observable.Subscription // the source; written before any inner exists
	replaces bool                    // an inner that finishes makes room for another; false if there is no bound
	ordered  bool                    // values come out in the order of the inners; see eager.go
	prefetch int64
	refill   int64 // how many values of an inner are passed on before as many are requested again

	owed  atomic.Int64 // inners that finished and were not replaced yet; any goroutine
	ended atomic.Int64 // inners that finished; any goroutine
	late  atomic.Bool  // the source has completed, so inners subscribe late if at all; set with mu held, read anywhere

	inline atomic.Pointer[inner[R]] // the one that emits inline; set by the lane, taken by whoever stops it

	started int64     // inners subscribed; the source's signals only
	last    *inner[R] // the newest of them; the source's signals only

	head *inner[R] // if ordered, the one that may emit; the lane only

	inners     []*inner[R]           // guarded by mu: subscribed and not finished
	turns      queue.Ring[*inner[R]] // guarded by mu: inners that have values queued; if ordered, all, the oldest first
	sourceDone bool                  // guarded by mu: the source ended
	total      int64                 // guarded by mu: how many inners there were until then
}

// open returns the subscriber for another inner observable, or nil if the
// stream is over. The newest one serves again if all have finished: a source
// that has completed is done with it.
func (f *fanIn[R]) open() *inner[R] {
	if f.halt.Load() {
		return nil
	}
	idle := f.last != nil && f.ended.Load() == f.started && f.last.renew()
	f.started++
	if !idle {
		f.last = &inner[R]{fan: f}
	}
	if f.ordered {
		f.queueUp(f.last)
	}
	return f.last
}

// attach registers the subscription of x, or reports that there is no use for
// it.
func (f *fanIn[R]) attach(x *inner[R]) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.halt.Load() {
		return false
	}
	x.attached, x.slot = true, len(f.inners)
	f.inners = append(f.inners, x)
	return true
}

// remove forgets x, which has ended and holds nothing any more. Called with mu
// held, in a stream that is not over.
func (f *fanIn[R]) remove(x *inner[R]) {
	if !x.attached {
		return // a source that has ended before it has begun
	}
	last := len(f.inners) - 1
	f.inners[x.slot] = f.inners[last]
	f.inners[x.slot].slot = x.slot
	f.inners[last] = nil
	f.inners = f.inners[:last]
	x.attached = false
}

// finished counts an inner that has ended and been emptied, and makes room for
// another.
func (f *fanIn[R]) finished() {
	if f.replaces {
		f.owed.Add(1)
	}
	f.ended.Add(1)
}

// emptied counts an inner that has emitted inline. The lane is held.
func (f *fanIn[R]) emptied() {
	if f.ordered {
		f.leaveQueue()
	}
	f.ended.Add(1)
	if f.late.Load() { // it may be the last one
		f.line.wake()
	}
}

// completed records that the source has completed.
func (f *fanIn[R]) completed() {
	f.mu.Lock()
	f.sourceDone, f.total = true, f.started
	f.late.Store(true)
	f.mu.Unlock()
	f.wake()
}

// Request adds demand.
func (f *fanIn[R]) Request(n int64) {
	f.line.Request(n)
	f.replace()
}

// live returns the source and the inners that have not ended.
func (f *fanIn[R]) live() (live []observable.Subscription) {
	if !f.sourceDone {
		live = append(live, f.up)
	}
	for _, x := range f.inners {
		if !x.done {
			live = append(live, x.up)
		}
	}
	if x := f.inline.Swap(nil); x != nil && !x.done {
		live = append(live, x.up)
	}
	return live
}

// wake lets the lane look at what was recorded, which may make room for more.
func (f *fanIn[R]) wake() {
	f.line.wake()
	f.replace()
}

// leave gives the lane up.
func (f *fanIn[R]) leave() {
	if f.lane.Leave(f.step) {
		f.replace()
	}
}

// replace requests a new value of the source for each inner that finished. The
// lane is not held: the source may emit here and now.
func (f *fanIn[R]) replace() {
	if f.owed.Load() != 0 {
		if n := f.owed.Swap(0); n != 0 && !f.halt.Load() {
			f.up.Request(n)
		}
	}
}

func (f *fanIn[R]) advance() bool {
	if f.ordered {
		return f.turnInOrder()
	}
	return f.turn()
}

// pass delivers v, a value of x, and pays for it.
func (f *fanIn[R]) pass(x *inner[R], v R) {
	f.deliver(v)
	if x.passed++; x.passed == f.refill {
		x.passed = 0
		if !x.spent {
			x.up.Request(f.refill)
		}
	}
}

// turn delivers values of the inner whose turn it is, and reports whether to
// go on. Scarce demand is shared out evenly among those who wait.
func (f *fanIn[R]) turn() bool {
	if !f.funded() {
		return false
	}
	f.mu.Lock()
	x, ok := f.turns.Pop()
	if ok {
		x.load()
	}
	waiting := int64(f.turns.Len() + 1)
	f.mu.Unlock()
	if !ok {
		return false
	}
	enough := f.credit - max(f.credit/waiting, 1)
	for x.at < len(x.batch) && (f.credit > enough || f.credit == demand.Unbounded) && !f.halt.Load() {
		f.pass(x, x.pop())
	}
	f.mu.Lock()
	if x.at < len(x.batch) || len(x.in) > 0 {
		f.turns.Push(x)
	} else if x.queued = false; x.done && !f.halt.Load() {
		f.remove(x)
		f.finished()
	}
	f.mu.Unlock()
	return true
}

func (f *fanIn[R]) complete() bool { return f.sourceDone && f.ended.Load() == f.total }

// release gives up what the inners hold.
func (f *fanIn[R]) release(why observable.DiscardReason) {
	f.mu.Lock()
	inners := f.inners
	f.mu.Unlock()
	for _, x := range inners {
		x.discard(f.discard, why)
	}
}

// Held tells an inspection what waits in the queues of the inners that there are
// now.
func (f *fanIn[R]) Held(link.Seal) link.Holding {
	f.mu.Lock()
	defer f.mu.Unlock()
	return link.Holding{Capacity: demand.Mul(f.prefetch, int64(len(f.inners))), Between: link.InnersAndDown}
}
