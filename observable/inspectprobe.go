package observable

import "github.com/sluicego/sluice/internal/link"

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
	p.down.OnSubscribe(link.Marked(&tapping{up, p.stage}, up))
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

// A tapping is the Subscription that a probe hands down, with the marks of the
// one it got.
type tapping struct {
	up    Subscription
	stage *stage
}

func (t *tapping) Request(n int64) {
	t.stage.moves.Add(1)
	if n > 0 {
		t.stage.asked.Add(n)
	}
	t.up.Request(n)
}

// Inside shows what is held above (link.HolderOf).
func (t *tapping) Inside(link.Seal) any { return t.up }

func (t *tapping) Cancel() {
	t.stage.over(stageCancelled)
	t.up.Cancel()
}
