package observable

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/sluicego/sluice/internal/queue"
	"github.com/sluicego/sluice/internal/site"
	"github.com/sluicego/sluice/scheduler"
)

// A Replay is a subject that remembers what it was given, within a bound, and
// gives it to every subscriber at the subscriber's own pace: first what it
// remembers, then what comes. After the end too: what it remembers, then the
// end.
//
//	source           -a-b-c-|
//	NewReplay(2, 0)  ---------(bc|)
//	request          ---------^
//
// Demand: what is not requested waits in the memory of the subject. A
// subscriber that has not taken a value by the time it is forgotten, because
// there are n newer ones, fails. Emit waits until every subscriber has taken
// everything and has demand.
//
// Errors: the one given to Error, behind what is remembered; an
// [*OverflowError] for a subscriber that falls behind; a [*PanicError] for the
// subscriber that panics.
//
// Discards: what a subscriber had not taken when it left, failed or panicked;
// the value with which it fell behind, as overflow; what grew too old, as
// expired; each to the hook of the subscriber concerned.
//
// Scheduler: none; it emits on the goroutine that calls Next, or on the one
// that requests. It keeps time with [scheduler.On], by default with
// [scheduler.Default], and needs no timer: what has grown too old is forgotten
// when the subject is next used.
type Replay[T any] struct {
	Observable[T]
	hub[T]
	limit  int
	window time.Duration
	clock  scheduler.Scheduler
	past   queue.History[T] // the owner of the hub
}

// NewReplay returns a [Replay] that remembers the newest n values, and these
// for less than window if that is positive; with 0 they do not grow old. To
// remember all, n is [Unlimited]. NewReplay panics if n is less than 1 or
// window is negative.
func NewReplay[T any](n int, window time.Duration, opts ...scheduler.TimeOption) *Replay[T] {
	if n < 1 {
		panic(fmt.Sprintf("observable: NewReplay of %d values; it is at least 1, or Unlimited", n))
	}
	if window < 0 {
		panic(fmt.Sprintf("observable: NewReplay with a negative window (%v); 0 means that values do not grow old", window))
	}
	r := &Replay[T]{limit: n, window: window, clock: scheduler.Pick(context.Background(), opts...)}
	r.Observable = r.init(r, "NewReplay", site.Caller(), true)
	return r
}

func (r *Replay[T]) accept(v T) {
	if r.window > 0 {
		r.expire()
		r.past.AddAt(v, r.clock.Now())
	} else {
		r.past.Add(v)
	}
	r.push(v)
	if n := r.past.Len() - r.limit; n > 0 {
		var behind []*member[T]
		r.each(func(m *member[T]) {
			if !r.keepUp(m, r.past.First()+int64(n)) {
				behind = append(behind, m)
			}
		})
		r.past.Forget(n)
		if behind != nil {
			r.fail(behind)
		}
	}
}

func (r *Replay[T]) join(m *member[T]) error {
	r.expire()
	m.at = r.past.First()
	return nil
}

func (r *Replay[T]) pump(m *member[T]) {
	if r.owes(m) {
		r.expire()
	}
	for r.owes(m) && m.spend() {
		m.at++
		m.give(r.past.Get(m.at - 1))
	}
}

func (r *Replay[T]) owes(m *member[T]) bool { return m.at < r.past.End() }

func (r *Replay[T]) left(m *member[T], why DiscardReason) {
	for ; m.hooks.discard != nil && r.owes(m); m.at++ {
		m.discard(r.past.Get(m.at), why)
	}
}

// keepUp removes m if it has not taken what is before first, which is about to
// be forgotten; it answers false if m then has to be told. m may have left
// already, and the event be under way.
func (r *Replay[T]) keepUp(m *member[T], first int64) bool {
	if m.at >= first {
		return true
	}
	why, ended := DiscardOverflow, m.close()
	if !ended {
		why = DiscardCancel
	}
	for ; m.at < first; m.at++ {
		m.discard(r.past.Get(m.at), why)
	}
	if ended {
		r.remove(m, DiscardError)
	}
	return !ended
}

// fail tells those who have fallen behind, oldest first. The calls are deferred
// so that each is told, also if the OnError of one ends the goroutine.
func (r *Replay[T]) fail(behind []*member[T]) {
	for _, m := range slices.Backward(behind) {
		defer m.tell(r.overflowed(r.limit))
	}
}

// expire forgets what has grown too old, also for those who have not taken it.
// If that was all that they were owed, and the end has come, they get it in its
// turn: just now another one may be getting a value.
func (r *Replay[T]) expire() {
	if r.window == 0 {
		return
	}
	n := r.past.OlderThan(r.clock.Now().Add(-r.window))
	if n == 0 {
		return
	}
	first := r.past.First() + int64(n)
	r.each(func(m *member[T]) {
		for ; m.at < first; m.at++ {
			m.discard(r.past.Get(m.at), DiscardExpired)
		}
	})
	r.past.Forget(n)
	if r.over {
		r.put(event[T]{what: expired}) // the owner is here, so it only waits in line
	}
}
