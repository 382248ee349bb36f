package observable

import (
	"sync"

	"github.com/sluicego/sluice/internal/site"
)

// A Behavior is a [Subject] with a current value: it begins with one, and a
// subscriber gets the one that is current when it first has demand, then every
// newer one.
//
//	source          -a-b-c-|
//	NewBehavior(v)  va-b-c-|
//
// After the end a subscriber gets only
// the end.
//
// Demand: before its first request a subscriber misses what is not current any
// more; from then on a value cannot wait, and a subscriber that has no demand
// at a call of Next fails. Emit waits for all of them.
//
// Errors: the one given to Error; an [*OverflowError] without demand; a
// [*PanicError] for the subscriber that panics.
//
// Discards: the value for which there was no demand, as overflow, to the hook
// of that subscriber.
//
// Scheduler: none; it emits on the goroutine that calls Next, and the current
// value on the one that requests.
type Behavior[T any] struct {
	Observable[T]
	hub[T]
	mu    sync.Mutex
	value T // guarded by mu; written by the owner of the hub
}

// NewBehavior returns a [Behavior] whose current value is v.
func NewBehavior[T any](v T) *Behavior[T] {
	b := &Behavior[T]{value: v}
	b.Observable = b.init(b, "NewBehavior", site.Caller(), true)
	return b
}

// Value returns the current value: the one that was given to the subscribers
// last. After the end it is the last one.
func (b *Behavior[T]) Value() T {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.value
}

func (b *Behavior[T]) accept(v T) {
	b.mu.Lock()
	b.value = v
	b.mu.Unlock()
	b.push(v)
}

// join leaves m.at at 0, until m has got the current value.
func (*Behavior[T]) join(*member[T]) error { return nil }

func (b *Behavior[T]) pump(m *member[T]) {
	if m.at != passing && !b.over && m.spend() {
		m.at = passing
		m.give(b.value)
	}
}
