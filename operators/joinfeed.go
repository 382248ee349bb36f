package operators

import (
	"context"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/internal/queue"
	"github.com/sluicego/sluice/observable"
)

// A feed is the subscriber of one of the sources of a joint, and the queue of
// the values that it has brought.
type feed[T, R any] struct {
	link.Inside
	joint  *joint[R]
	source observable.Observable[T]
	at     int           // its index among the sources
	held   queue.Ring[T] // guarded by joint.mu
	newest T             // the lane only: the value that was used last
}

// A joinFeed is what a joint knows of a feed, whatever its type.
type joinFeed interface {
	subscribe(ctx context.Context)
	use()                             // makes the oldest value held the newest used; the lane only, with mu held
	holds() int                       // how many values are held; with mu held
	release(observable.DiscardReason) // gives up what is held; the lane only
}

// feedFrom makes o the next source of j.
func feedFrom[T, R any](j *joint[R], o observable.Observable[T]) *feed[T, R] {
	f := &feed[T, R]{joint: j, source: o, at: len(j.feeds), held: *queue.NewRing[T](j.keep)}
	j.feeds = append(j.feeds, f)
	j.lacking++
	return f
}

func (f *feed[T, R]) subscribe(ctx context.Context) { f.source.Subscribe(ctx, f) }

func (f *feed[T, R]) OnSubscribe(up observable.Subscription) { f.joint.subscribed(f.at, up) }

func (f *feed[T, R]) OnNext(v T) {
	j := f.joint
	j.mu.Lock()
	if j.halt.Load() {
		j.mu.Unlock()
		if j.discard != nil {
			j.discard(v, observable.DiscardLate)
		}
		return
	}
	switch {
	case f.held.Len() == 0:
		j.lacking--
	case f.held.Full():
		f.held.Pop()
	}
	f.held.Push(v)
	wake := j.rule.arrived(f.at)
	j.mu.Unlock()
	if wake {
		j.wake()
	}
}

func (f *feed[T, R]) OnError(err error) {
	f.joint.failed(err, func() { f.joint.ends[f.at].done = true })
}

func (f *feed[T, R]) OnComplete() { f.joint.completed(f.at) }

func (f *feed[T, R]) use() {
	f.newest, _ = f.held.Pop()
	if f.held.Len() == 0 {
		f.joint.lacking++
	}
}

// take returns the newest value and forgets it; the lane only.
func (f *feed[T, R]) take() (v T) {
	var zero T
	v, f.newest = f.newest, zero
	return v
}

// peek returns the newest value, which stays; the lane only.
func (f *feed[T, R]) peek() T { return f.newest }

func (f *feed[T, R]) holds() int { return f.held.Len() }

func (f *feed[T, R]) release(why observable.DiscardReason) {
	for {
		f.joint.mu.Lock()
		v, ok := f.held.Pop()
		f.joint.mu.Unlock()
		if !ok {
			return
		}
		if f.joint.discard != nil {
			f.joint.discard(v, why)
		}
	}
}

// rows makes all of os sources of j. It returns the function that puts what get
// finds in each of them into a new slice.
func rows[T any](j *joint[[]T], os []observable.Observable[T], get func(*feed[T, []T]) T) func() []T {
	feeds := make([]*feed[T, []T], len(os))
	for i, o := range os {
		feeds[i] = feedFrom(j, o)
	}
	return func() []T {
		row := make([]T, len(feeds))
		for i, f := range feeds {
			row[i] = get(f)
		}
		return row
	}
}
