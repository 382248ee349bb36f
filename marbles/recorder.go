package marbles

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/marble"
	"github.com/sluicego/sluice/observable"
)

// A recorder is the subscriber of an expectation. It stands at the end of the
// chain without a gate, so that it sees, and reports, what breaks the protocol.
type recorder[T any] struct {
	link.Inside

	overlap overlap

	now   func() time.Duration
	last  time.Duration // the expectation says nothing about what is later
	start int64         // requested in OnSubscribe

	mu        sync.Mutex
	sub       observable.Subscription // guarded by mu, like the rest
	got       []marble.Event
	asked     int64
	values    int64
	missed    int64 // requested before OnSubscribe came
	ended     bool
	cancelled bool
	fault     string
	faultAt   time.Duration
}

// newRecorder registers a recorder with the test. Until told what is expected,
// it is one of an expectation without a diagram, which may take its time.
func newRecorder[T any](m *Test) *recorder[T] {
	r := &recorder[T]{now: m.now, last: patience * patience * m.frame}
	m.streams = append(m.streams, r)
	return r
}

func (r *recorder[T]) OnSubscribe(sub observable.Subscription) {
	r.mu.Lock()
	if r.sub != nil {
		r.broke("L1: OnSubscribe was called twice")
		r.mu.Unlock()
		return
	}
	r.sub = sub
	ask := demand.Add(r.start, r.missed)
	r.asked = ask
	cancelled := r.cancelled
	r.mu.Unlock()
	switch {
	case cancelled:
		sub.Cancel()
	case ask > 0:
		sub.Request(ask)
	}
}

func (r *recorder[T]) OnNext(v T) {
	r.enter("OnNext")
	defer r.overlap.leave()
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.sub == nil:
		r.broke("L1: the value %v came before OnSubscribe", v)
	case r.ended:
		r.broke("L4: the value %v came after the end", v)
	case r.cancelled:
		r.broke("L7: the value %v came after Cancel", v)
	}
	if r.values++; r.values > r.asked {
		r.broke("L2: the value %v is number %d, but only %d were requested", v, r.values, r.asked)
	}
	r.got = append(r.got, marble.Event{At: r.now(), Kind: marble.Next, Value: v})
}

func (r *recorder[T]) OnError(err error) {
	r.enter("OnError")
	defer r.overlap.leave()
	r.terminal(marble.Event{At: r.now(), Kind: marble.Error, Err: err})
}

func (r *recorder[T]) OnComplete() {
	r.enter("OnComplete")
	defer r.overlap.leave()
	r.terminal(marble.Event{At: r.now(), Kind: marble.Complete})
}

func (r *recorder[T]) terminal(e marble.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.sub == nil:
		r.broke("L1: a terminal came before OnSubscribe")
	case r.ended:
		r.broke("L4: a second terminal came")
	case r.cancelled:
		r.broke("L7: a terminal came after Cancel")
	}
	r.ended = true
	r.got = append(r.got, e)
}

// request is a step of the script.
func (r *recorder[T]) request(n int64) {
	r.mu.Lock()
	sub := r.sub
	if sub == nil {
		r.missed = demand.Add(r.missed, max(n, 0))
	} else {
		r.asked = demand.Add(r.asked, max(n, 0))
	}
	r.mu.Unlock()
	if sub != nil {
		sub.Request(n)
	}
}

// cancel is a step of the script.
func (r *recorder[T]) cancel() {
	r.mu.Lock()
	sub := r.sub
	r.cancelled = true
	r.mu.Unlock()
	if sub != nil {
		sub.Cancel()
	}
}

// dropped is the hook for errors that cannot reach the recorder any more.
func (r *recorder[T]) dropped(error) {}

func (r *recorder[T]) events() []marble.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.got)
}

func (r *recorder[T]) problem() (string, time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.fault, r.faultAt
}

func (r *recorder[T]) open() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sub != nil && !r.ended && !r.cancelled
}

func (r *recorder[T]) closed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ended || r.cancelled
}

func (r *recorder[T]) until() time.Duration { return r.last }

// enter notices signals that overlap.
func (r *recorder[T]) enter(signal string) {
	if !r.overlap.enter() {
		r.mu.Lock()
		r.broke("L3: %s was called while another signal was being delivered", signal)
		r.mu.Unlock()
	}
}

// broke keeps the first broken law; mu is held.
func (r *recorder[T]) broke(format string, args ...any) {
	if r.fault == "" {
		r.fault, r.faultAt = fmt.Sprintf(format, args...), r.now()
	}
}

// An outsider hides the mark of link.Inside, so that Subscribe puts its gate
// in front of the recorder.
type outsider[T any] struct{ r *recorder[T] }

func (o outsider[T]) OnSubscribe(sub observable.Subscription) { o.r.OnSubscribe(sub) }
func (o outsider[T]) OnNext(v T)                              { o.r.OnNext(v) }
func (o outsider[T]) OnError(err error)                       { o.r.OnError(err) }
func (o outsider[T]) OnComplete()                             { o.r.OnComplete() }
