package main

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/sluicego/sluice/observable"
)

// An item is a line or an event on its way from the producer to the consumer.
type item struct {
	text string
	at   time.Duration // when it was produced, since the run began
}

// Books are kept of every run: each value that is produced is delivered, or
// dropped by the strategy, or still unread when the run is stopped. All fields
// but start are used by several goroutines.
type books struct {
	start     time.Time
	produced  atomic.Int64
	delivered atomic.Int64
	dropped   atomic.Int64
	unread    atomic.Int64
	late      atomic.Int64 // of the unread ones, those that came when the run was over
	mostHeld  atomic.Int64
	ages      atomic.Int64 // of the delivered values, in nanoseconds; their sum
	tape      tape
}

func openBooks() *books { return &books{start: time.Now()} }

func (b *books) now() time.Duration { return time.Since(b.start) }

// produce is called with what the source emits, one value at a time.
func (b *books) produce(text string) item {
	it := item{text, b.now()}
	raise(&b.mostHeld, b.totals().held())
	b.produced.Add(1)
	b.tape.value(rowProduced, it.at, it)
	return it
}

// deliver is called when a value reaches the consumer.
func (b *books) deliver(it item) {
	b.delivered.Add(1)
	now := b.now()
	b.ages.Add(int64(now - it.at))
	b.tape.value(rowDelivered, now, it)
}

// discard is the hook that the library calls with every value that was
// produced and will not be delivered.
func (b *books) discard(v any, why observable.DiscardReason) {
	it, ok := v.(item)
	if !ok {
		return // it had not left the source
	}
	switch why {
	case observable.DiscardOverflow, observable.DiscardFiltered, observable.DiscardExpired:
		b.dropped.Add(1)
		b.tape.value(rowDropped, b.now(), it)
	case observable.DiscardLate:
		b.late.Add(1)
		b.unread.Add(1)
	case observable.DiscardCancel, observable.DiscardError:
		b.unread.Add(1)
	}
}

// settle waits until nothing is on its way any more: other goroutines may have
// been at it when the run was stopped. A value that stays unaccounted for is a
// mistake, of the library or of this program.
func (b *books) settle() (totals, error) {
	for deadline := time.Now().Add(2 * time.Second); ; time.Sleep(time.Millisecond) {
		t := b.totals()
		if t.held() == 0 {
			return t, nil
		}
		if time.Now().After(deadline) {
			return t, fmt.Errorf("the books do not balance: %d produced, but %d delivered + %d dropped + %d unread",
				t.produced, t.delivered, t.dropped, t.unread)
		}
	}
}

// Totals are the books at one instant.
type totals struct{ produced, delivered, dropped, unread int64 }

// totals reads what was produced last: then no value is accounted for that is
// not produced yet.
func (b *books) totals() totals {
	t := totals{delivered: b.delivered.Load(), dropped: b.dropped.Load(), unread: b.unread.Load()}
	t.produced = b.produced.Load()
	return t
}

// held is how many values are on their way.
func (t totals) held() int64 { return t.produced - t.delivered - t.dropped - t.unread }

// raise makes most at least n.
func raise(most *atomic.Int64, n int64) {
	for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
	}
}
