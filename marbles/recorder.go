package marbles

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/marble"
	"github.com/sluicego/sluice/observable"
)

// A recorder is the subscriber of an expectation. It stands at the end of the
// chain without a gate, so that it sees, and reports, what breaks the protocol.
type recorder struct {
	link.Inside

	overlap overlap

	m     *Test
	begin time.Duration // what its time counts from; 0 but for an inner stream
	last  time.Duration // the expectation says nothing about what is later
	start int64         // requested in OnSubscribe
	looks watching      // for streams among the values

	keepsDiscards bool

	mu        sync.Mutex
	sub       observable.Subscription // guarded by mu, like the rest
	got       []marble.Event
	inners    map[int]*recorder // of the streams among the values, by the place in got
	discarded []marble.Event    // if they are kept: what would have been delivered
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
func newRecorder(m *Test) *recorder {
	r := &recorder{m: m, last: patience * patience * m.frame}
	m.streams = append(m.streams, r)
	return r
}

// now is the instant, as the expectation counts them.
func (r *recorder) now() time.Duration { return r.m.now() - r.begin }

func (r *recorder) OnSubscribe(sub observable.Subscription) {
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

func (r *recorder) OnNext(v any) {
	r.enter("OnNext")
	defer r.overlap.leave()
	r.look(v, r.next(v))
}

// next records v and returns its number.
func (r *recorder) next(v any) int {
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
	return len(r.got) - 1
}

func (r *recorder) OnError(err error) {
	r.enter("OnError")
	defer r.overlap.leave()
	r.terminal(marble.Event{At: r.now(), Kind: marble.Error, Err: err})
}

func (r *recorder) OnComplete() {
	r.enter("OnComplete")
	defer r.overlap.leave()
	r.terminal(marble.Event{At: r.now(), Kind: marble.Complete})
}

func (r *recorder) terminal(e marble.Event) {
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
func (r *recorder) request(n int64) {
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
func (r *recorder) cancel() {
	r.mu.Lock()
	sub := r.sub
	r.cancelled = true
	r.mu.Unlock()
	if sub != nil {
		sub.Cancel()
	}
}

// dropped is the hook for errors that cannot reach the recorder any more.
func (r *recorder) dropped(error) {}

// discard is the hook for values that were not delivered. What a cancel or an end
// gives up is of no interest: it is the test that cancels.
func (r *recorder) discard(v any, why observable.DiscardReason) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if why < observable.DiscardError {
		r.discarded = append(r.discarded, marble.Event{At: r.now(), Kind: marble.Next, Value: v})
	}
}

// events returns what was recorded, up to now.
func (r *recorder) events() []marble.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	got := slices.Clone(r.got)
	for i, in := range r.inners {
		got[i].Value = &marble.Stream{Events: in.events(), Value: got[i].Value}
	}
	return got
}

// discards returns what was discarded, if that is kept.
func (r *recorder) discards() []marble.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.discarded)
}

// problem returns the first law that was broken, and when.
func (r *recorder) problem() (text string, at time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fault != "" {
		return r.fault, r.faultAt
	}
	for _, i := range slices.Sorted(maps.Keys(r.inners)) {
		if text, at := r.inners[i].problem(); text != "" {
			return fmt.Sprintf("in the stream of %v: %s", r.got[i].At, text), r.got[i].At + at
		}
	}
	return "", 0
}

// open names the subscription that is open, if one is: that of r or to a stream
// among its values.
func (r *recorder) open() (which string, is bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.sub != nil && !r.ended && !r.cancelled {
		return "", true
	}
	for _, i := range slices.Sorted(maps.Keys(r.inners)) {
		if which, is := r.inners[i].open(); is {
			return fmt.Sprintf("the stream of %v", r.got[i].At) + strings.TrimPrefix(", in it "+which, ", in it "), true
		}
	}
	return "", false
}

// closed reports whether everything is over.
func (r *recorder) closed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	over := r.ended || r.cancelled
	for _, in := range r.inners {
		over = over && in.closed()
	}
	return over
}

func (r *recorder) until() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	last := r.last
	for _, in := range r.inners {
		last = max(last, in.begin-r.begin+in.until())
	}
	return last
}

// abandon cancels everything that is open.
func (r *recorder) abandon() {
	r.mu.Lock()
	over, inners := r.ended || r.cancelled, maps.Clone(r.inners)
	r.mu.Unlock()
	if !over {
		r.cancel()
	}
	for _, in := range inners {
		in.abandon()
	}
}

// enter notices signals that overlap.
func (r *recorder) enter(signal string) {
	if !r.overlap.enter() {
		r.mu.Lock()
		r.broke("L3: %s was called while another signal was being delivered", signal)
		r.mu.Unlock()
	}
}

// broke keeps the first broken law; mu is held.
func (r *recorder) broke(format string, args ...any) {
	if r.fault == "" {
		r.fault, r.faultAt = fmt.Sprintf(format, args...), r.now()
	}
}

// A recorderOf is the recorder as a subscriber to values of a type. There is
// little of it, since it is compiled for each type.
type recorderOf[T any] struct{ *recorder }

func (r recorderOf[T]) OnNext(v T) { r.recorder.OnNext(v) }

// An outsider hides the mark of link.Inside, so that Subscribe puts its gate
// in front of the recorder.
type outsider[T any] struct{ r *recorder }

func (o outsider[T]) OnSubscribe(sub observable.Subscription) { o.r.OnSubscribe(sub) }
func (o outsider[T]) OnNext(v T)                              { o.r.OnNext(v) }
func (o outsider[T]) OnError(err error)                       { o.r.OnError(err) }
func (o outsider[T]) OnComplete()                             { o.r.OnComplete() }

// subscribing returns how r subscribes to obs. What an outsider does, the gate of
// Subscribe answers.
func subscribing[T any](r *recorder, obs observable.Observable[T]) subscribe {
	return func(ctx context.Context, outside bool) {
		if outside {
			obs.Subscribe(ctx, outsider[T]{r})
		} else {
			obs.Subscribe(ctx, recorderOf[T]{r})
		}
	}
}

// A subscribe subscribes a recorder.
type subscribe func(ctx context.Context, outside bool)
