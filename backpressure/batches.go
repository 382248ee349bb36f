package backpressure

import (
	"time"

	"github.com/sluicego/sluice/observable"
)

// batches is the store of a batcher: the slices that are full, and the one that
// is begun.
type batches[T any] struct {
	fifo[[]T]
	size  int // of a slice that is full
	begun []T
	room  int       // for how many values a slice is made: as many as the last one had
	due   time.Time // when the time of the one that is begun is over
	last  bool      // no more values come
	now   func() time.Time
}

// add puts v into the slice that is begun and returns how many it has now.
func (b *batches[T]) add(v T) int {
	if b.begun == nil {
		b.begun = make([]T, 0, b.room)
	}
	b.begun = append(b.begun, v)
	return len(b.begun)
}

// cut ends the slice that is begun.
func (b *batches[T]) cut() []T {
	slice := b.begun
	b.begun, b.room = nil, len(slice)
	return slice
}

func (b *batches[T]) take() ([]T, bool) {
	if slice, ok := b.fifo.take(); ok {
		return slice, true
	}
	if len(b.begun) == 0 || b.wait() > 0 {
		return nil, false
	}
	return b.cut(), true
}

// wait returns for how long the slice that is begun is not due yet.
func (b *batches[T]) wait() time.Duration {
	if len(b.begun) == 0 || b.last {
		return 0
	}
	return b.due.Sub(b.now())
}

// len counts values.
func (b *batches[T]) len() int { return b.fifo.len()*b.size + len(b.begun) }

func (b *batches[T]) clear(drop func([]T)) {
	b.fifo.clear(drop)
	drop(b.cut())
}

// eachOf makes of a discard hook one that is given slices. It goes on with the
// rest of a slice if the hook ends the goroutine.
func eachOf[T any](discard func(any, observable.DiscardReason)) func(any, observable.DiscardReason) {
	if discard == nil {
		return nil
	}
	return func(slice any, why observable.DiscardReason) { discardEach(slice.([]T), why, discard) }
}

func discardEach[T any](values []T, why observable.DiscardReason, discard func(any, observable.DiscardReason)) {
	defer func() {
		if len(values) > 0 {
			discardEach(values, why, discard)
		}
	}()
	for len(values) > 0 {
		v := values[0]
		values = values[1:]
		discard(v, why)
	}
}
