package observable

import (
	"github.com/sluicego/sluice/internal/demand"
	"github.com/sluicego/sluice/internal/link"
)

// A probe stands below a stage that is inspected, and counts. It changes
// nothing: what the library's sources and operators agree on among themselves
// goes through it.
type probe[T any] struct {
	link.Inside
	down  Subscriber[T]
	stage *stage
}

func (p *probe[T]) OnSubscribe(up Subscription) {
	p.stage.begun(up)
	p.down.OnSubscribe(tap(p.stage, up))
}

func (p *probe[T]) OnNext(v T) {
	p.stage.passes()
	p.down.OnNext(v)
}

// NextFunc is OnNext linked to the downstream's. A value that the downstream
// has no use for is not counted, nor is the request in its place.
func (p *probe[T]) NextFunc() func(T) bool {
	s, next := p.stage, link.Next[T](p.down)
	return func(v T) bool {
		s.passes()
		if next(v) {
			return true
		}
		s.delivered.Add(-1)
		return false
	}
}

// passes counts a value.
func (s *stage) passes() {
	s.moves.Add(1)
	s.feeds.Add(1)
	s.delivered.Add(1)
}

func (p *probe[T]) OnError(err error) {
	p.stage.err.Store(&err)
	p.stage.over(stageEnded)
	p.down.OnError(err)
}

func (p *probe[T]) OnComplete() {
	p.stage.over(stageEnded)
	p.down.OnComplete()
}

// A tapping is the Subscription that a probe hands down. There is one with each
// set of marks that the library's Subscriptions have.
type tapping struct {
	up    Subscription
	stage *stage
}

// tapped is what all tappings are.
type tapped interface{ isTapped() }

func (*tapping) isTapped() {}

func (t *tapping) Request(n int64) {
	s := t.stage
	s.moves.Add(1)
	for n > 0 {
		before := s.asked.Load()
		if s.asked.CompareAndSwap(before, demand.Add(before, n)) {
			break
		}
	}
	t.up.Request(n)
}

func (t *tapping) Cancel() {
	t.stage.over(stageCancelled)
	t.up.Cancel()
}

type (
	failingTap struct {
		link.Failing
		tapping
	}
	patientTap struct {
		link.Patient
		tapping
	}
	instantTap        struct{ tapping }
	patientFailingTap struct {
		link.Patient
		failingTap
	}
	instantFailingTap struct{ failingTap }
)

func (t *failingTap) Fail(err error)                { t.up.(link.Failer).Fail(err) }
func (*instantTap) EmitsInRequest(link.Seal)        {}
func (*instantFailingTap) EmitsInRequest(link.Seal) {}

// tap returns a tapping of up with the marks of up.
func tap(s *stage, up Subscription) Subscription {
	t := tapping{up, s}
	_, fails := up.(link.Failer)
	_, instant := up.(link.Synchronous)
	patient := !link.MayInterrupt(up)
	switch {
	case fails && instant:
		return &instantFailingTap{failingTap{tapping: t}}
	case fails && patient:
		return &patientFailingTap{failingTap: failingTap{tapping: t}}
	case fails:
		return &failingTap{tapping: t}
	case instant:
		return &instantTap{t}
	case patient:
		return &patientTap{tapping: t}
	default:
		return &t
	}
}
