package conformance

import (
	"context"
	"sync"
)

// A Probe is how a subscriber under test tells the kit what has reached it.
// Its methods may be called from any goroutine, also some time after the
// signal. Next may panic, where a check is about that.
type Probe[T any] struct{ r *report }

// Next reports a value.
func (p *Probe[T]) Next(v T) { p.r.value(v) }

// Error reports that the stream has failed.
func (p *Probe[T]) Error(err error) { p.r.end(err) }

// Complete reports that the stream has completed.
func (p *Probe[T]) Complete() { p.r.end(nil) }

// Context returns a ctx that is done when the check is over, for the goroutines
// that the test of a subscriber needs.
func (p *Probe[T]) Context() context.Context { return p.r.e.ctx }

// Control gives the kit a hand on the subscriber: request makes it request n
// values, or as many in steps, cancel makes it cancel. Without Control, what
// takes one is skipped.
func (p *Probe[T]) Control(request func(n int64), cancel func()) {
	p.r.mu.Lock()
	defer p.r.mu.Unlock()
	p.r.request, p.r.cancel = request, cancel
	hint(p.r.changed)
}

// A report is what a Probe was told.
type report struct {
	e       *env
	changed chan struct{}

	mu      sync.Mutex
	values  []any // guarded by mu, like the rest
	ends    int
	err     error
	request func(n int64)
	cancel  func()
	rude    bool // Next is to panic
}

func (r *report) value(v any) {
	r.e.log("the probe got %v", v)
	r.mu.Lock()
	r.values = append(r.values, v)
	rude := r.rude
	r.mu.Unlock()
	hint(r.changed)
	if rude {
		panic(errDeliberate)
	}
}

func (r *report) end(err error) {
	r.e.log("the probe saw the end: %v", err)
	r.mu.Lock()
	r.ends++
	r.err = err
	r.mu.Unlock()
	hint(r.changed)
}

// got returns how many values and ends there were.
func (r *report) got() (values, ends int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.values), r.ends
}
