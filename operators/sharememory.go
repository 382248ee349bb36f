package operators

import (
	"context"
	"time"

	"github.com/sluicego/sluice/internal/queue"
	"github.com/sluicego/sluice/scheduler"
)

// A recall says what a run remembers for newcomers.
type recall struct {
	limit  int           // how many values; 0: none
	maxAge time.Duration // for how long; 0: for ever
	on     []scheduler.TimeOption
}

// A past is what a run remembers, numbered by position. Newcomers get it at
// their own pace; nothing is forgotten meanwhile, because nothing new comes
// while one of them is behind.
type past[T any] struct {
	queue.History[T]
	recall
	clock scheduler.Scheduler // written before the source is subscribed to
}

func (p *past[T]) start(ctx context.Context) {
	if p.maxAge > 0 {
		p.clock = scheduler.Pick(ctx, p.on...)
	}
}

// add remembers v, and forgets what is too much or too old by now.
func (p *past[T]) add(v T) {
	if p.maxAge > 0 {
		p.Forget(p.tooOld())
		p.AddAt(v, p.clock.Now())
	} else {
		p.Add(v)
	}
	if n := p.Len() - p.limit; n > 0 {
		p.Forget(n)
	}
}

// begin returns the position at which a newcomer begins, if the run is at the
// given one. What is too old by then is not for it.
func (p *past[T]) begin(at int64) int64 {
	switch {
	case p.Len() == 0:
		return at
	case p.maxAge > 0:
		return p.First() + int64(p.tooOld())
	}
	return p.First()
}

func (p *past[T]) tooOld() int {
	if p.Len() == 0 {
		return 0
	}
	return p.OlderThan(p.clock.Now().Add(-p.maxAge))
}
