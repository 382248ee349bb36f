package backpressure

import (
	"math"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/fault"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/queue"
	"github.com/sluicego/sluice/observable"
)

// A rota says whose turn it is among the sources of a FairMerge. It is the store
// of the relay, and what that takes for its source. The relay's mutex guards it.
//
// A source that gets a value while it has none waiting queues up for a turn. So
// a round is a turn for each that has something, and a source that comes back
// finds itself where a new one would.
type rota[T any] struct {
	m       *fairMerger[T]
	inlets  []*inlet[T]           // not written once the stream has begun
	turns   queue.Ring[*inlet[T]] // those whose turn will come
	turn    *inlet[T]             // whose turn it is, also while it has nothing; nil before the first
	left    int                   // how many values more in this turn
	shift   int                   // how many turns more the goroutine that emits is kept for
	held    int                   // how many values are queued in all
	live    int                   // sources that have not come to an end
	prompt  int                   // sources that emit only when they are asked
	from    *inlet[T]             // who has brought the value that is put or passed
	serving *inlet[T]             // whose value is delivered; the emitter only
}

// endless is the shift of a goroutine that has no source to go back to.
const endless = math.MaxInt

// open makes the inlets for one subscription.
func (r *rota[T]) open(m *fairMerger[T], compartments []Compartment[T]) {
	n := len(compartments)
	r.m, r.turns, r.live = m, *queue.NewRing[*inlet[T]](n), n
	for _, c := range compartments {
		l := &inlet[T]{m: m, Compartment: c, held: *queue.NewRing[T](c.capacity), refill: demand.Refill(int64(c.capacity))}
		r.inlets = append(r.inlets, l)
	}
}

// admit begins the shift of the subscriber's goroutine. It runs sources that
// have none of their own to their end, as it does elsewhere. Called with mu.
func (r *rota[T]) admit() {
	r.shift = len(r.inlets)
	if r.prompt == len(r.inlets) {
		r.shift = endless
	}
}

// pass lets the goroutine that has brought a value deliver it, and then what
// others have queued meanwhile, for a round. Called with mu.
func (r *rota[T]) pass() { r.serving, r.shift = r.from, len(r.inlets) }

// put queues a value, and its source for a turn.
func (r *rota[T]) put(v T) (T, verdict) {
	l := r.from
	if !l.held.Push(v) {
		return v, refused
	}
	r.held++
	if !l.queued {
		l.queued = true
		r.turns.Push(l)
	}
	return v, kept
}

func (r *rota[T]) take() (v T, ok bool) {
	if r.held == 0 {
		return v, false
	}
	if r.left == 0 || r.turn.held.Len() == 0 {
		if r.shift == 0 {
			r.m.handOver()
			return v, false
		}
		r.shift--
		r.nextTurn()
	}
	r.left--
	r.held--
	r.serving = r.turn
	return r.turn.held.Pop()
}

// nextTurn ends the turn and begins the next one. There is something to take.
func (r *rota[T]) nextTurn() {
	if l := r.turn; l != nil {
		if l.queued = l.held.Len() > 0; l.queued {
			r.turns.Push(l)
		}
	}
	r.turn, _ = r.turns.Pop()
	r.left = r.turn.weight
}

func (r *rota[T]) len() int    { return r.held }
func (r *rota[T]) stale() bool { return false }

func (r *rota[T]) clear(drop func(T)) {
	for _, l := range r.inlets {
		for v, ok := l.held.Pop(); ok; v, ok = l.held.Pop() {
			drop(v)
		}
	}
}

// Request counts a value that the relay has delivered; the emitter only.
func (r *rota[T]) Request(int64) {
	l := r.serving
	if l.taken++; l.taken == l.refill {
		l.taken = 0
		r.m.mu.Lock()
		l.request(l.refill)
	}
}

// Cancel cancels the sources that have not ended. They cannot bring anything any
// more: the relay is done with its source.
func (r *rota[T]) Cancel() {
	for _, l := range r.inlets {
		r.m.mu.Lock()
		up, live := l.up, !l.done && l.up != nil
		l.done = true
		r.m.mu.Unlock()
		if live {
			up.Cancel()
		}
	}
}

// An inlet is the subscriber of one source of a FairMerge, and the queue of what
// that has brought.
type inlet[T any] struct {
	link.Inside
	Compartment[T]
	m      *fairMerger[T]
	refill int64
	taken  int64 // values delivered since the last request; the emitter only

	// What follows is guarded by m.mu.
	up     observable.Subscription // nil before OnSubscribe
	held   queue.Ring[T]
	begun  bool // the source may be asked for values
	queued bool // it has its turn, or waits for it
	done   bool // the source has ended, or was cancelled
}

func (l *inlet[T]) OnSubscribe(up observable.Subscription) {
	l.m.mu.Lock()
	if l.done || l.up != nil {
		l.m.mu.Unlock()
		up.Cancel()
		return
	}
	l.up = up
	if link.IsSynchronous(up) {
		l.m.rota.prompt++
	}
	begun := l.begun
	l.m.mu.Unlock()
	if begun { // it took its time
		up.Request(int64(l.capacity))
	}
}

// begin asks the source for the first values, now or when it is there.
func (l *inlet[T]) begin() {
	l.m.mu.Lock()
	l.begun = true
	l.request(int64(l.capacity))
}

// request requests n values of a source that is there and has not ended. Called
// with mu, which it releases.
func (l *inlet[T]) request(n int64) {
	up, live := l.up, !l.done && l.up != nil
	l.m.mu.Unlock()
	if live {
		up.Request(n)
	}
}

func (l *inlet[T]) OnNext(v T) {
	m := l.m
	m.mu.Lock()
	m.rota.from = l
	switch {
	case l.done || m.sourced:
		m.late(v)
	case !m.busy && m.asked > 0 && m.rota.held == 0:
		m.busy = true
		m.spend()
		m.rota.pass()
		m.mu.Unlock()
		m.run(v, emit)
	default:
		if _, how := m.rota.put(v); how == refused {
			l.overrun(v)
			return
		}
		m.mu.Unlock()
	}
}

// overrun ends a source that sends more than it was asked for. Called with mu,
// which it releases.
func (l *inlet[T]) overrun(v T) {
	m := l.m
	err := &observable.OverflowError{Op: m.c.op, Site: m.c.site.String(), Capacity: int64(l.capacity), Demand: m.asked}
	l.done = true
	up := l.up
	m.mu.Unlock()
	if up != nil {
		up.Cancel()
	}
	m.drop(v, observable.DiscardOverflow)
	m.mu.Lock()
	l.fail(err)
}

func (l *inlet[T]) OnError(err error) {
	l.m.mu.Lock()
	if !l.end() {
		l.m.mu.Unlock()
		l.m.dropped(err)
		return
	}
	l.fail(err)
}

func (l *inlet[T]) OnComplete() {
	l.m.mu.Lock()
	if !l.end() {
		l.m.mu.Unlock()
		return
	}
	l.settle()
}

// end lets no signal in any more, and reports whether that was so before. Called
// with mu.
func (l *inlet[T]) end() bool {
	live := !l.done && !l.m.sourced
	l.done = true
	return live
}

// fail makes the end of a source that of the stream, or of its compartment.
// Called with mu, which it releases.
func (l *inlet[T]) fail(err error) {
	if l.isolate == nil {
		l.m.abort(err)
		return
	}
	l.m.mu.Unlock()
	l.tell(err)
	l.m.mu.Lock()
	l.settle()
}

// tell calls the user's Isolate.
func (l *inlet[T]) tell(err error) {
	done := false
	defer fault.Catch(&done, func(value any, stack []byte) {
		l.m.Fail(&observable.PanicError{Value: value, Stack: stack})
	})
	l.isolate(err)
	done = true
}

// settle counts a source that has come to an end; the last one completes the
// stream. Called with mu, which it releases.
func (l *inlet[T]) settle() {
	m := l.m
	if m.rota.live--; m.rota.live > 0 || m.sourced {
		m.mu.Unlock()
		return
	}
	m.sourced = true
	m.finish(nil)
}
