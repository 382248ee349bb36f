package serial

// Enter claims the drain without running a step, for a caller that has one
// thing to deliver and need not queue it. It reports false if a step runs; the
// caller then records what it has and wakes. After true, call [Drain.Leave].
func (d *Drain) Enter() bool { return d.wakes.Load() == 0 && d.wakes.CompareAndSwap(0, 1) }

// Leave gives up what [Drain.Enter] claimed, and runs step for those who woke
// the drain meanwhile. It reports whether that was so.
func (d *Drain) Leave(step func()) bool {
	left := d.wakes.Add(-1)
	if left == 0 {
		return false
	}
	d.rerun(left, step)
	return true
}

// Resume goes on with a drain that is being left in the midst of a step, by
// runtime.Goexit. It is for a deferred function of the one who has the drain.
func (d *Drain) Resume(step func()) { d.rerun(d.wakes.Load(), step) }

func (d *Drain) rerun(left int32, step func()) {
	for left != 0 {
		seen := d.wakes.Load()
		step()
		left = d.wakes.Add(-seen)
	}
}
