package operators

import (
	"context"
	"slices"

	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

//go:generate go run ../internal/gen -out .

// The sources of Zip and CombineLatest are asked for so many values ahead, and
// again when three quarters of them are used.
const joinPrefetch = 32

// A joint is what Zip, CombineLatest and ForkJoin have in common, whatever the
// number of their sources: a line of what these bring.
//
// It knows nothing of the types of the sources: its feeds hold the values, and
// combine, which is made where the types are known, applies the user's function
// to them.
type joint[R any] struct {
	line[R]
	rule    joinRule
	ahead   int64      // what each source is asked for in the beginning
	keep    int        // how many values of a source are held, the newest ones
	feeds   []joinFeed // not written after run was called
	combine func() R   // the lane only
	ends    []joinEnd  // guarded by mu; not written any more once halt is set
	lacking int        // guarded by mu: feeds that hold nothing
	begun   bool       // guarded by mu: the sources may be asked for values
}

// A joinEnd is one of the sources of a joint.
type joinEnd struct {
	up   observable.Subscription // nil before its OnSubscribe
	done bool                    // it ended
}

// A joinRule is what an operator does with the values of its sources. It
// advances by one value, or by one of each source.
type joinRule interface {
	lineWork
	arrived(at int) (wake bool) // a value of that source is held from now on; called with mu held
}

func newJoint[R any](ctx context.Context, down observable.Subscriber[R], ahead int64, keep int) joint[R] {
	return joint[R]{line: newLine(ctx, down), ahead: ahead, keep: keep}
}

// run subscribes the sources in order, then asks them for values in order.
func (j *joint[R]) run(ctx context.Context, rule joinRule) {
	j.work, j.rule = rule, rule
	j.ends = make([]joinEnd, len(j.feeds))
	j.down.OnSubscribe(j)
	for _, f := range j.feeds {
		if !j.halt.Load() {
			f.subscribe(ctx)
		}
	}
	j.mu.Lock()
	j.begun = true
	ends := slices.Clone(j.ends)
	j.mu.Unlock()
	for _, e := range ends {
		if e.up != nil && !e.done && !j.halt.Load() {
			e.up.Request(j.ahead)
		}
	}
}

// subscribed registers the subscription of source i.
func (j *joint[R]) subscribed(i int, up observable.Subscription) {
	j.mu.Lock()
	refused, begun := j.halt.Load() || j.ends[i].up != nil, j.begun
	if !refused {
		j.ends[i].up = up
	}
	j.mu.Unlock()
	switch {
	case refused:
		up.Cancel()
	case begun: // it took its time
		up.Request(j.ahead)
	}
}

// request asks source i for n more values, unless it has ended.
func (j *joint[R]) request(i int, n int64) {
	j.mu.Lock()
	e, halted := j.ends[i], j.halt.Load()
	j.mu.Unlock()
	if !e.done && !halted {
		e.up.Request(n)
	}
}

// completed records the completion of source i.
func (j *joint[R]) completed(i int) {
	j.mu.Lock()
	if !j.halt.Load() {
		j.ends[i].done = true
	}
	j.mu.Unlock()
	j.wake()
}

// live returns the sources that have not ended.
func (j *joint[R]) live() (ups []observable.Subscription) {
	for _, e := range j.ends {
		if e.up != nil && !e.done {
			ups = append(ups, e.up)
		}
	}
	return ups
}

// useAll uses one value of each source, if they all have one and there is
// demand, and delivers the result. It also reports whether they all have more.
func (j *joint[R]) useAll() (used, more bool) {
	j.mu.Lock()
	used = j.lacking == 0
	if used && j.credit == 0 {
		j.mu.Unlock()
		if !j.funded() {
			return false, false
		}
		j.mu.Lock() // what is held stays: only the lane uses it
	}
	if used {
		for _, f := range j.feeds {
			f.use()
		}
	}
	more = j.lacking == 0
	j.mu.Unlock()
	if used {
		j.deliver(j.combine())
	}
	return used, more
}

// exhausted reports whether a source has ended and all its values are used.
// Called with mu held.
func (j *joint[R]) exhausted() bool {
	for i, e := range j.ends {
		if e.done && j.feeds[i].holds() == 0 {
			return true
		}
	}
	return false
}

// release gives up what is held.
func (j *joint[R]) release(why observable.DiscardReason) {
	for _, f := range j.feeds {
		f.release(why)
	}
}

// Held tells an inspection what waits for its like. Of a Zip, rows that are
// complete wait for demand alone.
func (j *joint[R]) Held(link.Seal) link.Holding {
	j.mu.Lock()
	defer j.mu.Unlock()
	h := link.Holding{Capacity: demand.Mul(min(j.ahead, int64(j.keep)), int64(len(j.feeds)))}
	for _, f := range j.feeds {
		h.Queued += int64(f.holds())
	}
	return h
}
