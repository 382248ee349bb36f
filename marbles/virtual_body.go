package marbles

import (
	"sync"
	"time"

	"github.com/sluicego/sluice/scheduler"
)

// What the body schedules before the test plays is held until the script is in
// the queue, so that the script comes first in each instant.

// A held task waits for the test to play.
type held struct {
	arm func(d time.Duration, f func()) (stop func() bool)
	d   time.Duration // since the start, as no time passes in the body
	f   func()

	mu      sync.Mutex
	stopped bool               // guarded by mu
	stopRun func() (kept bool) // guarded by mu; set once armed
}

// Schedule is After without a delay.
func (c *virtualClock) Schedule(f func()) (stop func() bool) { return c.hold(c.Virtual.After, 0, f) }

// After runs f once d has passed.
func (c *virtualClock) After(d time.Duration, f func()) (stop func() bool) {
	return c.hold(c.Virtual.After, d, f)
}

// Worker returns a new lane.
func (c *virtualClock) Worker() scheduler.Worker {
	return &virtualWorker{Worker: c.Virtual.Worker(), clock: c}
}

// hold arms a task, once the test plays.
func (c *virtualClock) hold(arm func(time.Duration, func()) func() bool, d time.Duration, f func()) (stop func() bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.playing || f == nil {
		return arm(d, f)
	}
	h := &held{arm: arm, d: d, f: f}
	c.early = append(c.early, h)
	return h.stop
}

func (c *virtualClock) isPlaying() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.playing
}

// release arms what was held, in the order of scheduling.
func (c *virtualClock) release() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.playing = true
	for _, h := range c.early {
		h.release()
	}
	c.early = nil
}

func (h *held) release() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.stopped {
		h.stopRun = h.arm(h.d, h.f)
	}
}

func (h *held) stop() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stopRun != nil {
		return h.stopRun()
	}
	kept := !h.stopped
	h.stopped = true
	return kept
}

// A virtualWorker is a lane whose tasks the clock holds.
type virtualWorker struct {
	scheduler.Worker
	clock *virtualClock

	mu      sync.Mutex
	stopped bool          // guarded by mu
	held    []func() bool // guarded by mu; the stop functions of tasks that were held
}

func (w *virtualWorker) Schedule(f func()) (stop func() bool) { return w.After(0, f) }

func (w *virtualWorker) After(d time.Duration, f func()) (stop func() bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	stop = w.clock.hold(w.Worker.After, d, f)
	if w.stopped {
		stop()
	} else if !w.clock.isPlaying() {
		w.held = append(w.held, stop)
	}
	return stop
}

// Stop drops what is held, too.
func (w *virtualWorker) Stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped = true
	w.Worker.Stop()
	for _, stop := range w.held {
		stop()
	}
	w.held = nil
}
