package observable

import (
	"context"
	"runtime"
	"strings"
	"sync/atomic"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/queue"
	"github.com/sluicego/sluice/internal/site"
)

// A hub is what the subjects have in common. Everything that happens to a
// subject is an event: a value, the end, a subscriber that joins, requests,
// fails or leaves. Events happen one at a time and in order. Whoever finds the
// hub free owns it and lets its event happen at once; the others, on other
// goroutines or inside a callback of a subscriber, put theirs in the inbox, and
// the owner goes on with them. So nobody waits, and there is no lock to hold
// while user code runs.
type hub[T any] struct {
	kind  kind[T]
	name  string       // the constructor, for errors
	site  site.Site    // where it was called
	pumps bool         // the kind wants to hear of requests
	busy  atomic.Int64 // 0 when free; else 1 for the owner, and more for events put since
	inbox queue.Boundary[event[T]]

	offered atomic.Bool  // the owner would give the hub away
	waiters atomic.Int32 // len(waiting); read by Request
	leaving atomic.Int32 // members that are closed and not yet removed

	// The rest belongs to the owner.
	batch   []event[T] // from the inbox
	at      int        // those before have happened
	places  []place[T] // in the order in which the members came
	gaps    int        // places without a member
	over    bool
	err     error          // the end, if over; nil at completion
	waiting []*emission[T] // calls of Emit, oldest first
}

// A kind is what tells one subject from another; the hub has the answers of
// the plain one. The owner of the hub calls the methods.
type kind[T any] interface {
	// accept deals with a value.
	accept(v T)
	// late deals with a value that comes after the end.
	late(v T)
	// join prepares m to be a member, or refuses it.
	join(m *member[T]) error
	// pump gives m what is kept for it, as far as its demand goes.
	pump(m *member[T])
	// owes reports whether m has to get a value before it gets the end.
	owes(m *member[T]) bool
	// ready reports whether a value would overflow nobody.
	ready() bool
	// left learns that m is no member any more. What is kept for it is
	// discarded, for the reason given.
	left(m *member[T], why DiscardReason)
}

// What an event is.
const (
	valueCame = iota
	emitCalled
	emitLeft
	ended
	joined
	requested
	failed
	cancelled
	expired // values that members were owed; some may be due the end
)

type event[T any] struct {
	what   int
	value  T
	err    error
	member *member[T]
	emit   *emission[T]
}

// init makes the hub that of k, which the constructor name, called at the given
// place, makes; pumps means that k keeps values for its members.
func (h *hub[T]) init(k kind[T], name string, at site.Site, pumps bool) Observable[T] {
	h.kind, h.name, h.site, h.pumps = k, name, at, pumps
	return Observable[T]{subscribe: func(ctx context.Context, down Subscriber[T]) {
		link.Call(ctx, strings.TrimPrefix(name, "New"))
		m := &member[T]{hub: h, down: down, hooks: hooksFrom(ctx)}
		down.OnSubscribe(m)
		h.post(event[T]{what: joined, member: m})
	}}
}

// Next gives v to the subscribers. It never waits: called while the subject is
// busy, from elsewhere or from inside a subscriber, it leaves v in line. After
// the end v is dropped.
func (h *hub[T]) Next(v T) {
	if !h.enter() {
		h.put(event[T]{what: valueCame, value: v})
		return
	}
	defer h.leave()
	h.came(v)
}

// came deals with a value, in its turn.
func (h *hub[T]) came(v T) {
	if h.over {
		h.kind.late(v)
	} else {
		h.kind.accept(v)
	}
}

// Error ends the subject with err, for its subscribers and for those to come.
// After the end nobody can receive err any more: it is logged with slog, as the
// subject has no ctx whose hook of [WithDroppedError] could have it. Error
// panics if err is nil.
func (h *hub[T]) Error(err error) {
	if err == nil {
		panic("observable: Error of a nil error; call Complete")
	}
	h.post(event[T]{what: ended, err: err})
}

// Complete ends the subject, for its subscribers and for those to come.
func (h *hub[T]) Complete() { h.post(event[T]{what: ended}) }

// enter takes the hub if it is free.
func (h *hub[T]) enter() bool { return h.busy.CompareAndSwap(0, 1) }

// leave gives the hub back, or goes on with what has come meanwhile. It is
// deferred, so that a callback that ends its goroutine (runtime.Goexit) does
// not take the hub with it. A panic does not get here.
func (h *hub[T]) leave() {
	h.tidy()
	if len(h.waiting) > 0 || !h.busy.CompareAndSwap(1, 0) {
		h.drain()
	}
}

// post lets e happen, now or in its turn.
func (h *hub[T]) post(e event[T]) {
	if !h.enter() {
		h.put(e)
		return
	}
	defer h.leave()
	h.happen(e)
}

// put leaves e in the inbox, and goes on with it if the owner has left or
// offers the hub.
func (h *hub[T]) put(e event[T]) {
	h.inbox.Put(e)
	if h.busy.Add(1) == 1 || h.offered.CompareAndSwap(true, false) {
		h.drain()
	}
}

// drain lets everything in the inbox happen and gives the hub back.
func (h *hub[T]) drain() {
	done := false
	defer func() {
		if !done { // Goexit; the step is lost, the rest is not
			h.drain()
		}
	}()
	for n := 1; h.step(); n++ {
		if n%patience == 0 && !h.keep() {
			break
		}
	}
	done = true
}

// patience is how many events a drain handles before it offers the hub.
const patience = 256

// keep offers the hub to whoever leaves an event just then, and reports whether
// nobody took it. Otherwise a goroutine that happened to find the hub free, as
// by a Request, would work for a busy producer for ever, which would meanwhile
// fill the inbox; now the producer comes to do the work itself.
func (h *hub[T]) keep() bool {
	h.offered.Store(true)
	runtime.Gosched()
	return h.offered.CompareAndSwap(true, false)
}

// step lets one thing happen and reports whether the hub is still owned.
func (h *hub[T]) step() bool {
	h.tidy()
	if h.at < len(h.batch) {
		e := h.batch[h.at]
		h.batch[h.at] = event[T]{} // keep nothing alive
		h.at++
		h.happen(e)
		return true
	}
	seen := h.busy.Load() // before the inbox, so that what is put later changes it
	h.batch, h.at = h.inbox.Take(h.batch), 0
	if len(h.batch) > 0 || h.emitOldest() {
		return true
	}
	return !h.busy.CompareAndSwap(seen, 0)
}

func (h *hub[T]) happen(e event[T]) {
	switch e.what {
	case valueCame:
		h.came(e.value)
	case emitCalled:
		h.waiting = append(h.waiting, e.emit)
		h.waiters.Store(int32(len(h.waiting)))
	case ended:
		h.end(e.err)
	case joined:
		h.admit(e.member)
	case requested:
		e.member.asked.Store(false) // before the demand is read
		h.serve(e.member)
	case failed:
		h.remove(e.member, DiscardError)
		e.member.tell(e.err)
	case cancelled:
		h.remove(e.member, DiscardCancel)
		e.member.release()
	case expired:
		h.serveFrom(0)
	}
}

// end ends every member that is not owed anything; the others follow.
func (h *hub[T]) end(err error) {
	if h.over {
		if err != nil {
			defaultHooks.dropped(err)
		}
		return
	}
	h.over, h.err = true, err
	h.serveFrom(0)
}
