package scheduler

import "time"

// A host keeps the tasks of workers among its own: an engine, or a Virtual.
type host interface {
	schedule(d time.Duration, f func(), g *group) ticket
	cancel(t ticket) bool
	drop(g *group)
	close()
}

// A worker is a group of tasks of its host. The host runs the tasks of one
// group one after the other.
type worker struct {
	host     host
	ownsHost bool // nobody else uses it, so it ends with the worker
	group    group
}

func (w *worker) Schedule(f func()) (stop func() bool) { return w.After(0, f) }

func (w *worker) After(d time.Duration, f func()) (stop func() bool) {
	t := w.host.schedule(d, f, &w.group)
	if t.seq == 0 {
		return refused
	}
	host := w.host // stop keeps the host alive, not the worker
	return func() bool { return host.cancel(t) }
}

func (w *worker) Stop() {
	w.host.drop(&w.group)
	if w.ownsHost {
		w.host.close()
	}
}

// A group is what a host knows of a worker. The host's mutex guards it.
type group struct {
	first   uint32 // slot of one of its tasks; the slots link to the others
	stopped bool
	busy    bool // a task of the group is running
	// backlog holds the tasks that came to their turn while the group was busy.
	backlog line
}
