package backpressure

import (
	"math"
	"time"
)

// A bucket has room for a number of tokens, which come into it at an even rate.
// The instants at which they come are counted from the last one at which the
// bucket was full, so that the time between two is not rounded again and again.
type bucket struct {
	perSecond float64
	size      int64
	step      int64 // how many are waited for at a time, if as many are wanted
	most      int64 // how many there can be when somebody has waited for them

	start   time.Time // of the counting
	spent   int64     // taken since the start, less those that were there then
	awaited bool      // the last to take some wanted more
}

const (
	// A timer that is set for less costs more than it is worth.
	soon = time.Millisecond
	// A timer that is later than this is not merely late: the program stood still.
	late = 10 * time.Millisecond
	// So many tokens are enough for anybody, and can be added up.
	lots = 1 << 60
)

// newBucket returns a bucket that is still to be filled.
func newBucket(perSecond float64, size int) bucket {
	in := func(d time.Duration) int64 { return int64(min(perSecond*d.Seconds(), lots)) }
	b := bucket{perSecond: perSecond, size: min(int64(size), lots)}
	b.step, b.most = max(in(soon), 1), max(in(late), b.size)
	return b
}

// put makes n the number of tokens there are at now.
func (b *bucket) put(n int64, now time.Time) { b.start, b.spent = now, -n }

// take takes as many tokens as there are at now, up to limit.
//
// While somebody waits for tokens they do not fill the bucket, but are taken as
// they come. If that is noticed late they are all there still, and the next one
// comes when it would have come; but not after so long that the pace would not
// be one.
func (b *bucket) take(limit int64, now time.Time) int64 {
	n := b.came(now.Sub(b.start)) - b.spent
	switch {
	case b.awaited && n > b.most:
		n = b.most
		b.put(n, now)
	case !b.awaited && n >= b.size:
		n = b.size
		b.put(n, now)
	}
	n = min(n, limit)
	b.spent += n
	b.awaited = n < limit
	return n
}

// wait returns how long it is, after a take, until there are limit tokens, or as
// many as are waited for at a time. It is never nothing, whatever is rounded.
func (b *bucket) wait(limit int64, now time.Time) time.Duration {
	return max(b.due(b.spent+min(limit, b.step))-now.Sub(b.start), 1)
}

// came returns how many tokens have come when d has passed since the start: as
// many as are due. The product may be one too few, because it is rounded.
func (b *bucket) came(d time.Duration) int64 {
	n := int64(min(float64(d)*b.perSecond/1e9, lots))
	if b.due(n+1) <= d {
		n++
	}
	return n
}

// due returns how long after the start the nth token comes, to the nearest
// nanosecond.
func (b *bucket) due(n int64) time.Duration {
	return time.Duration(min(math.Round(float64(n)*1e9/b.perSecond), 1<<62))
}
