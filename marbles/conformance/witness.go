package conformance

import (
	"context"
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"sync"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
)

// A stream is an observable without its type.
type stream func(ctx context.Context, down observable.Subscriber[any])

// A witness is the subscriber of most checks. It logs the signals, leaves the
// audit of the protocol to a marbles.TestSubscriber, and waits for signals.
type witness struct {
	e       *env
	name    string // before its entries in the log, if there are several
	sub     *marbles.TestSubscriber[any]
	changed chan struct{} // a signal has come

	// onSubscribe and onNext, if set, run inside these.
	onSubscribe func()
	onNext      func(v any)

	mu      sync.Mutex
	up      observable.Subscription // guarded by mu, like the rest
	entries int                     // OnSubscribe calls
	count   int                     // signals after OnSubscribe
}

// plain returns a subscriber that audits and does not log: the lock of a log
// would order signals that the source has not ordered, and hide that from -race.
func (e *env) plain(start int64) *marbles.TestSubscriber[any] {
	return marbles.NewTestSubscriber[any](tb{e: e}, start)
}

// unlessFlooded returns a function for every value that calls f, and has no
// lock either.
func unlessFlooded(f func()) func(any) {
	n := 0
	return func(any) {
		if n++; n > flood {
			runtime.Goexit()
		}
		f()
	}
}

func (e *env) witness(start int64) *witness {
	w := &witness{e: e, sub: e.plain(start), changed: make(chan struct{}, 1)}
	w.sub.Each = func(v any) {
		if w.onNext != nil {
			w.onNext(v)
		}
	}
	return w
}

// subscribe subscribes a new witness to s, and waits for OnSubscribe.
func (e *env) subscribe(s stream, start int64) *witness {
	w := e.witness(start)
	w.to(s)
	return w
}

// to subscribes the witness to s, and waits for OnSubscribe.
func (w *witness) to(s stream) { w.on(w.e.ctx, s) }

// on is to, with a ctx of its own.
func (w *witness) on(ctx context.Context, s stream) {
	w.e.log("%sSubscribe", w.name)
	w.e.do("Subscribe", func() { s(ctx, w) })
	if !w.await(func() bool { return w.handle() != nil }) {
		w.e.stop("%sOnSubscribe was not called", w.name)
	}
}

func (w *witness) OnSubscribe(up observable.Subscription) {
	w.e.log("%sOnSubscribe", w.name)
	w.mu.Lock()
	w.up = up
	w.entries++
	w.mu.Unlock()
	w.sub.OnSubscribe(up)
	if w.onSubscribe != nil {
		w.onSubscribe()
	}
	w.wake()
}

func (w *witness) OnNext(v any) {
	w.e.log("%sOnNext(%v)", w.name, v)
	w.note()
	w.sub.OnNext(v)
	w.wake()
}

func (w *witness) OnError(err error) {
	w.e.log("%sOnError(%v)", w.name, firstLine(err))
	w.note()
	w.sub.OnError(err)
	w.wake()
}

func (w *witness) OnComplete() {
	w.e.log("%sOnComplete", w.name)
	w.note()
	w.sub.OnComplete()
	w.wake()
}

// note counts a signal. Whoever floods the witness is stopped: it would go on
// for ever, and the check with it.
func (w *witness) note() {
	w.mu.Lock()
	w.count++
	flooded := w.count > flood
	w.mu.Unlock()
	if flooded {
		w.e.fail("%sthe signals do not stop", w.name)
		w.wake()
		runtime.Goexit()
	}
}

// flood is more than any check asks a witness to take.
const flood = 500

func (w *witness) wake() { hint(w.changed) }

// await waits until cond is true, which may change with every signal.
func (w *witness) await(cond func() bool) bool {
	for !cond() {
		if !w.e.wait(w.changed) {
			return cond()
		}
	}
	return true
}

func (w *witness) handle() observable.Subscription {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.up
}

// seen returns how many signals came after OnSubscribe.
func (w *witness) seen() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.count
}

// values returns what was delivered, also after a cancel.
func (w *witness) values() []any { return append(w.sub.Values(), w.sub.Late()...) }

// request asks for n more, and waits until Request has returned.
func (w *witness) request(n int64) {
	w.e.log("%sRequest(%d)", w.name, n)
	w.e.do(fmt.Sprintf("Request(%d)", n), func() { w.sub.Request(n) })
}

// cancel cancels, and waits until Cancel has returned.
func (w *witness) cancel() {
	w.e.log("%sCancel", w.name)
	w.e.do("Cancel", w.sub.Cancel)
}

// expect waits until n values have come in all.
func (w *witness) expect(n int) {
	w.await(func() bool {
		ended, _ := w.sub.Ended()
		return ended || len(w.values()) >= n
	})
	if got := len(w.values()); got != n {
		ended, err := w.sub.Ended()
		w.e.stop("%s%d values were delivered, want %d%s", w.name, got, n, ending(ended, err))
	}
}

// completes waits for the completion, after n values.
func (w *witness) completes(n int) {
	if ended, err := w.awaitEnd(); !ended || err != nil {
		w.e.stop("%sno completion came%s", w.name, ending(ended, err))
	}
	if got := len(w.values()); got != n {
		w.e.stop("%s%d values were delivered, want %d", w.name, got, n)
	}
}

// fails waits for an error.
func (w *witness) fails() { _ = w.failure() }

// failure waits for an error and returns it.
func (w *witness) failure() error {
	ended, err := w.awaitEnd()
	if !ended || err == nil {
		w.e.stop("%sno error came%s", w.name, ending(ended, err))
	}
	return err
}

// awaitEnd waits for a terminal.
func (w *witness) awaitEnd() (ended bool, err error) {
	w.await(func() bool { ended, _ := w.sub.Ended(); return ended })
	return w.sub.Ended()
}

// silent expects no signal from now on, for a while.
func (w *witness) silent(when string) {
	n := w.seen()
	w.e.quiet()
	w.nothingSince(n, when)
}

// nothingSince expects that no signal has come since there were n.
func (w *witness) nothingSince(n int, when string) {
	if got := w.seen(); got != n {
		w.e.stop("%s%d signals came %s", w.name, got-n, when)
	}
}

// quietly runs f and expects that no signal comes of it.
func (w *witness) quietly(when string, f func()) {
	n := w.seen()
	f()
	w.e.quiet()
	w.nothingSince(n, when)
}

func ending(ended bool, err error) string {
	switch {
	case !ended:
		return ""
	case err != nil:
		return fmt.Sprintf("; the stream failed: %v", firstLine(err))
	}
	return "; the stream completed"
}

// same reports whether the witnesses got the same values.
func same(a, b *witness) bool {
	return slices.EqualFunc(a.values(), b.values(), func(v, w any) bool { return reflect.DeepEqual(v, w) })
}
