package soak_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

// A value is what flows through a pipeline. It knows what has become of it.
type value struct {
	id        int64
	delivered atomic.Int32
	consumed  atomic.Int32 // by a callback whose meaning it is
	discarded atomic.Int32
	why       atomic.Int32 // one bit for each reason
	licence   atomic.Int32
}

// What an operator that a value is inside of may make of it by its meaning.
const (
	mayVanish   = 1 << iota // Skip, Last
	mayMultiply             // CombineLatest; also vanish
)

type (
	stream   = observable.Observable[*value]
	operator = observable.Operator[*value, *value]
)

// consume books v as used up.
func (v *value) consume() { v.consumed.Add(1) }

// problem returns what breaks L9, "" if nothing does.
func (v *value) problem(twofold bool) string {
	d, x, c := v.delivered.Load(), v.discarded.Load(), v.consumed.Load()
	switch n, licence := d+x+c, v.licence.Load(); {
	case n == 1, licence&mayMultiply != 0, n == 0 && licence&mayVanish != 0, n > 1 && twofold:
		return ""
	}
	var why []observable.DiscardReason
	for r := observable.DiscardOverflow; r <= observable.DiscardLate; r++ {
		if v.why.Load()&(1<<r) != 0 {
			why = append(why, r)
		}
	}
	return fmt.Sprintf("L9: value %d was delivered %d times, discarded %d times %v and consumed %d times; want one of these, once", v.id, d, x, why, c)
}

// A pile is a list that any goroutine may add to. It orders nothing, in the eyes
// of the race detector, and is read when all is over.
type pile[T any] struct {
	top atomic.Pointer[layer[T]]
	len atomic.Int64
}

type layer[T any] struct {
	v     T
	below *layer[T]
}

// add puts v on the pile and returns how many there are then.
func (p *pile[T]) add(v T) (n int64) {
	l := &layer[T]{v: v}
	unseen(func() {
		for {
			top := p.top.Load()
			l.below = top
			if p.top.CompareAndSwap(top, l) {
				break
			}
		}
		n = p.len.Add(1)
	})
	return n
}

// all returns what was added, the newest first.
func (p *pile[T]) all() (all []T) {
	for l := p.top.Load(); l != nil; l = l.below {
		all = append(all, l.v)
	}
	return all
}

// A world is everything around one pipeline: the books, what its sources are
// driven by, and what is wrong.
type world struct {
	clock      *clock
	quit       chan struct{}   // closed when the run is over: for what the test itself has started
	judged     chan struct{}   // closed at the very end
	subscribed chan struct{}   // closed when Subscribe has returned
	life       context.Context //nolint:containedctx // a world is one run, with which the ctx is done

	values  pile[*value]
	ids     atomic.Int64
	subs    pile[*handSub]
	twofold bool            // something subscribes twice, maybe to a stream that is shared
	raised  pile[*injected] // the faults that were made to happen
	gone    pile[error]     // what the hook for dropped errors got
	drivers []func()        // what pushes into subjects, to be started with the run
	meters  []*metered

	// What is not to be judged, because an operator or the script is meant to be so.
	hostile  bool // the source breaks the laws
	recovers bool // an operator takes errors in
	keeps    bool // an operator keeps its source when its subscriber has left
	panics   bool // a callback does

	mu       sync.Mutex
	problems []string // guarded by mu
}

// complain books a broken law.
func (w *world) complain(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.problems = append(w.problems, fmt.Sprintf(format, args...))
}

func (w *world) complaints() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.problems
}

// produce returns a value that has to have a fate from now on.
func (w *world) produce() *value {
	v := new(value)
	unseen(func() { v.id = w.ids.Add(1) })
	w.values.add(v)
	return v
}

// fresh stands for a value that a callback makes of others.
func fresh[T any](w *world) observable.Operator[T, *value] {
	return operators.Map(func(T) *value { return w.produce() })
}

// discard is the hook.
func (w *world) discard(v any, why observable.DiscardReason) {
	switch v := v.(type) {
	case *value:
		v.discarded.Add(1)
		v.why.Or(1 << why)
	case []*value:
		for _, v := range v {
			w.discard(v, why)
		}
	case operators.Notification[*value]:
		switch v.Kind {
		case operators.KindNext:
			w.discard(v.Value, why)
		case operators.KindError:
			saw(v.Err)
		case operators.KindComplete: // holds nothing
		}
	case operators.Indexed[*value]:
		w.discard(v.Value, why)
	case operators.Stamped[*value]:
		w.discard(v.Value, why)
	case operators.Spaced[*value]:
		w.discard(v.Value, why)
	}
}

// An injected fault is an error that the test makes happen, as such or as a
// panic. It must not disappear (L16).
type injected struct {
	what string
	seen atomic.Bool
}

func (e *injected) Error() string { return "soak: " + e.what }

// raise returns a fault that is about to happen.
func (w *world) raise(what string) *injected {
	e := &injected{what: what}
	w.raised.add(e)
	return e
}

// saw books that the faults in err have reached somebody.
func saw(err error) {
	if e, ok := errors.AsType[*injected](err); ok {
		e.seen.Store(true)
	}
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range many.Unwrap() {
			saw(e)
		}
	}
}

// drop is the hook for errors that nobody can receive any more.
func (w *world) drop(err error) {
	saw(err)
	w.gone.add(err)
}

// pause lets the time of the bubble pass. It reports false if the run is over
// before.
func (w *world) pause(d time.Duration) bool {
	due := make(chan struct{})
	stop := scheduler.Default.After(d, func() { close(due) })
	defer stop()
	select {
	case <-due:
		return true
	case <-w.quit:
		return false
	}
}
