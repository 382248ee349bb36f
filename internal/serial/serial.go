// Package serial keeps signals from overlapping.
package serial

import "sync/atomic"

// A Drain runs a step function, never concurrently with itself. Waking it
// while a step runs, from this goroutine or another, makes the runner go round
// once more instead of nesting: nobody waits, and nothing recurses.
//
// The zero Drain is ready. A step must not panic: the operators recover inside
// their steps, where they know what to release.
type Drain struct{ wakes atomic.Int32 }

// Wake runs step, unless it is running already, in which case the goroutine
// that runs it runs it again.
func (d *Drain) Wake(step func()) {
	if d.wakes.Add(1) != 1 {
		return
	}
	for seen := int32(1); seen != 0; {
		seen = d.wakes.Load() // what woke us up to here is covered by this step
		step()
		seen = d.wakes.Add(-seen)
	}
}

// A Once lets one of several terminals through.
type Once struct{ done atomic.Bool }

// First reports whether this is the first call.
func (o *Once) First() bool { return !o.done.Load() && o.done.CompareAndSwap(false, true) }

// Done reports whether First has been called.
func (o *Once) Done() bool { return o.done.Load() }
